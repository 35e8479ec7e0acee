// Exit 0 if node_modules holds what package-lock.json asks for on this system: npm keeps a copy of the lock of what it
// put there. Further packages may be there.
import { readFileSync } from 'node:fs'

try {
  const packages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages
  const present = packages('node_modules/.package-lock.json')
  const missing = Object.entries(packages('package-lock.json')).filter(
    ([path, entry]) => path.startsWith('node_modules/') && !entry.link && needed(entry) && !same(present[path], entry),
  )
  process.exitCode = missing.length === 0 ? 0 : 1
} catch {
  process.exitCode = 1
}

/** Optional packages are needed if they are this system's binaries. */
function needed({ optional, os, cpu, libc }) {
  if (!optional) return true
  if (os === undefined || cpu === undefined) return false
  return (
    os.includes(process.platform) && cpu.includes(process.arch) && (libc === undefined || libc.includes(libcName()))
  )
}

function libcName() {
  return process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl'
}

function same(a, b) {
  return a !== undefined && a.version === b.version && a.integrity === b.integrity
}

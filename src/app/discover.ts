/**
 * The files under the paths that a user gave: recursively, in a fixed order, each file once however many links lead to
 * it; loops of links end; what cannot be read is named, not fatal, unless the user named it.
 */
import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { AppError } from '../model/errors.ts'

export interface FoundFile {
  path: string
  /** Below the given path (its last part included), for globs of the configuration. */
  relative: string
  size_bytes: number
  mtime_ms: number
}

export interface Discovery {
  files: FoundFile[]
  problems: { path: string; reason: string }[]
}

/** Never logs: Weir's own files beside them. */
const ownFiles = new Set(['weir.yaml', 'truth.json'])

export function discover(paths: readonly string[]): Discovery {
  const discovery: Discovery = { files: [], problems: [] }
  const seen = new Set<string>()
  for (const path of paths) {
    try {
      statSync(path)
    } catch (cause) {
      throw new AppError('path_unreadable', `${path}: ${reasonOf(cause)}`, { cause })
    }
    walk(path, path, seen, discovery)
  }
  return discovery
}

function walk(path: string, root: string, seen: Set<string>, discovery: Discovery): void {
  try {
    const real = realpathSync(path)
    if (seen.has(real)) return
    seen.add(real)
    const stat = statSync(real)
    if (stat.isDirectory()) {
      const entries: Dirent[] = readdirSync(path, { withFileTypes: true })
      for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1)))
        walk(join(path, entry.name), root, seen, discovery)
    } else if (!stat.isFile()) discovery.problems.push({ path, reason: 'not a regular file' })
    else if (!ownFiles.has(basename(path))) {
      const below = relative(root, path)
      discovery.files.push({
        path,
        relative: below === '' ? basename(path) : join(basename(realpathSync(root)), below),
        size_bytes: stat.size,
        mtime_ms: stat.mtimeMs,
      })
    }
  } catch (cause) {
    discovery.problems.push({ path, reason: reasonOf(cause) })
  }
}

export function reasonOf(cause: unknown): string {
  switch ((cause as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'there is no such file or directory'
    case 'EACCES':
    case 'EPERM':
      return 'permission denied'
    case 'ELOOP':
      return 'too many links, perhaps a loop'
    default:
      return cause instanceof Error ? cause.message : String(cause)
  }
}

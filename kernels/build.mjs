/**
 * Compiles the kernel and writes it into src/, with its checksum: `npm ci --prefix kernels && npm run build --prefix kernels`.
 * With `--check` nothing is written, and what is committed must be the same: one source and one compiler give the same bytes.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import asc from 'assemblyscript/asc'

const sources = new URL('./', import.meta.url)
const folder = new URL('../src/sources/zeek/', import.meta.url)
const entry = 'zeek.ts'
const target = 'kernel.wasm'
const options = ['-O3', '--runtime', 'stub', '--enable', 'simd', '--noAssert', '--use', 'abort=']
/** Its memory is as large as its regions, in pages of 64 KiB, and does not grow. */
const pages = '40'

async function compileKernel() {
  let bytes
  const { error, stderr } = await asc.main(
    [entry, '-o', target, ...options, '--initialMemory', pages, '--maximumMemory', pages],
    {
      readFile: (name) => {
        const file = new URL(name, sources)
        return existsSync(file) ? readFileSync(file, 'utf8') : null
      },
      writeFile: (name, data) => {
        if (name === target) bytes = data
      },
      listFiles: () => [],
    },
  )
  if (error || !bytes) throw new Error(`the kernel does not compile: ${stderr}`)
  return bytes
}

const bytes = await compileKernel()
const sum = createHash('sha256').update(bytes).digest('hex')
const file = new URL('conn-kernel.wasm', folder)
const sumFile = new URL('conn-kernel-sum.ts', folder)
const sumText = `/** SHA-256 of conn-kernel.wasm, written by kernels/build.mjs. */\nexport const kernelSum = '${sum}'\n`
if (process.argv.includes('--check')) {
  if (!readFileSync(file).equals(bytes)) throw new Error('conn-kernel.wasm is not what kernels/ compiles to')
  if (readFileSync(sumFile, 'utf8') !== sumText) throw new Error('conn-kernel-sum.ts is not of conn-kernel.wasm')
} else {
  writeFileSync(file, bytes)
  writeFileSync(sumFile, sumText)
}
console.log(`conn-kernel.wasm: ${bytes.length} bytes, ${sum}`)

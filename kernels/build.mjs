/**
 * Compiles the kernels and writes them into src/, with their checksum: `npm ci --prefix kernels && npm run build --prefix kernels`.
 * With `--check` nothing is written, and what is committed must be the same: one source and one compiler give the same bytes.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import asc from 'assemblyscript/asc'

const source = new URL('zeek-conn.ts', import.meta.url)
const folder = new URL('../src/sources/zeek/', import.meta.url)

/** The bytes of the kernel; its memory is as large as its regions, and does not grow. */
async function compileKernel() {
  let bytes
  const { error, stderr } = await asc.main(
    [
      'zeek-conn.ts',
      '-o',
      'kernel.wasm',
      '-O3',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--noAssert',
      '--use',
      'abort=',
    ].concat(['--initialMemory', '40', '--maximumMemory', '40']),
    {
      readFile: (name) => (name === 'zeek-conn.ts' ? readFileSync(source, 'utf8') : null),
      writeFile: (name, data) => {
        if (name === 'kernel.wasm') bytes = data
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
  if (!readFileSync(file).equals(bytes))
    throw new Error('conn-kernel.wasm is not what kernels/zeek-conn.ts compiles to')
  if (readFileSync(sumFile, 'utf8') !== sumText) throw new Error('conn-kernel-sum.ts is not of conn-kernel.wasm')
} else {
  writeFileSync(file, bytes)
  writeFileSync(sumFile, sumText)
}
console.log(`conn-kernel.wasm: ${bytes.length} bytes, ${sum}`)

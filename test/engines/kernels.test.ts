/** The kernel that is committed: built from the source beside it, by the compiler that its lock names. */
import { execFile } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { needKernelCompiler } from '../../src/testing/needs.ts'

const run = promisify(execFile)
const check = (folder: string) => run(process.execPath, [join(folder, 'build.mjs'), '--check'])

test('is what its source compiles to', async (context) => {
  const folder = needKernelCompiler(context)
  expect((await check(folder)).stdout).toMatch(/^conn-kernel\.wasm: \d+ bytes, [0-9a-f]{64}\n$/)
})

test('a source that says something else is noticed', async (context) => {
  const folder = needKernelCompiler(context)
  const copy = mkdtempSync(join(tmpdir(), 'weir-kernels-'))
  try {
    const [kernels, built] = [join(copy, 'kernels'), join(copy, 'src/sources/zeek')]
    cpSync(folder, kernels, { recursive: true, filter: (path) => !path.includes('node_modules') })
    symlinkSync(join(folder, 'node_modules'), join(kernels, 'node_modules'))
    mkdirSync(built, { recursive: true })
    for (const file of ['conn-kernel.wasm', 'conn-kernel-sum.ts'])
      copyFileSync(resolve(folder, '../src/sources/zeek', file), join(built, file))
    await expect(check(kernels)).resolves.toBeDefined()
    const source = join(kernels, 'conn-record.ts')
    writeFileSync(source, readFileSync(source, 'utf8').replace('octet > 255', 'octet > 256'))
    await expect(check(kernels)).rejects.toThrow('conn-kernel.wasm is not what')
  } finally {
    rmSync(copy, { recursive: true })
  }
})

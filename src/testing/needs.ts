/**
 * What a test needs and may not find. Each helper gives it, or skips the test with a reason that the closing report
 * prints. With WEIR_ENGINES=required a missing engine fails instead.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The part of vitest's test context that is used here. */
interface Skippable {
  skip(note?: string): never
}

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The folder of public test data: WEIR_TEST_DATA, else `../shared/data` beside the checkout. */
export function testDataFolder(): string {
  return resolve(root, process.env.WEIR_TEST_DATA || '../shared/data')
}

/** The path of one file or folder of the public test data. */
export function needTestData(context: Skippable, path: string): string {
  const file = resolve(testDataFolder(), path)
  if (!existsSync(file)) context.skip(`no test data ${path} (WEIR_TEST_DATA)`)
  return file
}

/** The folder of the kernels' sources, if their compiler is installed there. */
export function needKernelCompiler(context: Skippable): string {
  const folder = resolve(root, 'kernels')
  if (existsSync(resolve(folder, 'node_modules/assemblyscript'))) return folder
  if (process.env.WEIR_ENGINES === 'required')
    throw new Error('the compiler of the kernels is missing (WEIR_ENGINES=required)')
  return context.skip('the compiler of the kernels is not installed (npm ci --prefix kernels)')
}

/** The path of a program that is to be on the PATH. */
export function needEngine(context: Skippable, program: string): string {
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => folder !== '')
  const found = folders.map((folder) => resolve(folder, program)).find((file) => existsSync(file))
  if (found) return found
  if (process.env.WEIR_ENGINES === 'required') throw new Error(`${program} is missing (WEIR_ENGINES=required)`)
  return context.skip(`${program} is not installed (.ci/engines installs it)`)
}

/** The configuration of a command: the file given, else ./weir.yaml, else private networks as an assumption. */
import { existsSync, readFileSync } from 'node:fs'
import { type Config, defaultConfig } from '../config/config-schema.ts'
import { loadConfig } from '../config/load-config.ts'
import { formatProblem } from '../config/problem.ts'
import { AppError } from '../model/errors.ts'

export function configOf(file: unknown): { config: Config; configured: boolean } {
  const path = typeof file === 'string' ? file : existsSync('weir.yaml') ? 'weir.yaml' : undefined
  if (path === undefined) return { config: defaultConfig(), configured: false }
  return { config: readConfigFile(path), configured: true }
}

export function readConfigFile(path: string): Config {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new AppError('config_invalid', `${path} cannot be read: ${(cause as Error).message}`, { cause })
  }
  const loaded = loadConfig(text, path)
  if (loaded.problems) {
    throw new AppError(
      'config_invalid',
      `${path} has ${loaded.problems.length} problem(s):\n  ${loaded.problems.map(formatProblem).join('\n  ')}`,
    )
  }
  return loaded.ok
}

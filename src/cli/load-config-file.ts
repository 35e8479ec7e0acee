/** The configuration a command works with: the one that was named, ./weir.yaml, one beside the logs, or the assumption. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, defaultConfig } from '../config/config-schema.ts'
import { enrichPathsFrom } from '../config/enrich.ts'
import { loadConfig } from '../config/load-config.ts'
import { formatProblem } from '../config/problem.ts'
import { AppError } from '../model/errors.ts'

export interface ChosenConfig {
  config: Config
  /** Whether there was a file, or inside is an assumption. */
  configured: boolean
  /** The file, as a later command would have to name it. */
  file?: string
  /** Whether it was found beside the logs, where nobody named it: to be told. */
  foundBesideLogs: boolean
}

/**
 * `file` (the value of --config), else ./weir.yaml, else weir.yaml in the directory that is the only one of `paths`.
 */
export function configOf(file: unknown, paths: readonly string[] = []): ChosenConfig {
  const named = typeof file === 'string' ? file : existsSync('weir.yaml') ? 'weir.yaml' : undefined
  const beside = named === undefined && paths.length === 1 ? join(paths[0], 'weir.yaml') : undefined
  const foundBesideLogs = beside !== undefined && existsSync(beside)
  const path = foundBesideLogs ? beside : named
  if (path === undefined) return { config: defaultConfig(), configured: false, foundBesideLogs }
  return { config: readConfigFile(path), configured: true, file: path, foundBesideLogs }
}

/** Paths in it are absolute: relative ones start at its directory. */
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
  return { ...loaded.ok, enrich: enrichPathsFrom(path, loaded.ok.enrich) }
}

/** `weir verdict ID`: what an analyst found out, as new data with a reason, an owner and perhaps an end. */

import { existsSync } from 'node:fs'
import { configFileOf, judge } from '../app/findings.ts'
import type { Config } from '../config/config-schema.ts'
import { AppError } from '../model/errors.ts'
import { verdictOf } from './incident/choose.ts'
import { verdictText } from './incident/words.ts'
import { configOf } from './load-config-file.ts'
import { progressOf } from './progress-line.ts'
import { oneLine } from './text.ts'

export async function run([id]: string[], options: Record<string, unknown>): Promise<void> {
  const verdict = verdictOf(id, options, Date.now())
  const state = String(options.state)
  const progress = progressOf(options)
  const incident = await judge(state, await configFor(state, options.config), verdict, progress)
  if (options.quiet !== true)
    process.stdout.write(`${oneLine(incident.id)}: ${oneLine(verdictText(incident.verdict ?? verdict))}\n`)
}

/** The one that is named, ./weir.yaml, or that of the last run, where its file is still there. */
async function configFor(state: string, named: unknown): Promise<Config> {
  const chosen = configOf(named)
  const last = chosen.configured ? undefined : await configFileOf(state)
  if (last === undefined) return chosen.config
  if (existsSync(last)) return configOf(last).config
  throw new AppError('config_invalid', `${last}, by which ${state} was judged last, is gone: give --config`)
}

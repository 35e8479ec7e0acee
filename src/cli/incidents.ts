/** `weir incidents`: what was found, with what was judged and how well. */

import { findingsOf } from '../app/findings.ts'
import { exactJson } from '../model/exact-json.ts'
import { incidentsJson } from './incident/json.ts'
import { incidentsText } from './incident/list-text.ts'
import { configOf } from './load-config-file.ts'
import { checkTarget, isColourful, writeResult } from './output.ts'

export async function run(_: string[], options: Record<string, unknown>): Promise<void> {
  if (options.json !== undefined) checkTarget(options.json)
  const state = String(options.state)
  const findings = await findingsOf(state, configOf(options.config).config)
  if (options.json !== undefined) writeResult(options.json, exactJson(incidentsJson(findings), 1))
  else process.stdout.write(incidentsText(findings, { colour: isColourful(process.stdout), state }))
}

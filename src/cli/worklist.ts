/** `weir worklist`: where to look when there is time. */

import { findingsOf } from '../app/findings.ts'
import { exactJson } from '../model/exact-json.ts'
import { worklistJson } from './incident/json.ts'
import { worklistText } from './incident/list-text.ts'
import { configOf } from './load-config-file.ts'
import { checkTarget, isColourful, writeResult } from './output.ts'

export async function run(_: string[], options: Record<string, unknown>): Promise<void> {
  if (options.json !== undefined) checkTarget(options.json)
  const findings = await findingsOf(String(options.state), configOf(options.config).config)
  if (options.json !== undefined) writeResult(options.json, exactJson(worklistJson(findings), 1))
  else process.stdout.write(worklistText(findings, { colour: isColourful(process.stdout) }))
}

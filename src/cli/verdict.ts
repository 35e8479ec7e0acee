/** `weir verdict ID`: what an analyst found out, as new data with a reason, an owner and perhaps an end. */

import { judge } from '../app/findings.ts'
import { verdictOf } from './incident/choose.ts'
import { verdictText } from './incident/words.ts'
import { configOf } from './load-config-file.ts'
import { oneLine } from './text.ts'

export async function run([id]: string[], options: Record<string, unknown>): Promise<void> {
  const verdict = verdictOf(id, options, Date.now())
  const incident = await judge(String(options.state), configOf(options.config).config, verdict)
  if (options.quiet !== true)
    process.stdout.write(`${oneLine(incident.id)}: ${oneLine(verdictText(incident.verdict ?? verdict))}\n`)
}

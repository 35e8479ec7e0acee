/** `weir incident ID`: one incident, told on the terminal or written as JSON, Markdown or a page. */

import { findingsOf } from '../app/findings.ts'
import { AppError } from '../model/errors.ts'
import { exactJson } from '../model/exact-json.ts'
import { incidentIn } from './incident/choose.ts'
import { incidentJson } from './incident/json.ts'
import { incidentMarkdown } from './incident/markdown.ts'
import { incidentPage } from './incident/page.ts'
import { incidentText } from './incident/text.ts'
import { configOf } from './load-config-file.ts'
import { checkTarget, isColourful, writeResult } from './output.ts'

export async function run([id]: string[], options: Record<string, unknown>): Promise<void> {
  const { json, markdown, html } = options
  const targets = [json, markdown, html].filter((target) => target !== undefined)
  if (targets.filter((target) => target === true || target === '-').length > 1)
    throw new AppError('usage', 'only one form can be written to standard output: give the others a file')
  for (const target of targets) checkTarget(target)
  const state = String(options.state)
  const incident = incidentIn(await findingsOf(state, configOf(options.config).config), id)
  if (json !== undefined) writeResult(json, exactJson(incidentJson(incident), 1))
  if (markdown !== undefined) writeResult(markdown, incidentMarkdown(incident, { state }))
  if (html !== undefined) writeResult(html, incidentPage(incident, { state, generated_ms: Date.now() }))
  if (targets.length === 0) process.stdout.write(incidentText(incident, { colour: isColourful(process.stdout), state }))
}

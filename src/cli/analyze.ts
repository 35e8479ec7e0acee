/** `weir analyze`. */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { analyze } from '../app/analyze.ts'
import { nothingReadable } from '../app/nothing-in.ts'
import type { Analysis } from '../app/report.ts'
import { exactJson } from '../model/exact-json.ts'
import { analysisJson } from './analysis-json.ts'
import { configOf } from './load-config-file.ts'
import { checkTarget, isColourful, unwritable, writeResult } from './output.ts'
import { progressOf } from './progress-line.ts'
import { stopSignal } from './stop-signal.ts'
import { summaryText } from './summary.ts'

export async function run(paths: string[], options: Record<string, unknown>): Promise<void> {
  const { config, configured, file, foundBesideLogs } = configOf(options.config, paths)
  const report = typeof options.report === 'string' ? options.report : undefined
  if (options.json !== undefined) checkTarget(options.json)
  if (report !== undefined) makeReportDirectory(report)
  const signal = stopSignal()
  const began = Date.now()
  const progress = progressOf(options)
  if (foundBesideLogs) progress.note(`no ./weir.yaml here: using ${file}`)
  const analysis = await analyze({
    paths,
    config,
    configured,
    config_file: file === undefined ? undefined : resolve(file),
    state: String(options.state),
    progress,
    signal,
    now_ms: Date.now(),
    assume_year: options.assumeYear as number | undefined,
  })
  const json = exactJson(analysisJson(analysis), 2)
  const summary = summaryText(onOneLine(analysis), {
    elapsed_ms: Date.now() - began,
    config: file === 'weir.yaml' ? undefined : file,
  })
  if (options.json !== undefined) writeResult(options.json, json)
  if (report !== undefined) {
    writeResult(join(report, 'analysis.json'), json)
    writeResult(join(report, 'summary.txt'), stripVTControlCharacters(summary))
  }
  if (options.json !== '-' && options.quiet !== true)
    process.stdout.write(isColourful(process.stdout) ? summary : stripVTControlCharacters(summary))
  if (analysis.nothing_in.length > 0) throw nothingReadable(analysis.nothing_in)
}

function makeReportDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true })
  } catch (cause) {
    throw unwritable(directory, cause)
  }
  for (const file of ['analysis.json', 'summary.txt']) checkTarget(join(directory, file))
}

/** Names with line breaks in them, from logs or files, must not begin a line of the summary. */
function onOneLine(analysis: Analysis): Analysis {
  const flat = (text: string): string => text.replaceAll('\n', '\\n')
  const { top, passed_over, notices } = analysis
  return {
    ...analysis,
    passed_over: passed_over.map(({ path, reason }) => ({ path: flat(path), reason })),
    notices: notices.map((notice) => ({ ...notice, text: flat(notice.text) })),
    top: Object.fromEntries(
      Object.entries(top).map(([kind, rows]) => [kind, rows.map((row) => ({ ...row, name: flat(row.name) }))]),
    ) as Analysis['top'],
  }
}

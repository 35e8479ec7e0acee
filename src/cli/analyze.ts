/** `weir analyze`. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { analyze } from '../app/analyze.ts'
import { exactJson } from '../model/exact-json.ts'
import { analysisJson } from './analysis-json.ts'
import { configOf } from './load-config-file.ts'
import { writeResult } from './output.ts'
import { progressLine } from './progress-line.ts'
import { summaryText } from './summary.ts'

export async function run(paths: string[], options: Record<string, unknown>): Promise<void> {
  const { config, configured, file, foundBesideLogs } = configOf(options.config, paths)
  const stop = new AbortController()
  const onSignal = (): void => stop.abort()
  process.once('SIGINT', onSignal)
  process.once('SIGTERM', onSignal)
  const began = Date.now()
  const shown =
    options.progress !== false &&
    options.quiet !== true &&
    (options.logLevel === 'info' || options.logLevel === 'debug')
  const progress = progressLine({ shown, json: options.logFormat === 'json', stream: process.stderr, now: Date.now })
  if (foundBesideLogs) progress.note(`no ./weir.yaml here: using ${file}`)
  const analysis = await analyze({
    paths,
    config,
    configured,
    state: String(options.state),
    progress,
    signal: stop.signal,
    now_ms: Date.now(),
  })
  process.off('SIGINT', onSignal)
  process.off('SIGTERM', onSignal)
  const json = exactJson(analysisJson(analysis), 2)
  const summary = summaryText(analysis, {
    elapsed_ms: Date.now() - began,
    config: file === 'weir.yaml' ? undefined : file,
  })
  if (options.json !== undefined) writeResult(options.json, json)
  if (typeof options.report === 'string') {
    mkdirSync(options.report, { recursive: true })
    writeResult(join(options.report, 'analysis.json'), json)
    writeResult(join(options.report, 'summary.txt'), summary)
  }
  if (options.json !== '-' && options.quiet !== true) process.stdout.write(summary)
}

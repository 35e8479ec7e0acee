/** `weir census`. */
import { stripVTControlCharacters } from 'node:util'
import { census } from '../app/census/census.ts'
import { nothingReadable } from '../app/nothing-in.ts'
import { AppError } from '../model/errors.ts'
import { exactJson } from '../model/exact-json.ts'
import { censusJson } from './census/json.ts'
import { censusPage } from './census/page.ts'
import { censusText } from './census/text.ts'
import { configOf } from './load-config-file.ts'
import { checkTarget, isColourful, writeResult } from './output.ts'
import { progressOf } from './progress-line.ts'
import { stopSignal } from './stop-signal.ts'

export async function run(paths: string[], options: Record<string, unknown>): Promise<void> {
  const { config, configured, file, foundBesideLogs } = configOf(options.config, paths)
  if (options.json === '-' && options.html === '-')
    throw new AppError('usage', 'JSON and HTML cannot both be written to standard output: give one of them a file')
  for (const target of [options.json, options.html]) if (target !== undefined) checkTarget(target)
  const signal = stopSignal()
  const began = Date.now()
  const progress = progressOf(options)
  if (foundBesideLogs) progress.note(`no ./weir.yaml here: using ${file}`)
  const { census: result, nothing_in } = await census({
    paths,
    config,
    configured,
    progress,
    signal,
    assume_year: options.assumeYear as number | undefined,
  })
  if (options.json !== undefined) writeResult(options.json, exactJson(censusJson(result), 2))
  if (options.html !== undefined) writeResult(options.html, censusPage(result, { site: config.site.name ?? '' }))
  if (options.json !== '-' && options.html !== '-' && options.quiet !== true) {
    const text = censusText(result, { elapsed_ms: Date.now() - began })
    process.stdout.write(isColourful(process.stdout) ? text : stripVTControlCharacters(text))
  }
  if (nothing_in.length > 0) throw nothingReadable(nothing_in)
}

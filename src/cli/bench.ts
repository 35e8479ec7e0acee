/** `weir bench`. Evidence that is not the same to the last bit fails it; speed never does. */
import { stripVTControlCharacters } from 'node:util'
import { type BenchSize, benchDetect, isIdentical } from '../app/bench/bench-detect.ts'
import { AppError } from '../model/errors.ts'
import { exactJson } from '../model/exact-json.ts'
import { detectText } from './bench/detect-text.ts'
import { checkTarget, isColourful, writeResult } from './output.ts'
import { progressLine } from './progress-line.ts'
import { stopSignal } from './stop-signal.ts'

const benches = ['detect']

export async function run([what]: string[], options: Record<string, unknown>): Promise<void> {
  if (!benches.includes(what))
    throw new AppError(
      'usage',
      `${what === undefined ? 'say what to measure' : `nothing measures '${what}'`}: there is ${benches.join(', ')}`,
    )
  if (options.json !== undefined) checkTarget(options.json)
  const signal = stopSignal()
  const began = Date.now()
  const talks = options.quiet !== true && (options.logLevel === 'info' || options.logLevel === 'debug')
  const progress = progressLine({
    ...{ shown: talks && options.progress !== false, json: options.logFormat === 'json' },
    ...{ stream: process.stderr, now: Date.now },
  })
  try {
    const measured = await benchDetect({
      ...{ progress, signal, size: options.size as BenchSize, seed: options.seed as number },
      entities: options.entities as number | undefined,
      days: options.days as number | undefined,
      repeat: options.repeat as number | undefined,
    })
    if (options.json !== undefined) writeResult(options.json, exactJson(measured, 1))
    if (options.json !== '-' && options.quiet !== true) {
      const text = detectText(measured, { elapsed_ms: Date.now() - began })
      process.stdout.write(isColourful(process.stdout) ? text : stripVTControlCharacters(text))
    }
    if (!isIdentical(measured)) process.exitCode = 1
  } finally {
    progress.done()
  }
}

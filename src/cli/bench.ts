/** `weir bench`. Results that differ fail it; speed never does. */
import { stripVTControlCharacters } from 'node:util'
import { type BenchSize, benchDetect, isIdentical } from '../app/bench/bench-detect.ts'
import { benchIngest } from '../app/bench/bench-ingest.ts'
import { benchQuery } from '../app/bench/bench-query.ts'
import type { Progress } from '../app/progress.ts'
import { AppError } from '../model/errors.ts'
import { exactJson } from '../model/exact-json.ts'
import { detectText } from './bench/detect-text.ts'
import { ingestText } from './bench/ingest-text.ts'
import { queryText } from './bench/query-text.ts'
import { checkTarget, isColourful, writeResult } from './output.ts'
import { progressOf } from './progress-line.ts'
import { stopSignal } from './stop-signal.ts'

/** Fewer have no past. */
const leastDays = 15

interface Asked {
  size: BenchSize
  seed: number
  entities?: number
  rows?: number
  days?: number
  repeat?: number
  progress: Progress
  signal: AbortSignal
}

interface Measured {
  result: unknown
  text: (elapsed_ms: number) => string
  /** Whether what must be the same is the same. */
  is_sound: boolean
}

const benches: Readonly<Record<string, (asked: Asked) => Promise<Measured>>> = {
  async ingest(asked) {
    const result = await benchIngest(asked)
    return { result, text: (elapsed_ms) => ingestText(result, { elapsed_ms }), is_sound: true }
  },
  async detect(asked) {
    if (asked.days !== undefined && asked.days < leastDays)
      throw new AppError('usage', `--days ${asked.days}: detection is measured over ${leastDays} days and more`)
    const result = await benchDetect(asked)
    return { result, text: (elapsed_ms) => detectText(result, { elapsed_ms }), is_sound: isIdentical(result) }
  },
  async query(asked) {
    const result = await benchQuery(asked)
    return { result, text: (elapsed_ms) => queryText(result, { elapsed_ms }), is_sound: true }
  },
}

export async function run([what]: string[], options: Record<string, unknown>): Promise<void> {
  const bench = Object.hasOwn(benches, what ?? '') ? benches[what] : undefined
  if (!bench)
    throw new AppError(
      'usage',
      `${what === undefined ? 'say what to measure' : `nothing measures '${what}'`}: there is ${Object.keys(benches).join(', ')}`,
    )
  const idle = what === 'detect' ? 'rows' : 'entities'
  if (options[idle] !== undefined) throw new AppError('usage', `--${idle} says nothing to 'bench ${what}'`)
  if (options.json !== undefined) checkTarget(options.json)
  const signal = stopSignal()
  const began = Date.now()
  const progress = progressOf(options)
  try {
    const { size, seed, entities, rows, days, repeat } = options as unknown as Asked
    const measured = await bench({ size, seed, entities, rows, days, repeat, progress, signal })
    if (options.json !== undefined) writeResult(options.json, exactJson(measured.result, 1))
    if (options.json !== '-' && options.quiet !== true) {
      const text = measured.text(Date.now() - began)
      process.stdout.write(isColourful(process.stdout) ? text : stripVTControlCharacters(text))
    }
    if (!measured.is_sound) process.exitCode = 1
  } finally {
    progress.done()
  }
}

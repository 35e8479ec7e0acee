/** What reading a log costs by itself: whatever comes out of the file, and its records checked and in columns. One core. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { ObservationBatch } from '../../model/columns.ts'
import { utcClock } from '../../model/log-clock.ts'
import { recogniseFormat } from '../../sources/index.ts'
import { inputBlocks } from '../../sources/input/input-blocks.ts'
import { openInput } from '../../sources/input/open-input.ts'
import { type Cost, stopwatch } from './cost.ts'
import { stopIfAborted } from './stop.ts'

export interface Reading {
  cost: Cost
  records: number
}

/** The bytes of a file, decompressed if they are compressed, by the same path that parsers read them. */
export async function readBytes(path: string, signal?: AbortSignal): Promise<{ cost: Cost; bytes: number }> {
  const stop = stopwatch()
  const input = await openInput(path)
  let bytes = 0
  for await (const chunk of input.chunks()) {
    bytes += chunk.length
    stopIfAborted(signal)
  }
  return { cost: stop(), bytes }
}

/** Every record parsed, checked, and its columns bound by name. */
export async function parseAll(path: string, signal?: AbortSignal): Promise<Reading> {
  const stop = stopwatch()
  const input = await openInput(path)
  const context = { path, clock: utcClock, mtime_ms: 0 }
  const { format } = recogniseFormat(input.head, context)
  if (!format) throw new Error(`${path} has no known format`)
  const parser = format.open(context)
  const batch = new ObservationBatch()
  let records = 0
  for await (const block of inputBlocks(format, input.chunks())) {
    parser.parse(block.bytes, block.start, block.end, block.offset, batch)
    records += batch.flow.length
    batch.reset()
    stopIfAborted(signal)
  }
  return { cost: stop(), records }
}

/** What most programs do first: each line as an object. */
export async function parseJsonLines(path: string, signal?: AbortSignal): Promise<Reading> {
  const stop = stopwatch()
  let records = 0
  for await (const line of createInterface({ input: createReadStream(path, { highWaterMark: 1 << 20 }) })) {
    if (JSON.parse(line).uid !== undefined) records++
    if (records % 65_536 === 0) stopIfAborted(signal)
  }
  return { cost: stop(), records }
}

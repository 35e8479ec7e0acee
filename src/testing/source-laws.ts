/**
 * What holds for every source, whatever it reads: mutilated input never throws, every record is rows or a counted reason,
 * and it does not matter where a file was cut into blocks of whole lines.
 */
import fc from 'fast-check'
import { expect } from 'vitest'
import { ObservationBatch } from '../model/columns.ts'
import { utcClock } from '../model/log-clock.ts'
import { observationTypes } from '../model/observation.ts'
import type { SourceContext, SourceFormat } from '../model/source.ts'
import { bytesOf, rowsOf } from './parse-lines.ts'

const context: SourceContext = { path: 'some.log', clock: utcClock, mtime_ms: Date.UTC(2026, 0, 1) }

/** Records that became rows, of which one record may have several. */
export function recordsAccepted(batch: ObservationBatch): number {
  const offsets = observationTypes.map((type) => {
    const { data, length } = batch.of(type)
    return new Set((data.offset as Float64Array).slice(0, length)).size
  })
  return offsets.reduce((a, b) => a + b, 0)
}

export function expectEveryRecordCounted(batch: ObservationBatch): void {
  const rejected = [...batch.rejected.values()].reduce((a, b) => a + b, 0)
  expect(recordsAccepted(batch) + rejected).toBe(batch.records_read)
}

/** Bytes that parsers trip over, and any other. */
const wicked = fc.constantFrom(...bytesOf('\0\t\n\r"\\{}[]()<>,;:#-+.=|/\'eEx0123456789 '), 0x80, 0xff)
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.constantFrom(0, 0, 1, 1, 2, 40),
  insert: fc.array(fc.oneof(wicked, fc.nat(255)), { maxLength: 6 }),
})

/** Parses damaged copies of `text` and noise, in the midst of other bytes so that reading past the end would show. */
export function expectToSurviveDamage(format: SourceFormat, text: string, runs = 400): void {
  const whole = bytesOf(text)
  const damaged = fc.array(edit, { minLength: 1, maxLength: 8 }).map((edits) => {
    let bytes = [...whole]
    for (const { at, remove, insert } of edits)
      bytes = bytes.toSpliced(Math.floor(at * bytes.length), remove, ...insert)
    return Uint8Array.from(bytes)
  })
  const check = (bytes: Uint8Array): void => {
    const batch = new ObservationBatch()
    const parser = format.open(context)
    parser.parse(Uint8Array.from([0x39, ...bytes, ...bytesOf('9"}]\t7')]), 1, 1 + bytes.length, 0, batch)
    parser.finish?.(batch, false)
    expectEveryRecordCounted(batch)
    format.recognise(bytes, context)
  }
  fc.assert(fc.property(damaged, check), { numRuns: runs, seed: 20_260_101 })
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), check), { numRuns: runs / 2, seed: 20_260_101 })
}

/** Everything that a batch says of its records, rejects included. */
function told(batch: ObservationBatch): unknown {
  const rows = observationTypes.map((type) => rowsOf(batch, type))
  return { rows, read: batch.records_read, rejected: Object.fromEntries(batch.rejected) }
}

/** Parses `text` whole and cut after each of some of its lines: the same rows at the same places. */
export function expectSameHoweverSplit(format: SourceFormat, text: string, runs = 100): void {
  const bytes = bytesOf(text)
  const ends = [...bytes.keys()].filter((i) => bytes[i] === 0x0a).map((i) => i + 1)
  const parse = (cuts: readonly number[]): unknown => {
    const batch = new ObservationBatch()
    const parser = format.open(context)
    const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
    for (let i = 1; i < places.length; i++) parser.parse(bytes, places[i - 1], places[i], places[i - 1], batch)
    parser.finish?.(batch, false)
    return told(batch)
  }
  const whole = parse([])
  fc.assert(
    fc.property(fc.subarray(ends), (cuts) => {
      expect(parse(cuts)).toEqual(whole)
    }),
    { numRuns: runs, seed: 20_260_101 },
  )
}

import { describe, expect, test } from 'vitest'
import { ObservationBatch } from '../model/columns.ts'
import { utcClock } from '../model/log-clock.ts'
import { neutral } from '../sources/neutral/neutral.ts'
import { bytesOf, rowsOf } from '../testing/parse-lines.ts'
import { CountLimits } from './count-limits.ts'

const flow = (bytes_src: bigint | number, more: object = {}) =>
  `{"type":"flow","start_ms":1767225600000,"end_ms":1767225600000,"src_ip":"10.0.0.5","src_port":1,"dst_ip":"198.51.100.1","dst_port":2,"proto":"tcp","bytes_src":${bytes_src},"bytes_dst":0${Object.entries(
    more,
  )
    .map(([key, value]) => `,"${key}":${value}`)
    .join('')}}`
const transfer = (bytes: bigint) =>
  `{"type":"transfer","tool":"t","direction":"out","bytes":${bytes},"start_ms":1767225600000,"end_ms":1767225600000}`

/** What is left of the lines' flows and transfers, by bytes, and how many were refused. */
function refuse(limits: CountLimits, ...lines: string[]) {
  const batch = new ObservationBatch()
  const bytes = bytesOf(`......${lines.join('\n')}\n`)
  neutral.open({ path: '', clock: utcClock, mtime_ms: Number.NaN }).parse(bytes, 6, bytes.length, 1000, batch)
  limits.refuse(batch, { bytes, start: 6, end: bytes.length, offset: 1000 })
  return {
    kept: [...rowsOf(batch, 'flow').map((row) => row.bytes_src), ...rowsOf(batch, 'transfer').map((row) => row.bytes)],
    refused: batch.rejected.get('count_out_of_range') ?? 0,
    examples: batch.examples,
  }
}

describe('what the books can take in', () => {
  test('is more than any site moves, to the byte', () => {
    const kept = [9_007_199_254_740_993n, 1n << 60n, 1n]
    expect(refuse(new CountLimits(), ...kept.map((bytes) => flow(bytes)))).toEqual({ kept, refused: 0, examples: [] })
  })

  test('is never passed by giants, which leave the honest rest its room', () => {
    const limits = new CountLimits()
    const most = (1n << 63n) - 1n
    for (let i = 0; i < 100; i++) refuse(limits, flow(most), flow(1n << 60n), flow(1n << 55n), transfer(most))
    expect(refuse(limits, flow(1n << 60n), flow(1000), flow(most), transfer(1n << 40n)).kept).toEqual([
      1000n,
      1n << 40n,
    ])
  })

  test('counts packets, wire bytes and what sampling makes of a count', () => {
    const most = (1n << 63n) - 1n
    expect(refuse(new CountLimits(), flow(1, { packets_src: most }), flow(2, { packets_dst: most })).kept).toEqual([])
    expect(refuse(new CountLimits(), flow(1n << 31n, { sampling: 4294967295 })).kept).toEqual([])
    expect(refuse(new CountLimits(), flow(1n << 31n, { sampling: 1000 })).kept).toEqual([1n << 31n])
  })

  test('knows what the state holds', () => {
    const full = new CountLimits({ flow: 2 ** 62, transfer: 2 ** 60, session: 0 })
    expect(refuse(full, flow(1_000_000), transfer(1_000_000n)).refused).toBe(2)
  })

  test('shows the line that was refused, and keeps the rows around it', () => {
    const lines = [flow(1), flow((1n << 63n) - 1n), flow(2), flow(3)]
    const { kept, examples } = refuse(new CountLimits(), ...lines)
    expect(kept.sort()).toEqual([1n, 2n, 3n])
    expect(examples).toEqual([
      { reason: 'count_out_of_range', offset: 1000 + lines[0].length + 1, sample: lines[1].slice(0, 120) },
    ])
  })
})

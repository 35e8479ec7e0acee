import { describe, expect, test } from 'vitest'
import type { ReadRecord } from '../model/context-record.ts'
import { Shuffler } from '../testing/permutation.ts'
import { ReadSizeJoin } from './read-size-join.ts'

const t0 = 1_700_000_000_000
const host = (last: number) => ({ hi: 0n, lo: 0xffff_0a01_0000n + BigInt(last) })
const [service, cfd, climate] = [990, 0, 1]
const GB = 1e9
/** What may come by chance in 70 s where none came in the hour before. */
const chance = (0.1 * 70) / 3600

const read = (more: Partial<ReadRecord> = {}): ReadRecord => ({
  ...{ host: host(1), account: service, vault: cfd, bytes: GB, start_ms: t0 + 30_000, end_ms: t0 + 30_000 },
  ...more,
})
const at = (ms: number): Partial<ReadRecord> => ({ start_ms: t0 + ms, end_ms: t0 + ms })
const found = (reads: readonly ReadRecord[], bytes = GB, last = 1) =>
  new ReadSizeJoin(reads).vaultOf(host(last), t0, t0 + 60_000, bytes)

describe('a read as large as a flow, that ended while the flow lasted', () => {
  test('names the vault, on that host alone', () => {
    expect(found([read()])).toEqual({ vault: cfd, weight: 1 / (1 + chance), known_ms: t0 + 30_000 })
    expect([found([read()], GB, 2), found([])]).toEqual([undefined, undefined])
  })

  test('counts from 5 s before its start to 5 s after its end', () => {
    expect([-5001, -5000, 65_000, 65_001].map((ms) => found([read(at(ms))])?.vault)).toEqual([
      undefined,
      cfd,
      cfd,
      undefined,
    ])
  })

  test('may have had up to 3 % of headers added, and never lost anything', () => {
    expect([0.969, 0.971, 1, 1.001].map((times) => found([read({ bytes: times * GB })])?.vault)).toEqual([
      undefined,
      cfd,
      cfd,
      undefined,
    ])
  })

  test('is not told from small ones, which are alike by chance, nor from flows of days', () => {
    expect(found([read({ bytes: 999_999 })], 999_999)).toBeUndefined()
    const long = new ReadSizeJoin([read()]).vaultOf(host(1), t0, t0 + 86_400_001, GB)
    expect(long).toBeUndefined()
  })
})

describe('of several reads of that size', () => {
  test('those of one vault name it, those of two name none unless more than four of five agree', () => {
    const others = (count: number) => Array.from({ length: count }, (_, i) => read(at(1000 * i)))
    expect(found(others(3))).toMatchObject({ vault: cfd, weight: 3 / (3 + chance) })
    expect(found([...others(3), read({ vault: climate })])).toBeUndefined()
    expect(found([...others(5), read({ vault: climate })])).toMatchObject({ vault: cfd })
    expect(found([...others(3), read({ vault: -1 })])).toBeUndefined()
  })

  test('how often one comes by chance is told by the hour before', () => {
    // 70 s of each hour are looked at: of 60 reads in the hour before 1.2 would have come by chance
    const earlier = (count: number) => Array.from({ length: count }, (_, i) => read(at(-10_000 - i * 55_000)))
    expect(found([read(), ...earlier(6)])?.weight).toBeCloseTo(1 / (1 + (6.1 * 70) / 3600), 6)
    expect(found([read(), ...earlier(60)])).toBeUndefined()
    expect(found([read(), read(at(-3_700_000))])?.weight).toBe(1 / (1 + chance))
  })

  test('of flows that last for hours an hour before tells too little: none is named after two and a half', () => {
    const lasting = (hours: number) =>
      new ReadSizeJoin([read()]).vaultOf(host(1), t0, t0 + hours * 3_600_000, GB)?.vault
    expect([2, 2.6].map(lasting)).toEqual([cfd, undefined])
  })
})

test('on a busy service, as many names are wrong as their weights say, one in two hundred at most, and nearly all are named', () => {
  const random = new Shuffler(7)
  const uniform = (): number => (random.below(0x40000000) + 0.5) / 0x40000000
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
  // a download every three seconds for six hours, of 100 MB give or take a factor of six; one in ten is served from memory
  const flows = Array.from({ length: 7200 }, (_, i) => {
    const bytes = Math.round(1e8 * Math.exp(1.8 * normal()))
    return { start_ms: t0 + 3000 * i, end_ms: t0 + 3000 * i + bytes / 1e4, bytes, vault: random.below(200) }
  })
  const reads = flows
    .filter(() => uniform() < 0.9)
    .map(({ bytes, end_ms, vault }) => read({ bytes, vault, start_ms: end_ms, end_ms }))
  const join = new ReadSizeJoin(reads)
  let [named, wrong, doubt] = [0, 0, 0]
  const large = flows.filter(({ bytes }) => bytes >= 1e6)
  for (const { start_ms, end_ms, bytes, vault } of large) {
    // headers
    const said = join.vaultOf(host(1), start_ms, end_ms, Math.round(bytes * 1.004))
    if (said === undefined) continue
    named++
    doubt += 1 - said.weight
    if (said.vault !== vault) wrong++
  }
  console.log(`of ${large.length} downloads ${named} named, ${wrong} wrong, ${doubt.toFixed(1)} by their weights`)
  expect(named).toBeGreaterThan(0.7 * large.length)
  expect(wrong).toBeLessThan(0.005 * named)
  // never surer than right: three deviations of a count
  expect(wrong).toBeLessThan(doubt + 3 * Math.sqrt(doubt))
})

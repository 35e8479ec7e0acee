/** What becomes of peers and days as time passes: novelty, folding, detail that goes. */
import { describe, expect, test, vi } from 'vitest'
import { Books, type ConfigText } from '../support/books.ts'

vi.setConfig({ testTimeout: 60_000 })

const hour = 3_600_000
const day = 24 * hour
const t0 = Date.parse('2026-03-02T00:00:00Z')
const now_ms = t0 + 1000 * day

function site(more: object = {}, ofSite: object = {}): ConfigText {
  return {
    site: { networks: ['10.0.0.0/8'], ...ofSite },
    hosts: [
      { name: 'login1', addresses: ['10.1.0.1'], role: 'login' },
      { name: 'dtn1', addresses: ['10.1.0.11'], role: 'dtn' },
      { name: 'node1', addresses: ['10.2.0.1'], role: 'compute' },
    ],
    ...more,
  }
}

let port = 20_000
/** Too much for a peer to be folded into its network. */
const large = 2_000_000
/** On day `at`, at noon. */
const flow = (at: number, dst_ip: string, bytes_out = large, more: object = {}) => ({
  type: 'flow',
  start_ms: t0 + at * day + 12 * hour,
  end_ms: t0 + at * day + 12 * hour + 1000,
  src_ip: '10.1.0.11',
  src_port: port++,
  dst_ip,
  dst_port: 443,
  proto: 'tcp',
  bytes_src: bytes_out,
  bytes_dst: 0,
  ...more,
})
/** The same with the portal login that names its account. */
const flowOf = (account: string, at: number, dst_ip: string) => {
  const each = flow(at, dst_ip)
  return [
    each,
    { type: 'session', kind: 'portal', account, peer_ip: dst_ip, start_ms: each.start_ms, end_ms: each.end_ms },
  ]
}
const [old, late, busy, partner] = ['198.51.100.1', '198.51.100.2', '198.51.100.3', '203.0.113.9']

/** Class and cohort of a peer by the day on which it was met. */
async function classes(books: Books, peer: string): Promise<Record<number, string>> {
  const rows = await books.answer(['day', 'peer_class', 'cohort'], { where: [{ column: 'peer', value: peer }] })
  return Object.fromEntries(rows.map(({ key }) => [(Date.parse(key[0]) - t0) / day, key.slice(1).join(' ').trim()]))
}

describe('novelty', () => {
  const met = [
    ...[0, 29, 30, 75].map((at) => flow(at, old)),
    ...[40, 69, 70, 79].map((at) => flow(at, late)),
    ...['a', 'b', 'c', 'd'].flatMap((account, i) => flowOf(account, 45 + i, busy)),
    ...flowOf('a', 49, busy),
    ...flowOf('e', 50, busy),
    flow(78, busy),
  ]

  test('for thirty days of memory nothing is said of any peer; later ones are novel, then rare, or common', async () => {
    using books = new Books(site())
    await books.run({ 'a.ndjson': met }, now_ms)
    expect(await classes(books, old)).toMatchObject({
      0: 'age_unknown',
      29: 'age_unknown',
      30: 'age_unknown',
      75: 'age_unknown',
    })
    expect(await classes(books, late)).toEqual({
      40: 'novel 2026-04',
      69: 'novel 2026-04',
      70: 'rare 2026-04',
      79: 'rare 2026-04',
    })
    // the fifth account makes a peer common
    expect(await classes(books, busy)).toEqual({
      45: 'novel 2026-04',
      46: 'novel 2026-04',
      47: 'novel 2026-04',
      48: 'novel 2026-04',
      49: 'novel 2026-04',
      50: 'common 2026-04',
      78: 'common 2026-04',
    })
  })

  test('where no account is known the third role makes a peer common; any number of hosts of one role is one', async () => {
    using books = new Books(site())
    const from = (at: number, src_ip: string) => flow(at, busy, large, { src_ip })
    const others = ['10.9.0.1', '10.9.0.2', '10.9.0.3', '10.9.0.4'].map((src_ip, i) => from(40 + i, src_ip))
    const records = [flow(0, old), ...others, from(45, '10.1.0.1'), from(46, '10.1.0.11'), from(47, '10.2.0.1')]
    await books.run({ 'a.ndjson': records }, now_ms)
    expect(await classes(books, busy)).toMatchObject({ 43: 'novel 2026-04', 45: 'novel 2026-04', 46: 'common 2026-04' })
  })

  test('an account that turns up later in an old file makes a peer common from that day on', async () => {
    using books = new Books(site({ retention: { flows_days: 100 } }))
    const four = ['a', 'b', 'c', 'd'].flatMap((account, i) => flowOf(account, 40 + i, busy))
    await books.run({ 'a.ndjson': [flow(0, old), ...four, flow(60, busy)] }, now_ms)
    expect(await classes(books, busy)).toMatchObject({ 43: 'novel 2026-04', 60: 'novel 2026-04' })
    await books.run({ 'b.ndjson': flowOf('e', 50, busy) }, now_ms)
    expect(await classes(books, busy)).toMatchObject({
      43: 'novel 2026-04',
      50: 'common 2026-04',
      60: 'common 2026-04',
    })
  })

  test('a peer that turns out to be older is of its older cohort; older memory ends the time without opinion earlier', async () => {
    using books = new Books(site({ retention: { flows_days: 200 } }))
    await books.run(
      { 'a.ndjson': [flow(20, old), flow(61, late), flow(95, late), flow(30, partner), flow(120, partner)] },
      now_ms,
    )
    expect(await classes(books, late)).toEqual({ 61: 'novel 2026-05', 95: 'rare 2026-05' })
    expect(await classes(books, partner)).toEqual({ 30: 'age_unknown', 120: 'age_unknown' })
    await books.run({ 'b.ndjson': [flow(0, old), flow(55, late)] }, now_ms)
    expect(await classes(books, late)).toEqual({ 55: 'novel 2026-04', 61: 'novel 2026-04', 95: 'rare 2026-04' })
    expect(await classes(books, partner)).toEqual({ 30: 'novel 2026-04', 120: 'rare 2026-04' })
  })

  test('before the anchor a peer is known, and an account’s usual network stays so', async () => {
    const anchor = { date: '2026-03-22', by: 'us', reason: 'audited' }
    using books = new Books(site({}, { anchor }))
    const neighbour = '198.51.100.200'
    const records = [
      ...flowOf('a', 5, old),
      flow(19.4, late),
      flow(20, partner),
      flow(75, old),
      ...flowOf('a', 75, neighbour),
      ...flowOf('b', 75, '198.51.100.201'),
      flow(75, late),
      flow(75, partner),
    ]
    await books.run({ 'a.ndjson': records }, now_ms)
    expect(await classes(books, old)).toEqual({ 5: 'known', 75: 'known' })
    expect(await classes(books, late)).toEqual({ 19: 'known', 75: 'known' })
    expect(await classes(books, partner)).toEqual({ 20: 'age_unknown', 75: 'age_unknown' })
    expect(await classes(books, neighbour)).toEqual({ 75: 'known' })
    expect(await classes(books, '198.51.100.201')).toEqual({ 75: 'novel 2026-05' })
  })

  test('what an expectation names is declared, of no cohort; the same peer’s other bytes are not', async () => {
    const expectations = [{ id: 'EXP-1', accounts: ['mirror'], peers: ['203.0.113.0/24'], from: '2026-05-01' }]
    using books = new Books(site({ expectations }))
    const records = [
      flow(0, old),
      ...flowOf('mirror', 50, partner),
      ...flowOf('mirror', 65, partner),
      ...flowOf('a', 66, partner),
    ]
    await books.run({ 'a.ndjson': records }, now_ms)
    expect(await classes(books, partner)).toEqual({ 50: 'novel 2026-04', 65: 'declared', 66: 'novel 2026-04' })
  })
})

describe('closed days', () => {
  test('are folded two days later: small peers into their network, exactly; late data open them again', async () => {
    using books = new Books(site())
    const records = [
      flow(0, old, 10),
      flow(0, late, 20),
      flow(0, partner, 1_000_000),
      flow(2, old, 30),
      flow(5, old, 40),
    ]
    const { ledger } = await books.run({ 'a.ndjson': records }, now_ms)
    const byDay = () => books.bytesOut('day', 'peer')
    expect(await byDay()).toEqual({
      '2026-03-02 198.51.100.0/24': 30n,
      '2026-03-02 203.0.113.9': 1_000_000n,
      '2026-03-04 198.51.100.0/24': 30n,
      '2026-03-07 198.51.100.1': 40n,
    })
    expect(ledger.bytes_out).toBe(1_000_100n)
    await books.run({ 'b.ndjson': [flow(0, late, 999_980)] }, now_ms)
    expect(await byDay()).toMatchObject({ '2026-03-02 198.51.100.0/24': 10n, '2026-03-02 198.51.100.2': 1_000_000n })
    await books.snapshot()
  })
})

describe('detail that is gone', () => {
  const config = site({ retention: { flows_days: 2 } })
  const week = Array.from({ length: 8 }, (_, at) => flow(at, old, 100 + at))

  test('a late file adds up exactly and says what it brought; one that comes again changes nothing', async () => {
    using books = new Books(config)
    const first = await books.run({ 'a.ndjson': week }, now_ms)
    // hours of several columns are kept for the days of the retention, days and sums for long
    await expect(books.answer(['hour', 'peer'])).rejects.toMatchObject({ code: 'usage' })
    expect(await books.answer(['hour', 'peer'], { from_ms: t0 + 5 * day })).toHaveLength(3)
    expect(Object.keys(await books.bytesOut('day', 'peer'))).toHaveLength(8)
    expect((await books.bytesOut('hour'))['2026-03-02T12:00Z']).toBe(100n)
    const lateRecords = [flow(0, late, 5000), flow(1, late, 6000), flow(1.9, late, 70, { end_ms: t0 + 7 * day })]
    const second = await books.run({ 'late.ndjson': lateRecords }, now_ms)
    expect(second.sources[0]).toMatchObject({ accepted: 3, duplicates: 0, bytes_out: 11_070n })
    expect(second.ledger.bytes_out).toBe(first.ledger.bytes_out + 11_070n)
    const before = await books.snapshot()
    const again = await books.run({ 'x.ndjson': [...week, ...lateRecords] }, now_ms)
    expect(again.sources[0]).toMatchObject({ accepted: 0, duplicates: 11, bytes_out: 0n })
    expect(again.ledger).toEqual(second.ledger)
    expect(await books.snapshot()).toEqual(before)
  })

  test('a long connection goes on over the horizon, and a record of it that comes late adds nothing twice', async () => {
    const snapshot = (until: number, bytes_out: number, missed = 0) => ({
      ts: t0 / 1000,
      uid: 'Clong',
      'id.orig_h': '10.1.0.11',
      'id.orig_p': 50_000,
      'id.resp_h': old,
      'id.resp_p': 22,
      proto: 'tcp',
      duration: until * 86_400,
      orig_bytes: bytes_out,
      resp_bytes: 0,
      conn_state: 'SF',
      missed_bytes: missed,
    })
    using books = new Books(config)
    const watch = (upTo: number) => week.filter((_, at) => at <= upTo)
    const rest = (upTo: number) => watch(upTo).reduce((sum, { bytes_src }) => sum + BigInt(bytes_src), 0n)
    const total = async (run: ReturnType<Books['run']>, upTo: number) => {
      const { ledger } = await run
      return [ledger.bytes_out, ledger.bytes_out_lo, ledger.flows].map(
        (sum, i) => sum - (i < 2 ? rest(upTo) : BigInt(upTo + 1)),
      )
    }
    expect(
      await total(books.run({ 'zeek/conn.log': [snapshot(1, 1000, 100)], 'a.ndjson': watch(1) }, now_ms), 1),
    ).toEqual([1000n, 900n, 1n])
    expect(
      await total(books.run({ 'zeek/conn.log': [snapshot(5.5, 5000, 200)], 'a.ndjson': watch(6) }, now_ms), 6),
    ).toEqual([5000n, 4800n, 1n])
    // its detail is gone up to day 4: between the two, at the end of the first, and beyond the last
    expect(await total(books.run({ 'zeek/conn.log': [snapshot(3, 2000)] }, now_ms), 6)).toEqual([5000n, 4800n, 1n])
    expect(await total(books.run({ 'zeek/conn.log': [snapshot(0.5, 400)] }, now_ms), 6)).toEqual([5000n, 4800n, 1n])
    expect(
      await total(books.run({ 'zeek/conn.log': [snapshot(7, 9000, 200)], 'a.ndjson': watch(7) }, now_ms), 7),
    ).toEqual([9000n, 8800n, 1n])
    await books.snapshot()
    // the day that is still open is written once more
    expect(await total(books.run({ 'b.ndjson': [flow(7, late, 0, { bytes_dst: 1 })] }, now_ms), 7)).toEqual([
      9000n,
      8800n,
      2n,
    ])
  })
})

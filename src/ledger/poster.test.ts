import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressAt, formatHalves } from '../model/address.ts'
import { Columns } from '../model/columns.ts'
import { placeCode } from '../model/flow-event.ts'
import { emptyLabel, type Label, methodCode } from '../model/label.ts'
import { tickMs } from '../model/window.ts'
import { addRow, plainRows, type RowValues } from '../testing/rows.ts'
import { LabelTable } from './label-table.ts'
import { copyRow, negate, Poster, type PosterOptions } from './poster.ts'
import { readFlowTable } from './read-flow.ts'
import { entryTable, sumNames } from './tables.ts'

fc.configureGlobal({ seed: 20_260_101 })

type Flow = RowValues<typeof readFlowTable>

const tick = 2_833_333
const t0 = tick * tickMs
const [zeek, netflow, alice, vault, dtn1] = [1, 2, 11, 21, 31]

/** Times are relative to the start of `tick`. */
function flowAt(start_ms: number, end_ms: number, more: Flow = {}): Flow {
  return {
    seg_start_ms: t0 + start_ms,
    seg_end_ms: t0 + end_ms,
    start_ms: t0 + start_ms,
    end_ms: t0 + end_ms,
    available_ms: t0 + end_ms,
    sensor: zeek,
    inside: '10.1.0.11',
    peer: '198.51.100.7',
    service: 5,
    bytes_out: 1000,
    bytes_out_lo: 900,
    bytes_out_hi: 1100,
    bytes_in: 10,
    packets_out: 8,
    packets_in: 4,
    flows: 1,
    ...more,
  }
}

interface Asked extends Partial<Pick<PosterOptions, 'from_tick' | 'to_tick' | 'explain' | 'peerAsn'>> {
  label?: Partial<Label>
}

function post(flow: Flow, { label, ...options }: Asked = {}) {
  const flows = new Columns(readFlowTable)
  addRow(flows, flow)
  const labels = new LabelTable()
  const poster = new Poster({
    from_tick: 0,
    to_tick: 2 ** 31,
    labels,
    accounts: (sensor) => sensor === zeek,
    addressId: (column, i) => (formatHalves(...halves(column, i)) === '10.1.0.11' ? dtn1 : 99),
    ...options,
  })
  const entries = new Columns(entryTable)
  poster.post(flows, 0, label && { ...emptyLabel(), ...label }, entries)
  const rows = plainRows(entries).map((row) => ({
    ...row,
    tick: Number(row.tick) - tick,
    label: labels.at(Number(row.label)),
  }))
  return { rows, entries, poster, labels }
}

function halves(column: { hi: Uint32Array; lo: Uint32Array }, i: number): [bigint, bigint] {
  const { hi, lo } = addressAt(column, i)
  return [hi, lo]
}

const sumOf = (rows: readonly Record<string, unknown>[], name: string) =>
  rows.reduce((sum, row) => sum + (row[name] as bigint), 0n)

describe('a flow within one tick', () => {
  test('is one entry with all that it is', () => {
    const { rows } = post(flowAt(1000, 2000, { service: 5 }))
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({
      tick: 0,
      known_tick: tick,
      fact_tick: tick,
      posting_only: 0,
      accounts: 1,
      place: placeCode.border,
      sensor: zeek,
      inside: dtn1,
      peer: '198.51.100.7',
      outer: '::',
      leased: 0,
      service: 5,
      bytes_out: 1000n,
      bytes_out_lo: 900n,
      bytes_out_hi: 1100n,
      bytes_in: 10n,
      packets_out: 8n,
      packets_in: 4n,
      flows: 1n,
    })
  })

  test('that ends where the next tick begins has none of it there', () => {
    expect(post(flowAt(0, tickMs)).rows.map((row) => row.tick)).toEqual([0])
    expect(post(flowAt(0, tickMs + 1)).rows.map((row) => row.tick)).toEqual([0, 1])
  })

  test('without duration is in the tick of its moment', () => {
    expect(post(flowAt(tickMs, tickMs)).rows.map((row) => row.tick)).toEqual([1])
  })

  test('keeps of an IPv6 peer the /64', () => {
    expect(post(flowAt(0, 1, { peer: '2001:db9:1:2:3:4:5:6' })).rows[0].peer).toBe('2001:db9:1:2::')
  })
})

describe('a flow over several ticks', () => {
  test('is spread pro rata by cumulative floor; flows count where it began', () => {
    const { rows } = post(flowAt(tickMs / 2, 3 * tickMs, { bytes_out: 1001, packets_out: 4 }))
    expect(rows.map((row) => row.tick)).toEqual([0, 1, 2])
    // ⌊1001 · 0.5/2.5⌋ = 200, ⌊1001 · 1.5/2.5⌋ = 600
    expect(rows.map((row) => row.bytes_out)).toEqual([200n, 400n, 401n])
    expect(rows.map((row) => row.packets_out)).toEqual([0n, 2n, 2n])
    expect(rows.map((row) => row.flows)).toEqual([1n, 0n, 0n])
  })

  test('is known when it is available, but no part before it was sent', () => {
    expect(post(flowAt(0, 3 * tickMs)).rows.map((row) => Number(row.known_tick) - tick)).toEqual([3, 3, 3])
    expect(post(flowAt(0, 3 * tickMs, { available_ms: -1 })).rows.map((row) => Number(row.known_tick) - tick)).toEqual([
      0, 1, 2,
    ])
  })

  test('loses and invents nothing, wherever the span that is booked is cut', () => {
    const flow = fc.record({
      start: fc.integer({ min: 0, max: 3 * tickMs }),
      length: fc.oneof(fc.constantFrom(0, 1, tickMs), fc.integer({ min: 0, max: 30 * tickMs })),
      bytes_out: fc.oneof(fc.bigInt({ min: 0n, max: 100n }), fc.bigInt({ min: 0n, max: 2n ** 62n })),
      bytes_in: fc.bigInt({ min: 0n, max: 2n ** 62n }),
      packets_out: fc.bigInt({ min: 0n, max: 50n }),
      flows: fc.constantFrom(0, 1),
    })
    fc.assert(
      fc.property(
        flow,
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 4 }),
        ({ start, length, ...sums }, cuts) => {
          const segment = flowAt(start, start + length, sums)
          const whole = post(segment).rows
          const bounds = [0, ...cuts.map((cut) => tick + cut), 2 ** 31].sort((a, b) => a - b)
          const pieces = bounds.slice(1).flatMap((to_tick, i) => post(segment, { from_tick: bounds[i], to_tick }).rows)
          expect(pieces).toEqual(whole)
          for (const name of ['bytes_out', 'bytes_in', 'packets_out', 'flows'] as const)
            expect(sumOf(whole, name)).toBe(BigInt(sums[name]))
          for (const name of sumNames) expect(whole.every((row) => (row[name] as bigint) >= 0n)).toBe(true)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('leaves out what was booked for good earlier', () => {
    const { rows } = post(flowAt(0, 4 * tickMs, { booked_before_ms: t0 + 2 * tickMs }))
    expect(rows.map((row) => [row.tick, row.bytes_out, row.flows])).toEqual([
      [2, 250n, 0n],
      [3, 250n, 0n],
    ])
  })
})

describe('a segment of a long connection', () => {
  test('spreads over the segment, not over the connection', () => {
    const { rows } = post(flowAt(2 * tickMs, 4 * tickMs, { start_ms: t0, flows: 0 }))
    expect(rows.map((row) => [row.tick, row.bytes_out, row.flows])).toEqual([
      [2, 500n, 0n],
      [3, 500n, 0n],
    ])
  })
})

describe('what does not leave', () => {
  test('is measured, without label', () => {
    for (const place of [placeCode.internal, placeCode.transit, placeCode.carrier]) {
      const { rows } = post(flowAt(0, 1, { place, client_fp: 7 }), {
        label: { account: alice, method: 1, known_ms: t0 + 9e9 },
      })
      expect(rows).toHaveLength(1)
      expect(rows[0]).toMatchObject({ place, posting_only: 0, label: { account: 0, client_fp: 0 } })
    }
  })

  test('nor does what a sensor sees that only corroborates', () => {
    const { rows } = post(flowAt(0, 1, { sensor: netflow }), {
      label: { account: alice, method: 1, known_ms: t0 + 9e9 },
    })
    expect(rows).toMatchObject([{ accounts: 0, label: { account: 0 } }])
  })
})

describe('a label', () => {
  const label = {
    account: alice,
    project: 12,
    vault,
    client_org: 13,
    gateway: 14,
    method: methodCode.job,
    confidence: 90,
  }

  test('that is known with the flow stands from the first', () => {
    const { rows } = post(flowAt(0, 1, { client_fp: 7 }), { label: { ...label, known_ms: t0 + 1 } })
    expect(rows).toHaveLength(1)
    expect(rows[0].label).toMatchObject({ ...label, client_fp: 7, peer_asn: 0, explanation: 0, explained: 0 })
  })

  test('that becomes known later is a posting, its reversal and a posting anew', () => {
    const known_ms = t0 + 5 * tickMs
    const { rows } = post(flowAt(0, 2 * tickMs, { client_fp: 7 }), { label: { ...label, known_ms } })
    const shown = rows.map((row) => [
      row.tick,
      row.posting_only,
      Number(row.known_tick) - tick,
      row.bytes_out,
      row.label.account,
    ])
    expect(shown).toEqual([
      [0, 0, 2, 500n, 0],
      [0, 1, 5, -500n, 0],
      [0, 1, 5, 500n, alice],
      [1, 0, 2, 500n, 0],
      [1, 1, 5, -500n, 0],
      [1, 1, 5, 500n, alice],
    ])
    expect(rows.every((row) => row.label.client_fp === 7)).toBe(true)
  })

  test('known later: at every moment the postings net to the flow, before unlabelled, after labelled', () => {
    const known_ms = t0 + 5 * tickMs
    const { rows } = post(flowAt(0, 4 * tickMs), { label: { ...label, known_ms } })
    const knownBy = (last: number) => rows.filter((row) => Number(row.known_tick) - tick <= last)
    const of = (account: number, last: number) =>
      sumOf(
        knownBy(last).filter((row) => row.label.account === account),
        'bytes_out',
      )
    expect([of(0, 4), of(alice, 4)]).toEqual([1000n, 0n])
    expect([of(0, 5), of(alice, 5)]).toEqual([0n, 1000n])
    for (const name of sumNames)
      expect(sumOf(rows, name)).toBe(
        sumOf(
          rows.filter((row) => row.posting_only === 0),
          name,
        ),
      )
  })

  test('with an outer address keeps the leased one as a number', () => {
    const outer = { outer_hi: 0n, outer_lo: 0xffff_c000_0201n }
    const { rows } = post(flowAt(0, 1, { peer: '10.200.0.9' }), { label: { ...label, ...outer } })
    expect(rows[0]).toMatchObject({ peer: '10.200.0.9', outer: '192.0.2.1', leased: 99 })
    const six = { outer_hi: 0x20010db9_00010002n, outer_lo: 5n }
    expect(post(flowAt(0, 1), { label: { ...label, ...six } }).rows[0].outer).toBe('2001:db9:1:2::')
  })

  test('known later keeps the outer address off what was said before', () => {
    const late = { ...label, outer_hi: 0n, outer_lo: 0xffff_c000_0201n, known_ms: t0 + 5 * tickMs }
    const { rows } = post(flowAt(0, 1), { label: late })
    expect(rows.map((row) => [row.outer, row.leased])).toEqual([
      ['::', 0],
      ['::', 0],
      ['192.0.2.1', 99],
    ])
  })
})

describe('explanations', () => {
  const asked: unknown[][] = []
  const explain: PosterOptions['explain'] = (peer, _, vaultOf, account, ms) => {
    asked.push([formatHalves(peer.hi, peer.lo), vaultOf, account, ms - t0])
    return account === alice ? { explanation: 41, explained: 2 } : { explanation: 0, explained: 0 }
  }

  test('are asked for per tick, with what was known at the time', () => {
    asked.length = 0
    const { rows } = post(flowAt(0, 2 * tickMs), {
      label: { account: alice, method: 1, known_ms: t0 + 5 * tickMs },
      explain,
    })
    expect(rows.map((row) => row.label.explanation)).toEqual([0, 0, 41, 0, 0, 41])
    expect(asked).toEqual([
      ['198.51.100.7', 0, 0, 0],
      ['198.51.100.7', 0, alice, 0],
      ['198.51.100.7', 0, 0, tickMs],
      ['198.51.100.7', 0, alice, tickMs],
    ])
  })

  test('see the peer as it really is', () => {
    asked.length = 0
    post(flowAt(0, 1, { peer: '10.200.0.9' }), { label: { method: 1, outer_lo: 0xffff_c000_0201n }, explain })
    post(flowAt(0, 1, { peer: '2001:db9:1:2:3:4:5:6' }), { explain })
    post(flowAt(0, 1), { label: { method: 1, outer_hi: 0x20010db9_00010002n, outer_lo: 5n }, explain })
    expect(asked.map(([peer]) => peer)).toEqual(['192.0.2.1', '2001:db9:1:2:3:4:5:6', '2001:db9:1:2::5'])
  })

  test('follow a label that changed afterwards', () => {
    asked.length = 0
    const { entries, poster, labels } = post(flowAt(0, 1), { label: { method: 1, project: 12 }, explain })
    const wire = { hi: 0x20010db9_00010002n, lo: 5n }
    poster.relabel(entries, 0, { account: alice, vault }, wire)
    expect(labels.at(entries.data.label[0])).toMatchObject({
      account: alice,
      vault,
      project: 12,
      explanation: 41,
      explained: 2,
    })
    poster.relabel(entries, 0, { account: 0 }, wire)
    expect(labels.at(entries.data.label[0])).toMatchObject({ account: 0, vault, explanation: 0, explained: 0 })
    expect(asked.at(-1)).toEqual(['2001:db9:1:2::5', vault, 0, 0])
  })
})

describe('autonomous systems', () => {
  const asns: Record<string, number> = { '198.51.100.7': 64500, '192.0.2.1': 64501, '2001:db9:1:2::': 64502 }
  const peerAsn: PosterOptions['peerAsn'] = (column, i) => asns[formatHalves(...halves(column, i))] ?? 0

  test('are labels of whatever is posted, also where nothing else is known', () => {
    const { rows } = post(flowAt(0, 2 * tickMs), { peerAsn })
    expect(rows.map((row) => [row.label.peer_asn, row.label.account])).toEqual([
      [64500, 0],
      [64500, 0],
    ])
    expect(post(flowAt(0, 1, { peer: '198.51.100.8' }), { peerAsn }).rows[0].label.peer_asn).toBe(0)
    expect(post(flowAt(0, 1, { sensor: netflow }), { peerAsn }).rows[0].label.peer_asn).toBe(0)
    expect(post(flowAt(0, 1), { peerAsn, label: { account: alice } }).rows[0].label).toMatchObject({
      peer_asn: 64500,
      account: alice,
    })
  })

  test('are of the /64 of an IPv6 peer, and of the outer address once a lease names it', () => {
    expect(post(flowAt(0, 1, { peer: '2001:db9:1:2:3:4:5:6' }), { peerAsn }).rows[0].label.peer_asn).toBe(64502)
    const leased = { method: 1, outer_lo: 0xffff_c000_0201n, known_ms: t0 + 5 * tickMs }
    const { rows } = post(flowAt(0, 1, { peer: '10.200.0.9' }), { label: leased, peerAsn })
    expect(rows.map((row) => [row.peer, row.outer, row.label.peer_asn])).toEqual([
      ['10.200.0.9', '::', 0],
      ['10.200.0.9', '::', 0],
      ['10.200.0.9', '192.0.2.1', 64501],
    ])
  })

  test('are told to who explains, and stay when a label changes', () => {
    const told: number[] = []
    const explain: PosterOptions['explain'] = (_, asn) => {
      told.push(asn)
      return { explanation: 41, explained: asn === 64500 ? 2 : 1 }
    }
    const { entries, poster, labels } = post(flowAt(0, 1), { peerAsn, explain })
    poster.relabel(entries, 0, { account: alice }, { hi: 0n, lo: 0xffff_c633_6407n })
    expect(labels.at(entries.data.label[0])).toMatchObject({ account: alice, peer_asn: 64500, explained: 2 })
    expect(told).toEqual([64500, 64500])
  })
})

describe('rows', () => {
  test('a copy is the same row once more, also where the columns grow', () => {
    const entries = new Columns(entryTable, 1)
    addRow(entries, {
      posting_only: 1,
      accounts: 1,
      place: 2,
      tick: 3,
      known_tick: 4,
      fact_tick: 14,
      sensor: 5,
      inside: 6,
      peer: '2001:db9::1',
      outer: '192.0.2.1',
      leased: 7,
      service: 8,
      label: 9,
      ...Object.fromEntries(sumNames.map((name, i) => [name, 2n ** 40n + BigInt(i)])),
    })
    expect(copyRow(entries, 0)).toBe(1)
    const [row, copy] = plainRows(entries)
    expect(copy).toEqual(row)
    expect(Object.values(row).every((value) => value !== 0 && value !== 0n && value !== '::')).toBe(true)
  })

  test('a negated row is what a database calls minus', () => {
    for (const value of [0n, 1n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 32n + 1n, 2n ** 53n + 1n, 2n ** 63n - 1n]) {
      const entries = new Columns(entryTable)
      addRow(entries, Object.fromEntries(sumNames.map((name) => [name, value])))
      negate(entries, 0)
      for (const name of sumNames) expect(plainRows(entries)[0][name]).toBe(-value)
    }
  })
})

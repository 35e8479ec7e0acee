import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressAt, addressWords, storeParsed } from '../model/address.ts'
import { Columns } from '../model/columns.ts'
import { addressKey, type TransferRecord } from '../model/context-record.ts'
import { placeCode } from '../model/flow-event.ts'
import { emptyLabel, type Label, methodCode } from '../model/label.ts'
import { tickMs, ticksPerDay } from '../model/window.ts'
import { addRow, plainRows, type RowValues } from '../testing/rows.ts'
import { LabelTable } from './label-table.ts'
import { Poster } from './poster.ts'
import { readFlowTable } from './read-flow.ts'
import { entryTable, sumNames } from './tables.ts'
import { type DayClaim, TransferOverlay } from './transfer-overlay.ts'

fc.configureGlobal({ seed: 20_260_101 })

const day = 19_675
const t0 = day * ticksPerDay * tickMs
const firstTick = day * ticksPerDay
const hour = 3_600_000
const [zeek, netflow, alice, bob, cfd, climate] = [1, 2, 11, 12, 21, 22]

function halves(text: string) {
  const column = { hi: new Uint32Array(2), lo: new Uint32Array(2) }
  addressWords(text)
  storeParsed(column, 0)
  return addressAt(column, 0)
}

interface Flow extends RowValues<typeof readFlowTable> {
  from_h: number
  to_h: number
  label?: Partial<Label>
}

const flow = (from_h: number, to_h: number, bytes_out: number | bigint, more: Partial<Flow> = {}): Flow => ({
  from_h,
  to_h,
  sensor: zeek,
  inside: '10.1.0.11',
  peer: '198.51.100.7',
  service: 5,
  bytes_out,
  bytes_out_lo: bytes_out,
  bytes_out_hi: bytes_out,
  bytes_in: 70,
  packets_out: 8,
  flows: 1,
  ...more,
})

const claim = (
  from_h: number,
  to_h: number,
  bytes: number | bigint,
  more: Partial<TransferRecord> = {},
  onDay = day,
): DayClaim => ({
  transfer: {
    tool: 3,
    gateway: 0,
    account: 0,
    host: halves('10.1.0.11'),
    peer: halves('198.51.100.7'),
    vault: cfd,
    project: 0,
    client_org: 0,
    bytes: BigInt(bytes),
    start_ms: t0 + from_h * hour,
    end_ms: t0 + to_h * hour,
    tie: '',
    ...more,
  },
  day: onDay,
  bytes: BigInt(bytes),
})

function overlay(flows: readonly Flow[], claims: readonly DayClaim[]) {
  const read = new Columns(readFlowTable)
  const held = new Columns(entryTable)
  const labels = new LabelTable()
  const poster = new Poster({
    from_tick: 0,
    to_tick: 2 ** 31,
    labels,
    accounts: (sensor) => sensor === zeek,
    addressId: (column, i) => column.lo[2 * i],
  })
  const laid = new TransferOverlay(claims, held)
  for (const { from_h, to_h, label, ...values } of flows) {
    const [start_ms, end_ms] = [t0 + from_h * hour, t0 + to_h * hour]
    const times = { seg_start_ms: start_ms, seg_end_ms: end_ms, start_ms, end_ms, available_ms: end_ms }
    const i = addRow(read, { ...times, ...values })
    const before = held.length
    const whole = label && { ...emptyLabel(), ...label }
    poster.post(read, i, whole, held)
    laid.hold(read, i, before, held.length, whole)
  }
  const facts = held.length
  const excess = laid.apply((row, change, wire) => poster.relabel(held, row, change, wire))
  const rows = plainRows(held).map((row) => ({
    ...row,
    tick: Number(row.tick) - firstTick,
    known_tick: Number(row.known_tick) - firstTick,
    label: labels.at(Number(row.label)),
  }))
  return { rows, facts, excess: excess.map(({ transfer, bytes }) => [transfer.vault, bytes]), laid }
}

type Rows = ReturnType<typeof overlay>['rows']

function sumBy(rows: Rows, key: (row: Rows[number]) => unknown, name: (typeof sumNames)[number] = 'bytes_out') {
  const sums = new Map<string, bigint>()
  for (const row of rows) {
    const at = JSON.stringify(key(row))
    sums.set(at, (sums.get(at) ?? 0n) + (row[name] as bigint))
  }
  return Object.fromEntries([...sums].filter(([, sum]) => sum !== 0n).sort(([a], [b]) => (a < b ? -1 : 1)))
}
const byVault = (rows: Rows) => sumBy(rows, ({ label }) => label.vault)
const byAccount = (rows: Rows) => sumBy(rows, ({ label }) => label.account)

describe('a transfer', () => {
  test('labels the bytes that carried it, and the rest stays as it was', () => {
    const details = { account: alice, project: 31, client_org: 41 }
    const { rows, excess } = overlay([flow(1, 1.1, 1000)], [claim(1, 1.1, 600, details)])
    expect(byVault(rows)).toEqual({ 0: 400n, [cfd]: 600n })
    expect(excess).toEqual([])
    const labelled = rows.filter(({ label }) => label.vault === cfd)
    expect(labelled).toMatchObject([
      {
        bytes_out: 600n,
        bytes_in: 0n,
        flows: 1n,
        posting_only: 1,
        label: { ...details, method: methodCode.transfer, confidence: 95 },
      },
    ])
  })

  test('a flow is counted once, where most of its bytes are', () => {
    const flows = (rows: Rows) => sumBy(rows, ({ label }) => label.vault, 'flows')
    expect(flows(overlay([flow(1, 1.1, 1000)], [claim(1, 1.1, 501)]).rows)).toEqual({ [cfd]: 1n })
    expect(flows(overlay([flow(1, 1.1, 1000)], [claim(1, 1.1, 500)]).rows)).toEqual({ 0: 1n })
    const twice = overlay([flow(1, 1.1, 1000)], [claim(1, 1.1, 300), claim(1, 1.1, 600)])
    expect(flows(twice.rows)).toEqual({ [cfd]: 1n })
    const halves = overlay([flow(1, 1.1, 1000)], [claim(1, 1.1, 500), claim(1, 1.1, 500)])
    expect(flows(halves.rows)).toEqual({ [cfd]: 1n })
  })

  test('claims no more than was carried: the rest is excess', () => {
    const { rows, excess } = overlay([flow(1, 1.1, 1000)], [claim(1, 1.1, 1500)])
    expect(byVault(rows)).toEqual({ [cfd]: 1000n })
    expect(excess).toEqual([[cfd, 500n]])
  })

  test('is of its own host and peer', () => {
    const flows = [flow(1, 1.1, 10, { inside: '10.1.0.12' }), flow(1, 1.1, 20, { peer: '198.51.100.8' })]
    const { rows, excess } = overlay(flows, [claim(1, 1.1, 600)])
    expect(byVault(rows)).toEqual({ 0: 30n })
    expect(excess).toEqual([[cfd, 600n]])
  })

  test('of an unstated host may be of any, of an unstated peer of none', () => {
    const flows = [flow(1, 1.1, 10, { inside: '10.1.0.12' }), flow(1, 1.1, 20)]
    expect(byVault(overlay(flows, [claim(1, 1.1, 600, { host: halves('::') })]).rows)).toEqual({ [cfd]: 30n })
    const { rows, excess, laid } = overlay(flows, [claim(1, 1.1, 600, { peer: halves('::') })])
    expect(byVault(rows)).toEqual({ 0: 30n })
    expect(excess).toEqual([])
    expect(laid.isEmpty).toBe(true)
  })

  test('of several people behind one address takes the flows of its own account first', () => {
    const named = (account: number, method: keyof typeof methodCode) => ({ account, method: methodCode[method] })
    const flows = [
      flow(1, 1.1, 100, { label: named(bob, 'session_overlap') }),
      flow(1, 1.1, 200),
      flow(1, 1.1, 4000, { label: named(alice, 'ssh_tuple') }),
    ]
    const of = (bytes: number) => overlay(flows, [claim(1, 1.1, bytes, { account: alice })])
    expect(byAccount(of(4000).rows)).toEqual({ 0: 200n, [alice]: 4000n, [bob]: 100n })
    expect(byAccount(of(4150).rows)).toEqual({ 0: 50n, [alice]: 4150n, [bob]: 100n })
    expect(byAccount(of(4250).rows)).toEqual({ [alice]: 4250n, [bob]: 50n })
  })

  test('takes no flow whose own login names another', () => {
    const flows = [flow(1, 1.1, 100, { label: { account: bob, method: methodCode.ssh_tuple } }), flow(1, 1.1, 20)]
    const { rows, excess } = overlay(flows, [claim(1, 1.1, 110, { account: alice })])
    expect(byAccount(rows)).toEqual({ [alice]: 20n, [bob]: 100n })
    expect(excess).toEqual([[cfd, 90n]])
    // of whom is not known: it may have been bob's
    expect(byVault(overlay(flows, [claim(1, 1.1, 110)]).rows)).toEqual({ 0: 10n, [cfd]: 110n })
  })

  test('takes no flow of a protocol that its tool does not speak', () => {
    const ssh = { account: alice, method: methodCode.ssh_tuple }
    const flows = [
      flow(1, 1.1, 1000, { inside_port: 22, label: ssh }),
      flow(1, 1.1, 200, { inside_port: 443 }),
      flow(1, 1.1, 30, { inside_port: 2222 }),
    ]
    const taken = (over_ssh?: boolean) => {
      const { rows } = overlay(flows, [claim(1, 1.1, 9999, { account: alice, over_ssh })])
      return byVault(rows)
    }
    expect(taken(false)).toEqual({ 0: 1000n, [cfd]: 230n })
    expect(taken(true)).toEqual({ 0: 200n, [cfd]: 1030n })
    expect(taken()).toEqual({ [cfd]: 1230n })
  })

  test('asks for IPv6 peers by their whole address', () => {
    const flows = [flow(1, 1.1, 10, { peer: '2001:db9::7' }), flow(1, 1.1, 20, { peer: '2001:db9::8' })]
    const { rows, laid } = overlay(flows, [claim(1, 1.1, 600, { peer: halves('2001:db9::8') })])
    expect(byVault(rows)).toEqual({ 0: 10n, [cfd]: 20n })
    expect(laid.concerns(addressKey(halves('2001:db9::8')))).toBe(true)
    expect(laid.concerns(addressKey(halves('2001:db9::7')))).toBe(false)
  })

  test('labels the ticks that it overlaps first, give or take 5 s of clock', () => {
    // ticks of 10 min from 1 h: 6, 7, 8, 9; the transfer begins 5 s after tick 7 does and ends 6 s before tick 9
    const times = { start_ms: t0 + 7 * tickMs + 5000, end_ms: t0 + 9 * tickMs - 6000 }
    const labelled = (bytes: number, at: typeof times) =>
      sumBy(
        overlay([flow(1, 1 + 4 / 6, 4000)], [claim(0, 0, bytes, at)]).rows.filter(({ label }) => label.vault === cfd),
        ({ tick }) => tick,
      )
    expect(labelled(2000, times)).toEqual({ 7: 1000n, 8: 1000n })
    const earlier = { start_ms: t0 + 7 * tickMs + 4999, end_ms: t0 + 9 * tickMs - 5000 }
    expect(labelled(2000, earlier)).toEqual({ 6: 1000n, 7: 1000n })
  })

  test('of a minute may be all that a connection of hours carried, but not what another carried before', () => {
    const minute = { start_ms: t0 + 5.5 * hour, end_ms: t0 + 5.5 * hour + 60_000 }
    const flows = [flow(2, 4, 700, { peer_port: 1 }), flow(5, 8, 4000, { peer_port: 2 })]
    const { rows, excess } = overlay(flows, [claim(0, 0, 3900, minute)])
    expect([byVault(rows), excess]).toEqual([{ 0: 800n, [cfd]: 3900n }, []])
    expect(overlay(flows, [claim(0, 0, 4100, minute)]).excess).toEqual([[cfd, 100n]])
  })

  test('in its own ticks comes before one that only shares the connection', () => {
    const long = flow(2, 4, 1200, { peer_port: 1 })
    const brief = flow(3, 3 + 1 / 6, 500, { peer_port: 2 })
    const early = claim(2, 2.1, 1100, { vault: climate })
    const { rows, excess } = overlay([long, brief], [early, claim(3.01, 3.15, 600)])
    expect([byVault(rows), excess]).toEqual([{ [cfd]: 600n, [climate]: 1100n }, []])
  })

  test('labels on its day alone: what it claims for one day is not taken from the next', () => {
    const claims = [claim(23, 25, 100, {}, day), claim(23, 25, 100, {}, day + 1)]
    const { rows, excess } = overlay([flow(23, 24, 500), flow(24, 25, 50)], claims)
    const labelled = rows.filter(({ label }) => label.vault === cfd)
    expect(sumBy(labelled, ({ tick }) => Math.floor(tick / ticksPerDay))).toEqual({ 0: 100n, 1: 50n })
    expect(excess).toEqual([[cfd, 50n]])
    const other = overlay([flow(23, 24, 30), flow(24, 25, 500)], claims)
    expect(
      sumBy(
        other.rows.filter(({ label }) => label.vault === cfd),
        ({ tick }) => Math.floor(tick / ticksPerDay),
      ),
    ).toEqual({ 0: 30n, 1: 100n })
    expect(other.excess).toEqual([[cfd, 70n]])
  })

  test('is known when it has ended, and no earlier than the flow', () => {
    const { rows } = overlay([flow(1, 1.1, 1000)], [claim(1, 5, 600)])
    expect(rows.filter((row) => row.posting_only === 1).map(({ known_tick }) => known_tick)).toEqual([30, 30])
    const late = overlay([flow(1, 8, 1000)], [claim(1, 5, 10)]).rows
    expect(late.filter((row) => row.posting_only === 1).map(({ known_tick }) => known_tick)).toEqual([48, 48])
  })

  test('goes beyond what a login or job said, but keeps their account where it states none', () => {
    const label = { account: alice, project: 31, method: methodCode.job, known_ms: t0 + 9 * hour }
    const { rows } = overlay([flow(1, 1.1, 1000, { label })], [claim(1, 1.1, 600)])
    expect(byAccount(rows)).toEqual({ [alice]: 1000n })
    expect(byVault(rows)).toEqual({ 0: 400n, [cfd]: 600n })
    expect(sumBy(rows, ({ label: { account, vault, project } }) => [account, vault, project])).toEqual({
      [`[${alice},0,31]`]: 400n,
      [`[${alice},${cfd},31]`]: 600n,
    })
    const other = overlay([flow(1, 1.1, 1000, { label })], [claim(1, 1.1, 600, { account: bob })]).rows
    expect(byAccount(other)).toEqual({ [alice]: 400n, [bob]: 600n })
  })
})

describe('several transfers', () => {
  test('share the bytes, each byte once, the first to start first', () => {
    const claims = [claim(1.05, 1.1, 700, { vault: climate }), claim(1, 1.1, 600)]
    const { rows, excess } = overlay([flow(1, 1.1, 1000)], claims)
    expect(byVault(rows)).toEqual({ [cfd]: 600n, [climate]: 400n })
    expect(excess).toEqual([[climate, 300n]])
  })

  test('bounds are shared out with the bytes, and not twice', () => {
    const claims = [claim(1, 1.1, 334), claim(1, 1.1, 333, { vault: climate })]
    const { rows } = overlay([flow(1, 1.1, 1000, { bytes_out_lo: 500, bytes_out_hi: 2001 })], claims)
    expect(sumBy(rows, ({ label }) => label.vault, 'bytes_out_lo')).toEqual({ 0: 167n, [cfd]: 167n, [climate]: 166n })
    expect(sumBy(rows, ({ label }) => label.vault, 'bytes_out_hi')).toEqual({ 0: 667n, [cfd]: 668n, [climate]: 666n })
  })
})

describe('where several could carry or claim the same', () => {
  test('it is not the order of the records that decides', () => {
    const twins = [flow(1, 1.1, 100, { peer_port: 7, service: 5 }), flow(1, 1.1, 100, { peer_port: 8, service: 6 })]
    const carriers = [twins, [...twins].reverse()].map((flows) => {
      const { rows } = overlay(flows, [claim(1, 1.1, 60)])
      return sumBy(
        rows.filter(({ label }) => label.vault === cfd),
        ({ service }) => service,
      )
    })
    expect(carriers).toEqual([{ 5: 60n }, { 5: 60n }])
    const claims = [alice, bob].map((account) => claim(1, 1.1, 60, { account, tie: `account ${account}` }))
    const owners = [claims, [...claims].reverse()].map((each) => byAccount(overlay([flow(1, 1.1, 100)], each).rows))
    expect(owners).toEqual([
      { [alice]: 60n, [bob]: 40n },
      { [alice]: 60n, [bob]: 40n },
    ])
  })
})

describe('what is not egress of an accounting sensor', () => {
  test('carries no transfer, and takes nothing from those that do', () => {
    const flows = [
      flow(1, 1.1, 10, { sensor: netflow }),
      flow(1, 1.1, 20, { place: placeCode.internal }),
      flow(1, 1.1, 30),
    ]
    const { rows, excess } = overlay(flows, [claim(1, 1.1, 600)])
    expect(byVault(rows)).toEqual({ 0: 30n, [cfd]: 30n })
    expect(excess).toEqual([[cfd, 570n]])
  })
})

describe('for any flows and transfers', () => {
  const part = {
    inside: fc.constantFrom('10.1.0.11', '10.1.0.12'),
    peer: fc.constantFrom('198.51.100.7', '198.51.100.8'),
  }
  const bytes = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.bigInt({ min: 0n, max: 2n ** 55n }))
  const randomFlow = fc
    .record({
      ...part,
      from: fc.integer({ min: 0, max: 12 }),
      length: fc.integer({ min: 0, max: 6 }),
      bytes,
      service: fc.constantFrom(5, 6),
      peer_port: fc.constantFrom(50_000, 50_001),
      account: fc.constantFrom(0, alice),
      known: fc.integer({ min: 0, max: 20 }),
    })
    .map(({ from, length, bytes, account, known, ...more }) => {
      const label = { account, method: methodCode.job, known_ms: t0 + known * tickMs }
      return flow(from / 6, (from + length) / 6, bytes, { ...more, label })
    })
  const randomClaim = fc
    .record({
      ...part,
      from: fc.integer({ min: 0, max: 12 }),
      length: fc.integer({ min: 0, max: 6 }),
      bytes,
      vault: fc.constantFrom(cfd, climate),
      account: fc.constantFrom(0, bob),
      anyHost: fc.boolean(),
    })
    .map(({ from, length, bytes, vault, account, anyHost, inside, peer }) =>
      claim(from / 6, (from + length) / 6, bytes, {
        vault,
        account,
        host: halves(anyHost ? '::' : inside),
        peer: halves(peer),
        tie: `${account} ${vault} ${anyHost}`,
      }),
    )
  // two records of one connection that agree in all that tells flows apart are one record
  const identity = ({ from_h, to_h, inside, peer, peer_port }: Flow) => [from_h, to_h, inside, peer, peer_port].join()
  const flows = fc.uniqueArray(randomFlow, { maxLength: 8, selector: identity })
  const claims = fc.array(randomClaim, { maxLength: 6 })
  const total = (rows: Rows) => rows.reduce((sum, row) => sum + (row.bytes_out as bigint), 0n)

  test('nothing is gained or lost, nothing is negative, and labels plus excess are what was claimed', () => {
    fc.assert(
      fc.property(flows, claims, (randomFlows, randomClaims) => {
        const { rows, excess } = overlay(randomFlows, randomClaims)
        const place = ({ tick, inside, peer, service }: Rows[number]) => [tick, inside, peer, service]
        for (const name of sumNames)
          expect(sumBy(rows, place, name)).toEqual(
            sumBy(
              rows.filter((row) => row.posting_only === 0),
              place,
              name,
            ),
          )
        const standing = Object.values(sumBy(rows, (row) => [...place(row), row.label]))
        expect(standing.every((sum) => sum > 0n)).toBe(true)
        const labelled = total(rows.filter(({ label }) => label.vault !== 0))
        const left = excess.reduce((sum, [, bytes]) => sum + BigInt(bytes), 0n)
        expect(labelled + left).toBe(randomClaims.reduce((sum, { bytes }) => sum + bytes, 0n))
      }),
      { numRuns: 150 },
    )
  })

  test('one transfer labels all that flows of its time carried to its peer, as far as it claims', () => {
    fc.assert(
      fc.property(flows, randomClaim, (randomFlows, { transfer, ...rest }) => {
        const { rows, excess } = overlay(randomFlows, [{ transfer, ...rest }])
        const [from_ms, to_ms] = [transfer.start_ms - 5000, transfer.end_ms + 5000]
        const [first, last] = [from_ms, to_ms].map((ms) => Math.floor(ms / tickMs) - firstTick)
        const eligible = randomFlows.flatMap((one) => {
          const overlaps = t0 + one.from_h * hour <= to_ms && t0 + one.to_h * hour >= from_ms
          return overlay([one], []).rows.filter(
            ({ posting_only, tick, peer, inside }) =>
              posting_only === 0 &&
              (overlaps || (tick >= first && tick <= last)) &&
              addressKey(halves(String(peer))) === addressKey(transfer.peer) &&
              (transfer.host.lo === 0n || Number(inside) === Number(transfer.host.lo & 0xffffffffn)),
          )
        })
        const carried = total(eligible)
        const labelled = carried < rest.bytes ? carried : rest.bytes
        expect(total(rows.filter(({ label }) => label.vault !== 0))).toBe(labelled)
        expect(excess).toEqual(labelled === rest.bytes ? [] : [[transfer.vault, rest.bytes - labelled]])
      }),
      { numRuns: 150 },
    )
  })

  test('the order in which they came decides nothing', () => {
    const shuffled = fc
      .tuple(flows, claims)
      .chain(([f, c]) =>
        fc.tuple(
          fc.constant([f, c] as const),
          fc.shuffledSubarray(f, { minLength: f.length }),
          fc.shuffledSubarray(c, { minLength: c.length }),
        ),
      )
    const shown = ({ rows, excess }: ReturnType<typeof overlay>) => [
      sumBy(rows, (row) => [row.tick, row.inside, row.peer, row.service, row.known_tick, row.label]),
      sumBy(rows, (row) => [row.tick, row.inside, row.peer, row.service, row.known_tick, row.label], 'bytes_out_lo'),
      excess.map(String).sort(),
    ]
    fc.assert(
      fc.property(shuffled, ([[f, c], otherFlows, otherClaims]) => {
        expect(shown(overlay(otherFlows, otherClaims))).toEqual(shown(overlay(f, c)))
      }),
      { numRuns: 150 },
    )
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ticksPerDay } from '../../model/window.ts'
import { type BuiltRow, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { unknownAge, vouchedAge } from '../day-rows.ts'
import { bands, holdsHosts, measures, pools, scales } from './channels.ts'
import { amountOf, type DayTally, type Excluded, type Tallied, tallyDay } from './tally.ts'

const day = 20_500
const none: Excluded = () => false
const runs = { seed: 20_260_101, numRuns: 60 }

const ages = [0, 6, 7, 29, 30, 59, 60, 179, 180, 5000, vouchedAge, unknownAge]
/** Age is a peer's own, as in a day of arrivals. */
const builtRow: fc.Arbitrary<BuiltRow> = fc.record({
  peer: fc.nat(11),
  bytes_out: fc.integer({ min: 1, max: 5e9 }),
  tick: fc.nat(143),
  host: fc.integer({ min: 1, max: 5 }),
  role: fc.nat(4),
  vault: fc.nat(2),
  gateway: fc.nat(2),
  service: fc.nat(3),
  flows: fc.integer({ min: 1, max: 500 }),
  unexplained: fc.boolean(),
})
const builtRows = fc
  .array(builtRow, { maxLength: 40 })
  .map((rows) => rows.map((row) => ({ ...row, age_days: ages[row.peer] })))

const tallied = (rows: readonly BuiltRow[], excluded = none): DayTally => tallyDay(dayRowsOf(day, rows), excluded)

function streamOf(tally: DayTally, key: string): Tallied {
  const found = tally.streams.find(
    ({ pool, entity, band, measure, scale }) => [pool.kind, entity, band.id, measure, scale].join(' ') === key,
  )
  if (!found) throw new Error(`no stream ${key}`)
  return found
}

/** Sum of a stream's slots in its own unit. */
const total = ({ measure, values }: Pick<Tallied, 'measure' | 'values'>): number =>
  values.reduce((sum, value) => sum + amountOf(measure, value), 0)

const bytesWhere = (rows: readonly BuiltRow[], is: (age_days: number) => boolean): number =>
  rows.filter((row) => row.unexplained && is(row.age_days as number)).reduce((sum, row) => sum + row.bytes_out, 0)

/** Values by stream; what comes in another order is the same. */
const plain = ({ streams, hosts }: DayTally): object => ({
  streams: Object.fromEntries(
    streams.map(({ pool, entity, band, measure, scale, values, control }) => [
      [pool.kind, entity, band.id, measure, scale].join(' '),
      [...values, ...control],
    ]),
  ),
  hosts: Object.fromEntries(
    hosts.map((each) => [
      [each.pool.kind, each.entity, each.band.id].join(' '),
      [...each.hosts].sort(([a], [b]) => a - b),
    ]),
  ),
})

test('bytes are conserved: over bands, over scales, over roles', () => {
  fc.assert(
    fc.property(builtRows, (rows) => {
      const tally = tallied(rows)
      if (!rows.some(({ unexplained }) => unexplained)) {
        expect(tally).toEqual({ streams: [], hosts: [] })
        return
      }
      const site = (band: string, scale: string): number => total(streamOf(tally, `site 1 ${band} bytes ${scale}`))
      const close = (got: number, expected: number): void =>
        // what a floor of 10 MB under a logarithm costs in each slot
        expect(Math.abs(got - expected)).toBeLessThan(1 + 1e-9 * expected)
      const all = bytesWhere(rows, () => true)
      for (const scale of ['1 h', '1 d']) close(site('all', scale), all)
      close(
        site('fresh', '1 h'),
        bytesWhere(rows, (age) => age < 7),
      )
      const old = bytesWhere(rows, (age) => age >= 180 && age < vouchedAge)
      const { control } = streamOf(tally, 'site 1 novel bytes 1 d')
      const known = total({ measure: 'bytes', values: control })
      close(
        known,
        bytesWhere(rows, (age) => age >= vouchedAge),
      )
      close(site('novel', '1 d') + site('rare', '1 d') + site('cohort', '1 d') + known + old, all)
      const roles = tally.streams.filter(
        ({ pool, band, measure, scale }) =>
          pool.kind === 'role' && band.id === 'all' && measure === 'bytes' && scale === '1 d',
      )
      close(
        roles.map(total).reduce((sum, each) => sum + each, 0),
        all,
      )
      const hosts = tally.hosts.filter(({ pool, band }) => pool.kind === 'site' && band.id === 'all')
      expect([...hosts[0].hosts.values()].reduce((sum, each) => sum + each, 0)).toBe(all)
    }),
    runs,
  )
})

test('ids identify and nothing more: any others give the same values to the last bit', () => {
  fc.assert(
    fc.property(builtRows, fc.integer({ min: 1, max: 1000 }), (rows, by) => {
      const renamed = rows.map((row) => ({
        ...row,
        peer: 100_000 - by * row.peer,
        host: 50_000 - by * (row.host as number),
        vault: row.vault === 0 ? 0 : 9000 - by * (row.vault as number),
        gateway: row.gateway === 0 ? 0 : 9000 - by * (row.gateway as number),
        service: row.service === 0 ? 0 : 9000 - by * (row.service as number),
      }))
      const valuesOf = ({ streams }: DayTally): unknown =>
        streams.map(({ pool, band, measure, scale, values, control }) => [
          ...[pool.kind, band.id, measure, scale],
          ...values,
          ...control,
        ])
      expect(valuesOf(tallied(renamed))).toEqual(valuesOf(tallied(rows)))
    }),
    runs,
  )
})

test('rows of one tick may come in any order', () => {
  fc.assert(
    fc.property(builtRows, (rows) => {
      const crowded = rows.map((row) => ({ ...row, tick: (row.tick as number) % 7 }))
      const [a, b] = [tallied(crowded), tallied([...crowded].reverse())]
      expect(b.streams.length).toBe(a.streams.length)
      for (const { pool, entity, band, measure, scale, values } of a.streams) {
        const other = streamOf(b, [pool.kind, entity, band.id, measure, scale].join(' '))
        expect(Math.max(...values.map((value, slot) => Math.abs(value - other.values[slot])))).toBeLessThan(1e-10)
      }
    }),
    runs,
  )
})

test('excluded and explained rows vanish without a trace', () => {
  fc.assert(
    fc.property(builtRows, fc.nat(11), (rows, gone) => {
      const left = rows.filter(({ peer, unexplained }) => peer !== gone && unexplained)
      expect(plain(tallied(rows, ({ peer }, i) => peer[i] === gone))).toEqual(plain(tallied(left)))
    }),
    runs,
  )
})

test('a slot without rows has the value of nothing, in every measure', () => {
  const { streams } = tallied([{ peer: 1, bytes_out: 5e7, tick: 140, age_days: 3, host: 1 }])
  expect(streams.length).toBeGreaterThan(0)
  for (const { measure, values, control, band } of streams) {
    if (values.length > 1) expect(amountOf(measure, values[0])).toBeCloseTo(0, 6)
    expect(Number.isNaN(control[0])).toBe(band.with_unknown)
  }
})

test('peers weigh by the logarithm of their bytes, pieces are of 1 MB and more', () => {
  const tally = tallied([
    { peer: 1, bytes_out: 3e6, flows: 10, tick: 5, age_days: 1 },
    { peer: 1, bytes_out: 2e6, flows: 1, tick: 4, age_days: 1 },
    { peer: 2, bytes_out: 9e5, flows: 1, tick: 3, age_days: 1 },
    { peer: 3, bytes_out: 1e9, flows: 2, tick: 3, age_days: 1 },
  ])
  const amounts = (key: string): number[] => {
    const { measure, values } = streamOf(tally, key)
    return [...values.subarray(0, 2)].map((value) => Math.round(1000 * amountOf(measure, value)) / 1000)
  }
  const weight = Math.log1p(5) + Math.log1p(0.9) + Math.log1p(1000)
  expect(amounts('site 1 fresh peers 1 h')).toEqual([Math.round(1000 * weight) / 1000, 0])
  // of ten connections with 3 MB together at most three are pieces
  expect(amounts('site 1 fresh pieces 1 h')).toEqual([3 + 1 + 2, 0])
})

test('spread counts hosts that a peer drew 1 MB and more from, beyond its first', () => {
  const draw = (peer: number, host: number, bytes_out: number): BuiltRow => ({ peer, host, bytes_out, age_days: 40 })
  const rows = [draw(1, 1, 1e6), draw(1, 2, 6e5), draw(1, 2, 6e5), draw(1, 3, 9e5), draw(2, 1, 1e9), draw(3, 1, 1e5)]
  const { measure, values } = streamOf(
    tallied([...rows, draw(4, 1, 2e6), draw(4, 2, 2e6), draw(4, 3, 2e6)]),
    'site 1 rare spread 1 d',
  )
  expect(amountOf(measure, values[0])).toBeCloseTo(1 + 2, 10)
})

test('what belongs to no vault, gateway or service is in no pool of that kind', () => {
  const { streams } = tallied([{ peer: 1, bytes_out: 1e9, vault: 4 }])
  expect(new Set(streams.map(({ pool, entity }) => `${pool.kind} ${entity}`))).toEqual(
    new Set(['site 1', 'role 1', 'vault 4', 'piece_size 30']),
  )
})

test('streams are those that the tables of channels name, with one value per slot', () => {
  const keys = { peer_asn: 4_200_000_000, client_fp: 7, project: 8 }
  const row = { peer: 1, bytes_out: 1e9, gateway: 5, service: 6, ...keys }
  const { streams, hosts } = tallied([{ ...row, vault: 4 }, row])
  const upToDays = scales.filter(({ ticks }) => ticks <= ticksPerDay)
  const expected = pools.flatMap((pool) =>
    upToDays.flatMap(({ id, ticks }) =>
      bands.flatMap((band) =>
        measures
          .filter((measure) => [pool, band, measure].every((part) => part.scales.includes(id)))
          .map((measure) => `${pool.kind} ${band.id} ${measure.id} ${id} ${ticksPerDay / ticks}`),
      ),
    ),
  )
  const named = streams.map(({ pool, band, measure, scale, values }) =>
    [pool.kind, band.id, measure, scale, values.length].join(' '),
  )
  expect(named.sort()).toEqual(expected.sort())
  expect(hosts).toHaveLength(bands.length * pools.filter(holdsHosts).length)
})

test('amounts are back in their own unit', () => {
  for (const amount of [0, 1, 17, 5e12]) {
    expect(amountOf('bytes', Math.log(amount + 1e7))).toBeCloseTo(amount, -3)
    for (const measure of ['pieces', 'peers', 'spread'] as const)
      expect(amountOf(measure, Math.sqrt(amount)) / (amount || 1)).toBeCloseTo(amount === 0 ? 0 : 1, 8)
  }
})

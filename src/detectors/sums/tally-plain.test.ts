/** The tally in typed arrays against the plain one: the same streams, hosts and values, in the same order and to the last bit. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BuiltRow, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { PlainHostSum } from '../../testing/plain-host-sum.ts'
import { PlainPeerDays } from '../../testing/plain-peer-days.ts'
import { plainTally } from '../../testing/plain-tally.ts'
import { unknownAge, vouchedAge } from '../day-rows.ts'
import { PeerDays } from '../keys/fan-in-peers.ts'
import { HostColumn } from './host-column.ts'
import { HostSum } from './host-sum.ts'
import { type Excluded, TallyRoom, tallyDay } from './tally.ts'

const day = 20_500
const runs = { seed: 20_260_102, numRuns: 40 }
const ages = [0, 6, 7, 29, 30, 31, 59, 60, 179, 180, 5000, vouchedAge, unknownAge]

/** Few peers, hosts and ticks, so that sums have many terms; bytes whose sums depend on their order. */
const row: fc.Arbitrary<BuiltRow> = fc.record({
  peer: fc.oneof(fc.nat(12), fc.integer({ min: 5000, max: 5100 })),
  bytes_out: fc.oneof(
    fc.integer({ min: 1, max: 3e6 }),
    fc.double({ min: 0.1, max: 1e9, noNaN: true }),
    fc.constantFrom(999_999, 1e6, 4e15, 9e15),
  ),
  tick: fc.oneof(fc.nat(143), fc.nat(3)),
  host: fc.oneof(fc.nat(9), fc.integer({ min: 1, max: 3000 })),
  role: fc.nat(4),
  vault: fc.nat(3),
  gateway: fc.nat(2),
  service: fc.nat(4),
  account: fc.nat(4),
  project: fc.nat(3),
  client_fp: fc.nat(3),
  peer_asn: fc.constantFrom(0, 64_500, 4_200_000_000),
  flows: fc.oneof(fc.nat(5), fc.integer({ min: 0, max: 4e9 })),
  unexplained: fc.boolean(),
  age_days: fc.constantFrom(...ages),
})
const rowsOf = (maxLength: number) => fc.array(row, { maxLength, size: 'max' })
const bits = (values: ArrayLike<number>): bigint[] => [
  ...new BigUint64Array(Float64Array.from(Array.from(values)).buffer),
]

test('a tally in one room over days equals the plain one, value for value', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(fc.array(rowsOf(120), { minLength: 1, maxLength: 3 }), fc.nat(12), (days, gone) => {
      const excluded: Excluded = ({ peer }, i) => peer[i] === gone
      const room = new TallyRoom()
      for (const [n, rows] of days.entries()) {
        const of = dayRowsOf(day + n, rows)
        const [got, expected] = [tallyDay(of, excluded, room), plainTally(of, excluded)]
        expect(
          got.streams.map(({ values, control, ...rest }) => ({ ...rest, bits: [bits(values), bits(control)] })),
        ).toEqual(
          expected.streams.map(({ values, control, ...rest }) => ({ ...rest, bits: [bits(values), bits(control)] })),
        )
        expect(
          got.hosts.map(({ hosts, ...rest }) => ({ ...rest, ids: [...hosts.ids], bits: bits(hosts.bytes) })),
        ).toEqual(
          expected.hosts.map(({ hosts, ...rest }) => ({
            ...{ ...rest, ids: [...hosts.keys()] },
            bits: bits([...hosts.values()]),
          })),
        )
      }
    }),
    runs,
  )
})

/** Days of hosts: some never come back, some after longer than they are remembered; days that nobody steps are missing. */
const hostDays = fc.array(
  fc.record({
    gap: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 3 }), fc.constantFrom(44, 46, 50)),
    quiet: fc.oneof(fc.constant(false), fc.boolean()),
    hosts: fc.array(fc.tuple(fc.nat(40), fc.double({ min: 0, max: 1e12, noNaN: true })), { maxLength: 30 }),
  }),
  { maxLength: 60, size: 'max' },
)

test('the sum over hosts equals the plain one on every day', () => {
  let judged = 0
  fc.assert(
    fc.property(hostDays, (days) => {
      const [sum, plain] = [new HostSum(), new PlainHostSum()]
      let at = day
      for (const { gap, quiet, hosts } of days) {
        at += gap
        const bytes = new Map(hosts)
        const expected = plain.step(at, bytes, quiet)
        expect(bits([sum.step(at, HostColumn.of(bytes), quiet)])).toEqual(bits([expected]))
        if (!Number.isNaN(expected)) judged++
      }
    }),
    runs,
  )
  expect(judged).toBeGreaterThan(500)
})

test("a day's peers equal the plain ones, in their order and over days", () => {
  let peers = 0
  fc.assert(
    fc.property(fc.array(rowsOf(200), { minLength: 1, maxLength: 4 }), fc.constantFrom(1, 4, 7), (days, gap) => {
      const [columns, plain] = [new PeerDays(), new PlainPeerDays()]
      for (const [n, rows] of days.entries()) {
        const of = dayRowsOf(day + gap * n, rows)
        const [got, expected] = [columns.day(of), plain.day(of)]
        expect(got.peers).toEqual(expected.peers)
        expect(bits(got.bytes_unexplained.subarray(0, got.length))).toEqual(
          bits(expected.peers.map(({ bytes_unexplained }) => bytes_unexplained)),
        )
        expect(bits(got.unexplained)).toEqual(bits(expected.unexplained))
        expect(expected.peers.map((_, at) => got.hostCount(at))).toEqual(
          expected.peers.map(({ host_ids }) => host_ids.length),
        )
        peers += got.length
      }
    }),
    runs,
  )
  expect(peers).toBeGreaterThan(1000)
})

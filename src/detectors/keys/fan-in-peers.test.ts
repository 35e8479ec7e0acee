import { expect, test } from 'vitest'
import { type BuiltRow, builtNames, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { vouchedAge } from '../day-rows.ts'
import { type DayPeer, PeerDays, PeerNetworks, sizeOfBin } from './fan-in-peers.ts'

function peerOf(rows: BuiltRow[], day = 50): DayPeer {
  return new PeerDays().day(dayRowsOf(day, rows)).peers[0]
}
const standing = ({ settled, newcomer }: DayPeer) => ({ settled, newcomer })

test('a peer has what most of its bytes have, known values before unknown ones', () => {
  const peer = peerOf([
    { peer: 3, bytes_out: 4e6, role: 1, host: 10, account: 0, client_fp: 7, peer_asn: 64500, tick: 5 },
    { peer: 3, bytes_out: 2e6, role: 2, host: 11, account: 8, client_fp: 0, tick: 9 },
    { peer: 3, bytes_out: 9e6, role: 2, host: 12, unexplained: false, tick: 12 },
  ])
  expect(peer).toMatchObject({
    role: 2,
    account: 8,
    client_fp: 7,
    peer_asn: 64500,
    bytes_unexplained: 6e6,
    last_tick: 7209,
  })
  expect(peer.host_ids).toEqual([10, 11])
})

test('peers under 1 MB a day are left out, but their roles keep their bytes', () => {
  const { peers, unexplained } = new PeerDays().day(
    dayRowsOf(0, [
      { peer: 1, bytes_out: 999_999, role: 2 },
      { peer: 2, bytes_out: 600_000, role: 2, tick: 1 },
      { peer: 2, bytes_out: 400_000, role: 2, tick: 2, unexplained: false },
    ]),
  )
  expect(peers.map(({ peer }) => peer)).toEqual([2])
  expect(unexplained[2]).toBe(1_599_999)
})

test('newcomers are young; vouched and old peers are settled', () => {
  const aged = (age_days: number) => standing(peerOf([{ peer: 1, bytes_out: 1e6, age_days }]))
  expect(aged(0)).toEqual({ settled: false, newcomer: true })
  expect(aged(30)).toEqual({ settled: false, newcomer: true })
  expect(aged(31)).toEqual({ settled: true, newcomer: false })
  expect(aged(vouchedAge)).toEqual({ settled: true, newcomer: false })
})

test('where ages are unknown a week tells: who is seen then first is new, who was seen before is settled', () => {
  const days = new PeerDays()
  const at = (day: number, peer: number) => standing(days.day(dayRowsOf(day, [{ peer, bytes_out: 1e6 }])).peers[0])
  expect(at(100, 1)).toEqual({ settled: false, newcomer: false })
  expect(at(106, 2)).toEqual({ settled: false, newcomer: false })
  expect(at(107, 1)).toEqual({ settled: true, newcomer: false })
  expect(at(107, 3)).toEqual({ settled: false, newcomer: true })
  expect(at(113, 2)).toEqual({ settled: true, newcomer: false })
})

test('a size of pieces needs three connections and half of the bytes', () => {
  const bin = (...rows: [bytes_out: number, flows: number][]) =>
    peerOf(rows.map(([bytes_out, flows]) => ({ peer: 1, bytes_out, flows }))).size_bin
  const size = bin([6e9, 3])
  expect(sizeOfBin(size) / 2e9).toBeGreaterThan(0.995)
  expect(sizeOfBin(size) / 2e9).toBeLessThan(1.005)
  expect(bin([2e9, 1], [4e9, 2])).toBe(size)
  expect(bin([4e9, 2])).toBe(0)
  expect(bin([6e9, 3], [7e9, 1])).toBe(0)
  expect(bin([2e6, 10])).toBe(0)
})

test('networks are autonomous systems, else prefixes of both families', () => {
  const networks = new PeerNetworks({ ...builtNames(), peer: (i) => ['203.0.113.9', '2001:db8:4:5::'][i] })
  const peer = (index: number, peer_asn: number) => ({
    ...peerOf([{ peer: 1, bytes_out: 1e6 }]),
    peer: index,
    peer_asn,
  })
  expect(networks.of(peer(0, 64_500))).toBe('AS64500')
  expect([networks.of(peer(0, 0)), networks.of(peer(1, 0))]).toEqual(['203.0', '2001:db8'])
})

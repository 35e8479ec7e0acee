/** Where the bytes went: by host and role, service, account, peer, network, day. */
import type { HostRole } from '../../../model/site.ts'
import { hostRoles } from '../../../model/site.ts'
import { dayMs } from '../../../model/window.ts'
import type { ExactSums } from '../exact-sums.ts'
import type { MemoryStore } from '../memory-store.ts'
import { type FlowSums, hourMs } from '../tallies.ts'
import type { Sums, Where } from './census-report.ts'
import type { PeerReport } from './peers.ts'
import { byBytes, topOf } from './top.ts'

export const mostListed = 20
const mostHours = 96

interface HostSums extends Sums {
  host: string
  role: HostRole
}

/** Hosts by name, those with several addresses as one; `ids[number of the address]` is the place in `hosts`. */
export function hostsOf(store: MemoryStore): { hosts: HostSums[]; ids: Uint32Array } {
  const { hosts: addresses, byHost } = store.tallies
  const ids = new Uint32Array(addresses.size)
  const hosts: HostSums[] = []
  const known = new Map<string, number>()
  for (let number = 0; number < addresses.size; number++) {
    const words = [0, 1, 2, 3].map((w) => BigInt(addresses.word(number, w)))
    const { host, role } = store.hostOf({ hi: (words[0] << 32n) | words[1], lo: (words[2] << 32n) | words[3] })
    let id = known.get(host)
    if (id === undefined) {
      id = hosts.length
      known.set(host, id)
      hosts.push({ host, role: hostRoles[role], bytes_out: 0n, bytes_in: 0n, flows: 0n })
    }
    ids[number] = id
    addTo(hosts[id], byHost, number)
  }
  return { hosts, ids }
}

export function whereOf(store: MemoryStore, hosts: readonly HostSums[], peers: PeerReport): Where {
  const { tallies, texts } = store
  const active = hosts.filter(isActive)
  const roles = new Map<string, { role: string; hosts: number } & Sums>()
  for (const { role, ...sums } of active) {
    const row = roles.get(role) ?? { role, hosts: 0, bytes_out: 0n, bytes_in: 0n, flows: 0n }
    roles.set(role, row)
    row.hosts++
    for (const name of ['bytes_out', 'bytes_in', 'flows'] as const) row[name] += sums[name]
  }
  const hours = tallies.hours.map((hour, i) => ({ start_ms: hour * hourMs, ...sumsAt(tallies.byHour, i) }))
  return {
    by_host: [...active].sort(byBytes((row) => row.host)).slice(0, mostListed),
    by_role: [...roles.values()].sort(byBytes((row) => row.role)),
    by_service: named(tallies.byService, texts.texts).map(({ name, sums }) => ({ service: name, ...sums })),
    by_account: named(tallies.byAccount, texts.texts).map(({ name, sums }) => ({ account: name, ...sums })),
    by_peer: peers.byBytes(mostListed),
    by_network: peers.networksByBytes(mostListed),
    by_day: byTime(hours, dayMs),
    by_hour: spanOf(hours) <= mostHours * hourMs ? byTime(hours, hourMs) : [],
    networks: peers.networks,
  }
}

export function sumsAt(sums: FlowSums, i: number): Sums {
  return { bytes_out: sums.bytes_out.at(i), bytes_in: sums.bytes_in.at(i), flows: sums.flows.at(i) }
}

/** How many numbers have a sum that is not 0. */
export function countOf(sums: ExactSums, size: number, from = 0): number {
  let count = 0
  for (let i = from; i < size; i++) if (sums.near(i) !== 0) count++
  return count
}

export function isActive({ bytes_out, bytes_in, flows }: Sums): boolean {
  return bytes_out !== 0n || bytes_in !== 0n || flows !== 0n
}

function named(sums: FlowSums, texts: readonly string[]): { name: string; sums: Sums }[] {
  // what left comes first; names of what only came in, or had no bytes, fill what is left of the list
  const both = (i: number): number => sums.bytes_out.near(i) + sums.bytes_in.near(i) / 1e6 + sums.flows.near(i) / 1e12
  return topOf(texts.length, both, mostListed)
    .map((i) => ({ name: texts[i], sums: sumsAt(sums, i) }))
    .sort((a, b) =>
      byBytes<Sums & { name: string }>((row) => row.name)({ ...a.sums, name: a.name }, { ...b.sums, name: b.name }),
    )
}

function addTo(row: Sums, sums: FlowSums, i: number): void {
  const more = sumsAt(sums, i)
  for (const name of ['bytes_out', 'bytes_in', 'flows'] as const) row[name] += more[name]
}

type TimeRow = { start_ms: number } & Sums

/** Ascending; stretches without flows are rows of zeros, unless the log leaps over years. */
function byTime(hours: readonly TimeRow[], unit_ms: number): TimeRow[] {
  const rows = new Map<number, TimeRow>()
  for (const { start_ms, ...sums } of hours) {
    const start = Math.floor(start_ms / unit_ms) * unit_ms
    const row = rows.get(start) ?? { start_ms: start, bytes_out: 0n, bytes_in: 0n, flows: 0n }
    rows.set(start, row)
    for (const name of ['bytes_out', 'bytes_in', 'flows'] as const) row[name] += sums[name]
  }
  const starts = [...rows.keys()].sort((a, b) => a - b)
  const span = starts.length === 0 ? 0 : starts[starts.length - 1] - starts[0]
  if (span / unit_ms <= 800)
    for (let at = starts[0]; at < starts[starts.length - 1]; at += unit_ms)
      if (!rows.has(at)) rows.set(at, { start_ms: at, bytes_out: 0n, bytes_in: 0n, flows: 0n })
  return [...rows.values()].sort((a, b) => a.start_ms - b.start_ms)
}

function spanOf(hours: readonly TimeRow[]): number {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { start_ms } of hours) {
    first = Math.min(first, start_ms)
    last = Math.max(last, start_ms)
  }
  return hours.length === 0 ? 0 : last - first + hourMs
}

/**
 * What a background tells the injection: who serves others and how, how much leaves on each day, and which addresses nobody has.
 * Read once, day by day; nothing depends on the ids of a state, so that equal logs give equal campaigns.
 */
import { keyedUniform } from '../math/keyed-uniform.ts'
import type { ArrivalColumns } from '../model/arrival.ts'
import { HostSeries } from './host-series.ts'

/** Names that a row copies from the background: a thief uses what is there. */
export const wayNames = [
  'host',
  'role',
  'service',
  'account',
  'project',
  'vault',
  'client_org',
  'gateway',
  'client_fp',
] as const

/** How something left a host once. */
export interface Way extends Record<(typeof wayNames)[number], number> {
  inside_hi: bigint
  inside_lo: bigint
}

/** What left one host out of one vault. */
export interface Source {
  host: number
  vault: number
  role: number
  first_day: number
  bytes: number
  ways: Way[]
}

interface Kept extends Source {
  clocks: number[]
}

const waysKept = 8
const asnsKept = 256
const seed = 417

export class Background {
  readonly days: readonly number[]
  readonly series: HostSeries
  readonly #sources = new Map<string, Kept>()
  /** IPv4 networks /24 that occur, by their first three octets as a number. */
  readonly #networks = new Set<number>()
  readonly #asns = new Set<number>()
  #texts: ReadonlyMap<number, string> = new Map()
  rows = 0

  /** `days` are those that are judged, in order. */
  constructor(days: readonly number[]) {
    this.days = days
    this.series = new HostSeries(days[0] ?? 0, days.length)
  }

  /** Rows of a day as the store hands them out. */
  add(day: number, columns: ArrivalColumns): void {
    const { data, length } = columns
    for (let i = 0; i < length; i++) {
      const bytes = bytesAt(data.bytes_out, i)
      this.#noteNetwork(data.peer.hi, data.peer.lo, i)
      this.#noteNetwork(data.inside.hi, data.inside.lo, i)
      if (data.peer_asn[i] !== 0 && this.#asns.size < asnsKept) this.#asns.add(data.peer_asn[i])
      if (data.host[i] !== 0 && bytes > 0) this.#noteWay(day, columns, i, bytes)
    }
    this.series.add(day, columns)
    this.rows += length
  }

  async learnNames(nameTexts: (ids: Iterable<number>) => Promise<ReadonlyMap<number, string>>): Promise<void> {
    const ids = new Set<number>()
    for (const { host, vault } of this.#sources.values()) ids.add(host).add(vault)
    ids.delete(0)
    this.#texts = await nameTexts(ids)
  }

  /** Of hosts and vaults. */
  text(id: number): string {
    return this.#texts.get(id) ?? ''
  }

  get hostCount(): number {
    return new Set([...this.#sources.values()].map(({ host }) => host)).size
  }

  /** What left before a day, the names of hosts in order; of one vault or one role only, where that is asked. */
  sourcesBefore(day: number, asked: { vault?: string; role?: number }): Source[] {
    return [...this.#sources.values()]
      .filter(
        ({ first_day, vault, role }) =>
          first_day < day &&
          (asked.vault === undefined || this.text(vault) === asked.vault) &&
          (asked.role === undefined || role === asked.role),
      )
      .map((source) => ({ source, key: `${this.text(source.host)}\0${this.text(source.vault)}\0${source.role}` }))
      .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
      .map(({ source }) => source)
  }

  get asns(): readonly number[] {
    return [...this.#asns].sort((a, b) => a - b)
  }

  isUsed(network: number): boolean {
    return this.#networks.has(network)
  }

  #noteNetwork(hi: Uint32Array, lo: Uint32Array, i: number): void {
    if (hi[2 * i] === 0 && hi[2 * i + 1] === 0 && lo[2 * i + 1] === 0xffff) this.#networks.add(lo[2 * i] >>> 8)
  }

  /** A few rows of each host and vault, large ones more often: exponential clocks, the first to ring are kept. */
  #noteWay(day: number, { data }: ArrivalColumns, i: number, bytes: number): void {
    const key = `${data.host[i]} ${data.vault[i]} ${data.role[i]}`
    let kept = this.#sources.get(key)
    if (!kept) {
      const [host, vault, role] = [data.host[i], data.vault[i], data.role[i]]
      kept = { host, vault, role, first_day: day, bytes: 0, ways: [], clocks: [] }
      this.#sources.set(key, kept)
    }
    kept.bytes += bytes
    const clock = -Math.log(keyedUniform(seed, day, data.tick[i], i)) / bytes
    const last = kept.ways.length < waysKept ? kept.ways.length : kept.clocks.indexOf(Math.max(...kept.clocks))
    if (kept.ways.length === waysKept && clock >= kept.clocks[last]) return
    kept.clocks[last] = clock
    kept.ways[last] = {
      ...(Object.fromEntries(wayNames.map((name) => [name, data[name][i]])) as Record<
        (typeof wayNames)[number],
        number
      >),
      inside_hi: halfAt(data.inside.hi, i),
      inside_lo: halfAt(data.inside.lo, i),
    }
  }
}

/** As a double; exact below 2^53. */
export function bytesAt(words: Uint32Array, i: number): number {
  return words[2 * i] + words[2 * i + 1] * 0x100000000
}

export function halfAt(words: Uint32Array, i: number): bigint {
  return (BigInt(words[2 * i + 1]) << 32n) | BigInt(words[2 * i])
}

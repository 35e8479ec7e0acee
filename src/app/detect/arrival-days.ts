/** Days of arrivals out of the books, one after the other or again, with the names behind their ids. */
import type { Config } from '../../config/config-schema.ts'
import { DayRoom } from '../../detectors/day-room.ts'
import type { DayRows, Names } from '../../detectors/day-rows.ts'
import { decodeDay } from '../../detectors/decode-day.ts'
import { readRowsOf } from '../../detectors/names/read-rows.ts'
import type { PeerMemory } from '../../detectors/peer-memory.ts'
import { ExpectationCaps } from '../../detectors/policy/expectation-overrun.ts'
import { isVouched, type Vouched } from '../../incidents/verdict-effect.ts'
import { formatHalves } from '../../model/address.ts'
import type { Notice } from '../../model/incident.ts'
import { ticksPerDay } from '../../model/window.ts'
import type { Store } from '../../store/store.ts'
import { trustedDay } from '../trusted-day.ts'

export type ArrivalStore = Pick<Store, 'readArrivals' | 'arrivalDays' | 'readsOfDay' | 'nameTexts' | 'internNames'>

const nameColumns = [
  'host',
  'account',
  'project',
  'vault',
  'client_org',
  'gateway',
  'client_fp',
  'service',
  'explanation',
] as const

/** Days without arrivals, beyond which what lies before is another story. */
const longestSilence = 45

export class ArrivalDays implements Names {
  readonly #store: ArrivalStore
  readonly #peers: PeerMemory
  readonly #texts = new Map<number, string>([[0, '']])
  readonly #caps: ExpectationCaps
  #room = new DayRoom(0)
  readonly #vouched: readonly Vouched[]
  /** Peers that a verdict vouches for on some host. */
  readonly #vouchedPeers: ReadonlySet<string>

  private constructor(store: ArrivalStore, peers: PeerMemory, caps: ExpectationCaps, vouched: readonly Vouched[]) {
    this.#store = store
    this.#peers = peers
    this.#caps = caps
    this.#vouched = vouched
    this.#vouchedPeers = new Set(vouched.flatMap((each) => [...each.peers]))
  }

  static async of(
    store: ArrivalStore,
    peers: PeerMemory,
    config: Config,
    vouched: readonly Vouched[],
  ): Promise<ArrivalDays> {
    const capped = config.expectations.filter(({ max_bytes_per_day }) => max_bytes_per_day !== undefined)
    const ids = await store.internNames(capped.map(({ id }) => id))
    const expectations = capped.map(({ id, max_bytes_per_day }, i) => ({
      explanation_id: ids[i],
      name: id,
      max_bytes_per_day: BigInt(max_bytes_per_day as number),
    }))
    return new ArrivalDays(store, peers, new ExpectationCaps({ expectations }), vouched)
  }

  /** The days that are judged. */
  async days(): Promise<number[]> {
    const sizes = await this.#store.arrivalDays()
    const days = judgedDays(sizes)
    this.#room = new DayRoom(days.reduce((most, day) => Math.max(most, sizes.get(day) ?? 0), 0))
    return days
  }

  /** The rows of a day, caps of expectations applied, and what to tell of those that were exceeded. */
  async read(day: number): Promise<{ rows: DayRows; notices: Notice[] }> {
    const from_tick = day * ticksPerDay
    const chunks = this.#store.readArrivals(from_tick, from_tick + ticksPerDay)
    const rows = await decodeDay(day, chunks, this.#peers, this.#room.take(day))
    await this.#learnNames(rows)
    if (this.#vouchedPeers.size > 0) this.#vouch(rows)
    return { rows, notices: this.#caps.apply(rows) }
  }

  /** These rows, and views of them, are read no more: another day will be written over them. */
  release(rows: DayRows): void {
    this.#room.give(rows)
  }

  /** What was read from vaults on a day, on hosts at the border. */
  async reads(day: number): Promise<DayRows> {
    const rows = readRowsOf(day, await this.#store.readsOfDay(day))
    await this.#learnNames(rows)
    return rows
  }

  /** What a verdict called harmless explains itself, in the past as well. */
  #vouch(rows: DayRows): void {
    for (let i = 0; i < rows.length; i++) {
      const peer = this.peer(rows.peer[i])
      if (this.#vouchedPeers.has(peer) && isVouched(this.#vouched, this.text(rows.host[i]), peer))
        rows.unexplained[i] = 0
    }
  }

  halves(peer: number): { hi: bigint; lo: bigint } {
    return this.#peers.halves(peer)
  }

  text(id: number): string {
    return this.#texts.get(id) ?? ''
  }

  /** Address of a peer; of IPv6 the first of its /64. */
  peer(index: number): string {
    const { hi, lo } = this.halves(index)
    return formatHalves(hi, lo)
  }

  async #learnNames(rows: DayRows): Promise<void> {
    const missing = new Set<number>()
    for (const name of nameColumns) for (const id of rows[name]) if (!this.#texts.has(id)) missing.add(id)
    if (missing.size === 0) return
    for (const [id, text] of await this.#store.nameTexts(missing)) this.#texts.set(id, text)
  }
}

/** Days from `from_day` to the one before `until_day`, each of which is read no more once it was visited. */
export async function eachDay(
  arrivals: Pick<ArrivalDays, 'read' | 'release'>,
  from_day: number,
  until_day: number,
  visit: (rows: DayRows) => void,
): Promise<void> {
  for (let day = from_day; day < until_day; day++) {
    const { rows } = await arrivals.read(day)
    visit(rows)
    arrivals.release(rows)
  }
}

/**
 * The days that are judged, of those that hold rows: up to the last that can be trusted to be the present, back to where the logs
 * begin, which is after a silence longer than `longestSilence`; empty days in between included. A record with a forged date, years
 * before or after all others, is neither the beginning nor the end of memory.
 */
export function judgedDays(rowsByDay: ReadonlyMap<number, number>): number[] {
  const last = trustedDay(rowsByDay)
  if (last === undefined) return []
  const held = [...rowsByDay.keys()].filter((day) => day <= last).sort((a, b) => b - a)
  let first = last
  for (const day of held) {
    if (first - day > longestSilence) break
    first = day
  }
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}

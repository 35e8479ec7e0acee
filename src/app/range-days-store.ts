/**
 * Books of the range in memory, for detection alone: the part of the store that booking (app/book-days.ts) and detection ask,
 * with the arrivals of store/duckdb/arrivals.ts: opinions that were known when a fact was judged, grouped by what is seen of
 * them, in the same order. No measured rows, no postings, no peers' classes, no raw records.
 */
import type { Entries } from '../ledger/poster.ts'
import type { readTable } from '../ledger/tables.ts'
import type { AddressColumn } from '../model/address.ts'
import { type arrivalTable as ArrivalTable, arrivalTable, judgedAfterTicks } from '../model/arrival.ts'
import { Columns } from '../model/columns.ts'
import type { AddressHalves } from '../model/context-record.ts'
import { setCount } from '../model/count.ts'
import { dayMs, dayOf, ticksPerDay } from '../model/window.ts'
import { linkOverhead } from '../range/logs/counters.ts'
import { OctetHours } from '../range/logs/octet-hours.ts'
import type {
  BookExtras,
  BookRange,
  BookRules,
  BorderHour,
  ContextRow,
  ContextType,
  HostOf,
  ReadOfDay,
} from '../store/store.ts'
import { type HeldType, RangeRecords } from './range-days-records.ts'

type LabelColumns = Columns<typeof import('../ledger/tables.ts')['labelTable']>

const labelFields = [
  'account',
  'project',
  'vault',
  'client_org',
  'gateway',
  'client_fp',
  'peer_asn',
  'explanation',
  'explained',
] as const
const textOrder = [
  'service',
  'account',
  'vault',
  'client_fp',
  'gateway',
  'explanation',
  'project',
  'client_org',
] as const

type Labelled = Record<(typeof labelFields)[number], number>

interface Arrival extends Labelled {
  tick: number
  service: number
  inside: number
  /** Its four words, most significant first. */
  peer: readonly [number, number, number, number]
  bytes_out: number
  flows: number
}

interface InsideAddress extends AddressHalves {
  host: number
  role: number
}

export class RangeDaysStore {
  readonly records: RangeRecords
  /** What the border's interfaces count, and what sensors saw of it. */
  readonly crossed = new OctetHours()
  readonly seen = new OctetHours()
  #borderHours: BorderHour[] | undefined
  readonly #reads = new Map<number, ReadOfDay[]>()
  readonly #texts: string[] = ['']
  readonly #codes = new Map<string, number>([['', 0]])
  readonly #addresses: InsideAddress[] = [{ hi: 0n, lo: 0n, host: 0, role: 0 }]
  readonly #addressNumbers = new Map<bigint, number>()
  #dirty: readonly number[] | undefined
  /** By day of judgement, then by what is seen of a row. */
  readonly #days = new Map<number, Map<string, Arrival> | Columns<typeof ArrivalTable>>()

  constructor() {
    this.records = new RangeRecords((text) => this.#codeOf(text))
  }

  #codeOf(text: string): number {
    let code = this.#codes.get(text)
    if (code === undefined) {
      code = this.#texts.length
      this.#texts.push(text)
      this.#codes.set(text, code)
    }
    return code
  }

  // --- names

  async internNames(texts: readonly string[]): Promise<Int32Array> {
    return Int32Array.from(texts, (text) => this.#codeOf(text))
  }

  async nameTexts(ids: Iterable<number>): Promise<Map<number, string>> {
    return new Map([...ids].map((id) => [id, this.#texts[id]]))
  }

  async internAddresses(addresses: readonly AddressHalves[], hostOf: HostOf): Promise<Int32Array> {
    return Int32Array.from(addresses, (address) => {
      const key = (address.hi << 64n) | address.lo
      const known = this.#addressNumbers.get(key)
      if (known !== undefined) return known
      const { host, role } = hostOf(address)
      this.#addresses.push({ ...address, host: this.#codeOf(host), role })
      this.#addressNumbers.set(key, this.#addresses.length - 1)
      return this.#addresses.length - 1
    })
  }

  async renameAddresses(): Promise<void> {}

  // --- what booking asks

  async settle(): Promise<void> {}

  async horizonDay(): Promise<number> {
    return 0
  }

  async lateFlows(): Promise<number> {
    return 0
  }

  async dirtyDays(): Promise<readonly number[]> {
    if (!this.#dirty) {
      const touched = new Set<number>()
      for (const [day, { data, length }] of this.records.flows) {
        touched.add(day)
        for (let i = 0; i < length; i++)
          for (let later = day + 1; later <= dayOf(data.end_ms[i] - 1); later++) touched.add(later)
      }
      this.#dirty = [...touched].sort((a, b) => a - b)
    }
    return this.#dirty
  }

  async flowsPerDay(days: readonly number[]): Promise<Map<number, number>> {
    return new Map(days.map((day) => [day, this.records.flows.get(day)?.length ?? 0]))
  }

  /** Flows that began up to a day before the span and within it: none lasts longer. */
  async *readFlows(_: unknown, from_ms: number, to_ms: number): AsyncGenerator<Columns> {
    for (let day = dayOf(from_ms) - 1; day < dayOf(to_ms); day++) {
      const flows = this.records.flows.get(day)
      if (flows) yield flows as unknown as Columns
    }
  }

  async readContext(type: ContextType, from_ms: number, to_ms: number, open_ms: number): Promise<ContextRow[]> {
    // transfers claim bytes of the span; the others may label flows that reach out of it, so that more is better
    const margin = type === 'transfer' ? 0 : dayMs
    return (this.records.context[type as HeldType] ?? [])
      .filter(({ start_ms, end_ms }) => {
        const until = Number.isNaN(end_ms) ? start_ms + open_ms : end_ms
        return start_ms < to_ms + margin && until >= from_ms - margin
      })
      .map(({ row }) => row)
  }

  async readCrossingContext(): Promise<ContextRow[]> {
    return []
  }

  async crossingInsides(): Promise<AddressHalves[]> {
    return []
  }

  /** The one sensor sees all of every day. */
  async flowCoverage(from_ms: number, to_ms: number): Promise<{ sensor: number; from_ms: number; to_ms: number }[]> {
    const sensor = this.#codeOf('zeek-border')
    return Array.from({ length: dayOf(to_ms - 1) - dayOf(from_ms) + 1 }, (_, i) => {
      const start_ms = (dayOf(from_ms) + i) * dayMs
      return { sensor, from_ms: start_ms, to_ms: start_ms + dayMs - 1 }
    })
  }

  async book(
    range: BookRange,
    rules: BookRules,
    fill: (add: (entries: Columns, labels: Columns) => Promise<void>) => Promise<BookExtras>,
  ): Promise<void> {
    if (rules.caps.length > 0) throw new Error('caps of expectations are not kept in memory')
    const arrived = new Map<string, Arrival>()
    const { reads } = await fill(async (entries, labels) => {
      this.#note(arrived, entries as unknown as Entries, (labels as unknown as LabelColumns).data)
    })
    if (reads) this.#keepReads(reads as unknown as Columns<typeof readTable>)
    for (const one of arrived.values()) if (one.bytes_out > 0) this.#keep(one)
    this.#dirty = this.#dirty?.filter((day) => day < range.from_day || day >= range.to_day)
    // flows of the last day may reach into the next span
    for (const day of this.records.flows.keys()) if (day < range.to_day - 1) this.records.flows.delete(day)
  }

  /** What was posted and reversed in time cancels out: the same label, by its code, in the same tick of the event. */
  #note(arrived: Map<string, Arrival>, { data, length }: Entries, labels: LabelColumns['data']): void {
    for (let row = 0; row < length; row++) {
      const tick = data.fact_tick[row] + judgedAfterTicks
      if (data.accounts[row] !== 1 || data.place[row] !== 0 || data.known_tick[row] > tick) continue
      const peer = wordsAt(isStatedAt(data.outer, row) ? data.outer : data.peer, row)
      const [inside, service, label] = [data.inside[row], data.service[row], data.label[row]]
      const event_day = Math.floor(data.tick[row] / ticksPerDay)
      const key = `${event_day} ${tick} ${inside} ${peer.join(' ')} ${service} ${label}`
      let sum = arrived.get(key)
      if (!sum) {
        const told = Object.fromEntries(labelFields.map((name) => [name, labels[name][label]])) as Labelled
        sum = { ...told, tick, inside, peer, service, bytes_out: 0, flows: 0 }
        arrived.set(key, sum)
      }
      sum.bytes_out += signedAt(data.bytes_out, row)
      sum.flows += signedAt(data.flows, row)
    }
  }

  #keepReads({ data, length }: Columns<typeof readTable>): void {
    for (let row = 0; row < length; row++) {
      const read = { account: data.account[row], vault: data.vault[row], host: data.host[row] }
      const held = this.#reads.get(data.day[row]) ?? []
      this.#reads.set(data.day[row], held)
      held.push({ ...read, bytes: signedAt(data.bytes, row) })
    }
  }

  #keep(one: Arrival): void {
    const day = Math.floor(one.tick / ticksPerDay)
    const rows = this.#days.get(day) ?? new Map<string, Arrival>()
    if (!(rows instanceof Map)) throw new Error('a day that was read is not booked again')
    this.#days.set(day, rows)
    const labelled = labelFields.map((name) => one[name])
    const key = [one.tick, one.inside, ...one.peer, one.service, ...labelled].join(' ')
    const held = rows.get(key)
    if (!held) rows.set(key, one)
    else {
      held.bytes_out += one.bytes_out
      held.flows += one.flows
    }
  }

  // --- what detection asks

  async arrivalDays(): Promise<Map<number, number>> {
    const days = [...this.#days].sort(([a], [b]) => a - b)
    return new Map(days.map(([day, rows]) => [day, rows instanceof Map ? rows.size : rows.length]))
  }

  /** Whole days, as detection reads them. */
  async *readArrivals(from_tick: number, to_tick: number): AsyncGenerator<Columns<typeof ArrivalTable>> {
    for (let day = Math.floor(from_tick / ticksPerDay); day * ticksPerDay < to_tick; day++) {
      const columns = this.#columnsOf(day)
      if (columns) yield columns
    }
  }

  /** Put in order when first read; from then on the day is kept as columns alone. */
  #columnsOf(day: number): Columns<typeof ArrivalTable> | undefined {
    const held = this.#days.get(day)
    if (!(held instanceof Map)) return held
    const columns = new Columns(arrivalTable, held.size)
    for (const one of [...held.values()].sort((a, b) => this.#inOrder(a, b))) this.#write(columns, one)
    this.#days.set(day, columns)
    return columns
  }

  #write(columns: Columns<typeof ArrivalTable>, one: Arrival): void {
    const row = columns.row()
    const to = columns.data
    const inside = this.#addresses[one.inside]
    for (const name of ['tick', 'service', ...labelFields] as const) to[name][row] = one[name]
    to.host[row] = inside.host
    to.role[row] = inside.role
    setCount(to.inside.hi, row, inside.hi)
    setCount(to.inside.lo, row, inside.lo)
    const { hi, lo } = to.peer
    ;[hi[2 * row + 1], hi[2 * row], lo[2 * row + 1], lo[2 * row]] = one.peer
    setCount(to.bytes_out, row, one.bytes_out)
    setCount(to.flows, row, one.flows)
  }

  #inOrder(a: Arrival, b: Arrival): number {
    const [x, y] = [this.#addresses[a.inside], this.#addresses[b.inside]]
    const ends = compare(x.hi, y.hi) || compare(x.lo, y.lo) || inWords(a.peer, b.peer)
    const first = a.tick - b.tick || ends
    if (first !== 0) return first
    for (const name of textOrder) {
      const byText = compare(this.#texts[a[name]], this.#texts[b[name]])
      if (byText !== 0) return byText
    }
    return a.peer_asn - b.peer_asn || a.explained - b.explained
  }

  async readsOfDay(day: number): Promise<ReadOfDay[]> {
    const texts = ({ account, vault, host }: ReadOfDay): string[] => [account, vault, host].map((id) => this.#texts[id])
    const inOrder = (a: ReadOfDay, b: ReadOfDay): number => {
      const [x, y] = [texts(a), texts(b)]
      return compare(x[0], y[0]) || compare(x[1], y[1]) || compare(x[2], y[2])
    }
    return [...(this.#reads.get(day) ?? [])].sort(inOrder)
  }

  /** What is known of an hour is known on its day. */
  async borderHours(): Promise<BorderHour[]> {
    this.#borderHours ??= this.crossed.hours.map((hour) => {
      const [crossed, seen] = [this.crossed.take(hour), this.seen.take(hour)]
      const octets = { octets_out: crossed.out * linkOverhead, octets_in: crossed.in * linkOverhead }
      const flow_octets = { flow_octets_out: seen.out, flow_octets_in: seen.in }
      const whole = Object.entries({ ...octets, ...flow_octets }).map(([name, value]) => [
        name,
        BigInt(Math.round(value)),
      ])
      return { hour, known_day: Math.floor(hour / 24), links: 1, ...Object.fromEntries(whole) } as BorderHour
    })
    return this.#borderHours
  }

  /** Raw records are not kept. */
  async rows(): Promise<never[]> {
    return []
  }
}

function compare<T extends bigint | string>(a: T, b: T): number {
  return a === b ? 0 : a < b ? -1 : 1
}

function inWords(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] - b[i]
  return 0
}

function wordsAt({ hi, lo }: AddressColumn, row: number): [number, number, number, number] {
  return [hi[2 * row + 1], hi[2 * row], lo[2 * row + 1], lo[2 * row]]
}

function isStatedAt(address: AddressColumn, row: number): boolean {
  return wordsAt(address, row).some((word) => word !== 0)
}

/** A 64-bit sum, which may be a reversal; sums of a simulated centre are safe integers. */
function signedAt(words: Uint32Array, row: number): number {
  return (words[2 * row + 1] | 0) * 4294967296 + words[2 * row]
}

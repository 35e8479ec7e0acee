/**
 * The part of the store's contract that reading files and joining need, in memory and for one pass: context records are
 * kept (phase `context`), flows are added up as they come and forgotten (phase `flows`). So a census reads, places and
 * joins with the code that writes the books.
 */
import { Columns } from '../../model/columns.ts'
import type { AddressHalves } from '../../model/context-record.ts'
import { setCount } from '../../model/count.ts'
import type { flowEventTable, probeTable } from '../../model/flow-event.ts'
import type { NameTable } from '../../model/name-table.ts'
import { observationTables } from '../../model/observation.ts'
import type { Accepted, ContextRow, ContextType, HostOf, StagedType, Store } from '../../store/store.ts'
import { ContextRows, TimedRows } from './context-rows.ts'
import { Fingerprints } from './fingerprints.ts'
import { Sensors } from './sensors.ts'
import { Tallies } from './tallies.ts'
import { Texts } from './texts.ts'
import { toldSessions, toldTransfers } from './told-records.ts'

export type FlowBatch = Columns<typeof flowEventTable>
export type ProbeBatch = Columns<typeof probeTable>
type FingerprintBatch = Columns<typeof observationTables.fingerprint>

/** Takes in what is staged in the phase `flows`; answers how many records were new. */
export interface FlowTaker {
  takeFlows(flows: FlowBatch, codes: Int32Array, source: number): number
  takeProbes(probes: ProbeBatch, codes: Int32Array): number
}

/** Joined to flows or reported; records of the other types are only counted. */
const kept: ReadonlySet<ContextType> = new Set<ContextType>([
  'session',
  'lease',
  'job',
  'transfer',
  'nat',
  'storage_read',
])

export class MemoryStore {
  readonly texts = new Texts()
  readonly tallies = new Tallies()
  readonly sensors = new Sensors()
  readonly fingerprints = new Fingerprints(this.texts.texts)
  readonly context: Readonly<Record<ContextType, ContextRows>>
  /** Sources in which there were flows, met while reading for context. */
  readonly withFlows = new Set<number>()
  /** Undefined while context is read. */
  taker: FlowTaker | undefined
  hostOf: HostOf = () => ({ host: '', role: 0 })
  readonly staged = 0
  readonly #sources = new Map<string, number>()
  readonly #accepted = new Map<number, Accepted>()
  #touched = new Set<number>()
  #timed = new Map<ContextType, TimedRows>()
  readonly #address = new Columns({ address: 'address' } as const, 1)

  constructor() {
    const entries = Object.entries(observationTables).filter(([type]) => type !== 'flow')
    this.context = Object.fromEntries(
      entries.map(([type, table]) => [type, new ContextRows(table, kept.has(type as ContextType))]),
    ) as Record<ContextType, ContextRows>
  }

  // --- reading files

  async newRun(): Promise<number> {
    return 1
  }

  async sourceId(path: string): Promise<number> {
    const known = this.#sources.get(path)
    if (known !== undefined) return known
    this.#sources.set(path, this.#sources.size)
    return this.#sources.size - 1
  }

  /** The path of a source, in the order of `sourceId`. */
  sourcePaths(): string[] {
    return [...this.#sources.keys()]
  }

  async stage(type: StagedType, columns: Columns, names: NameTable, source: number): Promise<void> {
    if (columns.length === 0) return
    const codes = this.texts.codesOf(names)
    this.#touched.add(source)
    const isFlow = type === 'flow' || type === 'probe'
    if (isFlow && this.taker === undefined) this.withFlows.add(source)
    if (isFlow !== (this.taker !== undefined)) return
    const [records, fresh] = isFlow
      ? [columns.length, this.#takeFlows(type, columns, codes, source)]
      : this.#takeContext(type, columns, codes)
    this.count(source, fresh, records - fresh)
    if (!isFlow) this.#timed.clear()
  }

  count(source: number, accepted: number, duplicates: number): void {
    const counts = this.#accepted.get(source) ?? { source, accepted: 0, duplicates: 0 }
    counts.accepted += accepted
    counts.duplicates += duplicates
    this.#accepted.set(source, counts)
  }

  /** What the file of this path brought, all in all. */
  countsOf(path: string): Pick<Accepted, 'accepted' | 'duplicates'> {
    const { accepted, duplicates } = this.#accepted.get(this.#sources.get(path) ?? -1) ?? { accepted: 0, duplicates: 0 }
    return { accepted, duplicates }
  }

  /** All that the sources of this phase brought so far, in earlier phases too. */
  async accept(): Promise<Accepted[]> {
    const counts = [...this.#touched].flatMap((source) => this.#accepted.get(source) ?? [])
    this.#touched = new Set()
    return counts.map((each) => ({ ...each }))
  }

  #takeFlows(type: 'flow' | 'probe', columns: Columns, codes: Int32Array, source: number): number {
    if (!this.taker) return 0
    return type === 'flow'
      ? this.taker.takeFlows(columns as unknown as FlowBatch, codes, source)
      : this.taker.takeProbes(columns as unknown as ProbeBatch, codes)
  }

  /** A record may be several rows (a job's nodes): records are told apart by their place in the file. */
  #takeContext(type: ContextType, columns: Columns, codes: Int32Array): [records: number, fresh: number] {
    const rows = this.context[type]
    const offsets = columns.data.offset as Float64Array
    let [records, fresh] = [0, 0]
    let isFresh = false
    for (let row = 0; row < columns.length; row++) {
      if (row === 0 || offsets[row] !== offsets[row - 1]) {
        records++
        isFresh = false
      }
      if (!rows.add(columns, row, codes)) continue
      if (type === 'fingerprint') this.#takeFingerprint(columns as unknown as FingerprintBatch, row, codes)
      if (!isFresh) fresh++
      isFresh = true
    }
    return [records, fresh]
  }

  #takeFingerprint({ data }: FingerprintBatch, row: number, codes: Int32Array): void {
    const kind = this.texts.texts[codes[data.kind[row]]]
    this.fingerprints.add(kind, data.uid[2 * row], data.uid[2 * row + 1], codes[data.client_fp[row]])
  }

  // --- what the joins ask

  async internNames(texts: readonly string[]): Promise<Int32Array> {
    return Int32Array.from(texts, (text) => this.texts.numberOf(text))
  }

  async nameTexts(ids: Iterable<number>): Promise<Map<number, string>> {
    return new Map([...ids].map((id) => [id, this.texts.texts[id]]))
  }

  async internAddresses(addresses: readonly AddressHalves[]): Promise<Int32Array> {
    return Int32Array.from(addresses, (address) => this.hostNumber(address))
  }

  hostNumber({ hi, lo }: AddressHalves): number {
    const { address } = this.#address.data
    setCount(address.hi, 0, hi)
    setCount(address.lo, 0, lo)
    return this.tallies.hostAt(address, 0)
  }

  async renameAddresses(hostOf: HostOf): Promise<void> {
    this.hostOf = hostOf
  }

  async readContext(type: ContextType, from_ms: number, to_ms: number, open_ms: number): Promise<ContextRow[]> {
    let timed = this.#timed.get(type)
    if (!timed) {
      timed = new TimedRows(this.told(type))
      this.#timed.set(type, timed)
    }
    return timed.near(from_ms, to_ms, open_ms)
  }

  /** The records of a type, those that are told in parts put together. */
  told(type: ContextType): Columns {
    const { session, transfer } = this.context
    type Sessions = Parameters<typeof toldSessions>[0]
    const sessions = session.columns as unknown as Sessions
    if (type === 'session') return toldSessions(sessions) as unknown as Columns
    if (type !== 'transfer') return this.context[type].columns
    return toldTransfers(
      transfer.columns as unknown as Parameters<typeof toldTransfers>[0],
      sessions,
    ) as unknown as Columns
  }

  /** Nothing crosses the span of a census: it is all of time. */
  async readCrossingContext(): Promise<ContextRow[]> {
    return []
  }

  async crossingInsides(): Promise<AddressHalves[]> {
    return []
  }

  async flowCoverage(from_ms: number, to_ms: number): Promise<{ sensor: number; from_ms: number; to_ms: number }[]> {
    return this.sensors.coverage(from_ms, to_ms)
  }
}

/** For code that takes the whole contract but asks for no more than what is here. */
export function asStore(store: MemoryStore): Store {
  return store as unknown as Store
}

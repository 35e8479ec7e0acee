/**
 * The contract of the store: where accepted records, books and names are kept. One implementation per engine, one
 * conformance suite for all (testing/store-suite.ts). Knows no rule of the ledger: tables and rules are handed to it.
 */
import type { arrivalTable } from '../model/arrival.ts'
import type { Columns, RejectExample } from '../model/columns.ts'
import type { AddressHalves } from '../model/context-record.ts'
import type { LedgerAnswer, LedgerQuery } from '../model/ledger-query.ts'
import type { NameTable } from '../model/name-table.ts'
import type { ColumnTable, ObservationType, RejectReason } from '../model/observation.ts'

export type ContextType = Exclude<ObservationType, 'flow'>
export type StagedType = 'flow' | 'probe' | ContextType

/** A span of whole days, half-open. `additive`: its flow detail is gone, what is new is added to what stands. */
export interface BookRange {
  from_day: number
  to_day: number
  additive: boolean
}

export interface BookRules {
  age_unknown_days: number
  novel_days: number
  common_accounts: number
  common_roles: number
  /** Peers first seen before this day are vouched for; undefined: nobody vouched. */
  anchor_day?: number
  /** Expectations that explain only so much a day. */
  caps: readonly { explanation: number; max_bytes_per_day: bigint }[]
}

/** What a run's file brought: accepted + duplicates = the records its source appended. */
export interface Accepted {
  source: number
  accepted: number
  duplicates: number
}

/** How reading a file went since the last acceptance, beside the rows that were staged from it. */
export interface ReadTally {
  source: number
  /** What the file turned out to be: may be more precise than when it was opened. */
  format: string
  records_read: number
  rejected: ReadonlyMap<RejectReason, number>
  examples: readonly RejectExample[]
  /** How the file is damaged; '' if it is not. */
  damage: string
}

/** A log that is whole hours off: of this format, by the host that its lines name (0 = none). */
export interface ClockOffset {
  format: string
  origin: number
  /** To be added to its times. */
  hours: number
  /** Of the records that could be joined, or the flows that should have a lease: the share that then is. */
  share: number
}

/** A context row as the store hands it back: names as ids, absent times NaN. */
export interface ContextRow {
  address(name: string): AddressHalves
  time(name: string): number
  number(name: string): number
  count(name: string): bigint
  text(name: string): string
}

/** What became known of an hour of the border on one day: to be added up over the days up to that of the question. */
export interface BorderHour {
  /** Since the epoch. */
  hour: number
  known_day: number
  /** Links that were counted throughout. */
  links: number
  octets_out: bigint
  octets_in: bigint
  /** What flows of accounting sensors took on the wire. */
  flow_octets_out: bigint
  flow_octets_in: bigint
}

/** What an account read from a vault on one host, by their names' ids. */
export interface ReadOfDay {
  account: number
  vault: number
  host: number
  bytes: number
}

/** What comes with the entries of a span: claims beyond any flow, and reads from storage. */
export interface BookExtras {
  claims?: Columns
  reads?: Columns
}

export type HostOf = (address: AddressHalves) => { host: string; role: number }

export interface Store {
  meta(): Promise<Map<string, string>>
  setMeta(key: string, value: string): Promise<void>

  internNames(texts: readonly string[]): Promise<Int32Array>
  nameTexts(ids: Iterable<number>): Promise<Map<number, string>>
  /** Numbers of inside addresses, each with the name and role that `hostOf` gives it when it is new. */
  internAddresses(addresses: readonly AddressHalves[], hostOf: HostOf): Promise<Int32Array>
  /** Brings names and roles of all addresses in line with a changed configuration. */
  renameAddresses(hostOf: HostOf): Promise<void>
  /** The id of a file, the same whenever it comes again. */
  sourceId(path: string, format: string): Promise<number>

  stage(type: StagedType, columns: Columns, names: NameTable, source: number): Promise<void>
  readonly staged: number
  /** Accepts all that is staged, in one transaction, and keeps how reading went. */
  accept(run: number, tallies?: readonly ReadTally[]): Promise<Accepted[]>
  newRun(): Promise<number>

  /** Sets clocks right that are whole hours off, marks all days of detail if that changes anything, and tells of them. */
  alignClocks(): Promise<ClockOffset[]>
  /** Marks the days of flows that records accepted since the last time may label. Before `dirtyDays` is asked. */
  settle(): Promise<void>
  /** Days whose books must be written anew, ascending. */
  dirtyDays(): Promise<number[]>
  markDirty(from_day: number, to_day: number): Promise<void>
  flowsPerDay(days: readonly number[]): Promise<Map<number, number>>
  readFlows<T extends ColumnTable>(
    table: T,
    from_ms: number,
    to_ms: number,
    unbookedOnly: boolean,
  ): AsyncGenerator<Columns<T>>
  readContext(type: ContextType, from_ms: number, to_ms: number, open_ms: number): Promise<ContextRow[]>
  /** Records of any time that may label flows which reach into the span from before it, or out of it. */
  readCrossingContext(type: 'session' | 'lease' | 'nat' | 'job', from_ms: number, to_ms: number): Promise<ContextRow[]>
  /** The inside addresses of such flows. */
  crossingInsides(from_ms: number, to_ms: number): Promise<AddressHalves[]>
  /** Time covered by flows within a span: by sensor and day, first start and last end. */
  flowCoverage(from_ms: number, to_ms: number): Promise<{ sensor: number; from_ms: number; to_ms: number }[]>

  /** Books a span in one transaction; `fill` adds the entries in portions. */
  book(
    range: BookRange,
    rules: BookRules,
    fill: (add: (entries: Columns, labels: Columns) => Promise<void>) => Promise<BookExtras>,
  ): Promise<void>

  /** Folds small peers of closed days; `told` hears before each day how far it is. */
  fold(before_day: number, below_bytes: number, told?: (days_done: number, days: number) => void): Promise<number>
  dropDetail(horizon_day: number): Promise<void>
  dropHistory(before_day: number): Promise<void>

  /**
   * What detectors read of ticks [from_tick, to_tick), rows with equal keys added up: in order of tick, addresses, then texts
   * and numbers, so that it is the same in every state that holds the same records, ids apart. The chunk object is used
   * again for the next chunk. One reading at a time, and none while flows are read.
   */
  readArrivals(from_tick: number, to_tick: number): AsyncGenerator<Columns<typeof arrivalTable>>
  /** Days of ticks with arrivals, ascending, and about how many: what is added up in reading counts several times. */
  arrivalDays(): Promise<Map<number, number>>

  /** Hours in which interfaces of the border were counted or flows were seen, in order; none without counters. */
  borderHours(): Promise<BorderHour[]>

  /** What was known to be read on a day, in the order of texts. */
  readsOfDay(day: number): Promise<ReadOfDay[]>

  query(query: LedgerQuery): Promise<LedgerAnswer>
  close(): Promise<void>
}

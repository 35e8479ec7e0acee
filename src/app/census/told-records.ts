/**
 * Sessions that are told in parts (`sid`, `part`), and transfers that name account and peer only through their session,
 * put together in memory by the rules of the store's own (store/duckdb/session-parts.ts; one conformance suite for both).
 */

import { firstFrom } from '../../math/first-from.ts'
import { type AddressColumn, addressAt } from '../../model/address.ts'
import { Columns, type DataOf } from '../../model/columns.ts'
import { addressKey, clockSlackMs } from '../../model/context-record.ts'
import { countAt } from '../../model/count.ts'
import { type ColumnKind, observationTables, sessionParts } from '../../model/observation.ts'

const { whole, opened, closed } = sessionParts
/** Start times that are reckoned back from a duration differ by a second or two from record to record of one session. */
const sameStartMs = 2_000

type Sessions = Columns<typeof observationTables.session>
type Transfers = Columns<typeof observationTables.transfer>

/** Closings are no sessions; an opened one ends where its closing, or the next of its kind, says; of byte counters the largest counts. */
export function toldSessions(sessions: Sessions): Sessions {
  const { sid, part } = sessions.data
  const untold = part.subarray(0, sessions.length).every((value) => value === whole)
  if (untold && sid.subarray(0, 2 * sessions.length).every((word) => word === 0)) return sessions
  const told = new Columns(observationTables.session, Math.max(1, sessions.length))
  const groups = groupsOf(sessions)
  for (let row = 0; row < sessions.length; row++) {
    if (part[row] === closed) continue
    const to = told.row()
    copyRow(sessions as unknown as Columns, row, told as unknown as Columns, to)
    const group = groups.get(countAt(sid, row))
    if (part[row] === opened) told.data.end_ms[to] = group?.endOfOpened(row) ?? Number.NaN
    if (group && row !== group.largest)
      for (const name of ['bytes_out', 'bytes_in'] as const) told.data[name].fill(0, 2 * to, 2 * to + 2)
  }
  return told
}

/** A transfer belongs to the session of its sid that began last before it ended. */
export function toldTransfers(transfers: Transfers, sessions: Sessions): Transfers {
  const { sid } = transfers.data
  if (sid.subarray(0, 2 * transfers.length).every((word) => word === 0)) return transfers
  const groups = groupsOf(sessions)
  const told = new Columns(observationTables.transfer, Math.max(1, transfers.length))
  for (let row = 0; row < transfers.length; row++) {
    const to = told.row()
    copyRow(transfers as unknown as Columns, row, told as unknown as Columns, to)
    const mover = groups.get(countAt(sid, row))?.latestBefore(transfers.data.end_ms[row] + clockSlackMs) ?? -1
    if (mover < 0) continue
    if (told.data.account[to] === 0) told.data.account[to] = sessions.data.account[mover]
    if (isUnstated(told.data.peer, to)) copyAddress(sessions.data.peer, mover, told.data.peer, to)
  }
  return told
}

/** The records of one `sid`, ready to be asked. */
class SessionGroup {
  readonly rows: number[] = []
  readonly #sessions: Sessions
  /** Events that may end an opened session, in order, and the earliest end from each of them on. */
  #events: number[] = []
  #earliestEnds: number[] = []
  /** Starts of opened records by leased address. */
  #openings = new Map<bigint, number[]>()
  /** The record whose bytes count: the largest, the first of equals. */
  largest = -1

  constructor(sessions: Sessions) {
    this.#sessions = sessions
  }

  settle(): void {
    const { data } = this.#sessions
    const ends: { event: number; end: number }[] = []
    for (const row of this.rows) {
      if (this.largest < 0 || isLarger(data, row, this.largest)) this.largest = row
      const { [row]: part } = data.part
      if (part === opened) {
        const key = addressKey(addressAt(data.assigned, row))
        this.#openings.set(key, [...(this.#openings.get(key) ?? []), data.start_ms[row]])
      } else {
        const end = part === closed ? data.start_ms[row] : data.end_ms[row]
        if (!Number.isNaN(end)) ends.push({ event: eventOf(data, row), end })
      }
    }
    ends.sort((a, b) => a.event - b.event)
    this.#events = ends.map(({ event }) => event)
    this.#earliestEnds = ends.map(({ end }) => end)
    for (let i = ends.length - 2; i >= 0; i--)
      this.#earliestEnds[i] = Math.min(this.#earliestEnds[i], this.#earliestEnds[i + 1])
    for (const starts of this.#openings.values()) starts.sort((a, b) => a - b)
  }

  /** NaN = nothing says. */
  endOfOpened(row: number): number {
    const { data } = this.#sessions
    const at = data.start_ms[row]
    const closing = this.#earliestEnds[firstFrom(this.#events, at - sameStartMs)]
    const starts = this.#openings.get(addressKey(addressAt(data.assigned, row))) ?? []
    const next = starts[firstFrom(starts, at + sameStartMs + 1)]
    const end = Math.min(closing ?? Number.POSITIVE_INFINITY, next ?? Number.POSITIVE_INFINITY)
    return Number.isFinite(end) ? end : Number.NaN
  }

  /** The session that began last, not after `until_ms`; −1 if there is none. */
  latestBefore(until_ms: number): number {
    const { part, start_ms, account } = this.#sessions.data
    let latest = -1
    for (const row of this.rows) {
      if (part[row] === closed || start_ms[row] > until_ms) continue
      const isLater = latest < 0 || start_ms[row] > start_ms[latest]
      if (isLater || (start_ms[row] === start_ms[latest] && account[row] > account[latest])) latest = row
    }
    return latest
  }
}

/** Groups by `sid`; records without one are left out. */
function groupsOf(sessions: Sessions): Map<bigint, SessionGroup> {
  const groups = new Map<bigint, SessionGroup>()
  for (let row = 0; row < sessions.length; row++) {
    const key = countAt(sessions.data.sid, row)
    if (key === 0n) continue
    let group = groups.get(key)
    if (!group) {
      group = new SessionGroup(sessions)
      groups.set(key, group)
    }
    group.rows.push(row)
  }
  for (const group of groups.values()) group.settle()
  return groups
}

function isLarger(data: Sessions['data'], a: number, b: number): boolean {
  for (const name of ['bytes_out', 'bytes_in'] as const) {
    const [x, y] = [countAt(data[name], a), countAt(data[name], b)]
    if (x !== y) return x > y
  }
  if (data.part[a] !== data.part[b]) return data.part[a] < data.part[b]
  if (data.start_ms[a] !== data.start_ms[b]) return data.start_ms[a] < data.start_ms[b]
  return endKey(data, a) < endKey(data, b)
}

/** Open ends come first, as in the store. */
function endKey({ end_ms }: Sessions['data'], row: number): number {
  return Number.isNaN(end_ms[row]) ? -1 : end_ms[row]
}

function eventOf(data: Sessions['data'], row: number): number {
  return data.part[row] === whole ? Math.max(data.start_ms[row], data.end_ms[row] || 0) : data.start_ms[row]
}

function isUnstated({ hi, lo }: AddressColumn, row: number): boolean {
  return hi[2 * row] === 0 && hi[2 * row + 1] === 0 && lo[2 * row] === 0 && lo[2 * row + 1] === 0
}

/** Every column of a row; tables must be the same. `codes` translates names. */
export function copyRow(from: Columns, row: number, target: Columns, to: number, codes?: Int32Array): void {
  for (const [name, kind] of Object.entries(from.table)) {
    const [source, data] = [from.data[name] as DataOf<ColumnKind>, target.data[name] as DataOf<ColumnKind>]
    if (kind === 'name' && codes) (data as Int32Array)[to] = codes[(source as Int32Array)[row]]
    else if (kind === 'text') (data as string[])[to] = (source as string[])[row]
    else if (kind === 'address') copyAddress(source as AddressColumn, row, data as AddressColumn, to)
    else if (kind === 'count' || kind === 'hash') copyPair(source as Uint32Array, row, data as Uint32Array, to)
    else (data as Uint32Array)[to] = (source as Uint32Array)[row]
  }
}

function copyAddress(from: AddressColumn, i: number, to: AddressColumn, row: number): void {
  copyPair(from.hi, i, to.hi, row)
  copyPair(from.lo, i, to.lo, row)
}

export function copyPair(from: Uint32Array, i: number, to: Uint32Array, row: number): void {
  to[2 * row] = from[2 * i]
  to[2 * row + 1] = from[2 * i + 1]
}

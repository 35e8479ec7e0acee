/**
 * What had to wait until all files were read: held flows become segments of their connections, transfers are laid over
 * them day by day, and what no flow sensor covered is taken from transfer logs and sessions, as in the books.
 */
import { PlaceTable } from '../../events/place.ts'
import type { Entries, ReadFlows } from '../../ledger/poster.ts'
import { readFlowTable } from '../../ledger/read-flow.ts'
import { entryTable } from '../../ledger/tables.ts'
import { TransferOverlay } from '../../ledger/transfer-overlay.ts'
import { addressAt } from '../../model/address.ts'
import { Columns } from '../../model/columns.ts'
import { addressKey, type TransferRecord } from '../../model/context-record.ts'
import { placeCode } from '../../model/flow-event.ts'
import { dayMs, dayOf, ticksPerDay } from '../../model/window.ts'
import type { Enrichment } from '../enrich/enrichment.ts'
import type { SiteNames } from '../site-names.ts'
import {
  bookUncovered,
  coverageOf,
  leaves,
  loadSessionBytes,
  loadTransfers,
  splitByCoverage,
} from '../transfer-books.ts'
import type { FlowIntake } from './flow-intake.ts'
import { readHeld, repeated, segment } from './held-flows.ts'
import { asStore, type MemoryStore } from './memory-store.ts'

/** Bytes that transfer logs claim beyond what any flow carried. */
export interface Settled {
  claimed_not_seen_bytes: bigint
}

export interface SettleParts {
  store: MemoryStore
  names: SiteNames
  intake: FlowIntake
  enrichment: Enrichment
}

export async function settle(parts: SettleParts, checkIn: () => void): Promise<Settled> {
  const { store, intake } = parts
  const { held } = intake
  segment(held, intake.connections)
  for (let row = 0; row < held.length; row++)
    if (held.data.flows[row] === repeated) store.count(held.data.source[row], -1, 1)
  const rowsOfDay = heldByDay(intake)
  let claimed_not_seen_bytes = 0n
  const days = new Set([...rowsOfDay.keys(), ...(await claimedDays(store))])
  for (const day of [...days].sort((a, b) => a - b)) {
    checkIn()
    claimed_not_seen_bytes += await settleDay(day, rowsOfDay.get(day) ?? [], parts)
  }
  intake.sink.drain(intake.sink.entries)
  return { claimed_not_seen_bytes }
}

async function settleDay(
  day: number,
  rows: readonly number[],
  { store, names, intake, enrichment }: SettleParts,
): Promise<bigint> {
  const [from_tick, to_tick] = [day * ticksPerDay, (day + 1) * ticksPerDay]
  const [from_ms, to_ms] = [day * dayMs, (day + 1) * dayMs]
  const { held, sink } = intake
  const poster = sink.poster(from_tick, to_tick)
  const books = asStore(store)
  const places = new PlaceTable(names.site)
  const left = (transfers: TransferRecord[]): TransferRecord[] => transfers.filter((each) => leaves(each, places))
  const coverage = await coverageOf(store, names, from_ms, to_ms)
  const transfers = left(await loadTransfers(books, names, from_ms, to_ms, enrichment.identities))
  const sessions = left(await loadSessionBytes(books, names, from_ms, to_ms, enrichment.identities))
  const split = splitByCoverage(transfers, coverage, from_tick, to_tick)
  const { uncovered } = splitByCoverage(sessions, coverage, from_tick, to_tick)
  const laid: Entries = new Columns(entryTable)
  const overlay = new TransferOverlay(split.overlaid, laid, (address) => names.hostAddress(address))
  const flow: ReadFlows = new Columns(readFlowTable, 1)
  for (const row of rows) {
    readHeld(held, row, flow, placeCode.border)
    const label = intake.labelOf(flow, held.data.uid[2 * row], held.data.uid[2 * row + 1])
    if (overlay.concerns(addressKey(addressAt(flow.data.peer, 0)))) {
      const before = laid.length
      poster.post(flow, 0, label, laid)
      overlay.hold(flow, 0, before, laid.length, label)
    } else {
      poster.post(flow, 0, label, sink.entries)
      sink.drainIfMany()
    }
  }
  const excess = overlay.apply((row, change, wire) => poster.relabel(laid, row, change, wire))
  sink.drain(laid)
  await bookUncovered([...split.uncovered, ...uncovered], names, poster, sink.entries)
  sink.drainIfMany()
  return excess.reduce((sum, { bytes }) => sum + bytes, 0n)
}

/** Held rows by every day that their segment touches. */
function heldByDay({ held }: FlowIntake): Map<number, number[]> {
  const byDay = new Map<number, number[]>()
  const { seg_start_ms, end_ms, flows, bytes_out, bytes_in } = held.data
  for (let row = 0; row < held.length; row++) {
    const isEmpty = [bytes_out, bytes_in].every((words) => words[2 * row] === 0 && words[2 * row + 1] === 0)
    if (flows[row] === repeated || isEmpty) continue
    const first = dayOf(seg_start_ms[row])
    const last = end_ms[row] > seg_start_ms[row] ? dayOf(end_ms[row] - 1) : first
    for (let day = first; day <= last; day++) {
      const rows = byDay.get(day)
      if (rows) rows.push(row)
      else byDay.set(day, [row])
    }
  }
  return byDay
}

/** Days of transfers, and of sessions that state their bytes. */
async function claimedDays(store: MemoryStore): Promise<Set<number>> {
  const days = new Set<number>()
  for (const type of ['transfer', 'session'] as const) {
    for (const row of await store.readContext(type, 0, 2 ** 43, 0)) {
      if (type === 'session' && row.count('bytes_out') === 0n) continue
      const start_ms = row.time('start_ms')
      const last = dayOf(Math.max(start_ms, row.time('end_ms') || 0))
      for (let day = dayOf(start_ms); day <= last; day++) days.add(day)
    }
  }
  return days
}

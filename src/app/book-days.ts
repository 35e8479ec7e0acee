/**
 * Writes the books of dirty days: reads their flows back, labels them, posts them. What a day's books say depends on
 * the accepted records alone, so a day may be written again whenever a late record touches it.
 */
import { ExpectationMatch } from '../attribution/expectation-match.ts'
import { PlaceTable } from '../events/place.ts'
import { LabelTable } from '../ledger/label-table.ts'
import { type Entries, halvesInto, Poster } from '../ledger/poster.ts'
import { readFlowTable } from '../ledger/read-flow.ts'
import { claimTable, entryTable, novelty } from '../ledger/tables.ts'
import { TransferOverlay } from '../ledger/transfer-overlay.ts'
import { addressAt } from '../model/address.ts'
import { Columns } from '../model/columns.ts'
import { addressKey, type TransferRecord } from '../model/context-record.ts'
import { setCount } from '../model/count.ts'
import { AppError } from '../model/errors.ts'
import { emptyLabel } from '../model/label.ts'
import { peerKey } from '../model/peer-key.ts'
import { dayMs, dayOf, ticksPerDay } from '../model/window.ts'
import type { DuckdbStore } from '../store/duckdb/duckdb-store.ts'
import type { BookRange, BookRules } from '../store/store.ts'
import { Attributor } from './attributor.ts'
import { type Enrichment, noEnrichment } from './enrich/enrichment.ts'
import type { Identities } from './enrich/identities.ts'
import type { Progress } from './progress.ts'
import { readsOfDays } from './reads-of-days.ts'
import type { SiteNames } from './site-names.ts'
import {
  bookUncovered,
  coverageOf,
  leaves,
  loadSessionBytes,
  loadTransfers,
  type SplitTransfers,
  splitByCoverage,
} from './transfer-books.ts'

/** Flows of one transaction: bounds its memory and what a kill can cost. */
const flowsPerRange = 1_000_000
/** Leases, logins, jobs and transfers of a range are in memory while it is booked. */
const daysPerRange = 14
/** Entries handed to the store at once. */
const entriesPerPortion = 150_000

export interface BookingOptions {
  store: DuckdbStore
  names: SiteNames
  /** What the operator's files add; absent: nothing. */
  enrichment?: Enrichment
  progress: Progress
  signal?: AbortSignal
}

/** Books late flows of days whose detail is gone, then every dirty day; returns the number of days written. */
export async function bookDirtyDays(options: BookingOptions): Promise<number> {
  const { store, progress, signal } = options
  await store.settle()
  const horizon_day = await store.horizonDay()
  if ((await store.lateFlows()) > 0) await bookRange({ from_day: 0, to_day: horizon_day, additive: true }, options)
  let written = 0
  for (;;) {
    const days = await store.dirtyDays()
    if (days.length === 0) return written
    const flows = await store.flowsPerDay(days)
    progress.phase(
      'booking',
      days.reduce((sum, day) => sum + (flows.get(day) ?? 0), 0),
      'flows',
    )
    for (const range of rangesOf(days, flows)) {
      if (signal?.aborted) throw new AppError('interrupted', 'stopped while writing the books; the next run goes on')
      await bookRange(range, options)
      written += range.to_day - range.from_day
    }
  }
}

/** Runs of adjacent days with at most so many flows. */
export function rangesOf(days: readonly number[], flows: ReadonlyMap<number, number>): BookRange[] {
  const ranges: BookRange[] = []
  let held = 0
  for (const day of days) {
    const count = flows.get(day) ?? 0
    const last = ranges.at(-1)
    const follows = last?.to_day === day && day - last.from_day < daysPerRange
    if (last && follows && held + count <= flowsPerRange) {
      last.to_day = day + 1
      held += count
    } else {
      ranges.push({ from_day: day, to_day: day + 1, additive: false })
      held = count
    }
  }
  return ranges
}

async function bookRange(range: BookRange, options: BookingOptions): Promise<void> {
  const { store, names, progress } = options
  const asn = options.enrichment?.asn
  const [from_ms, to_ms] = [range.from_day * dayMs, range.to_day * dayMs]
  const [from_tick, to_tick] = [range.from_day * ticksPerDay, range.to_day * ticksPerDay]
  const attributor = await Attributor.load(store, names, from_ms, to_ms, identitiesOf(options))
  const transfers = range.additive ? nothingClaimed : await loadClaims(options, range)
  const expectations = new ExpectationMatch(names.expectations)
  const labels = new LabelTable()
  const poster = new Poster({
    from_tick,
    to_tick,
    accounts: (sensor) => names.accounts(sensor),
    labels,
    addressId: (address, i) => names.addressId(address, i),
    peerAsn: asn && ((peer, i) => asn.asnAt(peer, i)),
    explain: expectations.isEmpty
      ? undefined
      : (peer, peer_asn, vault, account, ms) => {
          const explained = expectations.match(peer, peer_asn, vault, account, ms)
          return { explained, explanation: explained === 0 ? 0 : names.expectations[expectations.matched].id }
        },
  })
  const reads = range.additive
    ? undefined
    : await readsOfDays(attributor.reads, range, names, (texts) => store.internNames(texts))
  await store.book(range, rulesOf(names), async (add) => {
    const entries: Entries = new Columns(entryTable)
    const held: Entries = new Columns(entryTable)
    const overlay = new TransferOverlay(transfers.overlaid, held, (address) => names.hostAddress(address))
    const label = emptyLabel()
    for await (const flows of store.readFlows(readFlowTable, from_ms, to_ms, range.additive)) {
      names.trim()
      await names.prepareAddresses(flows.data.inside, flows.length)
      if (names.site.vpn_pools.length > 0)
        await names.prepareAddresses(flows.data.peer, flows.length, (row) => flows.data.pool[row] > 0)
      for (let i = 0; i < flows.length; i++) {
        const known = flows.data.place[i] === 0 && attributor.label(flows, i, label)
        const peer = overlay.isEmpty ? undefined : addressKey(addressAt(flows.data.peer, i))
        if (peer !== undefined && flows.data.place[i] === 0 && overlay.concerns(peer)) {
          const before = held.length
          poster.post(flows, i, known ? label : undefined, held)
          overlay.hold(flows, i, before, held.length, known ? label : undefined)
        } else poster.post(flows, i, known ? label : undefined, entries)
      }
      progress.advance(flows.length)
      if (entries.length >= entriesPerPortion) {
        await add(entries as unknown as Columns, labels.columns as unknown as Columns)
        entries.reset()
      }
    }
    const excess = overlay.apply((row, change, wire) => poster.relabel(held, row, change, wire))
    await bookUncovered(transfers.uncovered, names, poster, entries)
    for (const rest of [entries, held]) await add(rest as unknown as Columns, labels.columns as unknown as Columns)
    return { claims: claimsOf(excess), reads }
  })
}

function identitiesOf({ enrichment }: BookingOptions): Identities {
  return (enrichment ?? noEnrichment).identities
}

function claimsOf(excess: ReturnType<TransferOverlay['apply']>): Columns | undefined {
  if (excess.length === 0) return undefined
  const claims = new Columns(claimTable)
  for (const { transfer, day, bytes } of excess) {
    const row = claims.row()
    claims.data.day[row] = day
    claims.data.tool[row] = transfer.tool
    claims.data.account[row] = transfer.account
    claims.data.vault[row] = transfer.vault
    halvesInto(claims.data.peer, row, peerKey(transfer.peer.hi, transfer.peer.lo))
    setCount(claims.data.bytes, row, bytes)
  }
  return claims as unknown as Columns
}

const nothingClaimed: SplitTransfers = { overlaid: [], uncovered: [] }

/** Transfers split by coverage; of sessions only what nothing else covers. */
async function loadClaims(options: BookingOptions, range: BookRange): Promise<SplitTransfers> {
  const { store, names } = options
  const [from_ms, to_ms] = [range.from_day * dayMs, range.to_day * dayMs]
  const [from_tick, to_tick] = [range.from_day * ticksPerDay, range.to_day * ticksPerDay]
  const coverage = await coverageOf(store, names, from_ms, to_ms)
  const places = new PlaceTable(names.site)
  const left = (transfers: TransferRecord[]): TransferRecord[] => transfers.filter((each) => leaves(each, places))
  const transfers = left(await loadTransfers(store, names, from_ms, to_ms, identitiesOf(options)))
  const sessions = left(await loadSessionBytes(store, names, from_ms, to_ms, identitiesOf(options)))
  const split = splitByCoverage(transfers, coverage, from_tick, to_tick)
  const { uncovered } = splitByCoverage(sessions, coverage, from_tick, to_tick)
  return { overlaid: split.overlaid, uncovered: [...split.uncovered, ...uncovered] }
}

function rulesOf(names: SiteNames): BookRules {
  const { anchor_ms, expectations } = names.site
  return {
    ...novelty,
    anchor_day: anchor_ms === undefined ? undefined : dayOf(anchor_ms),
    caps: expectations.flatMap(({ max_bytes_per_day }, i) =>
      max_bytes_per_day === undefined ? [] : [{ explanation: names.expectations[i].id, max_bytes_per_day }],
    ),
  }
}

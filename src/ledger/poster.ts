/**
 * One labelled flow → entries: a row per tick it lasted, and where its label became known later than the flow itself,
 * the unlabelled posting, its reversal and the labelled one, as in any honest book. A pure function of the records and
 * the times at which they were available, so that no order of arrival changes the journal.
 */

import { type AddressColumn, addressAt } from '../model/address.ts'
import type { Columns } from '../model/columns.ts'
import type { AddressHalves } from '../model/context-record.ts'
import { setCount } from '../model/count.ts'
import { placeCode } from '../model/flow-event.ts'
import { emptyLabel, type Label } from '../model/label.ts'
import { copyPeerKey, peerKey } from '../model/peer-key.ts'
import { tickMs, tickOf } from '../model/window.ts'
import type { readFlowTable } from './read-flow.ts'
import { shareOf } from './spread.ts'
import { entryTable, sumNames } from './tables.ts'

export type Entries = Columns<typeof entryTable>
export type ReadFlows = Columns<typeof readFlowTable>

export interface PosterOptions {
  /** Half-open range of ticks to book. */
  from_tick: number
  to_tick: number
  accounts: (sensor: number) => boolean
  /** Name and role of the inside address at row `i` of a column. */
  hostOf: (address: AddressColumn, i: number) => { host: number; role: number }
  /** Explanation (expectation id, kind) of bytes with this label at this moment. */
  explain?: (peer: AddressHalves, label: Label, ms: number) => { explanation: number; explained: number }
}

const countColumns = Object.entries(entryTable)
  .filter(([, kind]) => kind === 'count')
  .map(([name]) => name as (typeof sumNames)[number])

export class Poster {
  readonly #options: PosterOptions

  constructor(options: PosterOptions) {
    this.#options = options
  }

  /**
   * Books row `i` into `entries`; ticks outside the range, and before `booked_before_ms`, are left out.
   * `label` undefined: nothing is known of it.
   */
  post(flows: ReadFlows, i: number, label: Label | undefined, entries: Entries): void {
    const from = flows.data
    const start = from.seg_start_ms[i]
    const end = Math.max(from.seg_end_ms[i], start)
    const duration = end - start
    const firstTick = tickOf(start)
    const lastTick = duration > 0 ? tickOf(end - 1) : firstTick
    const low = Math.max(firstTick, this.#options.from_tick, tickOf(from.booked_before_ms[i]))
    const high = Math.min(lastTick, this.#options.to_tick - 1)
    for (let tick = low; tick <= high; tick++) {
      const row = entries.row()
      const to = entries.data
      to.tick[row] = tick
      to.place[row] = from.place[i]
      to.sensor[row] = from.sensor[i]
      to.accounts[row] = this.#options.accounts(from.sensor[i]) ? 1 : 0
      copyAddress(from.inside, i, to.inside, row)
      copyPeerKey(from.peer, i, to.peer, row)
      to.service[row] = from.service[i]
      to.known_tick[row] = Math.max(tick, tickOf(from.available_ms[i]))
      if (firstTick === lastTick) for (const name of sumNames) copyPair(from[name], i, to[name], row)
      else {
        const since = Math.max(0, tick * tickMs - start)
        const until = Math.min(duration, (tick + 1) * tickMs - start)
        for (const name of sumNames) {
          if (name !== 'flows') setCount(to[name], row, shareOf(from[name], i, since, until, duration))
          else if (tick === firstTick) copyPair(from.flows, i, to.flows, row)
        }
      }
      if (from.place[i] === placeCode.border && to.accounts[row] === 1)
        this.#label(entries, row, from.client_fp[i], label)
    }
  }

  #label(entries: Entries, row: number, clientFp: number, label: Label | undefined): void {
    const to = entries.data
    const { host, role } = this.#options.hostOf(to.inside, row)
    to.host[row] = host
    to.role[row] = role
    to.client_fp[row] = clientFp
    if (!label || (label.method === 0 && label.gateway === 0)) {
      this.#explain(entries, row, unknownLabel)
      return
    }
    const labelTick = tickOf(label.known_ms)
    if (labelTick <= to.known_tick[row]) {
      this.#setLabel(entries, row, label)
      return
    }
    this.#explain(entries, row, unknownLabel)
    const reversal = copyRow(entries, row)
    negate(entries, reversal)
    const relabelled = copyRow(entries, row)
    const after = entries.data
    for (const later of [reversal, relabelled]) {
      after.posting_only[later] = 1
      after.known_tick[later] = labelTick
    }
    this.#setLabel(entries, relabelled, label)
  }

  #setLabel(entries: Entries, row: number, label: Label): void {
    const to = entries.data
    to.account[row] = label.account
    to.project[row] = label.project
    to.vault[row] = label.vault
    to.client_org[row] = label.client_org
    to.gateway[row] = label.gateway
    if (label.client_fp > 0) to.client_fp[row] = label.client_fp
    to.method[row] = label.method
    to.confidence[row] = label.confidence
    if (label.outer_hi !== 0n || label.outer_lo !== 0n) {
      halvesInto(to.outer, row, peerKey(label.outer_hi, label.outer_lo))
    }
    this.#explain(entries, row, label)
  }

  /** Sets the explanation of a row whose account or vault was set afterwards. */
  explainRow(entries: Entries, row: number): void {
    const to = entries.data
    const outer = addressAt(to.outer, row)
    const label = {
      ...unknownLabel,
      account: to.account[row],
      vault: to.vault[row],
      outer_hi: outer.hi,
      outer_lo: outer.lo,
    }
    this.#explain(entries, row, label)
  }

  #explain(entries: Entries, row: number, label: Label): void {
    if (!this.#options.explain) return
    const to = entries.data
    const outer = { hi: label.outer_hi, lo: label.outer_lo }
    const peer = outer.hi !== 0n || outer.lo !== 0n ? outer : addressAt(to.peer, row)
    const { explanation, explained } = this.#options.explain(peer, label, to.tick[row] * tickMs)
    to.explanation[row] = explanation
    to.explained[row] = explained
  }
}

const unknownLabel: Label = emptyLabel()

/** Appends a copy of `row` and returns its index; take `entries.data` anew afterwards. */
export function copyRow(entries: Entries, row: number): number {
  const copy = entries.row()
  for (const [name, kind] of Object.entries(entries.table)) {
    const column = entries.data[name as keyof typeof entries.data]
    if (kind === 'address') copyAddress(column as AddressColumn, row, column as AddressColumn, copy)
    else if (kind === 'count') copyPair(column as Uint32Array, row, column as Uint32Array, copy)
    else (column as Uint32Array)[copy] = (column as Uint32Array)[row]
  }
  return copy
}

/** Turns every sum of the row into its negative (two's complement, as BIGINT is stored). */
export function negate(entries: Entries, row: number): void {
  for (const name of countColumns) {
    const words = entries.data[name]
    const low = words[2 * row]
    words[2 * row] = -low
    words[2 * row + 1] = ~words[2 * row + 1] + (low === 0 ? 1 : 0)
  }
}

function copyAddress(from: AddressColumn, i: number, to: AddressColumn, row: number): void {
  copyPair(from.hi, i, to.hi, row)
  copyPair(from.lo, i, to.lo, row)
}

function copyPair(from: Uint32Array, i: number, to: Uint32Array, row: number): void {
  to[2 * row] = from[2 * i]
  to[2 * row + 1] = from[2 * i + 1]
}

export function halvesInto(to: AddressColumn, row: number, { hi, lo }: AddressHalves): void {
  setCount(to.hi, row, hi)
  setCount(to.lo, row, lo)
}

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
import type { LabelFields, LabelTable } from './label-table.ts'
import type { readFlowTable } from './read-flow.ts'
import { shareOf } from './spread.ts'
import { type entryTable, sumNames } from './tables.ts'

export type Entries = Columns<typeof entryTable>
export type ReadFlows = Columns<typeof readFlowTable>

export interface PosterOptions {
  /** Half-open range of ticks to book. */
  from_tick: number
  to_tick: number
  labels: LabelTable
  accounts: (sensor: number) => boolean
  /** Number of the address at row `i` of a column. */
  addressId: (address: AddressColumn, i: number) => number
  /** Autonomous system of the peer at row `i` of a column, 0 = unknown; absent: of no peer is it known. */
  peerAsn?: (peer: AddressColumn, i: number) => number
  /** Explanation (expectation id, kind) of bytes with this vault and account at this moment; absent: nothing explains. */
  explain?: (
    peer: AddressHalves,
    asn: number,
    vault: number,
    account: number,
    ms: number,
  ) => { explanation: number; explained: number }
}

export class Poster {
  readonly #options: PosterOptions
  readonly #fields: LabelFields
  /** Codes of the labels that say nothing but the autonomous system. */
  readonly #asnCodes = new Map<number, number>([[0, 0]])

  constructor(options: PosterOptions) {
    this.#options = options
    this.#fields = options.labels.at(0)
  }

  /**
   * Books row `i` into `entries`; ticks outside the range, and before `booked_before_ms`, are left out.
   * `label` undefined: nothing is known of it.
   */
  post(flows: ReadFlows, i: number, label: Label | undefined, entries: Entries): void {
    const from = flows.data
    const start = from.seg_start_ms[i]
    const duration = Math.max(0, from.seg_end_ms[i] - start)
    const firstTick = tickOf(start)
    const lastTick = duration > 0 ? tickOf(start + duration - 1) : firstTick
    const low = Math.max(firstTick, this.#options.from_tick, tickOf(from.booked_before_ms[i]))
    const high = Math.min(lastTick, this.#options.to_tick - 1)
    if (low > high) return
    const inside = this.#options.addressId(from.inside, i)
    const accounts = this.#options.accounts(from.sensor[i]) ? 1 : 0
    const posted = accounts === 1 && from.place[i] === placeCode.border
    for (let tick = low; tick <= high; tick++) {
      const row = entries.row()
      const to = entries.data
      to.tick[row] = tick
      to.place[row] = from.place[i]
      to.sensor[row] = from.sensor[i]
      to.accounts[row] = accounts
      to.inside[row] = inside
      copyPeerKey(from.peer, i, to.peer, row)
      to.service[row] = from.service[i]
      to.known_tick[row] = Math.max(tick, tickOf(from.available_ms[i]))
      to.fact_tick[row] = to.known_tick[row]
      if (firstTick === lastTick) for (const name of sumNames) copyPair(from[name], i, to[name], row)
      else {
        const since = Math.max(0, tick * tickMs - start)
        const until = Math.min(duration, (tick + 1) * tickMs - start)
        for (const name of sumNames) {
          if (name !== 'flows') setCount(to[name], row, shareOf(from[name], i, since, until, duration))
          else if (tick === firstTick) copyPair(from.flows, i, to.flows, row)
        }
      }
      if (posted) this.#label(flows, i, entries, row, label)
    }
  }

  #label(flows: ReadFlows, i: number, entries: Entries, row: number, label: Label | undefined): void {
    const clientFp = flows.data.client_fp[i]
    if (label === undefined) {
      this.#setLabel(flows, i, entries, row, unknownLabel, clientFp)
      return
    }
    const labelTick = tickOf(label.known_ms)
    if (labelTick <= entries.data.known_tick[row]) {
      this.#setLabel(flows, i, entries, row, label, clientFp)
      return
    }
    this.#setLabel(flows, i, entries, row, unknownLabel, clientFp)
    const reversal = copyRow(entries, row)
    negate(entries, reversal)
    const relabelled = copyRow(entries, row)
    for (const later of [reversal, relabelled]) {
      entries.data.posting_only[later] = 1
      entries.data.known_tick[later] = labelTick
    }
    this.#setLabel(flows, i, entries, relabelled, label, clientFp)
  }

  #setLabel(flows: ReadFlows, i: number, entries: Entries, row: number, label: Label, clientFp: number): void {
    const { labels, explain, addressId } = this.#options
    const to = entries.data
    if (label === unknownLabel && clientFp === 0 && !explain) {
      to.label[row] = this.#asnCode(this.#asnOf(entries, row))
      return
    }
    const fields = this.#fields
    fields.account = label.account
    fields.project = label.project
    fields.vault = label.vault
    fields.client_org = label.client_org
    fields.gateway = label.gateway
    fields.client_fp = label.client_fp > 0 ? label.client_fp : clientFp
    fields.method = label.method
    fields.confidence = label.confidence
    fields.candidate = label.candidate
    fields.runner_up = label.runner_up
    fields.runner_up_confidence = label.runner_up_confidence
    fields.candidates = label.candidates
    fields.explanation = 0
    fields.explained = 0
    const hasOuter = label.outer_hi !== 0n || label.outer_lo !== 0n
    if (hasOuter) {
      halvesInto(to.outer, row, peerKey(label.outer_hi, label.outer_lo))
      to.leased[row] = addressId(flows.data.peer, i)
    }
    fields.peer_asn = this.#asnOf(entries, row)
    if (explain) {
      const peer = hasOuter ? { hi: label.outer_hi, lo: label.outer_lo } : addressAt(flows.data.peer, i)
      Object.assign(fields, explain(peer, fields.peer_asn, label.vault, label.account, to.tick[row] * tickMs))
    }
    to.label[row] = labels.codeOf(fields)
  }

  /**
   * Gives the row a label whose vault, account or method changed, with the explanation that follows from it. `wire`: the
   * whole address of the peer, of which the row may keep but the /64.
   */
  relabel(entries: Entries, row: number, change: Partial<LabelFields>, wire: AddressHalves): void {
    const { labels, explain } = this.#options
    const to = entries.data
    const fields = { ...labels.at(to.label[row]), ...change, peer_asn: this.#asnOf(entries, row) }
    if (explain) {
      const peer = to.leased[row] === 0 ? wire : addressAt(to.outer, row)
      Object.assign(fields, explain(peer, fields.peer_asn, fields.vault, fields.account, to.tick[row] * tickMs))
    }
    to.label[row] = labels.codeOf(fields)
  }

  /** Of the peer of the books: where a lease names one the session's outer address, of IPv6 the /64. */
  #asnOf({ data }: Entries, row: number): number {
    return this.#options.peerAsn?.(data.leased[row] === 0 ? data.peer : data.outer, row) ?? 0
  }

  #asnCode(asn: number): number {
    let code = this.#asnCodes.get(asn)
    if (code === undefined) {
      const { labels } = this.#options
      code = labels.codeOf({ ...labels.at(0), peer_asn: asn })
      this.#asnCodes.set(asn, code)
    }
    return code
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
  for (const name of sumNames) {
    const words = entries.data[name]
    const low = words[2 * row]
    words[2 * row] = -low
    words[2 * row + 1] = ~words[2 * row + 1] + (low === 0 ? 1 : 0)
  }
}

export function halvesInto(to: AddressColumn, row: number, { hi, lo }: AddressHalves): void {
  setCount(to.hi, row, hi)
  setCount(to.lo, row, lo)
}

function copyAddress(from: AddressColumn, i: number, to: AddressColumn, row: number): void {
  copyPair(from.hi, i, to.hi, row)
  copyPair(from.lo, i, to.lo, row)
}

function copyPair(from: Uint32Array, i: number, to: Uint32Array, row: number): void {
  to[2 * row] = from[2 * i]
  to[2 * row + 1] = from[2 * i + 1]
}

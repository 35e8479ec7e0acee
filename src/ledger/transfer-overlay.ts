/**
 * Transfer logs laid over the flows that carried them (CONTRACT, counting rule 3): a transfer labels flow bytes of its
 * host and peer in the ticks it overlaps, each byte once, never more than the flows carried. What it claims beyond that
 * is returned as excess, not booked. Greedy in order of start: exact in whole bytes and the same on every replay.
 */
import { addressKey, isStated, type TransferRecord } from '../model/context-record.ts'
import { countAt, setCount } from '../model/count.ts'
import { methodCode } from '../model/label.ts'
import { tickOf } from '../model/window.ts'
import type { LabelFields } from './label-table.ts'
import { copyRow, type Entries } from './poster.ts'

/** Clocks of transfer tool and sensor may differ by this much. */
const slackMs = 5_000

export interface Excess {
  transfer: TransferRecord
  bytes: bigint
}

interface HeldRow {
  row: number
  host: bigint
}

export type Relabel = (row: number, change: Partial<LabelFields>) => void

export class TransferOverlay {
  readonly #byPeer = new Map<bigint, TransferRecord[]>()
  readonly #held = new Map<bigint, HeldRow[]>()
  /** What of a row's bytes no transfer has taken yet. */
  readonly #untaken = new Map<number, bigint>()
  readonly entries: Entries

  constructor(transfers: readonly TransferRecord[], entries: Entries) {
    this.entries = entries
    for (const transfer of transfers) {
      if (!isStated(transfer.peer)) continue
      const key = addressKey(transfer.peer)
      const group = this.#byPeer.get(key)
      if (group) group.push(transfer)
      else this.#byPeer.set(key, [transfer])
    }
  }

  get isEmpty(): boolean {
    return this.#byPeer.size === 0
  }

  /** Whether flows with this peer (as it is on the wire, full address) may have carried a transfer. */
  concerns(peer: bigint): boolean {
    return this.#byPeer.has(peer)
  }

  /**
   * Remembers rows [from, to) of `entries` as carried by one flow between this host and peer. Where a row was labelled
   * later (it, its reversal, the labelled one), the last of the three is what stands.
   */
  hold(host: bigint, peer: bigint, from: number, to: number): void {
    const rows = this.#held.get(peer) ?? []
    const { posting_only } = this.entries.data
    for (let row = from; row < to; row++) {
      if (row + 1 < to && posting_only[row + 1] === 1) row += 2
      rows.push({ row, host })
    }
    this.#held.set(peer, rows)
  }

  /** Labels the held rows; `relabel` gives a row the changed label. */
  apply(relabel: Relabel): Excess[] {
    const excess: Excess[] = []
    for (const [peer, transfers] of [...this.#byPeer].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const rows = (this.#held.get(peer) ?? []).sort((a, b) => this.#order(a, b))
      for (const transfer of transfers.sort(byStart)) {
        const left = this.#label(transfer, rows, relabel)
        if (left > 0n) excess.push({ transfer, bytes: left })
      }
    }
    return excess
  }

  #label(transfer: TransferRecord, rows: readonly HeldRow[], relabel: Relabel): bigint {
    const first = tickOf(transfer.start_ms - slackMs)
    const last = tickOf(transfer.end_ms + slackMs)
    const hostKey = isStated(transfer.host) ? addressKey(transfer.host) : undefined
    let left = transfer.bytes
    for (const { row, host } of rows) {
      if (left === 0n) break
      const data = this.entries.data
      if (data.tick[row] < first || data.tick[row] > last || (hostKey !== undefined && host !== hostKey)) continue
      const carried = countAt(data.bytes_out, row)
      const untaken = this.#untaken.get(row) ?? carried
      if (untaken === 0n) continue
      const taken = untaken < left ? untaken : left
      left -= taken
      this.#untaken.set(row, untaken - taken)
      this.#split(row, taken, carried, transfer, relabel)
    }
    return left
  }

  /** Moves `taken` bytes of the posting to the transfer's label: a reversal of the share and the share anew. */
  #split(row: number, taken: bigint, carried: bigint, transfer: TransferRecord, relabel: Relabel): void {
    const shares = (['bytes_out', 'bytes_out_lo', 'bytes_out_hi'] as const).map((name) => {
      const whole = countAt(this.entries.data[name], row)
      return { name, share: name === 'bytes_out' ? taken : (whole * taken) / carried }
    })
    const known = Math.max(this.entries.data.known_tick[row], tickOf(transfer.end_ms))
    const reversal = copyRow(this.entries, row)
    const labelled = copyRow(this.entries, row)
    const data = this.entries.data
    for (const copy of [reversal, labelled]) {
      const sign = copy === reversal ? -1n : 1n
      data.posting_only[copy] = 1
      data.known_tick[copy] = known
      for (const name of ['bytes_in', 'packets_out', 'packets_in', 'flows'] as const) setCount(data[name], copy, 0)
      for (const { name, share } of shares) setCount(data[name], copy, BigInt.asUintN(64, sign * share))
    }
    relabel(labelled, {
      vault: transfer.vault,
      client_org: transfer.client_org,
      ...(transfer.project > 0 ? { project: transfer.project } : {}),
      ...(transfer.account > 0 ? { account: transfer.account } : {}),
      method: methodCode.transfer,
      confidence: 95,
    })
  }

  #order(a: HeldRow, b: HeldRow): number {
    const { tick, known_tick, bytes_out } = this.entries.data
    if (tick[a.row] !== tick[b.row]) return tick[a.row] - tick[b.row]
    if (a.host !== b.host) return a.host < b.host ? -1 : 1
    const [bytesA, bytesB] = [countAt(bytes_out, a.row), countAt(bytes_out, b.row)]
    if (bytesA !== bytesB) return bytesA < bytesB ? -1 : 1
    return known_tick[a.row] - known_tick[b.row]
  }
}

function byStart(a: TransferRecord, b: TransferRecord): number {
  if (a.start_ms !== b.start_ms) return a.start_ms - b.start_ms
  if (a.end_ms !== b.end_ms) return a.end_ms - b.end_ms
  return a.bytes === b.bytes ? a.vault - b.vault : a.bytes < b.bytes ? -1 : 1
}

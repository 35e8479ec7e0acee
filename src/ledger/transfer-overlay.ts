/**
 * Transfer logs laid over the flows that carried them (CONTRACT, counting rule 3): a transfer labels flow bytes of its
 * host and peer in the ticks it overlaps, each byte once, never more than the flows carried. What it claims beyond that
 * is returned as excess, not booked. Greedy in order of start: exact in whole bytes and the same on every replay.
 */
import { addressAt } from '../model/address.ts'
import { addressKey, isStated, type TransferRecord } from '../model/context-record.ts'
import { countAt, setCount } from '../model/count.ts'
import { methodCode } from '../model/label.ts'
import { tickOf } from '../model/window.ts'
import { copyRow, type Entries } from './poster.ts'

/** Clocks of transfer tool and sensor may differ by this much. */
const slackMs = 5_000

export interface Excess {
  transfer: TransferRecord
  bytes: bigint
}

export class TransferOverlay {
  readonly #byPeer = new Map<bigint, TransferRecord[]>()
  readonly #held = new Map<bigint, number[]>()
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

  /** Remembers rows [from, to) of `entries` as carried by flows with this peer. */
  hold(peer: bigint, from: number, to: number): void {
    const rows = this.#held.get(peer) ?? []
    for (let row = from; row < to; row++) rows.push(row)
    this.#held.set(peer, rows)
  }

  /** Labels the held rows; `relabel` sets the explanation of a row whose label changed. */
  apply(relabel: (row: number) => void): Excess[] {
    const excess: Excess[] = []
    for (const [peer, transfers] of [...this.#byPeer].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const rows = (this.#held.get(peer) ?? []).filter((row) => this.entries.data.posting_only[row] === 0)
      rows.sort((a, b) => this.#order(a, b))
      for (const transfer of transfers.sort(byStart)) {
        const left = this.#label(transfer, rows, relabel)
        if (left > 0n) excess.push({ transfer, bytes: left })
      }
    }
    return excess
  }

  #label(transfer: TransferRecord, rows: readonly number[], relabel: (row: number) => void): bigint {
    const first = tickOf(transfer.start_ms - slackMs)
    const last = tickOf(transfer.end_ms + slackMs)
    const hostKey = isStated(transfer.host) ? addressKey(transfer.host) : undefined
    let left = transfer.bytes
    for (const row of rows) {
      if (left === 0n) break
      const data = this.entries.data
      if (data.tick[row] < first || data.tick[row] > last) continue
      if (hostKey !== undefined && addressKey(addressAt(data.inside, row)) !== hostKey) continue
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
  #split(row: number, taken: bigint, carried: bigint, transfer: TransferRecord, relabel: (row: number) => void): void {
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
    data.vault[labelled] = transfer.vault
    if (transfer.project > 0) data.project[labelled] = transfer.project
    data.client_org[labelled] = transfer.client_org
    if (transfer.account > 0 && data.account[labelled] === 0) data.account[labelled] = transfer.account
    data.method[labelled] = methodCode.transfer
    data.confidence[labelled] = 95
    relabel(labelled)
  }

  #order(a: number, b: number): number {
    const { tick, inside, service, bytes_out } = this.entries.data
    if (tick[a] !== tick[b]) return tick[a] - tick[b]
    const [hostA, hostB] = [addressKey(addressAt(inside, a)), addressKey(addressAt(inside, b))]
    if (hostA !== hostB) return hostA < hostB ? -1 : 1
    if (service[a] !== service[b]) return service[a] - service[b]
    const [bytesA, bytesB] = [countAt(bytes_out, a), countAt(bytes_out, b)]
    return bytesA === bytesB ? 0 : bytesA < bytesB ? -1 : 1
  }
}

function byStart(a: TransferRecord, b: TransferRecord): number {
  if (a.start_ms !== b.start_ms) return a.start_ms - b.start_ms
  if (a.end_ms !== b.end_ms) return a.end_ms - b.end_ms
  return a.bytes === b.bytes ? a.vault - b.vault : a.bytes < b.bytes ? -1 : 1
}

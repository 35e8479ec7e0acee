/**
 * Transfer logs laid over the flows that carried them (CONTRACT, counting rule 3): a transfer labels flow bytes of its
 * host and peer, each byte once, never more than the flows carried. First come the ticks that it overlaps; as nobody knows
 * when in its time a flow carried its bytes, then the other ticks of flows that it overlaps: the file that was fetched in
 * one minute of a day's connection. What it claims beyond that is returned as excess, not booked. People share addresses:
 * flows of the transfer's own account come first, then those of nobody, then those of others, but never those of another's
 * own login; and what an object store or a web server logged did not go through SSH. Day by day, so that it does not matter
 * which days are booked together, and greedy in order of start: exact in whole bytes and the same on every replay.
 */
import { addressAt } from '../model/address.ts'
import {
  type AddressHalves,
  addressKey,
  isStated,
  clockSlackMs as slackMs,
  type TransferRecord,
} from '../model/context-record.ts'
import { countAt, setCount } from '../model/count.ts'
import { placeCode } from '../model/flow-event.ts'
import { type Label, methodCode } from '../model/label.ts'
import { tickOf, ticksPerDay } from '../model/window.ts'
import type { LabelFields } from './label-table.ts'
import { copyRow, type Entries, type ReadFlows } from './poster.ts'

/** What a transfer claims to have moved on one day. */
export interface DayClaim {
  transfer: TransferRecord
  day: number
  bytes: bigint
}

/** An entry and what tells its flow from others, apart from numbers that only this state gave. */
interface HeldRow {
  row: number
  host: bigint
  start_ms: number
  end_ms: number
  ports: number
  bytes_in: bigint
  /** Whom attribution named, 0 = nobody, and whether by the login whose 4-tuple the flow has. */
  account: number
  own_login: boolean
  is_ssh: boolean
  is_web: boolean
}

/** Rows that may have carried a transfer, in order. */
interface PeerRows {
  all: readonly HeldRow[]
  byAccount: ReadonlyMap<number, readonly HeldRow[]>
}

/** Gives a row a changed label; `peer` is the whole address of its peer on the wire. */
export type Relabel = (row: number, change: Partial<LabelFields>, peer: AddressHalves) => void

export class TransferOverlay {
  readonly #byPeer = new Map<bigint, DayClaim[]>()
  readonly #held = new Map<bigint, HeldRow[]>()
  /** What of a row's bytes no transfer has taken yet. */
  readonly #untaken = new Map<number, bigint>()
  readonly entries: Entries
  readonly #hostOf: (address: AddressHalves) => AddressHalves

  /** `hostOf` gives one address for all addresses of a host. */
  constructor(
    claims: readonly DayClaim[],
    entries: Entries,
    hostOf: (address: AddressHalves) => AddressHalves = (address) => address,
  ) {
    this.entries = entries
    this.#hostOf = hostOf
    for (const claim of claims) {
      if (!isStated(claim.transfer.peer)) continue
      const key = addressKey(claim.transfer.peer)
      const group = this.#byPeer.get(key)
      if (group) group.push(claim)
      else this.#byPeer.set(key, [claim])
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
   * Remembers rows [from, to) of `entries` as those of flow `i`, if they are posted at all. Where a row was labelled later
   * (it, its reversal, the labelled one), the last of the three is what stands. `label`: what attribution says of the flow.
   */
  hold(flows: ReadFlows, i: number, from: number, to: number, label?: Label): void {
    const { inside, peer, seg_start_ms, seg_end_ms, inside_port, peer_port, bytes_in } = flows.data
    const flow = {
      host: addressKey(this.#hostOf(addressAt(inside, i))),
      start_ms: seg_start_ms[i],
      end_ms: seg_end_ms[i],
      ports: inside_port[i] * 65_536 + peer_port[i],
      bytes_in: countAt(bytes_in, i),
      account: label?.account ?? 0,
      own_login: label?.method === methodCode.ssh_tuple,
      is_ssh: label?.method === methodCode.ssh_tuple || inside_port[i] === sshPort,
      is_web: webPorts.has(inside_port[i]),
    }
    const key = addressKey(addressAt(peer, i))
    const rows = this.#held.get(key) ?? []
    const { posting_only, accounts, place } = this.entries.data
    for (let row = from; row < to; row++) {
      if (accounts[row] === 0 || place[row] !== placeCode.border) return
      if (row + 1 < to && posting_only[row + 1] === 1) row += 2
      rows.push({ row, ...flow })
    }
    this.#held.set(key, rows)
  }

  /** Labels the held rows; `relabel` gives a row the changed label. What was claimed beyond them is returned. */
  apply(relabel: Relabel): DayClaim[] {
    const excess: DayClaim[] = []
    for (const [peer, claims] of [...this.#byPeer].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const all = (this.#held.get(peer) ?? []).sort((a, b) => this.#order(a, b))
      const rows = { all, byAccount: rowsByAccount(all) }
      let left = claims.sort(inOrder)
      for (const carries of [inItsTicks, inItsFlows]) {
        left = left
          .map((claim) => ({ ...claim, bytes: this.#label(claim, rows, carries(claim), relabel) }))
          .filter(({ bytes }) => bytes > 0n)
      }
      excess.push(...left)
    }
    return excess
  }

  /** Labels rows of the claim's day that may have carried it; returns what they had no room for. */
  #label({ transfer, day, bytes }: DayClaim, rows: PeerRows, carries: Carries, relabel: Relabel): bigint {
    const hostKey = isStated(transfer.host) ? addressKey(this.#hostOf(transfer.host)) : undefined
    let left = bytes
    for (const held of likeliestFirst(transfer.account, rows)) {
      if (left === 0n) break
      const { row, host } = held
      const data = this.entries.data
      const tick = data.tick[row]
      if (!carries(tick, held) || Math.floor(tick / ticksPerDay) !== day) continue
      if ((hostKey !== undefined && host !== hostKey) || isOther(transfer, held)) continue
      const carried = countAt(data.bytes_out, row)
      const untaken = this.#untaken.get(row) ?? carried
      if (untaken === 0n) continue
      const taken = untaken < left ? untaken : left
      left -= taken
      this.#untaken.set(row, untaken - taken)
      const before = carried - untaken
      const isHalf = 2n * before <= carried && 2n * (before + taken) > carried
      this.#split(row, { taken, carried, isHalf }, transfer, relabel)
    }
    return left
  }

  /**
   * Moves `taken` bytes of the posting to the transfer's label: a reversal of the share and the share anew. A flow is counted
   * with the transfer that takes the row's bytes beyond their half.
   */
  #split(row: number, { taken, carried, isHalf }: Share, transfer: TransferRecord, relabel: Relabel): void {
    const shares = (['bytes_out', 'bytes_out_lo', 'bytes_out_hi'] as const).map((name) => {
      const whole = countAt(this.entries.data[name], row)
      return { name, share: name === 'bytes_out' ? taken : (whole * taken) / carried }
    })
    const moved = isHalf ? countAt(this.entries.data.flows, row) : 0n
    const known = Math.max(this.entries.data.known_tick[row], tickOf(transfer.end_ms))
    const reversal = copyRow(this.entries, row)
    const labelled = copyRow(this.entries, row)
    const data = this.entries.data
    for (const copy of [reversal, labelled]) {
      const sign = copy === reversal ? -1n : 1n
      data.posting_only[copy] = 1
      data.known_tick[copy] = known
      for (const name of ['bytes_in', 'packets_out', 'packets_in'] as const) setCount(data[name], copy, 0)
      setCount(data.flows, copy, BigInt.asUintN(64, sign * moved))
      for (const { name, share } of shares) setCount(data[name], copy, BigInt.asUintN(64, sign * share))
    }
    const change: Partial<LabelFields> = { vault: transfer.vault, client_org: transfer.client_org }
    if (transfer.project > 0) change.project = transfer.project
    if (transfer.account > 0) change.account = transfer.account
    relabel(labelled, { ...change, method: methodCode.transfer, confidence: 95 }, transfer.peer)
  }

  #order(a: HeldRow, b: HeldRow): number {
    const { tick, known_tick, bytes_out } = this.entries.data
    return (
      tick[a.row] - tick[b.row] ||
      compare(a.host, b.host) ||
      compare(countAt(bytes_out, a.row), countAt(bytes_out, b.row)) ||
      known_tick[a.row] - known_tick[b.row] ||
      a.start_ms - b.start_ms ||
      a.end_ms - b.end_ms ||
      a.ports - b.ports ||
      compare(a.bytes_in, b.bytes_in)
    )
  }
}

/** Of a row's bytes, those that a transfer takes. */
interface Share {
  taken: bigint
  carried: bigint
  /** With these, more than half of the row is taken, and was not before. */
  isHalf: boolean
}

/** Whether a row in this tick may have carried a transfer. */
type Carries = (tick: number, held: HeldRow) => boolean

function inItsTicks({ transfer }: DayClaim): Carries {
  const [first, last] = [tickOf(transfer.start_ms - slackMs), tickOf(transfer.end_ms + slackMs)]
  return (tick) => tick >= first && tick <= last
}

const sshPort = 22
const webPorts: ReadonlySet<number> = new Set([80, 443])

/** Whether the flow is of a protocol that did not carry this transfer, as far as tool and port tell. */
function isOther({ over_ssh }: TransferRecord, { is_ssh, is_web }: HeldRow): boolean {
  return over_ssh === undefined ? false : over_ssh ? is_web && !is_ssh : is_ssh
}

function inItsFlows({ transfer }: DayClaim): Carries {
  const [from_ms, to_ms] = [transfer.start_ms - slackMs, transfer.end_ms + slackMs]
  return (_, { start_ms, end_ms }) => start_ms <= to_ms && end_ms >= from_ms
}

function rowsByAccount(rows: readonly HeldRow[]): Map<number, HeldRow[]> {
  const byAccount = new Map<number, HeldRow[]>()
  for (const row of rows) {
    const group = byAccount.get(row.account)
    if (group) group.push(row)
    else byAccount.set(row.account, [row])
  }
  return byAccount
}

function* likeliestFirst(account: number, { all, byAccount }: PeerRows): Iterable<HeldRow> {
  if (account === 0) {
    yield* all
    return
  }
  yield* byAccount.get(account) ?? []
  yield* byAccount.get(0) ?? []
  for (const row of all) if (row.account !== account && row.account !== 0 && !row.own_login) yield row
}

function inOrder({ transfer: a, ...before }: DayClaim, { transfer: b, ...after }: DayClaim): number {
  return (
    before.day - after.day ||
    a.start_ms - b.start_ms ||
    a.end_ms - b.end_ms ||
    compare(a.bytes, b.bytes) ||
    compare(addressKey(a.host), addressKey(b.host)) ||
    compare(a.tie, b.tie)
  )
}

function compare<T extends bigint | string>(a: T, b: T): number {
  return a === b ? 0 : a < b ? -1 : 1
}

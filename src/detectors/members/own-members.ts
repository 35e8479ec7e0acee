/**
 * Members of a campaign that was declared by a name, an account or a client, instead of a sum: all peers and hosts of its rows
 * since then, where any of them is what it was declared for. No past tells them apart, the name does. A peer's weight is the share
 * of its unexplained bytes since then that has the name, less what had it before.
 */

import type { DayRows } from '../day-rows.ts'
import { pieceBytes } from '../sums/channels.ts'
import { memberWeight } from './member-hosts.ts'
import type { Found } from './members.ts'

/** Bytes of a peer. */
interface PeerSums {
  /** With the name, before the campaign and since; and since then what it was declared for, and with any name. */
  before: number
  own: number
  first: number
  maybe: number
  all: number
}

export interface OwnQuestion {
  since_day: number
  /** Days before are what is usual. */
  reference_from_day: number
  /** Whether a row has the name. */
  isOwn: (rows: DayRows, i: number) => boolean
  /** Whether such a row is what it was declared for. */
  isFirst: (rows: DayRows, i: number) => boolean
  /** Whether it may be, which counts for peers that never had the name before. */
  mayBeFirst?: (rows: DayRows, i: number) => boolean
}

export class OwnContacts {
  readonly #question: OwnQuestion
  readonly #peers = new Map<number, PeerSums>()
  /** Bytes with the name since then by host and peer. */
  readonly #hosts = new Map<number, Map<number, number>>()
  #until_day: number

  constructor(question: OwnQuestion) {
    this.#question = question
    this.#until_day = question.since_day + 1
  }

  /** Rows of a day or of a part of it. */
  add(rows: DayRows): void {
    const { since_day, isOwn: isOwnRow, isFirst, mayBeFirst } = this.#question
    this.#until_day = Math.max(this.#until_day, rows.day + 1)
    for (let i = 0; i < rows.length; i++) {
      const isOwn = isOwnRow(rows, i)
      if (rows.unexplained[i] === 0 || (rows.day < since_day && !isOwn)) continue
      const peer = rows.peer[i]
      const bytes = rows.bytes_out[i]
      const sums = this.#peers.get(peer) ?? { before: 0, own: 0, first: 0, maybe: 0, all: 0 }
      this.#peers.set(peer, sums)
      if (rows.day < since_day) {
        sums.before += bytes
        continue
      }
      sums.all += bytes
      if (!isOwn) continue
      sums.own += bytes
      if (isFirst(rows, i)) sums.first += bytes
      else if (mayBeFirst?.(rows, i)) sums.maybe += bytes
      const ofHost = this.#hosts.get(rows.host[i]) ?? new Map<number, number>()
      this.#hosts.set(rows.host[i], ofHost)
      ofHost.set(peer, (ofHost.get(peer) ?? 0) + bytes)
    }
  }

  /** Share of the bytes that it was declared for which went to such peers; 0 where nothing left. */
  shareTo(isSuch: (peer: number) => boolean): number {
    let [such, all] = [0, 0]
    for (const [peer, { first }] of this.#peers) {
      all += first
      if (isSuch(peer)) such += first
    }
    return all === 0 ? 0 : such / all
  }

  found(): Found {
    const { since_day, reference_from_day } = this.#question
    const usual = (this.#until_day - since_day) / Math.max(1, since_day - reference_from_day)
    const peers = new Map<number, number>()
    // what may be it speaks for itself alone: the name's owner has new addresses too
    for (const [peer, { before, own, first, maybe, all }] of this.#peers)
      if (first >= pieceBytes) peers.set(peer, Math.max(first, own - before * usual) / all)
      else if (before === 0 && first + maybe >= pieceBytes) peers.set(peer, (first + maybe) / all)
    const hosts = new Map<number, number>()
    for (const [host, ofHost] of this.#hosts) {
      for (const [peer, bytes] of ofHost) {
        const weight = peers.get(peer) ?? 0
        if (bytes >= pieceBytes && weight >= memberWeight) hosts.set(host, Math.max(weight, hosts.get(host) ?? 0))
      }
    }
    return { peers, hosts }
  }
}

/**
 * Who fetched what an account had never drawn from: all peers and hosts of these rows since the campaign began. No past tells
 * them apart, the account does: a peer's weight is the share of its unexplained bytes since then that are such rows.
 */
import { pieceBytes } from './channels.ts'
import type { DayRows } from './day-rows.ts'
import { memberWeight } from './member-hosts.ts'
import type { Found } from './members.ts'

export class AccountContacts {
  readonly #since_day: number
  /** By peer: bytes of the account's rows, and all. */
  readonly #peers = new Map<number, { own: number; all: number }>()
  /** Bytes of the account's rows by host and peer. */
  readonly #hosts = new Map<number, Map<number, number>>()

  constructor(since_day: number) {
    this.#since_day = since_day
  }

  /** Rows of a day or of a part of it; `isOwn`: of the account and of what it never drew from. */
  add(rows: DayRows, isOwn: (rows: DayRows, i: number) => boolean): void {
    if (rows.day < this.#since_day) return
    for (let i = 0; i < rows.length; i++) {
      if (rows.unexplained[i] === 0) continue
      const peer = rows.peer[i]
      const bytes = rows.bytes_out[i]
      const sums = this.#peers.get(peer) ?? { own: 0, all: 0 }
      this.#peers.set(peer, sums)
      sums.all += bytes
      if (!isOwn(rows, i)) continue
      sums.own += bytes
      const ofHost = this.#hosts.get(rows.host[i]) ?? new Map<number, number>()
      this.#hosts.set(rows.host[i], ofHost)
      ofHost.set(peer, (ofHost.get(peer) ?? 0) + bytes)
    }
  }

  found(): Found {
    const peers = new Map<number, number>()
    for (const [peer, { own, all }] of this.#peers) if (own >= pieceBytes) peers.set(peer, own / all)
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

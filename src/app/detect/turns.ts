/** What became of a campaign: declared, named, joined by another declaration or parted from it, and each time it became half or twice as many. */
import type { HistoryEntry } from '../../model/incident.ts'
import { tickMs } from '../../model/window.ts'

/** A number of members that changed by less is the same campaign as it was. */
const factor = 2

export class Turns {
  readonly #all: HistoryEntry[] = []
  #counted: { peers: number; hosts: number } | undefined

  /** In order of time. */
  get all(): readonly HistoryEntry[] {
    return this.#all
  }

  declared(tick: number, detector: string): void {
    this.#all.push({ at_ms: endOf(tick), kind: 'declared', detector, peers: 0, hosts: 0 })
  }

  /** Members as they were found at the end of a tick. */
  counted(tick: number, peers: number, hosts: number): void {
    const before = this.#counted
    if (!before) this.#turn(tick, 'named', peers, hosts)
    else if (peers >= factor * Math.max(1, before.peers) || hosts >= factor * Math.max(1, before.hosts))
      this.#turn(tick, 'grew', peers, hosts)
    else if ((peers < before.peers && factor * peers <= before.peers) || factor * hosts <= before.hosts - 1)
      this.#turn(tick, 'shrank', peers, hosts)
  }

  /** A later declaration turned out to be more of the same. */
  joined(tick: number, detector: string, peers: number, hosts: number): void {
    this.#all.push({ at_ms: endOf(tick), kind: 'joined', detector, peers, hosts })
    if (this.#counted) this.#counted = { peers, hosts }
  }

  /** A later rise turned out to be something else, and took its members along. */
  parted(tick: number, detector: string, peers: number, hosts: number): void {
    this.#all.push({ at_ms: endOf(tick), kind: 'parted', detector, peers, hosts })
    if (this.#counted) this.#counted = { peers, hosts }
  }

  #turn(tick: number, kind: 'named' | 'grew' | 'shrank', peers: number, hosts: number): void {
    this.#all.push({ at_ms: endOf(tick), kind, peers, hosts })
    this.#counted = { peers, hosts }
  }
}

const endOf = (tick: number): number => (tick + 1) * tickMs

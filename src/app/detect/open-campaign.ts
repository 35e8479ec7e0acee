/**
 * A campaign from its declaration on: who belongs to it is found anew at the end of each day from all that is known by then,
 * and its peers are taken out of the sums that go on testing the rest.
 */
import type { ModuleId } from '../../detectors/budget.ts'
import type { DayRows } from '../../detectors/day-rows.ts'
import { BurstContacts } from '../../detectors/members/burst-members.ts'
import { Contacts } from '../../detectors/members/contacts.ts'
import { hostWeights, memberWeight } from '../../detectors/members/member-hosts.ts'
import { membersOf } from '../../detectors/members/members.ts'
import { OwnContacts } from '../../detectors/members/own-members.ts'
import { waveDays } from '../../detectors/members/waves.ts'
import type { PeerMemory } from '../../detectors/peer-memory.ts'
import { tickMs, ticksPerDay } from '../../model/window.ts'
import { HarmlessReading } from './harmless-reading.ts'
import { Turns } from './turns.ts'

/** Days of ordinary life that members are compared with. */
export const referenceDays = 28
/** Fewer newcomers than this come at once on many days; and after so many days there are always some. */
const fewestOfBurst = 5
const namedWithinDays = 7
/** A campaign is over after so many days without its members (DESIGN §6). */
export const quietDays = 30

/** What was declared, by whichever module. */
export interface Trigger {
  detector: ModuleId
  tick: number
  since_day: number
  since_ms: number
  log_e: number
  log_threshold: number
  /** Whether a row belongs to the sum that spoke. */
  inPool: (rows: DayRows, i: number) => boolean
  /** Rows of the name, an account or a client, that it was declared by, of which `inPool` is what it was declared for. */
  isOwn?: (rows: DayRows, i: number) => boolean
  /** Rows that may be it too where they go to peers that the name never had to do with. */
  mayBeFirst?: (rows: DayRows, i: number) => boolean
  /** Peers that were there before may be members too. */
  with_old: boolean
  kind: 'campaign' | 'fast_theft'
  /** Of a burst: some newcomers at once are no campaign; soon some of them prefer the same hosts, or nobody is named. */
  is_burst?: boolean
}

export class OpenCampaign<T extends Trigger = Trigger> {
  readonly trigger: T
  readonly contacts: Contacts
  readonly #burst: BurstContacts | undefined
  readonly #own: OwnContacts | undefined
  readonly #memory: PeerMemory
  #peers = new Map<number, number>()
  #hosts = new Map<number, number>()
  #lastActiveDay: number
  #namedTick: number | undefined
  #toldTick: number | undefined
  #isWork = true
  #reading: HarmlessReading | undefined
  readonly #turns = new Turns()
  #updatedTick = Number.NEGATIVE_INFINITY
  readonly #adopted: OpenCampaign<T>[] = []
  readonly #parted: OpenCampaign<T>[] = []
  readonly #partedOnce = new Set<OpenCampaign<T>>()

  constructor(trigger: T, memory: PeerMemory) {
    this.trigger = trigger
    this.#memory = memory
    this.contacts = new Contacts(this.reference_from_day)
    this.#burst = trigger.kind === 'fast_theft' ? new BurstContacts(Math.floor(trigger.since_ms / tickMs)) : undefined
    const { isOwn, since_day, inPool: isFirst, mayBeFirst } = trigger
    this.#own =
      isOwn === undefined
        ? undefined
        : new OwnContacts({ isOwn, since_day, isFirst, mayBeFirst, reference_from_day: this.reference_from_day })
    this.#lastActiveDay = trigger.since_day
    this.#turns.declared(trigger.tick, trigger.detector)
  }

  get reference_from_day(): number {
    return Math.max(this.#memory.memory_day, this.trigger.since_day - referenceDays)
  }

  get peers(): ReadonlyMap<number, number> {
    return this.#peers
  }

  get hosts(): ReadonlyMap<number, number> {
    return this.#hosts
  }

  get last_active_day(): number {
    return this.#lastActiveDay
  }

  /**
   * The tick at whose end it was declared, somebody could be named, and it was more than work; a sum of which nobody is known is no
   * incident yet.
   */
  get detected_tick(): number {
    return Math.max(this.trigger.tick, this.#namedTick ?? nothing, this.#toldTick ?? nothing)
  }

  /** Whether it was an incident on some evening. */
  get wasTold(): boolean {
    return this.#toldTick !== undefined
  }

  /** It is an incident by what is known at the end of `tick`. */
  told(tick: number): void {
    this.#reading = undefined
    this.#toldTick ??= tick
    this.#isWork = false
  }

  /** More is known than when it was told, and it is no incident any more. */
  becameWork(): void {
    this.#isWork = true
  }

  /** Whether it was one when it was last looked at. */
  get isIncident(): boolean {
    return !this.#isWork
  }

  /** Whether its members have a harmless reading so far. */
  get isExplained(): boolean {
    return this.#reading !== undefined
  }

  /** What became of it, in order. */
  get turns(): Turns['all'] {
    return this.#turns.all
  }

  /** Whether somebody was ever named. */
  get isNamed(): boolean {
    return this.#namedTick !== undefined
  }

  /** What explains its members says nothing of who draws other things: they are others' until something is declared anew. */
  explained(isSuch: (rows: DayRows, i: number) => boolean): void {
    if (!this.#own) this.#reading ??= new HarmlessReading(this.#peers.keys(), isSuch)
  }

  isMember(peer: number): boolean {
    return (this.#peers.get(peer) ?? 0) >= memberWeight
  }

  /** A burst is a campaign once a declaration that is none turned out to be more of it. */
  get kind(): Trigger['kind'] {
    return this.#adopted.some(({ kind }) => kind === 'campaign') ? 'campaign' : this.trigger.kind
  }

  /** Ticks whose rows are its own: of a burst only those of its hours, with those of all that is more of it. */
  get ticks(): { from: number; to: number } {
    const own = this.#burst
      ? { from: Math.floor(this.trigger.since_ms / tickMs), to: this.#burst.until_tick }
      : { from: this.trigger.since_day * ticksPerDay, to: Number.POSITIVE_INFINITY }
    const all = [own, ...this.#adopted.map(({ ticks }) => ticks)]
    return { from: Math.min(...all.map(({ from }) => from)), to: Math.max(...all.map(({ to }) => to)) }
  }

  /** Whether what began on this day began well after it was declared. */
  isLongBefore(since_day: number): boolean {
    return since_day >= Math.floor(this.trigger.tick / ticksPerDay) + waveDays
  }

  /** Whether its members may still be found on this day. */
  isOpen(day: number): boolean {
    return day - this.#lastActiveDay <= quietDays && (this.isNamed || this.#mayBeNamed(day * ticksPerDay))
  }

  /** Whether its members are left out of the sums on this day: those of work that is over, or of a burst that lapsed, count again. */
  takes(day: number): boolean {
    return this.isIncident || this.isOpen(day)
  }

  /** Rows of a day or of a part of it; in order, from `reference_from_day` on. */
  add(rows: DayRows): void {
    this.contacts.add(rows, this.trigger.inPool)
    this.#burst?.add(rows, this.trigger.inPool)
    this.#own?.add(rows)
    for (const other of this.#adopted) other.add(rows)
    this.#reading?.add(rows)
  }

  /** Who belongs to it by all that was added, which is what was known at the end of `tick`. */
  update(tick: number): void {
    this.#updatedTick = tick
    const { trigger, contacts } = this
    const found =
      this.#burst?.found() ??
      this.#own?.found() ??
      membersOf(contacts, {
        since_day: trigger.since_day,
        reference_from_day: this.reference_from_day,
        until_day: contacts.to_day,
        firstSeen: (peer) => this.#memory.firstDay(peer),
        withOld: trigger.with_old,
      })
    this.#peers = found.peers
    this.#hosts = found.hosts
    for (const other of this.#adopted) {
      other.update(tick)
      this.#take(other)
    }
    this.#keepOut()
    this.#leave(tick)
    if (this.#namedTick === undefined && this.#canBeNamed(tick)) this.#namedTick = tick
    if (this.isNamed) this.#turns.counted(tick, countMembers(this.#peers), countMembers(this.#hosts))
    for (let day = contacts.to_day - 1; day > this.#lastActiveDay; day--) {
      if ([...contacts.onDay(day).keys()].some((peer) => this.isMember(peer))) {
        this.#lastActiveDay = day
        break
      }
    }
  }

  #canBeNamed(tick: number): boolean {
    const { is_burst, kind } = this.trigger
    const [peers, hosts] = [countMembers(this.#peers), countMembers(this.#hosts)]
    if (!is_burst || kind === 'fast_theft') return peers > 0
    return peers >= fewestOfBurst && hosts > 0 && this.#mayBeNamed(tick)
  }

  /** A burst of which nobody was named within days is left to the sums of hours and days. */
  #mayBeNamed(tick: number): boolean {
    return !this.trigger.is_burst || tick < this.trigger.tick + namedWithinDays * ticksPerDay
  }

  /** Takes over a later declaration that turned out to be more of this one. */
  adopt(other: OpenCampaign<T>): void {
    this.#adopted.push(other)
    this.#reading = undefined
    this.#take(other)
    const [peers, hosts] = [countMembers(this.#peers), countMembers(this.#hosts)]
    this.#turns.joined(Math.max(this.#updatedTick, other.trigger.tick), other.trigger.detector, peers, hosts)
  }

  /** Leaves the members of a later rise to it, which is a campaign of its own. */
  part(other: OpenCampaign<T>): void {
    this.#parted.push(other)
  }

  /** Whoever was there before the rise stays, and all do while the rise is work. */
  #leave(tick: number): void {
    for (const other of this.#parted.filter(({ wasTold }) => wasTold)) {
      const before = this.#peers.size
      for (const [peer, weight] of other.peers)
        if (weight >= memberWeight && this.#memory.firstDay(peer) >= other.trigger.since_day) this.#peers.delete(peer)
      if (this.#peers.size === before || this.#partedOnce.has(other)) continue
      this.#partedOnce.add(other)
      const [peers, hosts] = [countMembers(this.#peers), countMembers(this.#hosts)]
      this.#turns.parted(tick, other.trigger.detector, peers, hosts)
    }
  }

  /** Who would join after its members were explained is nobody's yet, nor are the hosts that only they drew from. */
  #keepOut(): void {
    const reading = this.#reading
    if (!reading) return
    const before = this.#peers.size
    for (const peer of this.#peers.keys()) if (!reading.isOf(peer)) this.#peers.delete(peer)
    if (this.#peers.size < before) this.#hosts = hostWeights(this.contacts, this.#peers)
  }

  #take({ peers, hosts }: OpenCampaign<T>): void {
    for (const [peer, weight] of peers) if (weight > (this.#peers.get(peer) ?? 0)) this.#peers.set(peer, weight)
    for (const [host, weight] of hosts) if (weight > (this.#hosts.get(host) ?? 0)) this.#hosts.set(host, weight)
  }

  /** Of what a name was declared for, the share of the bytes that went to such peers; 0 for what a sum declared. */
  shareTo(isSuch: (peer: number) => boolean): number {
    return this.#own?.shareTo(isSuch) ?? 0
  }

  /** Of its members' bytes, the share that went to members of another. */
  sharedWith(other: OpenCampaign<T>): number {
    let [shared, total] = [0, 0]
    for (const [peer, weight] of this.#peers) {
      if (weight < memberWeight) continue
      let bytes = 0
      for (const each of this.contacts.hostsOf(peer)) bytes += weight * each.bytes
      total += bytes
      if (other.isMember(peer)) shared += bytes
    }
    return total === 0 ? 0 : shared / total
  }

  /** Bytes of its members by host, since it began. */
  bytesByHost(): Map<number, number> {
    const sums = new Map<number, number>()
    for (const [peer, weight] of this.#peers) {
      if (weight < memberWeight) continue
      for (const { host, bytes } of this.contacts.hostsOf(peer)) sums.set(host, (sums.get(host) ?? 0) + weight * bytes)
    }
    return sums
  }
}

const nothing = Number.NEGATIVE_INFINITY

function countMembers(weights: ReadonlyMap<number, number>): number {
  let count = 0
  for (const weight of weights.values()) if (weight >= memberWeight) count++
  return count
}

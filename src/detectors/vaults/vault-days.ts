/** What was read of each vault on a day, by host, and what left of it; and which vaults are large enough to be watched. */
import type { DayRows } from '../day-rows.ts'
import type { Excluded } from '../sums/tally.ts'
import { UsualBytes } from './dark-days.ts'

const leastShare = 0.001
const mostWatched = 2000
/** Of a vault's reads, that usually are on hosts whose audit is silent. */
const mostDark = 0.1

export interface VaultDay {
  read: number
  left: number
}

interface Day extends VaultDay {
  /** By host. */
  reads: Map<number, number>
  /** Explained, or taken by an open incident: reads that nobody need ask about. */
  accounted: number
}

const nothing: Day = { read: 0, left: 0, reads: new Map(), accounted: 0 }

export class VaultDays {
  readonly #nameOf: (vault: number) => string
  readonly #large = new Set<number>()
  readonly auditedHosts = new Set<number>()
  /** Hosts of which the audit says next to nothing today. */
  readonly darkHosts = new Set<number>()
  readonly #usual = new Map<number, UsualBytes>()
  /** Reads of the vaults that are watched, by host. */
  readonly #hosts = new Map<number, Map<number, number>>()
  #day = new Map<number, Day>()
  #total: Day = { ...nothing }

  /** `nameOf` orders vaults of equal size: ids differ from state to state. */
  constructor(nameOf: (vault: number) => string) {
    this.#nameOf = nameOf
  }

  take(rows: DayRows, reads: DayRows, isTaken: Excluded): void {
    this.#day = new Map()
    this.#total = { read: 0, left: 0, reads: new Map(), accounted: 0 }
    for (let i = 0; i < rows.length; i++) {
      if (rows.vault[i] === 0) continue
      const isAccounted = rows.unexplained[i] === 0 || isTaken(rows, i)
      for (const each of [this.#of(rows.vault[i]), this.#total]) {
        if (isAccounted) each.accounted += rows.bytes_out[i]
        else each.left += rows.bytes_out[i]
      }
    }
    for (let i = 0; i < reads.length; i++) {
      this.auditedHosts.add(reads.host[i])
      for (const each of [this.#of(reads.vault[i]), this.#total]) {
        each.read += reads.bytes_out[i]
        each.reads.set(reads.host[i], (each.reads.get(reads.host[i]) ?? 0) + reads.bytes_out[i])
      }
    }
    this.#learnHosts()
  }

  /** Whether so much of its reads is usually on hosts that are dark today that nothing can be said. */
  isDark(vault: number): boolean {
    const hosts = this.#hosts.get(vault)
    if (!hosts || this.darkHosts.size === 0) return false
    let [all, dark] = [0, 0]
    for (const [host, bytes] of hosts) {
      all += bytes
      if (this.darkHosts.has(host)) dark += bytes
    }
    return dark >= mostDark * all && dark > 0
  }

  #learnHosts(): void {
    this.darkHosts.clear()
    for (const host of this.auditedHosts) {
      const usual = this.#usual.get(host) ?? new UsualBytes()
      this.#usual.set(host, usual)
      if (usual.isLow(this.#total.reads.get(host) ?? 0)) this.darkHosts.add(host)
    }
    for (const vault of this.#large) {
      const hosts = this.#hosts.get(vault) ?? new Map<number, number>()
      this.#hosts.set(vault, hosts)
      for (const [host, bytes] of this.#day.get(vault)?.reads ?? []) hosts.set(host, (hosts.get(host) ?? 0) + bytes)
    }
  }

  /** Of all vaults, as it was told. */
  get total(): VaultDay {
    return { read: this.#total.read, left: this.#total.left + this.#total.accounted }
  }

  /** Vaults to be watched from this day on, those before included: larger ones first. */
  large(): ReadonlySet<number> {
    const { read, left } = this.total
    const fresh = [...this.#day]
      .map(([vault, day]) => ({ vault, share: Math.max(part(day.read, read), part(day.left + day.accounted, left)) }))
      .filter(({ vault, share }) => vault !== 0 && share >= leastShare && !this.#large.has(vault))
      .sort((a, b) => b.share - a.share || (this.#nameOf(a.vault) < this.#nameOf(b.vault) ? -1 : 1))
    for (const { vault } of fresh) if (this.#large.size < mostWatched) this.#large.add(vault)
    return this.#large
  }

  /** What is asked about of a vault, reads on these hosts only; and the same of all others. */
  of(vault: number, hosts: ReadonlySet<number>): { own: VaultDay; others: VaultDay } {
    const day = this.#day.get(vault) ?? nothing
    const [own, all] = [readOn(day, hosts), readOn(this.#total, hosts)]
    return {
      own: { read: Math.max(0, own - day.accounted), left: day.left },
      others: {
        read: Math.max(0, all - own - (this.#total.accounted - day.accounted)),
        left: this.#total.left - day.left,
      },
    }
  }

  #of(vault: number): Day {
    const known = this.#day.get(vault)
    if (known) return known
    const day: Day = { read: 0, left: 0, reads: new Map(), accounted: 0 }
    this.#day.set(vault, day)
    return day
  }
}

/** Hosts in the order in which they were read on, so that sums are the same in every state. */
function readOn({ reads }: Day, hosts: ReadonlySet<number>): number {
  let sum = 0
  for (const [host, bytes] of reads) if (hosts.has(host)) sum += bytes
  return sum
}

function part(bytes: number, total: number): number {
  return total > 0 ? bytes / total : 0
}

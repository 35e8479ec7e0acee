/** What hosts sent by day as plain code: a Map for each day. What `HostDays` must equal. */
import { shares } from '../app/detect/host-days.ts'
import type { DayRows } from '../detectors/day-rows.ts'

export class PlainHostDays {
  readonly #days = new Map<number, Map<number, number>>()
  readonly #roles = new Map<number, number>()
  readonly #site = new Map<number, number>()
  readonly #hours = new Map<number, Float64Array>()
  readonly #vaults = new Set<number>()
  #last_tick = Number.NEGATIVE_INFINITY

  day(rows: DayRows): [] {
    const hosts = new Map<number, number>()
    const hours = new Float64Array(24)
    let site = 0
    for (let i = 0; i < rows.length; i++) {
      hosts.set(rows.host[i], (hosts.get(rows.host[i]) ?? 0) + rows.bytes_out[i])
      this.#roles.set(rows.host[i], rows.role[i])
      if (rows.vault[i] !== 0) this.#vaults.add(rows.vault[i])
      hours[Math.floor((rows.tick[i] % 144) / 6)] += rows.bytes_out[i]
      site += rows.bytes_out[i]
      this.#last_tick = Math.max(this.#last_tick, rows.tick[i])
    }
    this.#days.set(rows.day, hosts)
    this.#site.set(rows.day, site)
    this.#hours.set(rows.day, hours)
    return []
  }

  /** The last tick in which anything was judged. */
  get last_tick(): number {
    return this.#last_tick
  }

  hosts(): Iterable<number> {
    return this.#roles.keys()
  }

  role(host: number): number {
    return this.#roles.get(host) ?? 0
  }

  /** Vaults of which anything was ever seen to leave. */
  get vaults(): ReadonlySet<number> {
    return this.#vaults
  }

  on(host: number, day: number): number {
    return this.#days.get(day)?.get(host) ?? 0
  }

  /** Days [from, to) of a host, of those that were observed. */
  past(host: number, from_day: number, to_day: number): Float64Array {
    const values: number[] = []
    for (let day = from_day; day < to_day; day++) {
      const hosts = this.#days.get(day)
      if (hosts) values.push(hosts.get(host) ?? 0)
    }
    return Float64Array.from(values)
  }

  site(from_day: number, to_day: number): bigint {
    let sum = 0n
    for (let day = from_day; day < to_day; day++) sum += BigInt(Math.round(this.#site.get(day) ?? 0))
    return sum
  }

  /** Share of the site's bytes by hour of day. */
  hours(from_day: number, to_day: number): number[] {
    const sums = new Float64Array(24)
    for (let day = from_day; day < to_day; day++)
      this.#hours.get(day)?.forEach((bytes, hour) => {
        sums[hour] += bytes
      })
    return shares(sums)
  }
}

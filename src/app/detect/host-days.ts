/** What each host and the site sent on each day, all of it: what own alarm lines are drawn from. */
import type { DayRows } from '../../detectors/day-rows.ts'
import { SumsById } from '../../model/sums-by-id.ts'
import { TouchOrder } from '../../model/touch-order.ts'

const hourMs = 3_600_000

/** Bytes by host number, numbers ascending: 12 bytes for each host that sent anything. */
interface DayBytes {
  hosts: Int32Array
  bytes: Float64Array
  site: number
  hours: Float64Array
}

export class HostDays {
  readonly #days = new Map<number, DayBytes>()
  readonly #hosts = new TouchOrder()
  /** By host number, the last that was seen. */
  #roles = new Uint8Array(64)
  readonly #vaults = new Set<number>()
  readonly #today = new SumsById()
  #last_tick = Number.NEGATIVE_INFINITY

  day(rows: DayRows): [] {
    const { host, role, vault, tick, bytes_out } = rows
    const hours = new Float64Array(24)
    let site = 0
    this.#today.clear()
    for (let i = 0; i < rows.length; i++) {
      const number = this.#hosts.add(host[i])
      this.#today.add(number, bytes_out[i])
      if (number === this.#roles.length) this.#grow()
      this.#roles[number] = role[i]
      if (vault[i] !== 0) this.#vaults.add(vault[i])
      hours[Math.floor((tick[i] % 144) / 6)] += bytes_out[i]
      site += bytes_out[i]
      this.#last_tick = Math.max(this.#last_tick, tick[i])
    }
    this.#days.set(rows.day, { ...this.#sorted(), site, hours })
    return []
  }

  /** The last tick in which anything was judged. */
  get last_tick(): number {
    return this.#last_tick
  }

  /** In the order in which they were first seen. */
  *hosts(): Iterable<number> {
    for (let number = 0; number < this.#hosts.size; number++) yield this.#hosts.id(number)
  }

  role(host: number): number {
    const number = this.#hosts.find(host)
    return number < 0 ? 0 : this.#roles[number]
  }

  /** Vaults of which anything was ever seen to leave. */
  get vaults(): ReadonlySet<number> {
    return this.#vaults
  }

  on(host: number, day: number): number {
    const found = this.#days.get(day)
    return found ? bytesOf(found, this.#hosts.find(host)) : 0
  }

  /** Days [from, to) of a host, of those that were observed. */
  past(host: number, from_day: number, to_day: number): Float64Array {
    const number = this.#hosts.find(host)
    const values = new Float64Array(Math.max(0, to_day - from_day))
    let length = 0
    for (let day = from_day; day < to_day; day++) {
      const found = this.#days.get(day)
      if (found) values[length++] = bytesOf(found, number)
    }
    return values.subarray(0, length)
  }

  site(from_day: number, to_day: number): bigint {
    let sum = 0n
    for (let day = from_day; day < to_day; day++) sum += BigInt(Math.round(this.#days.get(day)?.site ?? 0))
    return sum
  }

  /** All that left the site in the hours that a time touches. */
  siteHours(from_ms: number, to_ms: number): bigint {
    let sum = 0
    for (let hour = Math.floor(from_ms / hourMs); hour * hourMs < to_ms; hour++)
      sum += this.#days.get(Math.floor(hour / 24))?.hours[hour % 24] ?? 0
    return BigInt(Math.round(sum))
  }

  /** Share of the site's bytes by hour of day. */
  hours(from_day: number, to_day: number): number[] {
    const sums = new Float64Array(24)
    for (let day = from_day; day < to_day; day++)
      this.#days.get(day)?.hours.forEach((bytes, hour) => {
        sums[hour] += bytes
      })
    return shares(sums)
  }

  #sorted(): Pick<DayBytes, 'hosts' | 'bytes'> {
    const hosts = this.#today.ids().sort()
    return { hosts, bytes: Float64Array.from(hosts, (number) => this.#today.sum(this.#today.find(number))) }
  }

  #grow(): void {
    const larger = new Uint8Array(2 * this.#roles.length)
    larger.set(this.#roles)
    this.#roles = larger
  }
}

function bytesOf({ hosts, bytes }: DayBytes, number: number): number {
  let low = 0
  let high = hosts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (hosts[middle] < number) low = middle + 1
    else high = middle
  }
  return hosts[low] === number ? bytes[low] : 0
}

export function shares(sums: ArrayLike<number>): number[] {
  const whole = Array.from(sums).reduce((sum, each) => sum + each, 0)
  return Array.from(sums, (each) => (whole === 0 ? 0 : each / whole))
}

/** Octets of flows on the wire by the hour: packets in Ethernet frames, spread evenly over the time of each flow. */
import { hourMs } from '../centre/day-shape.ts'
import type { Flow } from '../records.ts'
import { packetsOf } from './zeek.ts'

const framing = 18

export interface Octets {
  out: number
  in: number
}

export class OctetHours {
  readonly #hours = new Map<number, Octets>()

  /** What stays inside a tunnel that is itself a flow is left out. */
  add(flow: Flow): void {
    if (flow.way === 'inner') return
    const wire = (way: 'out' | 'in'): number => {
      const [packets, ip_bytes] = packetsOf(flow, way, (way === 'out') !== flow.from_peer)
      return ip_bytes + packets * framing
    }
    const [out, into] = [wire('out'), wire('in')]
    const last_ms = Math.max(flow.end_ms, flow.start_ms + 1)
    for (let hour = Math.floor(flow.start_ms / hourMs); hour * hourMs < last_ms; hour++) {
      const part = Math.min(last_ms, (hour + 1) * hourMs) - Math.max(flow.start_ms, hour * hourMs)
      const share = part / (last_ms - flow.start_ms)
      let sums = this.#hours.get(hour)
      if (!sums) {
        sums = { out: 0, in: 0 }
        this.#hours.set(hour, sums)
      }
      sums.out += out * share
      sums.in += into * share
    }
  }

  /** What came together in an hour; forgets it. */
  take(hour: number): Octets {
    const sums = this.#hours.get(hour) ?? { out: 0, in: 0 }
    this.#hours.delete(hour)
    return sums
  }

  /** Hours that were not taken yet, in order. */
  get hours(): number[] {
    return [...this.#hours.keys()].sort((a, b) => a - b)
  }
}

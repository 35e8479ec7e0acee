/** Octets of the border link by the hour, as neutral events: all that crossed it, in packets and Ethernet frames. */
import { hourMs } from '../centre/day-shape.ts'
import type { Flow } from '../records.ts'
import type { Emit, LogFile } from './log.ts'
import { packetsOf } from './zeek.ts'

const counters: LogFile = { folder: 'counters' }
const framing = 18
/** What the link carries and flows do not hold: routing, ARP, broken frames. */
const overhead = 1.004

export class BorderCounters {
  readonly #hours = new Map<number, { out: number; in: number }>()

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

  /** Writes and forgets the hours that end by `until_ms`; no later flow may begin in them. */
  close(from_ms: number, until_ms: number, emit: Emit): void {
    for (let hour = from_ms / hourMs; (hour + 1) * hourMs <= until_ms; hour++) {
      const sums = this.#hours.get(hour) ?? { out: 0, in: 0 }
      this.#hours.delete(hour)
      const octets = { octets_out: Math.round(sums.out * overhead), octets_in: Math.round(sums.in * overhead) }
      const span = { start_ms: hour * hourMs, end_ms: (hour + 1) * hourMs }
      // written a moment before the hour is over, so that the last of a day stands in that day's file
      emit(
        counters,
        'border.ndjson',
        span.end_ms - 1,
        `${JSON.stringify({ type: 'counter', link: 'border1', ...octets, ...span })}\n`,
      )
    }
  }
}

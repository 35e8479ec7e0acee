/** Octets of the border link by the hour, as neutral events: all that crossed it, in packets and Ethernet frames. */
import { hourMs } from '../centre/day-shape.ts'
import type { Flow } from '../records.ts'
import type { Emit, LogFile } from './log.ts'
import { OctetHours } from './octet-hours.ts'

const counters: LogFile = { folder: 'counters' }
/** What the link carries and flows do not hold: routing, ARP, broken frames. */
export const linkOverhead = 1.004

export class BorderCounters {
  readonly #hours = new OctetHours()

  add(flow: Flow): void {
    this.#hours.add(flow)
  }

  /** Writes and forgets the hours that end by `until_ms`; no later flow may begin in them. */
  close(from_ms: number, until_ms: number, emit: Emit): void {
    for (let hour = from_ms / hourMs; (hour + 1) * hourMs <= until_ms; hour++) {
      const sums = this.#hours.take(hour)
      const octets = { octets_out: Math.round(sums.out * linkOverhead), octets_in: Math.round(sums.in * linkOverhead) }
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

/** What every part of the background is given for a day, and the draws that they share. */
import type { Centre } from '../centre/centre.ts'
import { dayMs, firstDayMs } from '../centre/day-shape.ts'
import type { Flow, Sink } from '../records.ts'
import { Stream } from '../stream.ts'

export interface DayContext {
  centre: Centre
  day: number
  start_ms: number
}

/** One way in which the centre's people and machines use its network, on one day. */
export type Part = (context: DayContext, sink: Sink) => void

export function dayContext(centre: Centre, day: number): DayContext {
  return { centre, day, start_ms: firstDayMs + day * dayMs }
}

/** The part's own randomness for the day. */
export function streamOf({ centre, day }: DayContext, part: string): Stream {
  return new Stream(centre.seed, 'background', part, day)
}

/** How many of `per_day` (at scale 1) take place. */
export function countOf(
  context: DayContext,
  stream: Stream,
  part: string,
  per_day: number,
  who: 'person' | 'program',
): number {
  const { centre, day } = context
  return stream.poisson(per_day * centre.scale * centre.shape.level(day, part, who))
}

/** Nine in ten of what would take place during an outage of storage do not. Draws either way. */
export function isLost({ centre }: DayContext, stream: Stream, ms: number): boolean {
  return stream.chance(0.9) && centre.shape.isDown(ms)
}

/** An identifier as Zeek makes them. */
export function newUid(stream: Stream): string {
  return `C${stream.text(17)}`
}

/** A client's port, of the range that Linux takes them from. */
export function ephemeralPort(stream: Stream): number {
  return stream.int(32_768, 60_999)
}

/** At least a second, and as long as `bytes` take at this rate. */
export function lastsMs(bytes: number, bits_per_second: number): number {
  return Math.max(1000, Math.min(20 * 3_600_000, Math.round((bytes * 8000) / bits_per_second)))
}

export const plainFlow = { proto: 'tcp', conn_state: 'SF', way: 'border', account: '' } as const satisfies Partial<Flow>

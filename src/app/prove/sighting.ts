/** Whether one virtual campaign was found by the end of the books, and how soon. */
import type { ArrivalColumns } from '../../model/arrival.ts'
import type { Findings } from '../../model/incident.ts'
import { dayMs, tickMs } from '../../model/window.ts'
import type { Injection } from '../../prove/injection.ts'
import { bytesBefore, firstTick, peersOf } from './placement.ts'

export interface Sighting {
  share: number
  hosts: number
  days: number
  start_ms: number
  gb_per_day: number
  /** An incident names one of its peers. */
  found: boolean
  /** From the first byte; null if it was not found, or joined an incident that was open before. */
  delay_days: number | null
  /** What had left when it was found; null as above. */
  bytes_lost: number | null
}

export function sightingOf(injection: Injection, { incidents }: Findings): Sighting {
  const { spec, bytes_out } = injection
  const peers = peersOf(injection)
  const start_ms = firstTick(injection) * tickMs
  const naming = incidents
    .map(({ members, detected_at_ms }) => ({
      detected_at_ms,
      named: members.peers.filter(({ id }) => peers.has(id)).length,
    }))
    .filter(({ named }) => named > 0)
    .sort((a, b) => b.named - a.named)
  const own = naming.find(({ detected_at_ms }) => detected_at_ms > start_ms)
  return {
    ...{ share: spec.share, hosts: spec.hosts, days: spec.days, start_ms },
    ...{ gb_per_day: bytes_out / spec.days / 1e9, found: naming.length > 0 },
    delay_days: own ? (own.detected_at_ms - start_ms) / dayMs : null,
    bytes_lost: own ? bytesBefore(injection, own.detected_at_ms) : null,
  }
}

/** What of it leaves before a tick; the plan stays the same. */
export function beforeTick(injection: Injection, until_tick: number): Injection {
  const days = new Map<number, ArrivalColumns>()
  for (const [day, columns] of injection.days) {
    const { data, length } = columns
    let kept = length
    // rows are in the order of their ticks
    while (kept > 0 && data.tick[kept - 1] >= until_tick) kept--
    columns.length = kept
    if (kept > 0) days.set(day, columns)
  }
  return { ...injection, days }
}

/** What each sensor said, and when it was silent. */
import { tickMs } from '../../../model/window.ts'
import { gapsOf } from '../../gaps.ts'
import type { SiteNames } from '../../site-names.ts'
import type { MemoryStore } from '../memory-store.ts'
import { hourMs } from '../tallies.ts'
import type { SensorRow } from './census-report.ts'
import { compareTexts } from './top.ts'

const ticksPerHour = hourMs / tickMs
/** A sensor's ticks are spelled out only for spans that a log can have: 30 years of them. */
const mostTicks = 1_600_000

export function sensorsOf(store: MemoryStore, names: SiteNames): SensorRow[] {
  return [...store.sensors.all]
    .map(([sensor, activity]): SensorRow => {
      const spans = activity.ticks.merged()
      const name = store.texts.texts[sensor]
      return {
        sensor: name,
        accounts: names.accounts(sensor),
        first_ms: activity.first_ms,
        last_ms: activity.last_ms,
        flows: activity.flows,
        probes: activity.probes,
        silent_hours: silentHours(spans),
        gaps: gapsOf(name, ticksOf(spans)),
      }
    })
    .sort((a, b) => b.flows - a.flows || compareTexts(a.sensor, b.sensor))
}

/** Hours in which any sensor that accounts logged something, ascending. */
export function observedHours(store: MemoryStore, names: SiteNames): number[] {
  const hours = new Set<number>()
  for (const [sensor, { ticks }] of store.sensors.all) {
    if (!names.accounts(sensor)) continue
    for (const { first, last } of ticks.merged())
      for (let hour = Math.floor(first / ticksPerHour); hour <= Math.floor(last / ticksPerHour); hour++) hours.add(hour)
  }
  return [...hours].sort((a, b) => a - b)
}

function silentHours(spans: readonly { first: number; last: number }[]): number {
  let silent = 0
  for (let i = 1; i < spans.length; i++) {
    const lastHour = Math.floor(spans[i - 1].last / ticksPerHour)
    const nextHour = Math.floor(spans[i].first / ticksPerHour)
    silent += Math.max(0, nextHour - lastHour - 1)
  }
  return silent
}

function ticksOf(spans: readonly { first: number; last: number }[]): number[] {
  const ticks: number[] = []
  for (const { first, last } of spans)
    for (let tick = first; tick <= last && ticks.length < mostTicks; tick++) ticks.push(tick)
  return ticks
}

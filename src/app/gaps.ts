/**
 * Times in which a sensor said nothing. A sensor that fills at least nine ticks in ten is steady, and an hour of silence
 * is a gap; a sparse one is asked only for whole days. Silence during a gap proves nothing.
 */
import { tickMs, ticksPerDay } from '../model/window.ts'

export interface Gap {
  source: string
  start_ms: number
  end_ms: number
  reason: string
}

const steadyShare = 0.9
const steadyGapTicks = 6

/** `ticks` ascending, those in which the sensor logged anything. */
export function gapsOf(source: string, ticks: readonly number[]): Gap[] {
  if (ticks.length < 2) return []
  const span = ticks[ticks.length - 1] - ticks[0] + 1
  const least = ticks.length >= span * steadyShare ? steadyGapTicks : ticksPerDay
  const gaps: Gap[] = []
  for (let i = 1; i < ticks.length; i++) {
    const silent = ticks[i] - ticks[i - 1] - 1
    if (silent >= least) {
      gaps.push({ source, start_ms: (ticks[i - 1] + 1) * tickMs, end_ms: ticks[i] * tickMs, reason: 'silent' })
    }
  }
  return gaps
}

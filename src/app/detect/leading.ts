/** What carried a declaration, in the units of its channels: level since it began, and what its own past predicts. */
import { grains } from '../../detectors/sums/stream.ts'
import { amountOf } from '../../detectors/sums/tally.ts'
import type { Declaration, Series } from '../../detectors/sums/watch.ts'
import type { LeadingEvidence } from '../../incidents/case.ts'
import { quantile } from '../../math/robust.ts'
import { dayMs, ticksPerDay } from '../../model/window.ts'
import { channelOf, detectorOf } from './series-words.ts'

/** Values of scales beyond a day are held by day. */
const heldPerDay = (series: Series): number => Math.max(1, grains[series.scale].slotsPerDay)

/** Days of its past that tell what is expected. */
const pastDays = 56

export function leadingOf(declared: Declaration): LeadingEvidence[] {
  return declared.leading.map(({ series, log_e, since_ms, reference }) => {
    const since_day = Math.floor(since_ms / dayMs)
    const observed_per_day = perDaySince(series, since_ms, declared.tick)
    const past = dayAmounts(series, Math.max(series.first_day, since_day - pastDays), since_day).sort()
    const mean = (of: Float64Array): number =>
      of.length === 0 ? 0 : of.reduce((sum, each) => sum + each, 0) / of.length
    return {
      detector: detectorOf(series),
      subject: series.pool_name,
      channel: channelOf(series),
      scale: series.scale,
      log_e,
      since_ms,
      observed_per_day,
      expected_per_day: mean(past),
      ...(past.length < 7
        ? {}
        : { expected_low_per_day: quantile(past, 0.05), expected_high_per_day: quantile(past, 0.95) }),
      unit: series.measure.unit,
      reference_ticks: reference,
    }
  })
}

/** Mean of a day over the slots from the start of the evidence to the tick of the declaration, both included. */
function perDaySince(series: Series, since_ms: number, tick: number): number {
  const slotsPerDay = heldPerDay(series)
  const first = Math.floor((since_ms / dayMs) * slotsPerDay)
  const end = Math.floor(((tick + 1) * slotsPerDay) / ticksPerDay)
  let sum = 0
  for (let slot = first; slot < end; slot++) {
    const day = Math.floor(slot / slotsPerDay)
    if (series.values.has(day)) sum += amountOf(series.measure.id, series.values.value(day, slot % slotsPerDay))
  }
  return (sum / Math.max(1, end - first)) * slotsPerDay
}

function dayAmounts(series: Series, from_day: number, to_day: number): Float64Array {
  const amounts: number[] = []
  for (let day = Math.max(from_day, series.first_day); day < to_day; day++) {
    let sum = 0
    if (series.values.has(day))
      for (let slot = 0; slot < heldPerDay(series); slot++)
        sum += amountOf(series.measure.id, series.values.value(day, slot))
    amounts.push(sum)
  }
  return Float64Array.from(amounts)
}

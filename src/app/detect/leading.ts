/** What carried a declaration, in the units of its channels: level since it began, and what its own past predicts. */
import { amountOf } from '../../detectors/tally.ts'
import type { Declaration, Series, Watch } from '../../detectors/watch.ts'
import type { LeadingEvidence } from '../../incidents/case.ts'
import { quantile } from '../../math/robust.ts'
import { dayMs } from '../../model/window.ts'

/** Days of its past that tell what is expected. */
const pastDays = 56

export function leadingOf(declared: Declaration, _: Watch, day: number): LeadingEvidence[] {
  return declared.leading.map(({ series, log_e, since_ms, reference }) => {
    const since_day = Math.floor(since_ms / dayMs)
    const now = dayAmounts(series, since_day, day + 1)
    const past = dayAmounts(series, Math.max(series.first_day, since_day - pastDays), since_day).sort()
    const mean = (of: Float64Array): number =>
      of.length === 0 ? 0 : of.reduce((sum, each) => sum + each, 0) / of.length
    return {
      detector: `${series.band.id}_${series.measure.id}`,
      subject: series.pool_name,
      channel: `${series.measure.title} of ${series.band.title}`,
      scale: series.scale,
      log_e,
      since_ms,
      observed_per_day: mean(now),
      expected_per_day: mean(past),
      ...(past.length < 7
        ? {}
        : { expected_low_per_day: quantile(past, 0.05), expected_high_per_day: quantile(past, 0.95) }),
      unit: series.measure.unit,
      reference_ticks: reference,
    }
  })
}

function dayAmounts(series: Series, from_day: number, to_day: number): Float64Array {
  const amounts: number[] = []
  for (let day = from_day; day < to_day; day++) {
    const held = series.days.get(day)
    if (held) amounts.push(held.values.reduce((sum, value) => sum + amountOf(series.measure.id, value), 0))
    else if (day >= series.first_day) amounts.push(0)
  }
  return Float64Array.from(amounts)
}

/** Costs as cells of a table. */
import { countText } from '../text.ts'

/** From microseconds up. */
export function timeText(ms: number): string {
  // of other processes only Linux tells
  if (!Number.isFinite(ms)) return '–'
  if (ms < 1) return `${threeDigits(1000 * ms)} µs`
  return ms < 1000 ? `${threeDigits(ms)} ms` : `${threeDigits(ms / 1000)} s`
}

/** `–` where there is nothing to compare with. */
export function ratioText(value: number, baseline: number | undefined): string {
  return baseline !== undefined && baseline > 0 && Number.isFinite(value) ? threeDigits(value / baseline) : '–'
}

export function threeDigits(value: number): string {
  if (value >= 1000) return countText(Math.round(value))
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)
}

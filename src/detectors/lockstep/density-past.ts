/**
 * A density of overlapping windows against its own past. Two windows have nothing in common if they end a window's length apart:
 * so the last one is left out (a dense block is not its own past), and what lies before is cut into spans of that length, of which
 * the largest value counts. If such spans are exchangeable, a value is as likely the largest of all spans as one in their number
 * and itself, or less, as it is compared with the largest of each. Neighbouring spans share edges at their borders: nearly.
 * Beyond the largest of all, an exponential tail of the upper half goes on, its mean excess at the upper end of its 95 % interval,
 * as in `sums/past.ts`.
 */
import { median } from '../../math/robust.ts'

/** Fewer spans are no past. */
export const leastSpans = 4

export interface DensityRank {
  /** Probability under the past that a span holds a value as large; no opinion where `spans` is below `leastSpans`: 1. */
  p: number
  spans: number
  /** Of all spans. */
  largest: number
}

export class DensityPast {
  readonly #window_days: number
  /** By day, without gaps. */
  readonly #values: number[] = []

  constructor(window_days: number) {
    this.#window_days = window_days
  }

  /** Ranks the value of the next day, and remembers it. */
  next(value: number): DensityRank {
    const rank = this.#rankOf(value)
    this.#values.push(value)
    return rank
  }

  #rankOf(value: number): DensityRank {
    const width = this.#window_days
    // the last value whose window ended before this one began
    const end = this.#values.length - width + 1
    const spans = Math.max(0, Math.floor(end / width))
    const maxima = new Float64Array(spans)
    for (let n = 0; n < spans; n++) maxima[n] = Math.max(...this.#values.slice(end - (n + 1) * width, end - n * width))
    const largest = spans === 0 ? 0 : Math.max(...maxima)
    return { p: spans < leastSpans ? 1 : upperTail(value, maxima), spans, largest }
  }
}

function upperTail(value: number, maxima: Float64Array): number {
  const m = maxima.length
  let atLeast = 0
  for (const each of maxima) if (each >= value) atLeast++
  const rank = (1 + atLeast) / (m + 1)
  if (atLeast > 0) return rank
  const middle = median(maxima)
  const k = Math.floor(m / 2)
  let excess = 0
  for (const each of maxima) excess += Math.max(0, each - middle)
  const mean = (excess / k) * (1 + 1.96 / Math.sqrt(k))
  return mean > 0 ? Math.min(rank, (k / (m + 1)) * Math.exp(-(value - middle) / mean)) : rank
}

/**
 * A density of overlapping windows against its own past. Two windows have nothing in common if they end a window's length apart:
 * so the last one is left out (a dense block is not its own past), and what lies before is cut into spans of that length, of which
 * the largest value counts. If such spans are exchangeable, a value is as likely the largest of all spans as one in their number
 * and itself, or less, as it is compared with the largest of each. Neighbouring spans share edges at their borders: nearly.
 * Beyond the largest of all, what the upper half foretells goes on: if k excesses over the median that sum up to S are exponential, the
 * next is beyond x with probability (1 + x/S)^−k, exactly, however few they are (Lomax; e.g. Geisser, Predictive Inference, 1993).
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
  /** Values in a window's length. */
  readonly #width: number
  /** One after the other, without gaps. */
  readonly #values: number[] = []

  constructor(width: number) {
    this.#width = width
  }

  /** Ranks the next value, and remembers it. */
  next(value: number): DensityRank {
    const rank = this.#rankOf(value)
    this.#values.push(value)
    return rank
  }

  #rankOf(value: number): DensityRank {
    const width = this.#width
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
  // spans that are all alike tell nothing of what lies beyond
  return excess > 0 ? Math.min(rank, (k / (m + 1)) * (1 + (value - middle) / excess) ** -k) : rank
}

/** How many of those found along a score are beyond what the past lets expect: a local false discovery rate (Efron, 2010, §5). */
import { isotonic } from '../../math/isotonic.ts'

/** Peers along the score over which their excess is taken. */
const perBin = 25

/** Share of those found along the score that the past does not let expect; never falling with the score. */
export function excessShare(found: Float64Array, past: Float64Array, expected: number): Float64Array {
  const order = Array.from(found.keys()).sort((a, b) => found[a] - found[b] || a - b)
  const sortedPast = Float64Array.from(past).sort()
  const bins = Math.max(4, Math.min(200, Math.floor(found.length / perBin)))
  const raw: number[] = []
  const sizes: number[] = []
  let at = 0
  for (let bin = 0; bin < bins; bin++) {
    const from = Math.floor((bin * order.length) / bins)
    const to = Math.floor(((bin + 1) * order.length) / bins)
    if (to === from) continue
    const edge = to === order.length ? Number.POSITIVE_INFINITY : found[order[to]]
    const start = at
    while (at < sortedPast.length && sortedPast[at] < edge) at++
    raw.push(1 - ((at - start) / past.length) * (expected / (to - from)))
    sizes.push(to - from)
  }
  const smooth = isotonic(raw, sizes)
  const shares = new Float64Array(found.length)
  let member = 0
  for (let bin = 0; bin < sizes.length; bin++) {
    for (let n = 0; n < sizes[bin]; n++) shares[order[member++]] = Math.max(0, Math.min(1, smooth[bin]))
  }
  return shares
}

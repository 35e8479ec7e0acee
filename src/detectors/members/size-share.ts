/**
 * Of peers found, the share that the past does not let expect among those of about the same size. A score over many features tells
 * the kind of a peer, but a stranger a hundred times as large as the rest would bring most of a campaign's bytes with it.
 */
import { firstFrom } from '../../math/first-from.ts'

/** About the same: within this factor. */
const about = 2

/** One share, 0 … 1, for each of `found` (bytes); `past` (bytes) are those of another time, each of which would come `times` here. */
export function sizeShare(found: Float64Array, past: Float64Array, times: number): Float64Array {
  const [sortedFound, sortedPast] = [found.slice().sort(), past.slice().sort()]
  return found.map((bytes) => {
    const [low, high] = [bytes / about, bytes * about]
    const ofPast = within(sortedPast, low, high)
    // half a peer more: that none came in the past does not say that none ever does
    const usual = times * ofPast + 0.5 * Math.min(1, times)
    return Math.max(0, 1 - usual / within(sortedFound, low, high))
  })
}

function within(sorted: Float64Array, low: number, high: number): number {
  return firstFrom(sorted, high * (1 + Number.EPSILON)) - firstFrom(sorted, low)
}

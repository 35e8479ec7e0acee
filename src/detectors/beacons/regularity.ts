/**
 * How far the intervals between beginnings crowd around one length, against what the host's own day would make of as many.
 * For each length on a grid from half an hour to half a day: those within a fifth of it (`own`) among those within a half and double
 * (`near`) are set against the share that a process would have there which begins at random in proportion to what the host does at that
 * hour. The score is the binomial tail of that as −log p, at its largest length, in nats, less the logarithm of the lengths tried.
 * Only neighbouring lengths are compared, so bursts, sessions and nights without work, which make many short and some long intervals,
 * crowd nowhere; a crowd counts if it fills a quarter of the time. Intervals and not phases: a beacon that sleeps a random time after each call keeps no phase.
 * Sources: reference/algorithms.md §4 (beaconing; the null is of the host's hours, not of shuffled gaps); Chernoff's bound of the
 * binomial tail, n·KL(k/n ‖ r), which never says more than the tail itself.
 */
import { windowTicks } from './pair-activity.ts'

const shortest = 3
const longest = 72
/** An interval belongs to a length within this factor, or is near it within the other. */
const ownFactor = 1.2
const nearFactor = 2
/** Steps of the grid: half of what `own` is wide. */
const step = Math.sqrt(ownFactor)
/** Of the time from the first beginning to the last, the intervals that crowd fill as much: a job's runs of a few hours a night do not. */
const leastFilled = 0.25
/** Fewer intervals are no rhythm. */
const fewestIntervals = 8
export const fewestOnsets = fewestIntervals + 1

/** Lengths in ticks. */
const lengths: readonly number[] = Array.from(
  { length: 1 + Math.floor(Math.log(longest / shortest) / Math.log(step)) },
  (_, i) => shortest * step ** i,
)

export interface Regularity {
  /** Nats; 0: nothing crowds. */
  score: number
  /** Mean of the intervals that crowd, in ticks. */
  period_ticks: number
  /** Intervals that crowd, and all near them. */
  own: number
  near: number
}

/**
 * `onsets`: ticks within the window, ascending, of which the first `count` hold. `cumulative` (shape [ticks of the window + 1]): how much
 * of what the host does lies before each tick, from 0 on, increasing.
 */
export function regularityOf(onsets: Uint16Array, count: number, cumulative: Float64Array): Regularity {
  const none = { score: 0, period_ticks: 0, own: 0, near: 0 }
  if (count < fewestOnsets) return none
  let best: Regularity = none
  const rate = count / cumulative[windowTicks]
  const span = onsets[count - 1] - onsets[0]
  for (const length of lengths) {
    const found = crowdAt(onsets, count, length)
    if (found.own < fewestIntervals || found.own * found.period_ticks < leastFilled * span) continue
    const share = shareAt(onsets, count, length, cumulative, rate)
    const score = tailScore(found.own, found.near, share) - Math.log(lengths.length)
    if (score > best.score) best = { ...found, score }
  }
  return best
}

function crowdAt(onsets: Uint16Array, count: number, length: number): Omit<Regularity, 'score'> {
  let own = 0
  let near = 0
  let sum = 0
  for (let j = 1; j < count; j++) {
    const gap = onsets[j] - onsets[j - 1]
    if (gap < length / nearFactor || gap > length * nearFactor) continue
    near++
    if (gap < length / ownFactor || gap > length * ownFactor) continue
    own++
    sum += gap
  }
  return { period_ticks: own === 0 ? 0 : sum / own, own, near }
}

/** Expected share of `own` among `near` if each next beginning comes at random as the host's hours have it, averaged over the beginnings. */
function shareAt(onsets: Uint16Array, count: number, length: number, cumulative: Float64Array, rate: number): number {
  let own = 0
  let near = 0
  for (let j = 0; j < count - 1; j++) {
    const from = onsets[j]
    // an interval of g ticks: no beginning until then, and one in the tick
    const none = (ticks: number): number =>
      Math.exp(-rate * (cumulative[Math.min(windowTicks, from + ticks)] - cumulative[Math.min(windowTicks, from)]))
    own += none(Math.ceil(length / ownFactor)) - none(Math.floor(length * ownFactor) + 1)
    near += none(Math.ceil(length / nearFactor)) - none(Math.floor(length * nearFactor) + 1)
  }
  return near > 0 ? own / near : 1
}

/** n·KL(k/n ‖ r) in nats; 0 where k/n ≤ r. */
function tailScore(k: number, n: number, r: number): number {
  const q = k / n
  if (q <= r) return 0
  return n * (q * Math.log(q / r) + (q < 1 ? (1 - q) * Math.log((1 - q) / (1 - r)) : 0))
}

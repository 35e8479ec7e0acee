/**
 * From the scores of a pool's hosts to one number per statistic and block of days (reference/algorithms.md §2.2). The sum sees that
 * many hosts send a little more; the others look for a few among many. Those take off what the middle host of the pool did on the
 * same day: what all do together is for the sum to tell, and would drown a few. Each number is judged against its own past only, so
 * that hosts may depend on each other in any way. All are symmetric in the hosts.
 */
import { berkJones } from '../../math/berk-jones.ts'
import { normalCdf } from '../../math/normal.ts'
import { clip, median } from '../../math/robust.ts'

/** Where a few are looked for, each may stand out by so many deviations: it must not be one that carries it all. */
const cutOfFew = 4
/** Among fewer hosts there are no few. */
export const leastHosts = 8

/** Scores of hosts less that of the middle one, cut; NaN of those without, by their numbers. */
export function beyondMiddle(scores: Float64Array): Float64Array {
  const middle = median(scores)
  return scores.map((score) => clip(score - middle, -cutOfFew, cutOfFew))
}

/** How many hosts have a score. */
export function judgedHosts(scores: Float64Array): number {
  let count = 0
  for (let host = 0; host < scores.length; host++) if (!Number.isNaN(scores[host])) count++
  return count
}

/**
 * Berk–Jones of standardised scores, as √(2 · nats), about as large as a normal score (Wilks): steps of about equal size at any
 * level. NaN with too few hosts.
 */
export function berkJonesOf(scores: Float64Array): number {
  if (judgedHosts(scores) < leastHosts) return Number.NaN
  const p = scores.map((score) => (Number.isNaN(score) ? score : normalCdf(-score)))
  return Math.sqrt(2 * berkJones(p))
}

/** Σ z / √n of the scores that are there; NaN of none. */
export function sumOf(scores: Float64Array): number {
  let sum = 0
  for (let host = 0; host < scores.length; host++) if (!Number.isNaN(scores[host])) sum += scores[host]
  const judged = judgedHosts(scores)
  return judged === 0 ? Number.NaN : sum / Math.sqrt(judged)
}

/** Scores of a block of days added up, by the hosts' numbers. */
export class ScoreSums {
  #sums = new Float64Array(16)
  #days = new Float64Array(16)

  copy(): ScoreSums {
    const copy = new ScoreSums()
    copy.#sums = this.#sums.slice()
    copy.#days = this.#days.slice()
    return copy
  }

  add(scores: Float64Array): void {
    if (scores.length > this.#sums.length) this.#grow(2 * scores.length)
    for (let host = 0; host < scores.length; host++) {
      if (Number.isNaN(scores[host])) continue
      this.#sums[host] += scores[host]
      this.#days[host]++
    }
  }

  /** Σ z / √days: of unit variance where days are independent and of unit variance. NaN of hosts without any. Begins anew. */
  take(): Float64Array {
    const found = this.#sums.map((sum, host) => (this.#days[host] > 0 ? sum / Math.sqrt(this.#days[host]) : Number.NaN))
    this.#sums.fill(0)
    this.#days.fill(0)
    return found
  }

  #grow(room: number): void {
    const [sums, days] = [new Float64Array(room), new Float64Array(room)]
    sums.set(this.#sums)
    days.set(this.#days)
    this.#sums = sums
    this.#days = days
  }
}

/**
 * Scores of earlier pairs, most of which are 0, against which the next are ranked. Beyond the largest, an exponential tail of the scores
 * above 0 goes on. A score is −log p of a model, so the tail's mean is taken as no less than 1, whatever was seen; and as larger in
 * proportion to what as few scores leave open (1.96/√k, k of them above 0).
 */
export class ScorePast {
  /** Above 0, ascending. */
  #positive: number[] = []
  size = 0

  /** Remembers the scores of a week. */
  push(scores: readonly number[]): void {
    this.size += scores.length
    this.#positive.push(...scores.filter((score) => score > 0))
    this.#positive.sort((a, b) => a - b)
  }

  /** Probability under the past that a pair's score is as large; 1 for a score of 0. */
  upperTail(score: number): number {
    if (!(score > 0)) return 1
    const k = this.#positive.length
    const atLeast = k - countBelow(this.#positive, score)
    const rank = (1 + atLeast) / (this.size + 1)
    if (atLeast > 0) return rank
    const sum = this.#positive.reduce((total, each) => total + each, 0)
    const mean = Math.max(1, sum / Math.max(1, k)) * (1 + 1.96 / Math.sqrt(Math.max(1, k)))
    return Math.max(leastProbability, Math.min(rank, ((k + 1) / (this.size + 1)) * Math.exp(-score / mean)))
  }
}

/** What no past of pairs can support. */
const leastProbability = 1e-12

function countBelow(ascending: readonly number[], value: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ascending[middle] < value) low = middle + 1
    else high = middle
  }
  return low
}

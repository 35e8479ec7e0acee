import { keyedWords } from '../math/keyed-uniform.ts'

/**
 * p-value of `observed` among the same statistic of shuffled data: (1 + #{≥ observed}) / (n + 1). Valid if the shuffles
 * leave the law of the data as it is under the null; never below 1/(n + 1). NaN counts as no less: it cannot speak
 * against the null.
 * Source: Phipson & Smyth, Permutation P-values Should Never Be Zero (2010).
 */
export function permutationTail(observed: number, statistics: ArrayLike<number>): number {
  let atLeast = 0
  for (let i = 0; i < statistics.length; i++) if (!(statistics[i] < observed)) atLeast++
  return (1 + atLeast) / (statistics.length + 1)
}

/**
 * Seeded shuffles, the same on every machine. Each continues the stream of the one before.
 * Generator: sfc32 (Doty-Humphrey, PractRand), 32-bit whole numbers; at least 2^32 draws before it can repeat.
 */
export class Shuffler {
  #a: number
  #b: number
  #c: number
  #count = 1

  constructor(seed: number) {
    const [a, b] = keyedWords(seed, ['shuffle', 0])
    this.#a = a | 0
    this.#b = b | 0
    this.#c = keyedWords(seed, ['shuffle', 1])[0] | 0
    for (let i = 0; i < 12; i++) this.#word()
  }

  /** Whole, 0 ≤ n < `end` ≤ 2^32, each equally likely. */
  below(end: number): number {
    const fair = 0x100000000 - (0x100000000 % end)
    let word = this.#word()
    while (word >= fair) word = this.#word()
    return word % end
  }

  /** Reorders `values` in place, every order equally likely (Fisher–Yates). */
  shuffle(values: Int32Array): void {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.below(i + 1)
      const kept = values[i]
      values[i] = values[j]
      values[j] = kept
    }
  }

  #word(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#count) | 0
    this.#count = (this.#count + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }
}

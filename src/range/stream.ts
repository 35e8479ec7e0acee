/**
 * Seeded randomness by name. Two streams of one seed and different names know nothing of each other, so what one part of the
 * centre draws cannot shift what another does: a campaign leaves every line of the background as it was.
 * Generator: sfc32 (Doty-Humphrey, PractRand), seeded by four hashes of seed and name.
 */
import { hash32 } from '../model/hash.ts'
import { exp, ln, normalQuantile } from './portable-math.ts'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** A whole number in [0, 2^32) that depends on the parts alone. */
export function hashOf(...parts: readonly (string | number)[]): number {
  const bytes = new TextEncoder().encode(parts.join('/'))
  return hash32(bytes, 0, bytes.length, 0x57656972)
}

export class Stream {
  #a: number
  #b: number
  #c: number
  #d = 1

  constructor(seed: number, ...name: readonly (string | number)[]) {
    this.#a = hashOf(seed, 'a', ...name)
    this.#b = hashOf(seed, 'b', ...name)
    this.#c = hashOf(seed, 'c', ...name)
    for (let i = 0; i < 12; i++) this.word()
  }

  /** 32 random bits. */
  word(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#d) | 0
    this.#d = (this.#d + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** In (0, 1): never an end, so that it has a logarithm and a quantile. */
  unit(): number {
    return (this.word() + 0.5) / 4294967296
  }

  between(low: number, high: number): number {
    return low + this.unit() * (high - low)
  }

  /** Whole, both ends included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1))
  }

  chance(share: number): boolean {
    return this.unit() < share
  }

  of<T>(values: readonly T[]): T {
    return values[this.int(0, values.length - 1)]
  }

  /** Exponential with this mean. */
  wait(mean: number): number {
    return -mean * ln(this.unit())
  }

  normal(): number {
    return normalQuantile(this.unit())
  }

  /** Lognormal with this mean (not median); `sigma` is the deviation of the logarithm. */
  lognormal(mean: number, sigma: number): number {
    return mean * exp(sigma * this.normal() - (sigma * sigma) / 2)
  }

  /** Pareto from 1 up, with this tail index. */
  pareto(index: number): number {
    return exp(-ln(this.unit()) / index)
  }

  /** How many of many independent rare things happened. Above 40 by the normal approximation. */
  poisson(mean: number): number {
    if (mean > 40) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()))
    const end = exp(-mean)
    let product = this.unit()
    let count = 0
    for (; product > end; count++) product *= this.unit()
    return count
  }

  /** `length` characters of base64's alphabet, the last two of it left out unless `all`. */
  text(length: number, all = false): string {
    let text = ''
    for (let i = 0; i < length; i++) text += letters[this.int(0, all ? 63 : 61)]
    return text
  }

  hex(length: number): string {
    let text = ''
    while (text.length < length) text += this.word().toString(16).padStart(8, '0')
    return text.slice(0, length)
  }

  /** `count` different values in random order; all of them if there are no more. */
  some<T>(values: readonly T[], count: number): T[] {
    const left = [...values]
    const taken = Math.min(count, left.length)
    for (let i = 0; i < taken; i++) {
      const j = this.int(i, left.length - 1)
      const kept = left[i]
      left[i] = left[j]
      left[j] = kept
    }
    return left.slice(0, taken)
  }
}

/** Draws indexes in proportion to weights. */
export class Weighted {
  readonly #sums: Float64Array

  constructor(weights: readonly number[]) {
    this.#sums = new Float64Array(weights.length)
    let sum = 0
    for (const [i, weight] of weights.entries()) {
      sum += weight
      this.#sums[i] = sum
    }
  }

  draw(stream: Stream): number {
    const at = stream.unit() * this.#sums[this.#sums.length - 1]
    let low = 0
    let high = this.#sums.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#sums[middle] > at) high = middle
      else low = middle + 1
    }
    return low
  }
}

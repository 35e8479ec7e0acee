/** Seeded draws for simulated logs. */
import { seeded } from '../seeded.ts'

export class Draw {
  readonly random: () => number

  constructor(seed: number) {
    this.random = seeded(seed)
  }

  between(low: number, high: number): number {
    return low + this.random() * (high - low)
  }

  int(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1))
  }

  /** Exponential with this mean. */
  wait(mean: number): number {
    return -mean * Math.log(1 - this.random())
  }

  of<T>(values: readonly T[]): T {
    return values[this.int(0, values.length - 1)]
  }

  chance(share: number): boolean {
    return this.random() < share
  }

  /** Heavy-tailed bytes: lognormal with this median. */
  bytes(median: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(2 * Math.PI * this.random())
    return Math.max(1, Math.round(median * Math.exp(1.6 * normal)))
  }
}

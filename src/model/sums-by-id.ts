import { TouchOrder } from './touch-order.ts'

/**
 * Sums by id, numbered in the order in which ids first came since `clear`. Each runs in the order of its `add`s, so that equal
 * calls give equal sums to the last bit. As much room as `TouchOrder` and 8 bytes for each of the most ids at once.
 */
export class SumsById {
  readonly #order = new TouchOrder()
  #sums = new Float64Array(64)

  get size(): number {
    return this.#order.size
  }

  /** Adds to the sum of `id`, which begins at 0; its number. */
  add(id: number, amount: number): number {
    const before = this.#order.size
    const number = this.#order.add(id)
    if (number < before) {
      this.#sums[number] += amount
      return number
    }
    if (number === this.#sums.length) {
      const larger = new Float64Array(2 * number)
      larger.set(this.#sums)
      this.#sums = larger
    }
    this.#sums[number] = amount
    return number
  }

  /** The number of `id`, −1 if it did not come. */
  find(id: number): number {
    return this.#order.find(id)
  }

  id(number: number): number {
    return this.#order.id(number)
  }

  sum(number: number): number {
    return this.#sums[number]
  }

  /** Copies, in order. */
  ids(): Int32Array {
    return this.#order.ids()
  }

  sums(): Float64Array {
    return this.#sums.slice(0, this.size)
  }

  clear(): void {
    this.#order.clear()
  }
}

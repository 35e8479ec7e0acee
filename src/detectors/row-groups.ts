import { TouchOrder } from '../model/touch-order.ts'

/**
 * Rows of a day by a key, keys in the order in which they first came, rows of a key in the order in which they were given: a
 * counting sort. 4 bytes for each row of the largest day so far, which are kept for the next.
 */
export class RowGroups {
  readonly keys = new TouchOrder()
  #rows = new Int32Array(0)
  #ends = new Int32Array(64)

  /** Groups the rows anew; `keyOf` is asked twice and must give the same. Keys are ids as `TouchOrder` takes them. */
  group(rows: Int32Array, keyOf: (i: number) => number): void {
    this.#clear()
    for (let n = 0; n < rows.length; n++) this.#count(this.keys.add(keyOf(rows[n])))
    this.#begin()
    for (let n = 0; n < rows.length; n++) this.#put(this.keys.find(keyOf(rows[n])), rows[n])
  }

  /** The same of rows 0 … `length` − 1, without those whose key is negative. */
  groupSome(length: number, keyOf: (i: number) => number): void {
    this.#clear()
    for (let i = 0; i < length; i++) {
      const key = keyOf(i)
      if (key >= 0) this.#count(this.keys.add(key))
    }
    this.#begin()
    for (let i = 0; i < length; i++) {
      const key = keyOf(i)
      if (key >= 0) this.#put(this.keys.find(key), i)
    }
  }

  /** The rows of a key's number: a view, which the next `group` overwrites. */
  of(number: number): Int32Array {
    return this.#rows.subarray(number === 0 ? 0 : this.#ends[number - 1], this.#ends[number])
  }

  #clear(): void {
    this.keys.clear()
    this.#ends.fill(0)
  }

  #count(number: number): void {
    if (number === this.#ends.length) {
      const larger = new Int32Array(2 * number)
      larger.set(this.#ends)
      this.#ends = larger
    }
    this.#ends[number]++
  }

  /** Counts become the places at which each key's rows begin, from where they grow to the ends. */
  #begin(): void {
    let start = 0
    for (let number = 0; number < this.keys.size; number++) {
      const count = this.#ends[number]
      this.#ends[number] = start
      start += count
    }
    // days differ a little: room that nobody writes to takes no memory of the machine's
    if (this.#rows.length < start) this.#rows = new Int32Array(Math.ceil(1.5 * start))
  }

  #put(number: number, row: number): void {
    this.#rows[this.#ends[number]++] = row
  }
}

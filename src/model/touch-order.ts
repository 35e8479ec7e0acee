/**
 * Ids, whole numbers from 0 on, → numbers 0, 1, 2 … in the order in which they first came since `clear`, which costs nothing
 * however many there were. 4 bytes for each id up to the largest that ever came, 4 for each of the most that came at once;
 * meant for ids that are dense. A negative id is a RangeError.
 * Source: Briggs & Torczon, An efficient representation for sparse sets (1993).
 */
const firstRoom = 64

export class TouchOrder {
  size = 0
  #ids = new Int32Array(firstRoom)
  /** By id; what is left from before `clear` is told by `#ids` that do not answer to it. */
  #numbers = new Int32Array(firstRoom)

  /** The number of `id`, which is added if it is new: then the answer is `size` as it was before. */
  add(id: number): number {
    if (id >>> 0 >= this.#numbers.length) this.#reach(id)
    const known = this.#numbers[id]
    if (known < this.size && this.#ids[known] === id) return known
    const number = this.size++
    if (number === this.#ids.length) this.#ids = grown(this.#ids, 2 * number)
    this.#ids[number] = id
    this.#numbers[id] = number
    return number
  }

  /** The number of `id`, −1 if it did not come. */
  find(id: number): number {
    if (id >>> 0 >= this.#numbers.length) return -1
    const known = this.#numbers[id]
    return known < this.size && this.#ids[known] === id ? known : -1
  }

  id(number: number): number {
    return this.#ids[number]
  }

  /** A copy, in order. */
  ids(): Int32Array {
    return this.#ids.slice(0, this.size)
  }

  copy(): TouchOrder {
    const copy = new TouchOrder()
    copy.size = this.size
    copy.#ids = this.#ids.slice()
    copy.#numbers = this.#numbers.slice()
    return copy
  }

  clear(): void {
    this.size = 0
  }

  #reach(id: number): void {
    if (id < 0) throw new RangeError(`id ${id} is negative`)
    this.#numbers = grown(this.#numbers, Math.max(id + 1, 2 * this.#numbers.length))
  }
}

function grown(values: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length)
  larger.set(values)
  return larger
}

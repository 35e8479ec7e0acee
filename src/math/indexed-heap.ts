/**
 * The smallest of `keys` (shape [n]) under removal and decreasing keys, O(log n) each; among equal keys the lowest
 * index. Keys must not be NaN. Owns a copy of the keys.
 */
export class IndexedHeap {
  readonly #keys: Float64Array
  /** Members in heap order, and each member's place in it, −1 once popped. */
  readonly #heap: Int32Array
  readonly #place: Int32Array
  #size: number

  constructor(keys: Float64Array) {
    this.#keys = keys.slice()
    this.#heap = Int32Array.from(keys.keys())
    this.#place = this.#heap.slice()
    this.#size = keys.length
    for (let place = (this.#size >> 1) - 1; place >= 0; place--) this.#sink(place)
  }

  get size(): number {
    return this.#size
  }

  has(member: number): boolean {
    return this.#place[member] >= 0
  }

  keyOf(member: number): number {
    return this.#keys[member]
  }

  /** Removes and returns the member with the smallest key; −1 if there is none. */
  pop(): number {
    if (this.#size === 0) return -1
    const member = this.#heap[0]
    this.#place[member] = -1
    this.#size--
    if (this.#size > 0) {
      this.#put(this.#heap[this.#size], 0)
      this.#sink(0)
    }
    return member
  }

  /** Gives a member that is still there a key no larger than its own. */
  decrease(member: number, key: number): void {
    this.#keys[member] = key
    let place = this.#place[member]
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!this.#isBefore(member, this.#heap[parent])) break
      this.#put(this.#heap[parent], place)
      place = parent
    }
    this.#put(member, place)
  }

  #sink(start: number): void {
    const member = this.#heap[start]
    let place = start
    for (;;) {
      let child = 2 * place + 1
      if (child >= this.#size) break
      if (child + 1 < this.#size && this.#isBefore(this.#heap[child + 1], this.#heap[child])) child++
      if (!this.#isBefore(this.#heap[child], member)) break
      this.#put(this.#heap[child], place)
      place = child
    }
    this.#put(member, place)
  }

  #isBefore(a: number, b: number): boolean {
    return this.#keys[a] < this.#keys[b] || (this.#keys[a] === this.#keys[b] && a < b)
  }

  #put(member: number, place: number): void {
    this.#heap[place] = member
    this.#place[member] = place
  }
}

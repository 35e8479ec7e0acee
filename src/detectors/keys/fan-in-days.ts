const never = -0x80000000

/** The day on which something first befell an id (a peer, an account): 4 bytes for each id up to the largest. */
export class DayById {
  #days = new Int32Array(64).fill(never)
  /** What befell before this day is forgotten. */
  #from_day = never + 1

  has(id: number): boolean {
    return id < this.#days.length && this.#days[id] >= this.#from_day
  }

  /** Undefined: it never did, or is forgotten. */
  get(id: number): number | undefined {
    return this.has(id) ? this.#days[id] : undefined
  }

  set(id: number, day: number): void {
    if (id >= this.#days.length) {
      const larger = new Int32Array(Math.max(id + 1, 2 * this.#days.length)).fill(never)
      larger.set(this.#days)
      this.#days = larger
    }
    this.#days[id] = day
  }

  forgetBefore(day: number): void {
    this.#from_day = day
  }
}

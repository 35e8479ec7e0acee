/** Values of a series by slot, from its first day on: 16 bytes a slot. Days that were never set are absent. */
export class SlotValues {
  #first_day: number
  readonly #slots: number
  #values = new Float64Array(0)
  #control = new Float64Array(0)
  /** By day: 1 where it is there. */
  #present = new Uint8Array(16)
  #days = 0
  #held = 0

  constructor(first_day: number, slots_per_day: number) {
    this.#first_day = first_day
    this.#slots = slots_per_day
  }

  copy(): SlotValues {
    const copy = new SlotValues(this.#first_day, this.#slots)
    copy.#values = this.#values.slice()
    copy.#control = this.#control.slice()
    copy.#present = this.#present.slice()
    copy.#days = this.#days
    copy.#held = this.#held
    return copy
  }

  get isEmpty(): boolean {
    return this.#held === 0
  }

  /** The first day that is there; NaN if there is none. */
  get firstDay(): number {
    for (let at = 0; at < this.#days; at++) if (this.#present[at] === 1) return this.#first_day + at
    return Number.NaN
  }

  has(day: number): boolean {
    const at = day - this.#first_day
    return at >= 0 && at < this.#days && this.#present[at] === 1
  }

  /** Replaces a day, days in any order; `values` and `control` have one entry for each slot. */
  set(day: number, values: Float64Array, control: Float64Array): void {
    if (day < this.#first_day) this.#beginAt(day)
    const at = day - this.#first_day
    this.#days = Math.max(this.#days, at + 1)
    this.#reach((at + 1) * this.#slots)
    this.#values.set(values, at * this.#slots)
    this.#control.set(control, at * this.#slots)
    if (at >= this.#present.length) {
      const larger = new Uint8Array(2 * at)
      larger.set(this.#present)
      this.#present = larger
    }
    if (this.#present[at] === 0) this.#held++
    this.#present[at] = 1
  }

  delete(day: number): void {
    if (!this.has(day)) return
    this.#present[day - this.#first_day] = 0
    this.#held--
  }

  /** Of a day that is there. */
  value(day: number, slot: number): number {
    return this.#values[(day - this.#first_day) * this.#slots + slot]
  }

  control(day: number, slot: number): number {
    return this.#control[(day - this.#first_day) * this.#slots + slot]
  }

  /** Makes room for days before the first: rows that were another's when it began may be its own again. */
  #beginAt(day: number): void {
    const more = this.#first_day - day
    const moved = <T extends Float64Array | Uint8Array>(larger: T, held: T, by: number): T => {
      larger.set(held, by)
      return larger
    }
    const slots = more * this.#slots
    this.#values = moved(new Float64Array(this.#values.length + slots), this.#values, slots)
    this.#control = moved(new Float64Array(this.#control.length + slots), this.#control, slots)
    this.#present = moved(new Uint8Array(this.#present.length + more), this.#present, more)
    this.#days += more
    this.#first_day = day
  }

  #reach(length: number): void {
    if (length <= this.#values.length) return
    const room = Math.max(length, 2 * this.#values.length)
    const [values, control] = [new Float64Array(room), new Float64Array(room)]
    values.set(this.#values)
    control.set(this.#control)
    this.#values = values
    this.#control = control
  }
}

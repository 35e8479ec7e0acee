/** Values of a series by slot, from its first day on: 16 bytes a slot. Days that were never set are absent. */
export class SlotValues {
  readonly #first_day: number
  readonly #slots: number
  #values = new Float64Array(0)
  #control = new Float64Array(0)
  readonly #absent = new Set<number>()
  #days = 0

  constructor(first_day: number, slots_per_day: number) {
    this.#first_day = first_day
    this.#slots = slots_per_day
  }

  get isEmpty(): boolean {
    return this.#absent.size === this.#days
  }

  /** The first day that is there; NaN if there is none. */
  get firstDay(): number {
    for (let at = 0; at < this.#days; at++) if (!this.#absent.has(at)) return this.#first_day + at
    return Number.NaN
  }

  has(day: number): boolean {
    const at = day - this.#first_day
    return at >= 0 && at < this.#days && !this.#absent.has(at)
  }

  /** Replaces a day, days in any order from the first on; `values` and `control` have one entry for each slot. */
  set(day: number, values: Float64Array, control: Float64Array): void {
    const at = day - this.#first_day
    if (at < 0) throw new RangeError(`day ${day} is before the first`)
    for (; this.#days <= at; this.#days++) this.#absent.add(this.#days)
    this.#reach((at + 1) * this.#slots)
    this.#values.set(values, at * this.#slots)
    this.#control.set(control, at * this.#slots)
    this.#absent.delete(at)
  }

  delete(day: number): void {
    if (this.has(day)) this.#absent.add(day - this.#first_day)
  }

  /** Of a day that is there. */
  value(day: number, slot: number): number {
    return this.#values[(day - this.#first_day) * this.#slots + slot]
  }

  control(day: number, slot: number): number {
    return this.#control[(day - this.#first_day) * this.#slots + slot]
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

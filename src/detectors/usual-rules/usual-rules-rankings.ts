/** The largest of each day, and names that are new among them. */

const longest = 10

export interface NewName {
  day_index: number
  id: number
  /** 1 is the largest. */
  rank: number
}

export class Rankings {
  readonly #days: number[][] = []

  /** Bytes by id of one day; of equal bytes the one that was put first stands first. */
  add(bytes: ReadonlyMap<number, number>): void {
    const ranked = [...bytes].sort(([, a], [, b]) => b - a).slice(0, longest)
    this.#days.push(ranked.map(([id]) => id))
  }

  /** Who is among the first `length` of a day and never was before, on the days from `from` on. */
  newNames(length: number, from: number, until = this.#days.length): NewName[] {
    const known = new Set<number>()
    const found: NewName[] = []
    for (let day_index = 0; day_index < until; day_index++) {
      const names = this.#days[day_index].slice(0, length)
      if (day_index >= from)
        for (const [place, id] of names.entries()) if (!known.has(id)) found.push({ day_index, id, rank: place + 1 })
      for (const id of names) known.add(id)
    }
    return found
  }

  /** The longest ranking, at most ten, with no more new names on [from, until) than allowed; undefined if none keeps to it. */
  longestWithin(from: number, until: number, allowed: number): number | undefined {
    for (let length = longest; length > 0; length--)
      if (this.newNames(length, from, until).length <= allowed) return length
    return undefined
  }
}

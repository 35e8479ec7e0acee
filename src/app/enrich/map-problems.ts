/**
 * Lines of maps that could not be used: counted by file, with the first few as examples. One bad line of 6,000 must
 * neither stop a run nor go untold.
 */
const mostExamples = 5

export interface MapProblem {
  file: string
  /** `line 17`, or `entry 3` of a JSON list. */
  place: string
  reason: string
}

export interface FileProblems {
  file: string
  count: number
  /** The first few. */
  examples: MapProblem[]
}

export class MapProblems {
  readonly #files = new Map<string, FileProblems>()

  add(file: string, place: string, reason: string): void {
    const known = this.#files.get(file) ?? { file, count: 0, examples: [] }
    known.count++
    if (known.examples.length < mostExamples) known.examples.push({ file, place, reason })
    this.#files.set(file, known)
  }

  countOf(file: string): number {
    return this.#files.get(file)?.count ?? 0
  }

  get files(): FileProblems[] {
    return [...this.#files.values()]
  }
}

/** `people.csv: 3 entries were passed over: line 17: …; line 20: …; …`, on one line. */
export function problemsText({ file, count, examples }: FileProblems): string {
  const shown = examples.map(({ place, reason }) => `${place}: ${reason}`).join('; ')
  const what = count === 1 ? '1 entry was passed over' : `${count} entries were passed over`
  return `${file}: ${what}: ${shown}${count > examples.length ? '; …' : ''}`.replace(/\p{Cc}/gu, ' ')
}

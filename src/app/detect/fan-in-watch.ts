/** The history-free test of shared keys as a module of its own with its part of the budget: e-values of days, accumulated. */
import type { DayRows, Names } from '../../detectors/day-rows.ts'
import { FanIn, type FanInSubject } from '../../detectors/keys/fan-in.ts'
import { logAdd } from '../../math/log-sum.ts'

const logStart = -Math.log(365)

export interface FanInDeclaration {
  log_e: number
  log_threshold: number
  since_day: number
  subject: FanInSubject
}

export class FanInWatch {
  readonly #fanIn: FanIn
  readonly #log_threshold: number
  #log_e = Number.NEGATIVE_INFINITY
  /** The start that explains most, and its day: as in EProcess. */
  #largest = Number.NEGATIVE_INFINITY
  #since_day = Number.NaN
  /** Keys that an open incident has taken. */
  readonly #taken = new Set<string>()

  constructor({ seed, names, alpha }: { seed: number; names: Names; alpha: number }) {
    this.#fanIn = new FanIn({ seed, names })
    this.#log_threshold = -Math.log(alpha)
  }

  /** Days in order. `subjects` is for the worklist. */
  day(rows: DayRows): { declared: FanInDeclaration | undefined; subjects: readonly FanInSubject[] } {
    const { day, log_e, subjects } = this.#fanIn.day(rows)
    if (this.#largest <= logStart) {
      this.#largest = logStart
      this.#since_day = day
    }
    this.#largest += log_e
    this.#log_e = logAdd(this.#log_e, logStart) + log_e
    const subject = subjects.find(({ kind, key }) => !this.#taken.has(`${kind}:${key}`))
    if (this.#log_e < this.#log_threshold || subject === undefined) return { declared: undefined, subjects }
    const declared = {
      log_e: this.#log_e,
      log_threshold: this.#log_threshold,
      since_day: this.#since_day,
      subject,
    }
    this.#taken.add(`${subject.kind}:${subject.key}`)
    this.#log_e = Number.NEGATIVE_INFINITY
    this.#largest = Number.NEGATIVE_INFINITY
    return { declared, subjects }
  }
}

/**
 * Evidence that weeks have become denser than those before. Once a week the density of the peers that came in it is ranked among
 * those of all weeks before (a peer comes once, so no edge is counted in two of them), ties split at random by name. If weeks are
 * exchangeable, these ranks are independent and uniform whatever hosts and peers have in common within a week (Vovk), so their
 * calibrated product is an e-process: per week E ← (E + 1/52)·c(p). Growth of the site breaks the premise, and is told.
 * Source: reference/algorithms.md §1.2, §1.3, §1.5 (growing reference).
 */
import { logCalibrated } from '../../math/calibrate.ts'
import { logAdd } from '../../math/log-sum.ts'

const logStart = -Math.log(52)

export class WeeklyWager {
  readonly #weeks: number[] = []
  log_e = Number.NEGATIVE_INFINITY

  /** Weeks in order; `tie` in (0, 1). */
  week(value: number, tie: number): void {
    let above = 0
    let equal = 0
    for (const each of this.#weeks) {
      if (each > value) above++
      else if (each === value) equal++
    }
    const p = (above + tie * (1 + equal)) / (this.#weeks.length + 1)
    this.#weeks.push(value)
    this.log_e = logAdd(this.log_e, logStart) + logCalibrated(p)
  }
}

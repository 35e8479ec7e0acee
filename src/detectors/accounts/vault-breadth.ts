/**
 * Accounts that draw from many vaults of other projects, week after week: a stolen account, or somebody about to leave, collects. A
 * single large dataset is no breadth, and a first look at a vault is for `FirstAccess` and `SlowAccess`. The score of an account in
 * seven days is
 *
 *   S = Σ log2(bytes / 1 MB) over the vaults that `FirstKind` does not call usual, unexplained bytes, 1 MB and more,
 *
 * less the largest S it had until four weeks ago. It is ranked among those of all accounts and weeks before, all of them but the last
 * two, beyond the largest with an exponential tail (`Past`). If k accounts have nearly as much in the same week, p is at least
 * (k − 1)/n: a course, or a new project, is no matter of one. Calibrated p-values make E ← (E + γ)·c(p), as in `WeeklyWager`, with γ = 1/52 spread
 * over the accounts. Weeks of people are not exchangeable, so it is work, and no incident; and as one among many of an incident may be
 * worth a look, what incidents have taken counts too.
 * Accounts are judged from their thirtieth day on.
 */
import { logCalibrated } from '../../math/calibrate.ts'
import { TouchOrder } from '../../model/touch-order.ts'
import type { DayRows } from '../day-rows.ts'
import { FactorEvidence } from '../names/factor-evidence.ts'
import type { FirstKind } from '../names/first-kinds.ts'
import { pieceBytes } from '../sums/channels.ts'
import { Past } from '../sums/past.ts'
import { judgedAfterDays } from './habits.ts'

export const weekDays = 7
const embargoWeeks = { ofOthers: 2, ofItself: 4 }
/** Values of weeks, fewer of which tell nothing. */
const leastValues = 100
const weeksPerYear = 52
/** Of a score: others who have as much in the same week do the same. */
const nearly = 2 / 3
/** Once in a million is more than any past can tell. */
const leastP = 1e-6
/** There is one hypothesis: the p-value is calibrated. */
const calibrated = [1]

export interface BreadthSubject {
  account: number
  /** In nats. */
  log_e: number
  since_day: number
  bytes: number
  vaults: ReadonlySet<number>
  /** The most vaults in one of its weeks, until four weeks ago. */
  most_before: number
}

interface Week {
  since_day: number
  score: number
  bytes: number
  vaults: readonly number[]
}

/** An account that ever drew from a vault of others. */
interface Holder {
  account: number
  first_day: number
  /** Bytes of this week, by vault. */
  drawn: Map<number, number>
  /** Of the last weeks, its own embargo long; the latest at the end. */
  recent: Week[]
  most: { score: number; vaults: number }
  evidence: FactorEvidence
  /** Weeks that its evidence is of. */
  run: Week[]
  /** Whether the last week was evidence. */
  gained: boolean
}

/** Of the accounts of a week: scores above 0, and how many have none. */
interface Scores {
  above: readonly number[]
  none: number
}

export class VaultBreadth {
  readonly #kind: FirstKind
  readonly #accounts = new TouchOrder()
  /** First days, by the accounts' numbers. */
  readonly #since: number[] = []
  #judged = 0
  readonly #holders = new Map<number, Holder>()
  readonly #past = new Past()
  /** Of the last weeks, which are not learned yet. */
  readonly #waiting: Scores[] = []
  #firstDay = Number.NaN

  constructor(kind: FirstKind) {
    this.#kind = kind
  }

  /** Days in order, each once. At the end of every seventh, who drew from other vaults in it, most evidence first. */
  day(rows: DayRows): BreadthSubject[] {
    if (Number.isNaN(this.#firstDay)) this.#firstDay = rows.day
    this.#learn(rows)
    return (rows.day - this.#firstDay) % weekDays === weekDays - 1 ? this.#judge(rows.day) : []
  }

  #learn(rows: DayRows): void {
    const { day, account, bytes_out, unexplained } = rows
    for (let i = 0; i < rows.length; i++) {
      if (account[i] === 0) continue
      const number = this.#accounts.add(account[i])
      if (number === this.#since.length) this.#since.push(day)
      const vault = this.#kind.itemOf(rows, i)
      if (vault === 0 || this.#kind.isUsual?.(rows, i) || unexplained[i] === 0) continue
      const { drawn } = this.#holderOf(account[i], this.#since[number])
      drawn.set(vault, (drawn.get(vault) ?? 0) + bytes_out[i])
    }
  }

  #holderOf(account: number, first_day: number): Holder {
    const known = this.#holders.get(account)
    if (known) return known
    const holder: Holder = {
      ...{ account, first_day, drawn: new Map(), recent: [], run: [], gained: false },
      ...{ most: { score: 0, vaults: 0 }, evidence: new FactorEvidence(calibrated) },
    }
    this.#holders.set(account, holder)
    return holder
  }

  #judge(day: number): BreadthSubject[] {
    const since_day = day - weekDays + 1
    const isJudged = (first_day: number): boolean => since_day - first_day >= judgedAfterDays
    while (this.#judged < this.#since.length && isJudged(this.#since[this.#judged])) this.#judged++
    const judged = [...this.#holders.values()].filter(({ first_day }) => isJudged(first_day))
    const scores = judged.map((holder) => scoreOf(closeWeek(holder, since_day), holder))
    for (const holder of this.#holders.values()) holder.drawn.clear()
    const above = scores.filter((score) => score > 0)
    const ranked = Float64Array.from(above).sort()
    const logStake = -Math.log(weeksPerYear * Math.max(1, this.#judged))
    if (this.#past.size >= leastValues)
      for (const [at, holder] of judged.entries())
        this.#step(holder, since_day, logStake, this.#tailOf(scores[at], ranked))
    this.#learnScores({ above, none: this.#judged - above.length })
    return judged
      .filter(({ gained, evidence }) => gained && evidence.log_e > logStake)
      .map(subjectOf)
      .sort((a, b) => b.log_e - a.log_e || b.bytes - a.bytes)
  }

  #tailOf(score: number, ranked: Float64Array): number {
    if (score <= 0) return 1
    let asLarge = 0
    while (asLarge < ranked.length && ranked[ranked.length - 1 - asLarge] >= nearly * score) asLarge++
    return Math.min(1, Math.max(leastP, this.#past.upperTail(score, 1), (asLarge - 1) / this.#judged))
  }

  #learnScores(scores: Scores): void {
    this.#waiting.push(scores)
    const old = this.#waiting.length > embargoWeeks.ofOthers ? this.#waiting.shift() : undefined
    for (const score of old?.above ?? []) this.#past.push(score)
    this.#past.pushLowest(0, old?.none ?? 0)
  }

  #step(holder: Holder, since_day: number, logStake: number, p: number): void {
    const { evidence, recent, run } = holder
    const gain = logCalibrated(p)
    evidence.step(since_day, logStake, () => gain)
    holder.gained = gain > 0
    run.push(...recent.slice(-1))
    while (run.length > 0 && run[0].since_day < evidence.since_day) run.shift()
  }
}

/** Puts what it drew in the week that ends to its past; the week that leaves the embargo is what it is used to. */
function closeWeek({ drawn, recent, most }: Holder, since_day: number): Week {
  const week = { since_day, score: 0, bytes: 0, vaults: [] as number[] }
  for (const [vault, bytes] of drawn) {
    if (bytes < pieceBytes) continue
    week.score += Math.log2(bytes / pieceBytes)
    week.bytes += bytes
    week.vaults.push(vault)
  }
  recent.push(week)
  const old = recent.length > embargoWeeks.ofItself ? recent.shift() : undefined
  if (old) {
    most.score = Math.max(most.score, old.score)
    most.vaults = Math.max(most.vaults, old.vaults.length)
  }
  return week
}

const scoreOf = ({ score }: Week, { most }: Holder): number => Math.max(0, score - most.score)

function subjectOf({ account, evidence, run, most }: Holder): BreadthSubject {
  return {
    ...{ account, log_e: evidence.log_e, since_day: evidence.since_day, most_before: most.vaults },
    bytes: run.reduce((sum, { bytes }) => sum + bytes, 0),
    vaults: new Set(run.flatMap(({ vaults }) => vaults)),
  }
}

import { FactorEvidence } from './factor-evidence.ts'

interface OwnPast {
  active: number
  firsts: number
  judged: { active: number; firsts: number }
}

/** What `FirstAccess` keeps of one account. */
export interface AccountWager {
  account: number
  first_day: number
  /** Whether anything ever left by it. */
  draws: boolean
  /** Firsts of this day, as far as they count. */
  counted: number
  /** Days on which it did anything of the kind, with its firsts; and whether it was judged. */
  days: { day: number; firsts: number; isJudged: boolean }[]
  /** What it ever had to do with, and since which day. */
  seen: { item: number; day: number; counts: boolean; isRead: boolean }[]
  /** What was tolerated when it was judged last. */
  rate: number
  evidence: FactorEvidence
  isTaken: boolean
  /** Sums of the days before the embargo. */
  past: OwnPast
}

export function newWager(account: number, first_day: number): AccountWager {
  return {
    ...{ account, first_day, draws: false, counted: 0, days: [], seen: [], rate: 0, isTaken: false },
    evidence: new FactorEvidence(),
    past: { active: 0, firsts: 0, judged: { active: 0, firsts: 0 } },
  }
}

/** Firsts, and days of activity, before `until_day`, which never falls from one call to the next; of all, and of judged ones. */
export function pastOf({ days, past }: AccountWager, until_day: number): OwnPast {
  while (past.active < days.length && days[past.active].day < until_day) {
    const { firsts, isJudged } = days[past.active++]
    past.firsts += firsts
    if (!isJudged) continue
    past.judged.active++
    past.judged.firsts += firsts
  }
  return past
}

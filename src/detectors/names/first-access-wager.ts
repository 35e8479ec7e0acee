import { FactorEvidence } from './factor-evidence.ts'

/** What `FirstAccess` keeps of one account. */
export interface AccountWager {
  account: number
  first_day: number
  /** Firsts of this day, as far as they count. */
  counted: number
  /** Days on which it was judged, and what it was judged by. */
  days: number[]
  firsts: number[]
  /** What it ever had to do with, and since which day. */
  seen: { item: number; day: number; counts: boolean }[]
  /** What was tolerated when it was judged last. */
  rate: number
  evidence: FactorEvidence
  isTaken: boolean
  /** Sums of the days before the embargo. */
  past: { active: number; firsts: number }
}

export function newWager(account: number, first_day: number): AccountWager {
  return {
    ...{ account, first_day, counted: 0, days: [], firsts: [], seen: [], rate: 0, isTaken: false },
    evidence: new FactorEvidence(),
    past: { active: 0, firsts: 0 },
  }
}

/** Firsts, and days on which it was judged, before `until_day`, which never falls from one call to the next. */
export function pastOf({ days, firsts, past }: AccountWager, until_day: number): { firsts: number; active: number } {
  while (past.active < days.length && days[past.active] < until_day) past.firsts += firsts[past.active++]
  return past
}

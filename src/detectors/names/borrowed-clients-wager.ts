import { FactorEvidence } from './factor-evidence.ts'

/** What `BorrowedClients` keeps of one client. */
export interface ClientWager {
  client_fp: number
  first_day: number
  /** Days on which an account used it first, and those of them from a network new to the account. */
  users: number[]
  adopted: { account: number; subnet: string; day: number; isKnown: boolean }[]
  /** Adoptions of this day, and those from a new network. */
  today: { all: number; moved: number }
  /** What was tolerated when it was judged last. */
  rate: number
  evidence: FactorEvidence
  isTaken: boolean
  past: { users: number; adopted: number }
}

export function newClient(client_fp: number, first_day: number): ClientWager {
  return {
    ...{ client_fp, first_day, users: [], adopted: [], today: { all: 0, moved: 0 }, rate: 0, isTaken: false },
    evidence: new FactorEvidence(),
    past: { users: 0, adopted: 0 },
  }
}

/** Accounts that used it, and adoptions from new networks, before `until_day`, which never falls. */
export function pastOf({ users, adopted, past }: ClientWager, until_day: number): { users: number; adopted: number } {
  while (past.users < users.length && users[past.users] < until_day) past.users++
  while (past.adopted < adopted.length && adopted[past.adopted].day < until_day) past.adopted++
  return past
}

/** What accounts do a little more often than their own habit lets expect, as items of work. */
import type { HabitSubject } from '../../detectors/accounts/habits.ts'
import { NetworkHabits } from '../../detectors/accounts/network-habits.ts'
import { SlowAccess } from '../../detectors/accounts/slow-access.ts'
import { UnfollowedReads } from '../../detectors/accounts/unfollowed-reads.ts'
import { type BreadthSubject, VaultBreadth, weekDays } from '../../detectors/accounts/vault-breadth.ts'
import type { DayRows, Names } from '../../detectors/day-rows.ts'
import { type VaultFacts, vaultsKind } from '../../detectors/names/first-kinds.ts'
import type { Excluded } from '../../detectors/sums/tally.ts'
import type { WorkDraft } from '../../incidents/worklist.ts'
import { bytesText, plural } from '../../model/amount-text.ts'
import { dayMs } from '../../model/window.ts'

const mostItems = 10
/** A tenth of the stake of a year: measured, an honest centre of 200 accounts reaches it with one account a year, or none. */
const leastLogE = Math.log(0.1)

export class AccountItems {
  readonly #names: Names
  readonly #access: SlowAccess
  readonly #networks: NetworkHabits
  readonly #breadth: VaultBreadth
  readonly #unfollowed = new UnfollowedReads()

  constructor({ names, vaults }: { names: Names; vaults: VaultFacts }) {
    this.#names = names
    this.#access = new SlowAccess(vaultsKind(vaults))
    this.#breadth = new VaultBreadth(vaultsKind(vaults))
    this.#networks = new NetworkHabits(names)
  }

  /** Days in order; what it says is known at their end. `reads`: what was read on hosts at the border. */
  day(rows: DayRows, isTaken: Excluded, reads: DayRows): WorkDraft[] {
    this.#access.day(rows, isTaken, reads)
    this.#networks.day(rows, isTaken)
    const { day } = rows
    const habits = (of: readonly HabitSubject[]): HabitSubject[] => of.filter(({ log_e }) => log_e >= leastLogE)
    return [
      ...habits(this.#access.strongest(mostItems)).map((each) => this.#slowAccess(each, day)),
      ...habits(this.#networks.strongest(mostItems)).map((each) => this.#networkHabit(each, day)),
      ...this.#breadth
        .day(rows)
        .filter(({ log_e }) => log_e >= leastLogE)
        .slice(0, mostItems)
        .map((each) => this.#vaultBreadth(each, day)),
      ...this.#identities(day),
      ...this.#unfollowed
        .day(rows, reads)
        .slice(0, mostItems)
        .map(({ account, since_day, bytes, usual, log10_e }) => ({
          at_ms: day * dayMs,
          detector: 'unfollowed_reads',
          is_apart: true,
          subject: `account:${this.#names.text(account)}`,
          text:
            `account ${this.#names.text(account)} read ${bytesText(Math.round(bytes))} on hosts at the border within ${plural(day - since_day + 1, 'day')} ` +
            `that did not leave by it within a week; ${bytesText(Math.round(usual))} was the most before`,
          log10_e,
          facts: { bytes: BigInt(Math.round(bytes)), most_before: BigInt(Math.round(usual)) },
        })),
    ]
  }

  #slowAccess(subject: HabitSubject, day: number): WorkDraft {
    const { account, items, since_day } = subject
    const name = this.#names.text(account)
    const days = plural(day - since_day + 1, 'day')
    return {
      ...this.#habit('slow_access', subject, day),
      text: `account ${name} drew or read for the first time from ${plural(items.size, 'vault')}, within ${days}, ${usually(subject)}`,
    }
  }

  #vaultBreadth({ account, log_e, since_day, bytes, vaults, most_before }: BreadthSubject, day: number): WorkDraft {
    const name = this.#names.text(account)
    const others = plural(vaults.size, 'vault')
    return {
      ...{ at_ms: day * dayMs, detector: 'vault_breadth', subject: `account:${name}`, log10_e: log_e / Math.LN10 },
      text: `account ${name} drew ${bytesText(bytes)} within ${plural(day - since_day + 1, 'day')} from ${others} of projects that are not its own; ${most_before} within ${weekDays} days was the most before`,
      facts: { bytes: BigInt(bytes), vaults: vaults.size, most_vaults_before: most_before },
    }
  }

  #networkHabit(subject: HabitSubject, day: number): WorkDraft {
    const { account, events, since_day } = subject
    const name = this.#names.text(account)
    const days = plural(day - since_day + 1, 'day')
    return {
      ...this.#habit('network_habits', subject, day),
      is_apart: true,
      text: `account ${name} was in use from several networks at once, or went from one to the next within an hour, ${plural(events, 'time')} within ${days}, ${usually(subject)}`,
    }
  }

  #habit(detector: string, { account, log_e, events, active_days, habit }: HabitSubject, day: number) {
    return {
      at_ms: day * dayMs,
      detector,
      subject: `account:${this.#names.text(account)}`,
      log10_e: log_e / Math.LN10,
      facts: { events, active_days, usual_per_active_day: hundredths(habit) },
    }
  }

  #identities(day: number): WorkDraft[] {
    const crowd = this.#networks.identities(day)
    if (crowd === undefined || crowd.log_e < leastLogE || crowd.accounts.size === 0) return []
    const { accounts, since_day, log_e, per_day, rate } = crowd
    return [
      {
        at_ms: day * dayMs,
        detector: 'new_identities',
        subject: 'site:identities',
        text: `${plural(accounts.size, 'account')} came from an autonomous system and with a client that were both new to them, within ${plural(day - since_day + 1, 'day')}`,
        log10_e: log_e / Math.LN10,
        facts: { accounts: accounts.size, accounts_per_day: hundredths(per_day), tolerated_per_day: hundredths(rate) },
      },
    ]
  }
}

const hundredths = (value: number): number => Math.round(100 * value) / 100

function usually({ events, active_days, habit }: HabitSubject): string {
  return `${hundredths(events / active_days)} for a day on which it is active, where ${hundredths(habit)} were thought to be its habit`
}

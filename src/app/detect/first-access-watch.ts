/** What is new to an account, vaults or places, as a module of its own with its part of the budget. */
import type { DayRows, Names } from '../../detectors/day-rows.ts'
import type { Crowd } from '../../detectors/names/crowd-access.ts'
import { FirstAccess, type FirstAccessSubject } from '../../detectors/names/first-access.ts'
import type { FirstKind } from '../../detectors/names/first-kinds.ts'
import type { Excluded } from '../../detectors/sums/tally.ts'
import type { LeadingEvidence } from '../../incidents/case.ts'
import type { WorkDraft } from '../../incidents/worklist.ts'
import { plural } from '../../model/amount-text.ts'
import { dayMs, ticksPerDay } from '../../model/window.ts'
import type { Told } from './told.ts'

const mostItems = 10
/** Of accounts together, as one of them is `first_access`. */
const crowdDetector = 'crowd_access'
/** Of what one account's stake has become: less says nothing. */
const leastLogE = Math.log(0.02)
/** Days in which many firsts are worth a look, whatever the evidence. */
const recentDays = 7

const hundredths = (value: number): number => Math.round(100 * value) / 100

interface Words {
  unit: LeadingEvidence['unit']
  item: string
  /** As many at once may be one event, and then are little evidence; they are worth a look all the same. */
  many: number
  /** What it is that happened, of an account. */
  happened: string
  channel: string
  activity: string
}

const wordsOf: Readonly<Record<FirstKind['id'], Words>> = {
  first_access: {
    ...{ unit: 'vaults', item: 'vault', many: 5, happened: 'drew or read for the first time from' },
    ...{ channel: 'vaults that it had never drawn or read from', activity: 'on which it has to do with any' },
  },
  first_places: {
    ...{
      unit: 'subnets',
      item: 'subnet',
      many: Number.POSITIVE_INFINITY,
      happened: 'was used for the first time from',
    },
    ...{ channel: 'subnets that it had never been used from', activity: 'on which it is used' },
  },
}

export class FirstAccessWatch {
  readonly #access: FirstAccess
  readonly #kind: FirstKind
  readonly #names: Names
  readonly #log_threshold: number

  constructor({ kind, names, alpha }: { kind: FirstKind; names: Names; alpha: number }) {
    this.#access = new FirstAccess(kind)
    this.#kind = kind
    this.#names = names
    this.#log_threshold = -Math.log(alpha)
  }

  /** Days in order. What it says is known at their end. */
  day(rows: DayRows, isTaken: Excluded, reads?: DayRows): { told: Told | undefined; drafts: WorkDraft[] } {
    this.#access.day(rows, isTaken, reads)
    const subjects = this.#access.strongest(mostItems)
    const drafts = subjects
      .filter(({ log_e, firsts, since_day }) => log_e >= leastLogE || this.#isMany(firsts, since_day, rows.day))
      .map((each) => this.#draft(each, rows.day))
    const crowd = this.#access.crowd(rows.day)
    if (crowd !== undefined && crowd.log_e >= leastLogE) drafts.push(this.#draftOfCrowd(crowd, rows.day))
    const [strongest] = subjects
    if (strongest === undefined || strongest.log_e < this.#log_threshold) return { told: undefined, drafts }
    this.#access.take(strongest.account)
    return { told: this.#tell(strongest, rows.day), drafts }
  }

  #draftOfCrowd({ accounts, projects, per_day, rate, log_e, since_day }: Crowd, day: number): WorkDraft {
    const days = plural(day - since_day + 1, 'day')
    return {
      at_ms: day * dayMs,
      detector: crowdDetector,
      subject: 'site',
      text: `${plural(accounts.size, 'account')} drew or read for the first time from vaults of ${plural(projects, 'project')}, within ${days}`,
      log10_e: log_e / Math.LN10,
      facts: {
        accounts: accounts.size,
        projects,
        accounts_per_day: hundredths(per_day),
        tolerated_per_day: hundredths(rate),
      },
    }
  }

  #isMany(firsts: ReadonlySet<number>, since_day: number, day: number): boolean {
    return firsts.size >= wordsOf[this.#kind.id].many && day - since_day < recentDays
  }

  #tell(subject: FirstAccessSubject, day: number): Told {
    const { account, firsts, known, read, since_day, active_days, rate, log_e } = subject
    const { id, itemOf } = this.#kind
    const { channel, activity, unit } = wordsOf[id]
    const since_ms = since_day * dayMs
    const isOwn = (rows: DayRows, i: number): boolean => rows.account[i] === account
    return {
      ...{ detector: id, tick: (day + 1) * ticksPerDay - 1, since_day, since_ms },
      ...{ log_e, log_threshold: this.#log_threshold, with_old: true, kind: 'campaign', isOwn },
      release: () => this.#access.release(account),
      // what is packed before it leaves has no vault any more
      ...(2 * read.size >= firsts.size
        ? { mayBeFirst: (rows: DayRows, i: number) => isOwn(rows, i) && rows.vault[i] === 0 }
        : {}),
      inPool: (rows, i) => {
        const item = isOwn(rows, i) ? itemOf(rows, i) : 0
        return item !== 0 && !known.has(item)
      },
      leading: [
        {
          ...{ detector: id, subject: `account:${this.#names.text(account)}`, scale: '1 d' },
          channel: `${channel}, where ${rate.toFixed(2)} are tolerated for a day ${activity}`,
          ...{ since_ms, log_e, unit, reference_ticks: 0 },
          ...{ observed_per_day: firsts.size / active_days, expected_per_day: rate },
        },
      ],
    }
  }

  #draft({ account, log_e, firsts, since_day, active_days }: FirstAccessSubject, day: number): WorkDraft {
    const name = this.#names.text(account)
    const { happened, item, unit } = wordsOf[this.#kind.id]
    return {
      at_ms: day * dayMs,
      detector: this.#kind.id,
      subject: `account:${name}`,
      text: `account ${name} ${happened} ${plural(firsts.size, item)}, within ${plural(day - since_day + 1, 'day')}`,
      log10_e: log_e / Math.LN10,
      facts: { [unit]: firsts.size, active_days },
    }
  }
}

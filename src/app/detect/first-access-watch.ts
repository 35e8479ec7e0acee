/** Vaults drawn from for the first time, as a module of its own with its part of the budget. */
import type { DayRows, Names } from '../../detectors/day-rows.ts'
import { FirstAccess, type FirstAccessSubject } from '../../detectors/first-access.ts'
import type { WorkDraft } from '../../incidents/worklist.ts'
import { plural } from '../../model/amount-text.ts'
import { dayMs, ticksPerDay } from '../../model/window.ts'
import type { Told } from './judge-days.ts'

const mostItems = 10
/** Of what one account's stake has become: less says nothing. */
const leastLogE = Math.log(0.02)

export class FirstAccessWatch {
  readonly #access: FirstAccess
  readonly #names: Names
  readonly #isOpen: (vault: number) => boolean
  readonly #log_threshold: number

  constructor(options: { names: Names; alpha: number; isOpen: (vault: number) => boolean }) {
    this.#access = new FirstAccess(options)
    this.#names = options.names
    this.#isOpen = options.isOpen
    this.#log_threshold = -Math.log(options.alpha)
  }

  /** Days in order. What it says is known at their end. */
  day(rows: DayRows): { told: Told | undefined; drafts: WorkDraft[] } {
    const log_e = this.#access.day(rows)
    const subjects = this.#access.strongest(mostItems)
    const drafts = subjects.filter((each) => each.log_e >= leastLogE).map((each) => this.#draft(each, rows.day))
    const [strongest] = subjects
    if (strongest === undefined || !(log_e >= this.#log_threshold)) return { told: undefined, drafts }
    this.#access.take(strongest.account)
    return { told: this.#tell(strongest, rows.day, log_e), drafts }
  }

  #tell(
    { account, vaults, known, since_day, active_days, rate, ...subject }: FirstAccessSubject,
    day: number,
    log_e: number,
  ): Told {
    const since_ms = since_day * dayMs
    return {
      ...{ detector: 'first_access', tick: (day + 1) * ticksPerDay - 1, since_day, since_ms },
      ...{ log_e, log_threshold: this.#log_threshold, with_old: true, kind: 'campaign' },
      isOwn: (rows, i) => rows.account[i] === account,
      inPool: ({ account: of, vault }, i) =>
        of[i] === account && vault[i] !== 0 && !known.has(vault[i]) && !this.#isOpen(vault[i]),
      leading: [
        {
          ...{ detector: 'first_access', subject: `account:${this.#names.text(account)}`, scale: '1 d' },
          channel: `vaults that it had never drawn from, where ${rate.toFixed(2)} are tolerated for a day on which it draws from any`,
          ...{ since_ms, log_e: subject.log_e, unit: 'vaults', reference_ticks: 0 },
          ...{ observed_per_day: vaults.size / active_days, expected_per_day: rate },
        },
      ],
    }
  }

  #draft({ account, log_e, vaults, since_day, active_days }: FirstAccessSubject, day: number): WorkDraft {
    const name = this.#names.text(account)
    return {
      at_ms: day * dayMs,
      detector: 'first_access',
      subject: `account:${name}`,
      text: `account ${name} drew from ${plural(vaults.size, 'vault')} for the first time, within ${plural(day - since_day + 1, 'day')}`,
      log10_e: log_e / Math.LN10,
      facts: { vaults: vaults.size, active_days },
    }
  }
}

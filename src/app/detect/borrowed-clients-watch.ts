/** Clients in the hands of accounts that never used them, as a module of its own with its part of the budget. */

import type { DayRows, Names } from '../../detectors/day-rows.ts'
import { type BorrowedClient, BorrowedClients } from '../../detectors/names/borrowed-clients.ts'
import type { Excluded } from '../../detectors/sums/tally.ts'
import type { WorkDraft } from '../../incidents/worklist.ts'
import { plural } from '../../model/amount-text.ts'
import { dayMs, ticksPerDay } from '../../model/window.ts'
import type { Told } from './told.ts'

const mostItems = 10
/** Of what one client's stake has become: less says nothing. */
const leastLogE = Math.log(0.02)

export class BorrowedClientsWatch {
  readonly #clients: BorrowedClients
  readonly #names: Names
  readonly #log_threshold: number

  constructor(options: { names: Names; alpha: number }) {
    this.#clients = new BorrowedClients(options)
    this.#names = options.names
    this.#log_threshold = -Math.log(options.alpha)
  }

  /** Days in order. What it says is known at their end. */
  day(rows: DayRows, isTaken: Excluded): { told: Told | undefined; drafts: WorkDraft[] } {
    this.#clients.day(rows, isTaken)
    const clients = this.#clients.strongest(mostItems)
    const drafts = clients.filter((each) => each.log_e >= leastLogE).map((each) => this.#draft(each, rows.day))
    const [strongest] = clients
    // its own evidence, not that of all together: clients that may not be told have theirs too
    if (strongest === undefined || strongest.log_e < this.#log_threshold) return { told: undefined, drafts }
    this.#clients.take(strongest.client_fp)
    return { told: this.#tell(strongest, rows.day), drafts }
  }

  #tell({ client_fp, accounts, since_day, rate, log_e }: BorrowedClient, day: number): Told {
    const since_ms = since_day * dayMs
    const isOwn = (rows: DayRows, i: number): boolean => rows.client_fp[i] === client_fp
    return {
      ...{ detector: 'borrowed_clients', tick: (day + 1) * ticksPerDay - 1, since_day, since_ms },
      ...{ log_e, log_threshold: this.#log_threshold, with_old: true, kind: 'campaign', isOwn, inPool: isOwn },
      leading: [
        {
          ...{ detector: 'borrowed_clients', subject: `client_fp:${this.#names.text(client_fp)}`, scale: '1 d' },
          channel: `accounts that use it for the first time, from networks new to them, where ${rate.toFixed(2)} a day are tolerated`,
          ...{ since_ms, log_e, unit: 'accounts', reference_ticks: 0 },
          ...{ observed_per_day: accounts.size / (day - since_day + 1), expected_per_day: rate },
        },
      ],
    }
  }

  #draft({ client_fp, accounts, log_e, since_day }: BorrowedClient, day: number): WorkDraft {
    const name = this.#names.text(client_fp)
    const days = plural(day - since_day + 1, 'day')
    return {
      at_ms: day * dayMs,
      detector: 'borrowed_clients',
      subject: `client_fp:${name}`,
      text: `${plural(accounts.size, 'account')} used client ${name} for the first time, from networks new to them, within ${days}`,
      log10_e: log_e / Math.LN10,
      facts: { accounts: accounts.size },
    }
  }
}

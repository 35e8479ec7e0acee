/** Vaults of which more is read than leaves, more leaves than is read, or more is read than before, as items of work. */
import type { DayRows, Names } from '../../detectors/day-rows.ts'
import type { Excluded } from '../../detectors/sums/tally.ts'
import { type BalanceSubject, type Question, ReadsBalance } from '../../detectors/vaults/reads-balance.ts'
import type { WorkDraft } from '../../incidents/worklist.ts'
import { bytesText, dateText } from '../../model/amount-text.ts'
import { dayMs } from '../../model/window.ts'

const mostItems = 10
/** The stake of a year has come back, of one vault and of all together. */
const leastLogE = 0

const wordsOf: Readonly<Record<Question, string>> = {
  staged: 'more is read on hosts at the border than leaves, compared with its own past',
  unread: 'more leaves than is read on hosts at the border, compared with its own past',
  read: 'more is read on hosts at the border than its own past lets expect',
}

export class VaultItems {
  readonly #balance: ReadsBalance
  readonly #names: Pick<Names, 'text'>

  constructor({
    names,
    seed,
    isQuiet,
  }: { names: Pick<Names, 'text'>; seed: number; isQuiet: (day: number) => boolean }) {
    this.#names = names
    this.#balance = new ReadsBalance({ seed, isQuiet, nameOf: (vault) => names.text(vault) })
  }

  /** Days in order; what it says is known at their end. `reads`: what was read on hosts at the border. */
  day(rows: DayRows, isTaken: Excluded, reads: DayRows): WorkDraft[] {
    this.#balance.day(rows, reads, isTaken)
    const items = this.#balance.strongest(mostItems)
    const found = items.filter(({ log_e }) => log_e >= leastLogE).map((each) => this.#item(each, rows.day))
    if (found.length > 0 || this.#balance.log_e < leastLogE) return found
    return [this.#together(items, rows.day)]
  }

  #item({ vault, question, log_e, since_day, bytes_read, bytes_left, reference_days }: BalanceSubject, day: number) {
    const name = this.#names.text(vault)
    const [read, left] = [bytes_read, bytes_left].map((bytes) => BigInt(Math.round(bytes)))
    return {
      at_ms: day * dayMs,
      detector: `vault_${question}`,
      is_apart: true,
      subject: `vault:${name}`,
      text: `vault ${name}: ${wordsOf[question]}; since ${dateText(since_day * dayMs)} ${bytesText(read)} were read and ${bytesText(left)} left, what is explained left out`,
      log10_e: log_e / Math.LN10,
      facts: { bytes_read: read, bytes_left: left, reference_days },
    }
  }

  #together(items: readonly BalanceSubject[], day: number): WorkDraft {
    const names = items.slice(0, 3).map(({ vault }) => this.#names.text(vault))
    return {
      at_ms: day * dayMs,
      detector: 'vaults_together',
      subject: 'site:vaults',
      text: `reads and departures of vaults differ from their past in many of them, a little in each; most in ${names.join(', ')}`,
      log10_e: this.#balance.log_e / Math.LN10,
      facts: { vaults: new Set(items.map(({ vault }) => vault)).size },
    }
  }
}

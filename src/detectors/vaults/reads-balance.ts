/**
 * What is read of a vault on hosts at the border against what leaves of it, day by day, as series that are judged against their own past
 * (`Stream`: season, control, whitened, ranked among all that went before, drift and dispersion tolerated). Three questions, fixed
 * before any data, each with a third of the stake:
 *
 *   staged    log (read + c) / (left + c) is higher than it was: what is read goes somewhere else, or leaves later
 *   unread    log (left + c) / (read + c) is higher than it was: it leaves on a path that no audit sees
 *   read      log (read + c) is higher than it was: more is taken out of the vault, however it leaves
 *
 * read: bytes on the hosts that the audit knew when the vault was first watched (others would come in as a rise), less what left of the
 * vault that an expectation explains or an open incident has taken. left: all other bytes of the vault. c: a tenth of what is read and
 * leaves of it on a day of the two weeks before it is judged. Control of the ratios: that of all other vaults together, so that a
 * sensor that loses a part of everything moves nothing; days on which less than c was read and left say nothing of them. Days on which the audit, of all hosts or of those on which a vault is read, or the flows say next to nothing are left
 * out.
 *
 * A vault is watched from the first day on which it holds a thousandth of what is read or leaves, 2,000 at most. Each bets a sixtieth of
 * the stake, a share of it where there are more: the sum is an e-process however vaults depend on each other. reference/algorithms.md §3.
 */
import { logSum } from '../../math/log-sum.ts'
import type { DayRows } from '../day-rows.ts'
import { Stream } from '../sums/stream.ts'
import type { Excluded } from '../sums/tally.ts'
import { DarkDays } from './dark-days.ts'
import { type VaultDay, VaultDays } from './vault-days.ts'

export const questions = ['staged', 'unread', 'read'] as const
export type Question = (typeof questions)[number]

/** The stake is shared among as many vaults, or as many as bet (`pools`). */
const leastEntities = 60
const scaleDays = 14
const scaleShare = 0.1
/** Days that can be told of. */
const mostDays = 200

export interface BalanceSubject {
  vault: number
  question: Question
  /** In nats, its share of the stake included. */
  log_e: number
  since_day: number
  /** Since then. */
  bytes_read: number
  bytes_left: number
  reference_days: number
}

interface Watched {
  vault: number
  first_day: number
  /** The hosts that the audit knew. */
  hosts: ReadonlySet<number>
  /** Until it is judged, with what is needed for it. */
  first: { day: number; own: VaultDay; others: VaultDay; isQuiet: boolean }[]
  days: { day: number; read: number; left: number }[]
  streams: Readonly<Record<Question, Stream>> | undefined
  c: number
  controlC: number
}

export interface BalanceOptions {
  seed: number
  nameOf: (vault: number) => string
  isQuiet: (day: number) => boolean
}

export class ReadsBalance {
  readonly #options: BalanceOptions
  readonly #days: VaultDays
  readonly #dark = new DarkDays()
  readonly #watched = new Map<number, Watched>()
  log_e = Number.NEGATIVE_INFINITY

  constructor(options: BalanceOptions) {
    this.#options = options
    this.#days = new VaultDays(options.nameOf)
  }

  /** Days in order, each once. `log_e` of all vaults together is known after it. */
  day(rows: DayRows, reads: DayRows, isTaken: Excluded = () => false): void {
    const { day } = rows
    this.#days.take(rows, reads, isTaken)
    const { read, left } = this.#days.total
    const isDark = this.#dark.isDark(read, left)
    if (isDark && this.#watched.size === 0) return
    for (const vault of this.#days.large()) {
      if (this.#watched.has(vault)) continue
      const hosts = new Set(this.#days.auditedHosts)
      this.#watched.set(vault, {
        vault,
        hosts,
        first_day: day,
        first: [],
        days: [],
        streams: undefined,
        c: 0,
        controlC: 0,
      })
    }
    const isQuiet = isDark || this.#options.isQuiet(day)
    for (const watched of this.#watched.values()) this.#step(watched, day, isQuiet || this.#days.isDark(watched.vault))
    this.log_e = logSum(this.#evidence().map(({ log_e }) => log_e))
  }

  /** Most evidence first; of equal ones the vault that was watched first. */
  strongest(most: number): BalanceSubject[] {
    return this.#evidence()
      .filter(({ log_e }) => Number.isFinite(log_e))
      .sort((a, b) => b.log_e - a.log_e)
      .slice(0, most)
      .map(({ watched, question, stream, log_e }) => {
        const since_day = stream.since() ?? watched.first_day
        const days = watched.days.filter(({ day }) => day >= since_day)
        return {
          ...{ vault: watched.vault, question, log_e, since_day, reference_days: stream.reference },
          bytes_read: days.reduce((sum, { read }) => sum + read, 0),
          bytes_left: days.reduce((sum, { left }) => sum + left, 0),
        }
      })
  }

  #evidence(): { watched: Watched; question: Question; stream: Stream; log_e: number }[] {
    const betting = [...this.#watched.values()].filter(({ streams }) => streams?.read.bets)
    const logShare = -Math.log(questions.length * Math.max(leastEntities, betting.length))
    return betting.flatMap((watched) =>
      questions.map((question) => {
        const stream = (watched.streams as NonNullable<Watched['streams']>)[question]
        return { watched, question, stream, log_e: stream.log_e + logShare }
      }),
    )
  }

  #step(watched: Watched, day: number, isQuiet: boolean): void {
    const { own, others } = this.#days.of(watched.vault, watched.hosts)
    const today = { day, own, others, isQuiet }
    watched.days.push({ day, ...own })
    if (watched.days.length > mostDays) watched.days.shift()
    if (watched.streams) {
      feed(watched, watched.streams, today)
      return
    }
    watched.first.push(today)
    if (watched.first.length < scaleDays) return
    const seen = watched.first.filter((each) => !each.isQuiet)
    watched.c = scaleOf(seen.map((each) => each.own))
    watched.controlC = scaleOf(seen.map((each) => each.others))
    const name = this.#options.nameOf(watched.vault)
    const streamOf = (question: Question): Stream =>
      new Stream({
        ...{ name: `balance ${name} ${question}`, seed: this.#options.seed, scale: '1 d' },
        usable_from_day: watched.first_day,
      })
    watched.streams = { staged: streamOf('staged'), unread: streamOf('unread'), read: streamOf('read') }
    for (const each of watched.first) feed(watched, watched.streams, each)
    watched.first = []
  }
}

/** Bytes a day that are as good as none; 1 of nothing. */
function scaleOf(days: readonly VaultDay[]): number {
  const total = days.reduce((sum, { read, left }) => sum + read + left, 0)
  return Math.max(1, (scaleShare * total) / Math.max(1, days.length))
}

function feed(
  { c, controlC }: Watched,
  streams: NonNullable<Watched['streams']>,
  { day, own, others, isQuiet }: Watched['first'][number],
): void {
  // where next to nothing is read and leaves a ratio says nothing, and what others did would be all that is left of it
  const isIdle = own.read + own.left < c
  const ratio = Math.log((own.read + c) / (own.left + c))
  const ofOthers = Math.log((others.read + controlC) / (others.left + controlC))
  streams.staged.step(day, ratio, ofOthers, isQuiet || isIdle)
  streams.unread.step(day, -ratio, -ofOthers, isQuiet || isIdle)
  streams.read.step(day, Math.log(own.read + c), Number.NaN, isQuiet)
}

/**
 * What the usual rules for single hosts, single peers and the site's total would have said day by day: for comparison, never for
 * incidents. All days before `reference_until_day` are the reference: its first half is each rule's baseline, on its second half
 * its line is set as low as one false alarm a month allows, for the whole rule at this site.
 *
 * They are helped where that can be done: rules run a second time on what undeclared new peers fetched, a channel that most tools
 * lack, and the reference may be said to end where a known theft begins. Peers are new for 7 days, counted from the 22nd day of
 * the books; what an expectation explains is never new. Hosts without a name (id 0) have no rule of their own.
 * Days must be fed in order, all that were observed and no others: a host without rows on such a day sent nothing.
 */
import { type DayRows, vouchedAge } from '../day-rows.ts'
import { groupLine } from './own-line.ts'
import { Rankings } from './usual-rules-rankings.ts'
import {
  bytesOfLevel,
  cusumAlarms,
  cusumIncrements,
  cusumLine,
  ewmaScores,
  levelOf,
  quotaScores,
} from './usual-rules-scores.ts'

export const usualRules = [
  { id: 'host_quota', title: 'quota of a host', unit: 'bytes' },
  { id: 'host_ewma', title: 'z-score of a host, 28 days', unit: 'sd' },
  { id: 'host_cusum', title: 'CUSUM of a host', unit: 'sd' },
  { id: 'site_cusum', title: 'CUSUM of the site', unit: 'sd' },
  { id: 'host_quota_new', title: 'quota of a host, to new peers', unit: 'bytes' },
  { id: 'host_ewma_new', title: 'z-score of a host, to new peers', unit: 'sd' },
  { id: 'host_cusum_new', title: 'CUSUM of a host, to new peers', unit: 'sd' },
  { id: 'site_cusum_new', title: 'CUSUM of the site, to new peers', unit: 'sd' },
  { id: 'top_hosts', title: 'a new name among the top hosts', unit: 'rank' },
  { id: 'top_peers', title: 'a new name among the top peers', unit: 'rank' },
  { id: 'new_peer', title: 'a new peer above a size', unit: 'bytes' },
] as const
export type UsualRule = (typeof usualRules)[number]['id']

/** A host's id as in `DayRows`, a peer's index; 0 for the site. */
export interface AlarmSubject {
  kind: 'host' | 'peer' | 'site'
  id: number
}

export interface UsualAlarm {
  rule: UsualRule
  day: number
  subject: AlarmSubject
  /** In the rule's unit, as is `line`. */
  value: number
  line: number
}

/** A rule as it was set; `line` undefined: too few days, the rule says nothing. */
export interface UsualLine {
  rule: UsualRule
  line?: number
  /** Observed days on which the line was set, and the alarms that it was allowed on them. */
  tuned_days: number
  allowed_alarms: number
}

const false_alarms_per_year = 12
const days_per_year = 365
const new_days = 7
const learning_days = 21
const least_reference_days = 28
/** New peers kept of a day: the largest. More alarms on one day would tell nothing more. */
const most_new_peers = 1000

interface Series {
  subject: AlarmSubject
  /** One value for each observed day. */
  all: number[]
  fresh: number[]
}

interface Period {
  from: number
  half: number
  until: number
  allowed: number
}

interface Judged {
  lines: UsualLine[]
  alarms: UsualAlarm[]
}

export class UsualRules {
  readonly #reference_until_day: number
  readonly #days: number[] = []
  /** In order of first appearance. */
  readonly #hosts = new Map<number, Series>()
  readonly #site: Series = { subject: { kind: 'site', id: 0 }, all: [], fresh: [] }
  readonly #first_seen: number[] = []
  readonly #new_peers: { day_index: number; peer: number; bytes: number }[] = []
  readonly #top_hosts = new Rankings()
  readonly #top_peers = new Rankings()
  #judged: Judged | undefined

  constructor({ reference_until_day }: { reference_until_day: number }) {
    this.#reference_until_day = reference_until_day
  }

  day(rows: DayRows): void {
    this.#judged = undefined
    const day_index = this.#days.length
    this.#days.push(rows.day)
    const hosts = new Map<number, number>()
    const hostsFresh = new Map<number, number>()
    const peers = new Map<number, number>()
    const peersFresh = new Map<number, number>()
    let all = 0
    let fresh = 0
    for (let i = 0; i < rows.length; i++) {
      const host = rows.host[i]
      const peer = rows.peer[i]
      const bytes = rows.bytes_out[i]
      all += bytes
      add(hosts, host, bytes)
      add(peers, peer, bytes)
      this.#first_seen[peer] ??= rows.day
      if (!this.#isFresh(rows, i)) continue
      fresh += bytes
      add(hostsFresh, host, bytes)
      add(peersFresh, peer, bytes)
    }
    hosts.delete(0)
    this.#site.all.push(all)
    this.#site.fresh.push(fresh)
    for (const host of hosts.keys()) if (!this.#hosts.has(host)) this.#hosts.set(host, silentUntil(host, day_index))
    for (const [host, series] of this.#hosts) {
      series.all.push(hosts.get(host) ?? 0)
      series.fresh.push(hostsFresh.get(host) ?? 0)
    }
    this.#top_hosts.add(hosts)
    this.#top_peers.add(peers)
    const largest = [...peersFresh].sort(([, a], [, b]) => b - a).slice(0, most_new_peers)
    for (const [peer, bytes] of largest) this.#new_peers.push({ day_index, peer, bytes })
  }

  /** All alarms since the lines were set, the allowed ones of the reference among them, by day, then in the order of `usualRules`. */
  alarms(): readonly UsualAlarm[] {
    return this.#judge().alarms
  }

  lines(): readonly UsualLine[] {
    return this.#judge().lines
  }

  #isFresh({ day, age_days, peer, unexplained }: DayRows, i: number): boolean {
    if (unexplained[i] === 0 || age_days[i] === vouchedAge) return false
    const first = this.#first_seen[peer[i]]
    return day - first < new_days && first - this.#days[0] >= learning_days
  }

  #judge(): Judged {
    if (this.#judged) return this.#judged
    const all = this.#period(0)
    const fresh = this.#period(learning_days + new_days)
    const hosts = [...this.#hosts.values()]
    const parts = [
      this.#quota('host_quota', hosts, 'all', all),
      this.#ewma('host_ewma', hosts, 'all', all),
      this.#cusum('host_cusum', hosts, 'all', all),
      this.#cusum('site_cusum', [this.#site], 'all', all),
      this.#quota('host_quota_new', hosts, 'fresh', fresh),
      this.#ewma('host_ewma_new', hosts, 'fresh', fresh),
      this.#cusum('host_cusum_new', hosts, 'fresh', fresh),
      this.#cusum('site_cusum_new', [this.#site], 'fresh', fresh),
      this.#top('top_hosts', 'host', this.#top_hosts, all),
      this.#top('top_peers', 'peer', this.#top_peers, all),
      this.#newPeer(fresh),
    ]
    // stable: within a day the rules keep their order
    const alarms = parts.flatMap((part) => part.alarms).sort((a, b) => a.day - b.day)
    this.#judged = { lines: parts.flatMap((part) => part.lines), alarms }
    return this.#judged
  }

  /** Indexes of observed days; undefined where the reference is too short. */
  #period(after_days: number): Period | undefined {
    const indexOf = (day: number): number => {
      const index = this.#days.findIndex((each) => each >= day)
      return index < 0 ? this.#days.length : index
    }
    const from = indexOf(this.#days[0] + after_days)
    const until = indexOf(this.#reference_until_day)
    if (until - from < least_reference_days) return undefined
    const half = Math.floor((from + until) / 2)
    return { from, half, until, allowed: Math.floor((false_alarms_per_year * (until - half)) / days_per_year) }
  }

  #quota(rule: UsualRule, series: readonly Series[], feed: 'all' | 'fresh', period: Period | undefined): Judged {
    if (!period) return silent(rule)
    const levels = series.map((each) => Float64Array.from(each[feed], levelOf))
    const scores = levels.map((each) => quotaScores(each, period.from, period.half))
    return this.#above(rule, series, scores, period, (i, day_index, line) => ({
      value: series[i][feed][day_index],
      line: bytesOfLevel(levels[i][day_index] - scores[i][day_index] + line),
    }))
  }

  #ewma(rule: UsualRule, series: readonly Series[], feed: 'all' | 'fresh', period: Period | undefined): Judged {
    if (!period) return silent(rule)
    const scores = series.map((each) => ewmaScores(Float64Array.from(each[feed], levelOf)))
    return this.#above(rule, series, scores, period, (i, day_index, line) => ({ value: scores[i][day_index], line }))
  }

  /** Alarms of scores above a common line; every day above it is an alarm. */
  #above(
    rule: UsualRule,
    series: readonly Series[],
    scores: readonly Float64Array[],
    { half, until, allowed }: Period,
    told: (i: number, day_index: number, line: number) => { value: number; line: number },
  ): Judged {
    const tuned = scores.flatMap((each) => [...each.subarray(half, until)].filter((score) => !Number.isNaN(score)))
    const line = groupLine(Float64Array.from(tuned), allowed, 1)
    if (line === undefined) return silent(rule)
    const alarms: UsualAlarm[] = []
    for (let i = 0; i < series.length; i++)
      for (let day_index = half; day_index < scores[i].length; day_index++)
        if (scores[i][day_index] > line)
          alarms.push({ rule, day: this.#days[day_index], subject: series[i].subject, ...told(i, day_index, line) })
    return { lines: [{ rule, line, tuned_days: until - half, allowed_alarms: allowed }], alarms }
  }

  #cusum(rule: UsualRule, series: readonly Series[], feed: 'all' | 'fresh', period: Period | undefined): Judged {
    if (!period || series.length === 0) return silent(rule)
    const { from, half, until, allowed } = period
    const increments = series.map((each) => cusumIncrements(Float64Array.from(each[feed], levelOf), from, half))
    const line = cusumLine(increments, half, until, allowed)
    const alarms = series.flatMap(({ subject }, i) =>
      cusumAlarms(increments[i], half, line).map(({ day_index, sum }) => ({
        ...{ rule, day: this.#days[day_index], subject },
        ...{ value: sum, line },
      })),
    )
    return { lines: [{ rule, line, tuned_days: until - half, allowed_alarms: allowed }], alarms }
  }

  #top(rule: UsualRule, kind: 'host' | 'peer', rankings: Rankings, period: Period | undefined): Judged {
    if (!period) return silent(rule)
    const { half, until, allowed } = period
    const length = rankings.longestWithin(half, until, allowed)
    if (length === undefined) return silent(rule)
    const alarms = rankings.newNames(length, half).map(({ day_index, id, rank }) => ({
      ...{ rule, day: this.#days[day_index], subject: { kind, id } },
      ...{ value: rank, line: length },
    }))
    return { lines: [{ rule, line: length, tuned_days: until - half, allowed_alarms: allowed }], alarms }
  }

  #newPeer(period: Period | undefined): Judged {
    const rule: UsualRule = 'new_peer'
    if (!period) return silent(rule)
    const { half, until, allowed } = period
    const later = this.#new_peers.filter(({ day_index }) => day_index >= half)
    const tuned = later.filter(({ day_index }) => day_index < until).map(({ bytes }) => bytes)
    const line = groupLine(Float64Array.from(tuned), allowed, 1) ?? 0
    const alarms = later
      .filter(({ bytes }) => bytes > line)
      .map(({ day_index, peer, bytes }) => ({
        ...{ rule, day: this.#days[day_index], subject: { kind: 'peer', id: peer } as const },
        ...{ value: bytes, line },
      }))
    return { lines: [{ rule, line, tuned_days: until - half, allowed_alarms: allowed }], alarms }
  }
}

function silent(rule: UsualRule): Judged {
  return { lines: [{ rule, tuned_days: 0, allowed_alarms: 0 }], alarms: [] }
}

function silentUntil(host: number, day_index: number): Series {
  const zeros = (): number[] => new Array<number>(day_index).fill(0)
  return { subject: { kind: 'host', id: host }, all: zeros(), fresh: zeros() }
}

function add(sums: Map<number, number>, key: number, bytes: number): void {
  sums.set(key, (sums.get(key) ?? 0) + bytes)
}

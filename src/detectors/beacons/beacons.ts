import { discoveryLine, logCalibrated } from '../../math/calibrate.ts'
import { KeyIndex } from '../../model/key-index.ts'
import { ticksPerDay } from '../../model/window.ts'
import { type DayRows, type Names, vouchedAge } from '../day-rows.ts'
import { Subnets } from '../subnets.ts'
import { isWeekend } from '../sums/season.ts'
import type { Excluded } from '../sums/tally.ts'
import { PairActivity, windowDays, windowTicks } from './pair-activity.ts'
import { fewestOnsets, type Regularity, regularityOf } from './regularity.ts'
import { ScorePast } from './score-past.ts'

/** Pairs that are held, 290 bytes each: what comes beyond waits until others were silent for two weeks, and is counted. */
const mostPairs = 50_000
/** Weeks at whose ends whatever is regular belongs to the site. */
const firstDays = 28
/** A role with fewer pairs in its past is judged by the past of all. */
const fewestOfRole = 120
/** Of what is told of a week, the share that may be chance: where nothing is regular, one week in a year says that something is. */
const discoveryRate = 7 / 365
/** Of a week. */
const mostTold = 10

export interface Beacon extends Regularity {
  host: number
  /** `192.0.2.0/24`, `2001:db8::/64` or `AS64500`. */
  peers: string
  /** Rank of its regularity among pairs of the role and earlier weeks; with a tail beyond them. */
  p: number
  /** Calibrated, less log(pairs judged), in nats: it ranks. */
  log_e: number
  /** Unexplained bytes of the two weeks. */
  bytes_out: number
  /** Pairs that begin often enough to be judged in that week, and those of earlier weeks that it is ranked among. */
  judged: number
  earlier: number
  /** Pairs that found no room. */
  left_out: number
}

/**
 * Does a host call a place at regular intervals that it did not use to call so?
 *
 * Pairs are a host and a class of peers: their /24 (IPv6: /64), and their autonomous system, so that who changes addresses stays one.
 * At the end of each week, the intervals of the last two are scored (`regularityOf`) and ranked among the scores that pairs of hosts of
 * the same role had in all weeks that ended two weeks before and earlier (`ScorePast`: rank, and an exponential tail beyond). If a week's
 * pairs that are not regular are exchangeable with those of earlier weeks, the ranks are valid p-values; told are those that
 * Benjamini and Hochberg's line leaves, at 7/365.
 * Whatever is regular by the model alone in the first four weeks, on any host, is a habit of this site (mirrors, monitoring, harvesters; a system only of the same host) and
 * is neither judged nor a past; what was told is not told again. What an expectation explains is not seen.
 *
 * Blind to: intervals below 30 minutes and above 12 hours (a daily habit is a person's as well); channels that stay open, which are
 * one record; calls without payload; calls among many others to the same network and system; what was there in the first weeks; calls
 * that are told as flows of a timeout's length, which look alike on all long connections and are its past.
 */
export class Beacons {
  readonly #subnets: Subnets
  readonly #activity: PairActivity
  #index = new KeyIndex(3)
  /** Of this week, and of the one before. */
  #bytes = new Float64Array(64)
  #before = new Float64Array(64)
  #roles = new Uint8Array(64)
  /** 1 + the first peer of the pair, for texts. */
  #somePeer = new Int32Array(64)
  #left_out = 0
  /** Times that a pair found no room, in the week that ended last. */
  left_out = 0
  #first_day = Number.NaN
  readonly #habits = new Set<string>()
  readonly #told = new Set<string>()
  /** Scores of weeks that are too young to be a past. */
  readonly #waiting: WeekOfRole[] = []
  readonly #all = new ScorePast()
  readonly #byRole = new Map<number, ScorePast>()

  constructor({ names, most_pairs = mostPairs }: { names: Pick<Names, 'peer'>; most_pairs?: number }) {
    this.#subnets = new Subnets(names)
    this.#activity = new PairActivity(most_pairs)
  }

  /** Days in order, each once. What it says is known at the end of a week. */
  day(rows: DayRows, isTaken: Excluded): Beacon[] {
    if (Number.isNaN(this.#first_day)) this.#first_day = rows.day
    this.#activity.begin(rows.day)
    for (let i = 0; i < rows.length; i++) {
      if (rows.unexplained[i] === 0 || rows.age_days[i] === vouchedAge || isTaken(rows, i)) continue
      this.#mark(rows, i, this.#subnets.of(rows.peer[i]), subnetKind)
      if (rows.peer_asn[i] !== 0) this.#mark(rows, i, rows.peer_asn[i], systemKind)
    }
    const endsWeek = isWeekend(rows.day) && !isWeekend(rows.day + 1)
    if (!endsWeek || rows.day - this.#first_day + 1 < windowDays) return []
    const found = this.#judge(rows.day)
    this.left_out = this.#left_out
    this.#compact()
    return found
  }

  #mark(rows: DayRows, i: number, number: number, kind: number): void {
    const { key } = this.#index
    key[0] = rows.host[i]
    key[1] = number
    key[2] = kind
    let pair = this.#index.find()
    if (pair < 0) {
      if (this.#activity.isFull) {
        this.#left_out++
        return
      }
      pair = this.#index.add()
      this.#activity.add()
      this.#makeRoom(pair)
      this.#bytes[pair] = 0
      this.#before[pair] = 0
      this.#roles[pair] = rows.role[i]
      this.#somePeer[pair] = 1 + rows.peer[i]
    }
    this.#bytes[pair] += rows.bytes_out[i]
    this.#activity.mark(pair, rows.tick[i])
  }

  #makeRoom(pair: number): void {
    if (pair < this.#bytes.length) return
    const grown = <T extends Float64Array | Uint8Array | Int32Array>(larger: T, from: T): T => {
      larger.set(from)
      return larger
    }
    this.#bytes = grown(new Float64Array(2 * pair), this.#bytes)
    this.#before = grown(new Float64Array(2 * pair), this.#before)
    this.#roles = grown(new Uint8Array(2 * pair), this.#roles)
    this.#somePeer = grown(new Int32Array(2 * pair), this.#somePeer)
  }

  #judge(day: number): Beacon[] {
    while (this.#waiting.length > 0 && this.#waiting[0].day <= day - windowDays)
      this.#remember(this.#waiting.shift() as WeekOfRole)
    const hours = this.#hoursOfHosts(day)
    const onsets = new Uint16Array(windowTicks)
    const scored: { pair: number; regularity: Regularity }[] = []
    for (let pair = 0; pair < this.#activity.pairs; pair++) {
      const count = this.#activity.onsets(pair, day, onsets)
      if (count < fewestOnsets) continue
      const cumulative = hours.cumulativeWithout(this.#index.word(pair, 0), onsets, count)
      scored.push({ pair, regularity: regularityOf(onsets, count, cumulative) })
    }
    if (day - this.#first_day < firstDays) {
      const line = Math.log(Math.max(1, scored.length))
      for (const { pair, regularity } of scored) if (regularity.score > line) this.#habits.add(this.#habitOf(pair))
    }
    const news = scored.filter(
      ({ pair }) => !this.#habits.has(this.#habitOf(pair)) && !this.#told.has(this.#keyOf(pair)),
    )
    this.#wait(day, news)
    return day - this.#first_day < firstDays ? [] : this.#rank(news)
  }

  #rank(news: readonly { pair: number; regularity: Regularity }[]): Beacon[] {
    const past = (pair: number): ScorePast => {
      const own = this.#byRole.get(this.#roles[pair])
      return own !== undefined && own.size >= fewestOfRole ? own : this.#all
    }
    const p = Float64Array.from(news, ({ pair, regularity }) => past(pair).upperTail(regularity.score))
    const line = discoveryLine(p, discoveryRate)
    const all = news
      .map((each, n) => ({ ...each, p: p[n] }))
      .filter(({ p: own, regularity }) => own <= line && regularity.score > 0)
      .map(({ pair, regularity, p: own }) => ({
        ...{ ...regularity, pair, p: own },
        ...{ host: this.#index.word(pair, 0), peers: this.#textOf(pair) },
        ...{ bytes_out: this.#bytes[pair] + this.#before[pair] },
        ...{ log_e: logCalibrated(own) - Math.log(news.length), judged: news.length, earlier: past(pair).size },
        left_out: this.#left_out,
      }))
      .sort((a, b) => a.p - b.p)
    const told = all.filter((beacon) => !isWiderOf(beacon, all)).slice(0, mostTold)
    // what found no place this week may next week
    for (const each of all) if (told.includes(each) || isWiderOf(each, told)) this.#told.add(this.#keyOf(each.pair))
    return told.map(({ pair: _, ...beacon }) => beacon)
  }

  #wait(day: number, news: readonly { pair: number; regularity: Regularity }[]): void {
    const byRole = new Map<number, number[]>()
    for (const { pair, regularity } of news) {
      const role = this.#roles[pair]
      byRole.set(role, [...(byRole.get(role) ?? []), regularity.score])
    }
    for (const [role, scores] of byRole) this.#waiting.push({ day, role, scores })
  }

  #remember({ role, scores }: { role: number; scores: readonly number[] }): void {
    const own = this.#byRole.get(role) ?? new ScorePast()
    this.#byRole.set(role, own)
    own.push(scores)
    this.#all.push(scores)
  }

  #keyOf(pair: number): string {
    return `${this.#index.word(pair, 0)} ${this.#index.word(pair, 1)} ${this.#index.word(pair, 2)}`
  }

  /** A network is called by every host for the same reason; a system may hold everybody. */
  #habitOf(pair: number): string {
    return this.#index.word(pair, 2) === systemKind ? this.#keyOf(pair) : `any ${this.#index.word(pair, 1)}`
  }

  #textOf(pair: number): string {
    if (this.#index.word(pair, 2) === systemKind) return `AS${this.#index.word(pair, 1)}`
    return this.#subnets.text(this.#somePeer[pair] - 1)
  }

  #hoursOfHosts(day: number): HostHours {
    const hours = new HostHours(day)
    const onsets = new Uint16Array(windowTicks)
    for (let pair = 0; pair < this.#activity.pairs; pair++)
      // systems hold the same beginnings once more
      if (this.#index.word(pair, 2) === subnetKind)
        hours.add(this.#index.word(pair, 0), onsets, this.#activity.onsets(pair, day, onsets))
    return hours
  }

  /** Pairs that were silent for two weeks go, and the others close up. */
  #compact(): void {
    const index = new KeyIndex(3)
    let kept = 0
    for (let pair = 0; pair < this.#activity.pairs; pair++) {
      if (this.#activity.isEmpty(pair)) continue
      for (let w = 0; w < 3; w++) index.key[w] = this.#index.word(pair, w)
      index.add()
      this.#activity.move(pair, kept)
      this.#before[kept] = this.#bytes[pair]
      this.#bytes[kept] = 0
      this.#roles[kept] = this.#roles[pair]
      this.#somePeer[kept] = this.#somePeer[pair]
      kept++
    }
    this.#index = index
    this.#activity.pairs = kept
    this.#left_out = 0
  }
}

/** A system whose beacon is that of one of its networks, found with it on the same host. */
function isWiderOf({ host, peers, period_ticks }: Beacon, all: readonly Beacon[]): boolean {
  const isSame = (each: Beacon): boolean =>
    each.host === host && !each.peers.startsWith('AS') && Math.abs(Math.log(each.period_ticks / period_ticks)) < 0.2
  return peers.startsWith('AS') && all.some(isSame)
}

interface WeekOfRole {
  day: number
  role: number
  scores: readonly number[]
}

const subnetKind = 0
const systemKind = 1
/** Hours of the day, on working days and at weekends. */
const bins = 48

/** What each host begins at which hour of a working day or weekend, within the window. */
class HostHours {
  readonly #first_day: number
  readonly #counts = new Map<number, Float64Array>()
  readonly #own = new Float64Array(bins)
  readonly #cumulative = new Float64Array(windowTicks + 1)
  readonly #binOf = new Uint8Array(windowTicks)
  readonly #ticksOf = new Float64Array(bins)

  constructor(last_day: number) {
    this.#first_day = last_day + 1 - windowDays
    for (let t = 0; t < windowTicks; t++) {
      const hour = Math.floor((t % ticksPerDay) / 6)
      this.#binOf[t] = hour + (isWeekend(this.#first_day + Math.floor(t / ticksPerDay)) ? 24 : 0)
      this.#ticksOf[this.#binOf[t]]++
    }
  }

  add(host: number, onsets: Uint16Array, count: number): void {
    let counts = this.#counts.get(host)
    if (counts === undefined) {
      counts = new Float64Array(bins)
      this.#counts.set(host, counts)
    }
    for (let j = 0; j < count; j++) counts[this.#binOf[onsets[j]]]++
  }

  /**
   * Summed over the ticks of the window, what the host does but for these beginnings, with as much as they are spread evenly: who does
   * nothing else has no hours. The next call overwrites it.
   */
  cumulativeWithout(host: number, onsets: Uint16Array, count: number): Float64Array {
    const counts = this.#counts.get(host) ?? this.#own
    this.#own.fill(0)
    for (let j = 0; j < count; j++) this.#own[this.#binOf[onsets[j]]]++
    const even = count / windowTicks
    for (let t = 0; t < windowTicks; t++) {
      const bin = this.#binOf[t]
      this.#cumulative[t + 1] =
        this.#cumulative[t] + even + Math.max(0, counts[bin] - this.#own[bin]) / this.#ticksOf[bin]
    }
    return this.#cumulative
  }
}

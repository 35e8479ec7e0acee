/**
 * Arrivals of a site that does not exist, day by day from a seed: for measuring only, nothing is fitted to them. Any day can be
 * asked for at any time and is the same each time. Regular pairs of host and peer come on most days, newcomers for some, by day
 * more than at night and less on weekends; from `theft_from` on, new peers draw from a dozen hosts.
 */
import { isWeekend } from '../../detectors/sums/season.ts'
import { type ArrivalColumns, arrivalTable } from '../../model/arrival.ts'
import { Columns } from '../../model/columns.ts'
import { setCount } from '../../model/count.ts'
import { ticksPerDay } from '../../model/window.ts'
import { Stream } from '../../range/stream.ts'
import { type SiteSize, SyntheticIds } from './synthetic-ids.ts'
import { byAddress, longestStay, type Pair, SyntheticPairs } from './synthetic-pairs.ts'

export interface SyntheticSiteOptions extends SiteSize {
  seed: number
  first_day: number
  /** Day on which a theft begins. */
  theft_from?: number
}

const weekendShare = 0.6
const explainedShare = 0.05
const insideNetwork = 0x0a000000
/** As `decodeDay` reads it. */
const explainedCode = 2

export class SyntheticSite {
  readonly first_day: number
  readonly ids: SyntheticIds
  readonly #seed: number
  readonly #theft_from: number
  readonly #pairs: SyntheticPairs
  readonly #regular: readonly Pair[]
  /** By the day on which they first came; without those that are gone. */
  readonly #cohorts = new Map<number, readonly Pair[]>()

  constructor({ seed, first_day, theft_from = Number.POSITIVE_INFINITY, ...size }: SyntheticSiteOptions) {
    this.first_day = first_day
    this.ids = new SyntheticIds(size)
    this.#seed = seed
    this.#theft_from = theft_from
    this.#pairs = new SyntheticPairs(this.ids, size.entities)
    this.#regular = this.#pairs.regular(new Stream(seed, 'regular'))
  }

  /** In the order of ticks, then of inside addresses and peers; a pair has one row in a tick. */
  day(day: number): ArrivalColumns {
    const random = new Stream(this.#seed, 'day', day)
    const activity = (isWeekend(day) ? weekendShare : 1) * (0.9 + 0.1 * random.unit())
    const pairs = this.#pairsOn(day).filter(() => random.chance(activity))
    const visits = drawVisits(random, pairs)
    const rows = new Columns(arrivalTable, Math.max(1, visits.ticks.length))
    const { ordered, ticks } = byTick(visits)
    for (let i = 0; i < ordered.length; i++) {
      const pair = pairs[ordered[i]]
      const bytes = Math.round(pair.bytes * random.lognormal(1, 0.7))
      if (i > 0 && ticks[i] === ticks[i - 1] && ordered[i] === ordered[i - 1]) continue
      this.#write(rows, day * ticksPerDay + ticks[i], pair, bytes, random)
    }
    return rows
  }

  #write(rows: ArrivalColumns, tick: number, pair: Pair, bytes: number, random: Stream): void {
    const i = rows.row()
    const { data } = rows
    data.tick[i] = tick
    data.inside.lo[2 * i] = insideNetwork + pair.host
    data.peer.lo[2 * i] = pair.peer
    data.inside.lo[2 * i + 1] = data.peer.lo[2 * i + 1] = 0xffff
    data.host[i] = this.ids.of('host', pair.host)
    data.role[i] = pair.role
    data.service[i] = pair.service
    data.account[i] = pair.account
    data.project[i] = pair.project
    data.vault[i] = pair.vault
    data.client_org[i] = pair.client_org
    data.gateway[i] = pair.gateway
    data.client_fp[i] = pair.client_fp
    data.peer_asn[i] = pair.peer_asn
    data.explained[i] = random.chance(explainedShare) ? explainedCode : 0
    setCount(data.bytes_out, i, bytes)
    setCount(data.flows, i, 1 + random.int(0, 4))
  }

  #pairsOn(day: number): Pair[] {
    const cohorts: Pair[] = []
    // also of those who came before the first day: newcomers are as many from the start
    for (let first = day - longestStay + 1; first <= day; first++)
      for (const pair of this.#cohort(first)) if (day - first < pair.stay_days) cohorts.push(pair)
    return merged(this.#regular, cohorts.sort(byAddress))
  }

  #cohort(day: number): readonly Pair[] {
    const n = day - this.first_day + longestStay
    let cohort = this.#cohorts.get(day)
    if (!cohort) {
      cohort = this.#pairs.newcomers(new Stream(this.#seed, 'newcomers', n), n)
      if (day >= this.#theft_from) cohort = [...cohort, ...this.#pairs.members(new Stream(this.#seed, 'members', n), n)]
      this.#cohorts.set(day, cohort)
    }
    return cohort
  }
}

/** Of the pairs, by number: each visit with its tick, pairs ascending. */
function drawVisits(random: Stream, pairs: readonly Pair[]): { pairs: Int32Array; ticks: Uint8Array } {
  const [who, when]: [number[], number[]] = [[], []]
  for (let p = 0; p < pairs.length; p++) {
    const visits = Math.max(1, Math.round(pairs[p].visits * random.between(0.5, 1.5)))
    for (let v = 0; v < visits; v++) {
      who.push(p)
      when.push(tickOfDay(random))
    }
  }
  return { pairs: Int32Array.from(who), ticks: Uint8Array.from(when) }
}

/** Two of three at any time of the day, the third around its middle. */
function tickOfDay(random: Stream): number {
  const at = random.chance(1 / 3) ? (random.unit() + random.unit() + random.unit()) / 3 : random.unit()
  return Math.floor(at * ticksPerDay)
}

/** A stable counting sort. */
function byTick(visits: { pairs: Int32Array; ticks: Uint8Array }): { ordered: Int32Array; ticks: Uint8Array } {
  const ends = new Int32Array(ticksPerDay + 1)
  for (const tick of visits.ticks) ends[tick + 1]++
  for (let tick = 0; tick < ticksPerDay; tick++) ends[tick + 1] += ends[tick]
  const ordered = new Int32Array(visits.pairs.length)
  const ticks = new Uint8Array(visits.pairs.length)
  for (let i = 0; i < visits.pairs.length; i++) {
    const at = ends[visits.ticks[i]]++
    ordered[at] = visits.pairs[i]
    ticks[at] = visits.ticks[i]
  }
  return { ordered, ticks }
}

function merged(a: readonly Pair[], b: readonly Pair[]): Pair[] {
  const all: Pair[] = []
  let at = 0
  for (const pair of a) {
    while (at < b.length && byAddress(b[at], pair) < 0) all.push(b[at++])
    all.push(pair)
  }
  for (; at < b.length; at++) all.push(b[at])
  return all
}

/**
 * Border closure (DESIGN §3): bytes that interfaces counted and no flow tells of. What passes beside the sensors, such as a tunnel
 * of a router, shows nowhere else. The unaccounted share is judged against its own past, by the hour and by the day, with the
 * same streams of evidence as the sums (`Stream`); a loss of 5 points for 6 hours on end is told at once. Whatever it is, it is
 * about what is not seen: a notice about the sensor, with its own quota of one false notice in ten years, and no incident.
 */
import { logSum } from '../../math/log-sum.ts'
import { median } from '../../math/robust.ts'
import { bytesText, dateText, shareText } from '../../model/amount-text.ts'
import type { Notice } from '../../model/incident.ts'
import { dayMs } from '../../model/window.ts'
import { grains, Stream } from '../sums/stream.ts'
import { type ClosureDay, ClosureDays, type CountedHour } from './closure-days.ts'

const scaleIds = ['1 h', '1 d'] as const
/** What the evidence must reach: one false notice in ten years. */
const logThreshold = Math.log(10)
/** A rise below a thousandth of what crosses is nobody's concern, however regular the rest is. */
const leastRise = 0.001
const drop = { points: 0.05, hours: 6 }
const usualDays = 28
const leastUsualDays = 7
/** Days back at what was usual before, and it is over. */
const overDays = 3

interface Gap {
  since_day: number
  told_day: number
  usual: number
  /** Days back at the usual, which are its own only if it goes on. */
  calm: ClosureDay[]
  bytes: number
  days: number
  is_over: boolean
  last_day: number
}

export interface ClosureOptions {
  seed: number
  hours: readonly CountedHour[]
  first_day: number
}

export class ClosureWatch {
  readonly #days: ClosureDays
  readonly #streams: Readonly<Record<(typeof scaleIds)[number], Stream>>
  /** Days that were looked at, with their shares; those of an open gap teach nothing. */
  readonly #past: ClosureDay[] = []
  readonly #gaps: Gap[] = []

  constructor({ seed, hours, first_day }: ClosureOptions) {
    this.#days = new ClosureDays(hours)
    const streamOf = (scale: (typeof scaleIds)[number]): Stream =>
      new Stream({ name: `closure ${scale}`, seed, scale, usable_from_day: first_day })
    this.#streams = { '1 h': streamOf('1 h'), '1 d': streamOf('1 d') }
  }

  /** At the end of a day the day before it; days in order. */
  day(today: number): void {
    if (this.#days.isEmpty) return
    const day = this.#days.of(today - 1)
    const open = this.#gaps.find(({ is_over }) => !is_over)
    if (open) {
      this.#goOn(open, day)
      // what an open gap adds is no past to be ranked by
      this.#step(day, true)
      if (!open.is_over) return
    } else this.#step(day, false)
    const usual = this.#usual()
    this.#past.push(day)
    if (open || Number.isNaN(usual)) return
    const log_e = logSum(scaleIds.map((scale) => this.#streams[scale].log_e)) - Math.log(scaleIds.length)
    if (log_e >= logThreshold) this.#declare(day, usual)
    else if (hoursOfDrop(day, usual) >= drop.hours) this.#open({ since_day: day.day, usual }, day)
  }

  /** One for each time that it was found, as it stands now. */
  notices(): Notice[] {
    return this.#gaps.map(({ since_day, told_day, usual, bytes, days, is_over, last_day }) => {
      const perDay = Math.round(bytes / Math.max(1, days))
      const until = is_over ? `until ${dateText((last_day + 1) * dayMs)}` : 'so far'
      return {
        id: `closure:${new Date(since_day * dayMs).toISOString().slice(0, 10)}`,
        kind: 'sensor',
        at_ms: (told_day + 2) * dayMs,
        text:
          `since ${dateText(since_day * dayMs)} the interfaces of the border have sent ${bytesText(perDay)} a day that no flow ` +
          `accounts for, beyond the usual ${shareText(BigInt(Math.round(Math.max(0, usual) * 1e6)), 1_000_000n)} of their octets: ` +
          `${bytesText(Math.round(bytes))} ${until}. It left past the sensors (a tunnel or a link that they do not see), or they ` +
          'lose it: compare the tunnels and routes of the border devices with the plan, and the capture loss of the sensors',
        facts: { bytes_out: BigInt(Math.round(bytes)), bytes_out_per_day: BigInt(perDay), usual_share: usual, days },
      }
    })
  }

  #step({ day, shares, share }: ClosureDay, isQuiet: boolean): void {
    const { slotsPerDay } = grains['1 h']
    for (let hour = 0; hour < slotsPerDay; hour++)
      this.#streams['1 h'].step(day * slotsPerDay + hour, shares[hour], Number.NaN, isQuiet)
    this.#streams['1 d'].step(day, share, Number.NaN, isQuiet)
  }

  /** Median share of the four weeks before; NaN where there are no seven days. */
  #usual(): number {
    const shares = this.#past.slice(-usualDays).flatMap(({ share }) => (Number.isNaN(share) ? [] : [share]))
    return shares.length < leastUsualDays ? Number.NaN : median(Float64Array.from(shares))
  }

  #declare(day: ClosureDay, usual_now: number): void {
    const [strongest] = [...scaleIds].sort((a, b) => this.#streams[b].log_e - this.#streams[a].log_e)
    const since = this.#streams[strongest].since() ?? day.day * grains[strongest].slotsPerDay
    const since_day = Math.floor(since / grains[strongest].slotsPerDay)
    const before = this.#past.filter((each) => each.day < since_day && !Number.isNaN(each.share)).slice(-usualDays)
    const usual = before.length === 0 ? usual_now : median(Float64Array.from(before, ({ share }) => share))
    for (const scale of scaleIds) this.#streams[scale].spend((day.day + 1) * grains[scale].slotsPerDay)
    const during = this.#past.filter((each) => each.day >= since_day)
    const rise = during.reduce((sum, each) => sum + missing(each, usual), 0) / Math.max(1, octetsOf(during))
    if (rise >= leastRise) this.#open({ since_day, usual }, day)
  }

  #open({ since_day, usual }: Pick<Gap, 'since_day' | 'usual'>, { day }: ClosureDay): void {
    const gap = { since_day, usual, told_day: day, calm: [], bytes: 0, days: 0, is_over: false, last_day: day }
    this.#gaps.push(gap)
    for (const each of this.#past) if (each.day >= since_day) this.#add(gap, each)
  }

  #add(gap: Gap, day: ClosureDay): void {
    gap.bytes += missing(day, gap.usual)
    gap.days++
    gap.last_day = day.day
  }

  #goOn(gap: Gap, day: ClosureDay): void {
    if (Number.isNaN(day.share)) return
    const perDay = gap.bytes / Math.max(1, gap.days)
    if (missing(day, gap.usual) < perDay / 3) {
      gap.calm.push(day)
      gap.is_over = gap.calm.length === overDays
    } else for (const each of [...gap.calm.splice(0), day]) this.#add(gap, each)
  }
}

/** Octets of the hours that take part, beyond the usual share. */
function missing({ shares, octets }: ClosureDay, usual: number): number {
  let sum = 0
  for (let hour = 0; hour < shares.length; hour++)
    if (!Number.isNaN(shares[hour])) sum += (shares[hour] - usual) * octets[hour]
  return sum
}

function octetsOf(days: readonly ClosureDay[]): number {
  return days.reduce(
    (sum, { shares, octets }) => sum + octets.reduce((all, each, i) => (Number.isNaN(shares[i]) ? all : all + each), 0),
    0,
  )
}

/** The longest run of hours with a share so many points above the usual, of those in which enough was sent to tell. */
function hoursOfDrop({ shares, octets }: ClosureDay, usual: number): number {
  const mean = octets.reduce((sum, each) => sum + each, 0) / octets.length
  let [run, longest] = [0, 0]
  for (let hour = 0; hour < shares.length; hour++) {
    run = shares[hour] > usual + drop.points && octets[hour] >= mean / 10 ? run + 1 : 0
    longest = Math.max(longest, run)
  }
  return longest
}

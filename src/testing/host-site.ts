/** Hosts that send as hosts do, and what the statistics over them make of it: for tests of calibration and of power. */

import { type ScaleId, type StatisticId, statistics } from '../detectors/sums/channels.ts'
import { HostColumn } from '../detectors/sums/host-column.ts'
import { HostPast } from '../detectors/sums/host-past.ts'
import { dayOfSlot, Stream, slotOfDay } from '../detectors/sums/stream.ts'
import { keyedUniform } from '../math/keyed-uniform.ts'
import { normalQuantile } from '../math/normal.ts'

/** The first day of a block of 28. */
const firstDay = 28 * 731
const uniform = (...keys: (string | number)[]): number => keyedUniform(2, ...keys)
const draw = (...keys: (string | number)[]): number => normalQuantile(uniform(...keys))

export interface HostSite {
  seed: number
  hosts: number
  past_days: number
  days: number
  /** Deviations by which a host is up on a day since the past ended. */
  up?: (host: number, day: number) => number
  /** Common to all hosts: deviation of an AR(1), and what the whole pool gains in a year. */
  shared?: number
  growth?: number
  phi?: number
  /** Chance that a host has another level from a day on. */
  moves?: number
}

/** Logarithms of a host's bytes around its level, by host and day; of unit deviation but for bursts of one day in thirty. */
function* daysOf({
  seed,
  hosts,
  past_days,
  days,
  up,
  shared = 0.2,
  growth = 0,
  phi = 0.3,
  moves = 0,
}: HostSite): Generator<Map<number, number>> {
  const own = Array.from({ length: hosts }, (_, host) => draw(seed, 'start', host))
  const moved = own.map(() => 0)
  let common = 0
  for (let day = 0; day < past_days + days; day++) {
    common = 0.5 * common + shared * Math.sqrt(0.75) * draw(seed, 'common', day)
    const bytes = new Map<number, number>()
    for (let host = 0; host < hosts; host++) {
      own[host] = phi * own[host] + Math.sqrt(1 - phi * phi) * draw(seed, day, host)
      if (moves > 0 && uniform(seed, 'moves', day, host) < moves) moved[host] = 1.5 * draw(seed, 'moved', day, host)
      const burst = uniform(seed, 'burst', day, host) < 1 / 30 ? 1.5 - Math.log(uniform(seed, 'size', day, host)) : 0
      const campaign = day < past_days ? 0 : (up?.(host, day - past_days) ?? 0)
      const z = common + own[host] + moved[host] + burst + campaign + (growth * day) / 365
      bytes.set(host, 1e9 * 3 ** (host % 4) * Math.exp(0.5 * z))
    }
    yield bytes
  }
}

interface Watched {
  statistic: StatisticId
  scale: ScaleId
  stream: Stream
  most: number
}

/** Highest evidence since the past ended, by statistic and scale, and of all merged by the weights of the statistics. */
export function highestEvidence(site: HostSite, scales: readonly ScaleId[] = ['1 d']): Record<string, number> {
  const past = new HostPast(firstDay)
  const watched = statistics.flatMap(({ id: statistic, scales: allowed }) =>
    scales
      .filter((scale) => allowed.includes(scale))
      .map((scale): Watched => {
        const stream = new Stream({ name: `${statistic} ${scale}`, seed: site.seed, scale, usable_from_day: firstDay })
        return { statistic, scale, stream, most: Number.NEGATIVE_INFINITY }
      }),
  )
  let merged = Number.NEGATIVE_INFINITY
  let day = firstDay
  for (const bytes of daysOf(site)) {
    past.columns.set(day, HostColumn.of(bytes))
    past.step(day, false)
    for (const scale of ['7 d', '28 d'] as const)
      if (scales.includes(scale) && dayOfSlot(scale, slotOfDay(scale, day + 1)) === day + 1) past.endBlock(scale)
    const isAfter = day >= firstDay + site.past_days
    for (const each of watched) {
      const slot = slotOfDay(each.scale, day)
      if (dayOfSlot(each.scale, slot + 1) !== day + 1) continue
      if (day === firstDay + site.past_days) each.stream.spend(slot)
      each.stream.step(slot, past.value(each.statistic, each.scale), Number.NaN, false)
      if (isAfter && each.stream.bets) each.most = Math.max(each.most, each.stream.log_e)
    }
    const betting = watched.filter(({ stream }) => stream.bets)
    const weight = (id: StatisticId): number => statistics.find((each) => each.id === id)?.weight ?? 0
    const total = betting.reduce((sum, { statistic }) => sum + weight(statistic), 0)
    const now = betting.reduce(
      (sum, { statistic, stream }) => sum + (weight(statistic) / total) * Math.exp(stream.log_e),
      0,
    )
    if (isAfter) merged = Math.max(merged, Math.log(now))
    day++
  }
  return { merged, ...Object.fromEntries(watched.map(({ statistic, scale, most }) => [`${statistic} ${scale}`, most])) }
}

/** Placements of one campaign taken together, the floors that follow, and how often the clean twins were wrong. */
import { type CampaignSpec, specText } from '../../prove/spec.ts'
import { type Bounds, floorShare, poissonBounds, quantileOf, wilson } from '../../prove/statistics.ts'
import type { Placement } from './placement.ts'
import { type UsualRuleId, usualRuleIds } from './usual.ts'

export interface PowerOfRule {
  rule: UsualRuleId
  placements: number
  /** Credited as Weir is: an alarm on a member or the site, and none of the clean twin within the same days. */
  power: number
  /** Share of placements in whose clean twin the rule alarms within the same days. */
  twin_alarms_share: number
}

export interface Cell {
  campaign: string
  spec: CampaignSpec
  placements: number
  /** Credited: found, while the clean twin has no incident within the same days. */
  credited: number
  found: number
  twin_alarms: number
  power: number
  /** Wilson, 95 %. */
  power_low: number
  power_high: number
  /**
   * None was found, and the books were too young: no sum could bet until the end of any placement. Then the power, 0, says nothing of
   * what will be seen later. What needs no history had its chance.
   */
  not_possible_yet: boolean
  /** Means over all placements: days on which it may be found, and those of them for which any sum could bet. */
  judged_days: number
  sums_bet_days: number
  /** Over all placements; null where so many were not credited. */
  delay_days_median: number | null
  delay_days_p90: number | null
  /** Mean over all placements; all is lost where nothing was found. */
  bytes_lost_share: number
  bytes_out_per_day: number
  /** Of credited placements, all their members together; null of none. */
  peers_precision: number | null
  peers_recall: number | null
  hosts_precision: number | null
  hosts_recall: number | null
  other_incidents: number
  /** Median over credited placements of the oracle's delay over Weir's. */
  efficiency_median: number | null
  oracle_days_median: number | null
  usual_rules: PowerOfRule[]
}

export function cellOf(spec: CampaignSpec, placements: readonly Placement[]): Cell {
  const credited = placements.filter(({ found, twin_alarms }) => found && !twin_alarms)
  const { low, high } = wilson(credited.length, placements.length)
  const delays = placements.map((each) =>
    each.found && !each.twin_alarms && each.delay_days !== null ? each.delay_days : Number.POSITIVE_INFINITY,
  )
  const share = (kind: 'peers' | 'hosts', of: 'found' | 'truth'): number | null => {
    const whole = credited.reduce((sum, each) => sum + each[kind][of], 0)
    return whole === 0 ? null : credited.reduce((sum, each) => sum + each[kind].right, 0) / whole
  }
  return {
    ...{ campaign: specText(spec), spec, placements: placements.length, credited: credited.length },
    found: placements.filter(({ found }) => found).length,
    twin_alarms: placements.filter(({ twin_alarms }) => twin_alarms).length,
    ...{ power: credited.length / Math.max(1, placements.length), power_low: low, power_high: high },
    not_possible_yet:
      placements.length > 0 && placements.every(({ found, sums_bet_days }) => !found && sums_bet_days === 0),
    judged_days: mean(placements.map(({ judged_days }) => judged_days)),
    sums_bet_days: mean(placements.map(({ sums_bet_days }) => sums_bet_days)),
    ...{ delay_days_median: quantileOf(delays, 0.5), delay_days_p90: quantileOf(delays, 0.9) },
    bytes_lost_share: mean(placements.map(({ bytes_lost, bytes_out }) => bytes_lost / Math.max(1, bytes_out))),
    bytes_out_per_day: mean(placements.map(({ bytes_out }) => bytes_out / spec.days)),
    ...{ peers_precision: share('peers', 'found'), peers_recall: share('peers', 'truth') },
    ...{ hosts_precision: share('hosts', 'found'), hosts_recall: share('hosts', 'truth') },
    other_incidents: placements.reduce((sum, each) => sum + each.other_incidents, 0),
    efficiency_median: quantileOf(
      credited.flatMap(({ oracle_days, delay_days }) =>
        oracle_days === null || delay_days === null ? [] : [oracle_days / delay_days],
      ),
      0.5,
    ),
    oracle_days_median: quantileOf(
      placements.map(({ oracle_days }) => oracle_days ?? Number.POSITIVE_INFINITY),
      0.5,
    ),
    usual_rules: usualRuleIds.map((rule) => {
      const tried = placements.flatMap((each) => each.usual_rules.filter((outcome) => outcome.rule === rule))
      const of = Math.max(1, tried.length)
      return {
        ...{ rule, placements: tried.length },
        power: tried.filter(({ delay_days, twin_alarms }) => delay_days !== null && !twin_alarms).length / of,
        twin_alarms_share: tried.filter(({ twin_alarms }) => twin_alarms).length / of,
      }
    }),
  }
}

export interface Floor {
  /** The campaign without its share. */
  shape: string
  vault: string | null
  path: string | null
  hosts: number
  history_days: number
  placements: number
  /** Null: no share that was tried has a power of 0.8. */
  share: number | null
  /** The smallest share that was tried has that power already. */
  is_at_most: boolean
  /** With none of the shares that were tried. */
  not_possible_yet: boolean
  gb_per_day: number | null
}

/** Of campaigns that differ in their share alone. */
export function floorsOf(cells: readonly Cell[]): Floor[] {
  const shapes = new Map<string, Cell[]>()
  for (const cell of cells.filter(({ placements }) => placements > 0)) {
    const shape = specText(cell.spec).replace(/,share=[^,]+/, '')
    shapes.set(shape, [...(shapes.get(shape) ?? []), cell])
  }
  return [...shapes].map(([shape, of]) => {
    const found = floorShare(of.map(({ spec, power }) => ({ share: spec.share, power })))
    const [{ spec }] = of
    const egress = mean(of.map((cell) => cell.bytes_out_per_day / cell.spec.share))
    return {
      ...{ shape, vault: spec.vault ?? null, path: spec.role ?? null, hosts: spec.hosts, history_days: spec.history },
      placements: Math.min(...of.map(({ placements }) => placements)),
      ...{ share: found?.share ?? null, is_at_most: found?.is_at_most ?? false },
      not_possible_yet: of.every((cell) => cell.not_possible_yet),
      gb_per_day: found ? (found.share * egress) / 1e9 : null,
    }
  })
}

export interface FalseIncidents {
  count: number
  site_years: number
  per_year: number | null
  /** Exact, 95 %. */
  per_year_low: number | null
  per_year_high: number | null
}

export function falseIncidentsOf(count: number, days: number): FalseIncidents {
  const site_years = days / 365
  const bounds: Bounds = poissonBounds(count)
  const per = (value: number): number | null => (site_years === 0 ? null : value / site_years)
  return { count, site_years, per_year: per(count), per_year_low: per(bounds.low), per_year_high: per(bounds.high) }
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}

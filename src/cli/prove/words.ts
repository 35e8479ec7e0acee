/** Numbers of a proof as people read them, the same on the terminal and on the page. */

import { type CampaignSpec, parseCampaigns } from '../../app/prove/campaigns.ts'
import type { Cell, FalseIncidents, Floor } from '../../app/prove/cells.ts'
import { bytesText, countText } from '../text.ts'

const digits = (value: number): string => String(Number(value.toPrecision(2)))

export const none = '–'

export function percent(share: number | null): string {
  return share === null ? none : `${digits(100 * share)} %`
}

export function days(value: number | null): string {
  return value === null ? none : `${value < 10 ? value.toFixed(1) : value.toFixed(0)} d`
}

const notPossible = 'not possible yet'

export function powerText({ placements, power, power_low, power_high, not_possible_yet }: Cell): string {
  if (not_possible_yet) return notPossible
  return placements === 0 ? none : `${power.toFixed(2)} (${power_low.toFixed(2)}–${power_high.toFixed(2)})`
}

/** Power alone, beside that of the usual rules. */
export function shortPowerText({ power, not_possible_yet }: Cell): string {
  return not_possible_yet ? notPossible : power.toFixed(2)
}

/** `13 of 35 d`: of the days on which it may be found, those on which any sum could bet; nothing where it is all of them. */
export function betText({ judged_days, sums_bet_days }: Cell): string {
  return sums_bet_days === judged_days ? '' : `${Math.floor(sums_bet_days)} of ${Math.round(judged_days)} d`
}

/** `0.98/0.87`: precision and recall. */
export function pairText(precision: number | null, recall: number | null): string {
  return precision === null || recall === null ? none : `${precision.toFixed(2)}/${recall.toFixed(2)}`
}

/** The usual rule that found most: its power, and which one. */
export function bestUsual({
  usual_rules,
}: Cell): { power: number; rule: string; twin_alarms_share: number } | undefined {
  const [best] = usual_rules.filter(({ placements }) => placements > 0).sort((a, b) => b.power - a.power)
  return best && { ...best, rule: best.rule.replaceAll('_', ' ') }
}

/** What tells a campaign from the usual one, beside hosts, share and history. */
export function othersText(spec: CampaignSpec): string {
  const [plain] = parseCampaigns(`hosts=${spec.hosts},share=${spec.share},history=${spec.history}`)
  return Object.entries(spec)
    .filter(([name, value]) => value !== plain[name as keyof CampaignSpec])
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')
}

export function floorText({ share, gb_per_day, is_at_most, not_possible_yet }: Floor): string {
  if (not_possible_yet) return notPossible
  if (share === null || gb_per_day === null) return 'not reached'
  return `${is_at_most ? 'at most ' : ''}${bytesText(Math.round(gb_per_day * 1e9))} a day (${percent(share)} of egress)`
}

export function falseText({ count, site_years, per_year_low, per_year_high }: FalseIncidents): string {
  const rate =
    per_year_low === null || per_year_high === null
      ? ''
      : `; 95 % interval ${per_year_low.toFixed(1)} to ${per_year_high.toFixed(1)} a year`
  return `${countText(count)} in ${site_years.toFixed(2)} site-years without a campaign${rate}`
}

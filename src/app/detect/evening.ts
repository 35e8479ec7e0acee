/**
 * Whether a campaign is told as an incident, as it was known at the end of a day: an incident is detected on the first evening on
 * which it is one, not when what was work until then was declared.
 */
import type { DayRows } from '../../detectors/day-rows.ts'
import { type Explains, type Tier, type TierQuestion, tierOf } from '../../incidents/tier.ts'
import { type ArrivalDays, eachDay } from './arrival-days.ts'
import { type CaseContext, tierCaseOf } from './case-of.ts'
import { Measured } from './measured.ts'
import type { OpenCampaign } from './open-campaign.ts'
import type { Told } from './told.ts'

/** What is work is looked at again on each evening of the first week, and then after twice as long each time. */
const week = 7

export interface Evenings extends Pick<CaseContext, 'hosts' | 'addressesOf'> {
  arrivals: ArrivalDays
  question: TierQuestion
}

export const isLookedAt = (days_since_declared: number): boolean =>
  days_since_declared <= week || Number.isInteger(Math.log2(days_since_declared / week))

/** Whether a row has the reading that explains a campaign's members. */
export function readingOf(
  explains: Explains,
  { arrivals, question }: Pick<Evenings, 'arrivals' | 'question'>,
): (rows: DayRows, i: number) => boolean {
  switch (explains.what) {
    case 'agreed':
    case 'fits':
      return ({ explanation }, i) => explanation[i] !== 0
    case 'open':
      return ({ vault }, i) => question.openVaults.has(arrivals.text(vault[i]))
    case 'own':
      return ({ account, vault, project }, i) =>
        explains.accounts.has(arrivals.text(account[i])) &&
        project[i] !== 0 &&
        question.projectOf(arrivals.text(vault[i])) === arrivals.text(project[i])
  }
}

/** The tier by all rows up to those of `today`, and by the members found at its end. */
export async function tierAt(
  campaign: OpenCampaign<Told>,
  today: DayRows,
  { arrivals, question, ...context }: Evenings,
): Promise<Tier> {
  const measured = new Measured(campaign)
  await eachDay(arrivals, campaign.trigger.since_day, today.day, (rows) => measured.add(rows))
  measured.add(today)
  if (measured.gross === 0) return { tier: 'worklist', why: 'nobody drew anything' }
  return tierOf(tierCaseOf(campaign, measured, { names: arrivals, ...context }), question)
}

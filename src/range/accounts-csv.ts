/** The list of accounts that this centre's directory would export: the file audit knows people by the number in it. */
import type { CampaignPlan } from './campaign/plan.ts'
import type { Centre } from './centre/centre.ts'

export const accountsFile = 'accounts.csv'

/** Everybody who ever has an account, people of new projects as well; services have none. */
export function accountsCsv({ people }: Centre, plans: readonly CampaignPlan[]): string {
  const numbers = new Map(
    [...people.accounts, ...plans.flatMap((plan) => plan.accounts)].map(({ name, uid }) => [name, uid]),
  )
  return `account,uidNumber\n${[...numbers].map(([name, uid]) => `${name},${uid}\n`).join('')}`
}

/** What could not be seen: what those who know say, and what the case itself shows to be missing. */
import type { CampaignCase } from './case.ts'
import { percentText } from './fact-text.ts'
import { shapeOf } from './shape.ts'

/** Names missing for at least so much of the bytes are worth a line. */
const missingShare = 0.05

export function notObservableOf(campaign: CampaignCase): string[] {
  const { members, vault_sizes, gross_bytes_out } = campaign
  const { account_share, vault_share } = shapeOf(campaign)
  const isMissing = (known: number): boolean => gross_bytes_out > 0n && 1 - known >= missingShare
  const unsized = members.vaults.filter(({ id }) => !((vault_sizes[id] ?? 0) >= 1)).length
  const lines = [
    ...campaign.not_observable,
    isMissing(account_share) &&
      `Who drew ${percentText(1 - account_share)} of the bytes: no account is known for them.`,
    isMissing(vault_share) &&
      `What was in ${percentText(1 - vault_share)} of the bytes: no transfer log or storage record names their vault.`,
    campaign.networks <= 0 && 'To which networks the peers belong: no table of networks is configured (enrich.asn_db).',
    unsized > 0 && 'How much of a vault this is, where vaults[].size_bytes is not configured.',
    campaign.nearest_own_line === null &&
      'Whether a rule per host or peer would have spoken: no member has an alarm line of its own yet.',
    campaign.hours.members.every((share) => share === 0) && 'At which hours the bytes left.',
  ]
  return [...new Set(lines.filter((line) => typeof line === 'string'))]
}

/**
 * Severity from what is lost and how sure that is; how sensitive the vaults are is not known here.
 *
 * | level    | share of the site's egress | share of a vault's size | bytes (low end) |
 * |----------|----------------------------|-------------------------|-----------------|
 * | low      | less                       | less                    | less            |
 * | medium   | 0.1 %                      | 1 %                     | 100 GB          |
 * | high     | 1 %                        | 10 %                    | 10 TB           |
 * | critical | 10 %                       | 100 %                   | 1 PB            |
 *
 * The highest level that any column reaches, shares at their best estimate. One level less while the evidence is less
 * than twice what it had to reach.
 */
import type { Incident } from '../model/incident.ts'
import type { CampaignCase } from './case.ts'
import { shareOf, withWidthOf } from './intervals.ts'

type Severity = Incident['severity']

const levels = ['low', 'medium', 'high', 'critical'] as const satisfies readonly Severity[]
const egressShares = [0.001, 0.01, 0.1]
const vaultShares = [0.01, 0.1, 1]
const bytesLow = [100e9, 10e12, 1e15]
const narrowFactor = 2

export function severityOf(campaign: CampaignCase): Severity {
  const { excess, site_bytes_out, members, vault_sizes } = campaign
  const egress = site_bytes_out > 0n ? shareOf(excess, site_bytes_out).value : 0
  const vaults = members.vaults.map(({ id, bytes_out }) => {
    const size = vault_sizes[id] ?? 0
    return size >= 1 ? shareOf(withWidthOf(bytes_out, excess), BigInt(Math.round(size))).value : 0
  })
  const level = Math.max(
    levelOf(egress, egressShares),
    ...vaults.map((share) => levelOf(share, vaultShares)),
    levelOf(Number(excess.low), bytesLow),
  )
  return levels[Math.max(0, level - (isEvidenceTimes(campaign, narrowFactor) ? 0 : 1))]
}

/** Whether the evidence, as it stands now, is at least `factor` times what it had to reach. */
export function isEvidenceTimes({ log_e, log_e_now = log_e, log_threshold }: CampaignCase, factor: number): boolean {
  return log_e_now - log_threshold >= Math.log(factor)
}

function levelOf(value: number, bounds: readonly number[]): number {
  return bounds.filter((bound) => value >= bound).length
}

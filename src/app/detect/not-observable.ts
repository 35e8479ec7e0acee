/** What detection could not see on this site, in words. */
import type { Config } from '../../config/config-schema.ts'
import { dateText } from '../../model/amount-text.ts'
import type { Maturity } from '../../model/incident.ts'

export function notObservable(config: Config, maturity: readonly Maturity[]): string[] {
  const young = maturity.filter(({ level, pool }) => pool === 'site' && level !== 'mature')
  const latest = Math.max(...young.map(({ mature_from_ms }) => mature_from_ms ?? 0), 0)
  return [
    ...(config.hosts.length === 0 ? ['no host is named in weir.yaml: sums by role are not kept apart'] : []),
    ...(config.vaults.length === 0 ? ['no vault is named in weir.yaml: what was taken is not known'] : []),
    ...(young.length > 0
      ? [`${young.length} of the site's own sums are younger than they should be, the last until ${dateText(latest)}`]
      : []),
  ]
}

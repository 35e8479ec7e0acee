/** What a sum and its entities are called, wherever they are told. */
import { type PoolKind, unattributedParts } from '../../detectors/sums/channels.ts'
import type { Series } from '../../detectors/sums/watch.ts'
import { hostRoles } from '../../model/site.ts'

/** Such as `fresh_bytes`, and `fresh_bytes_mixture` where hosts are not added up. */
export function detectorOf({ band, measure, statistic }: Series): string {
  return [band.id, measure.id, ...(statistic.id === 'sum' ? [] : [statistic.id])].join('_')
}

/** Such as `bytes of peers first seen within 7 days, from a few hosts`. */
export function channelOf({ band, measure, statistic }: Series): string {
  const among = statistic.id === 'sum' ? '' : `, from ${statistic.title}`
  return `${measure.title} of ${band.title}${among}`
}

/** `text`: of the state's ids. */
export function entityName(kind: PoolKind, entity: number, text: (id: number) => string): string {
  switch (kind) {
    case 'role':
      return hostRoles[entity - 1]
    case 'unattributed': {
      const { role, service } = unattributedParts(entity)
      return `${hostRoles[role]}/${text(service) || 'unknown'}`
    }
    case 'peer_asn':
      return `AS${entity}`
    case 'piece_size':
      return `${2 ** (entity - 1)}-${2 ** entity}`
    case 'site':
    case 'service':
    case 'vault':
    case 'gateway':
    case 'client_fp':
    case 'project':
      return text(entity)
  }
}

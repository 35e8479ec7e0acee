/** The campaigns that are placed: those that were given, or one of the two grids, the large one with vaults and paths of its own. */
import { hostRoles } from '../../model/site.ts'
import type { Background, Source } from '../../prove/background.ts'
import { type CampaignSpec, fullGrid, parseCampaigns, quickGrid, specText } from '../../prove/spec.ts'

export { type CampaignSpec, parseCampaigns, specText }

/** Each once, in the order in which they were given. */
export function campaignsOf(lines: readonly string[], isFull: boolean): CampaignSpec[] {
  const chosen = lines.length > 0 ? lines : isFull ? fullGrid : [quickGrid]
  return [...new Map(chosen.flatMap(parseCampaigns).map((spec) => [specText(spec), spec])).values()]
}

const sharesTried = [0.001, 0.003, 0.01, 0.03, 0.1]
const [mostVaults, mostHosts, history] = [5, 3, 90]

/**
 * For the floor of each of the largest vaults and of each way out: what is drawn from one vault, or from hosts of one role. Hosts
 * are as many as serve it, at most three.
 */
export function campaignsByVault(background: Background): CampaignSpec[] {
  const [plain] = parseCampaigns(`history=${history}`)
  const sources = background.sourcesBefore((background.days[0] ?? 0) + history, {})
  const groupsOf = (nameOf: (source: Source) => string): [string, { hosts: Set<number>; bytes: number }][] => {
    const groups = new Map<string, { hosts: Set<number>; bytes: number }>()
    for (const source of sources) {
      const group = groups.get(nameOf(source)) ?? { hosts: new Set<number>(), bytes: 0 }
      groups.set(nameOf(source), { hosts: group.hosts.add(source.host), bytes: group.bytes + source.bytes })
    }
    groups.delete('')
    return [...groups].sort(([, a], [, b]) => b.bytes - a.bytes)
  }
  const vaults = groupsOf(({ vault }) => background.text(vault)).slice(0, mostVaults)
  const kinds = [
    ...vaults.map(([vault, { hosts }]) => ({ vault, hosts: Math.min(mostHosts, hosts.size) })),
    ...groupsOf(({ role }) => hostRoles[role]).map(([role, { hosts }]) => ({
      role,
      hosts: Math.min(mostHosts, hosts.size),
    })),
  ]
  return kinds.flatMap((kind) => sharesTried.map((share) => ({ ...plain, share, ...kind })))
}

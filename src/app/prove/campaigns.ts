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

/** A vault, or a role of hosts (a way out), that campaigns are drawn from with no more hosts than serve it, at most three. */
export interface Place {
  vault?: string
  role?: string
  hosts: number
  /** What left from there before. */
  bytes_out: number
}

/** The largest vaults and all ways out, by what left before a day, largest first. */
export function placesBefore(background: Background, day: number): Place[] {
  const sources = background.sourcesBefore(day, {})
  const groupsOf = (nameOf: (source: Source) => string): [string, { hosts: number; bytes_out: number }][] => {
    const groups = new Map<string, { hosts: Set<number>; bytes: number }>()
    for (const source of sources) {
      const group = groups.get(nameOf(source)) ?? { hosts: new Set<number>(), bytes: 0 }
      groups.set(nameOf(source), { hosts: group.hosts.add(source.host), bytes: group.bytes + source.bytes })
    }
    groups.delete('')
    return [...groups]
      .sort(([, a], [, b]) => b.bytes - a.bytes)
      .map(([name, { hosts, bytes }]) => [name, { hosts: Math.min(mostHosts, hosts.size), bytes_out: bytes }])
  }
  const vaults = groupsOf(({ vault }) => background.text(vault)).slice(0, mostVaults)
  const roles = groupsOf(({ role }) => hostRoles[role])
  return [...vaults.map(([vault, of]) => ({ vault, ...of })), ...roles.map(([role, of]) => ({ role, ...of }))]
}

/** For the floor of each of the largest vaults and of each way out: what is drawn from one vault, or from hosts of one role. */
export function campaignsByVault(background: Background): CampaignSpec[] {
  const [plain] = parseCampaigns(`history=${history}`)
  return placesBefore(background, (background.days[0] ?? 0) + history).flatMap(({ bytes_out: _, ...place }) =>
    sharesTried.map((share) => ({ ...plain, share, ...place })),
  )
}

/** Builds the whole centre from a seed, a scale and a number of days. Equal arguments give equal centres. */
import type { MutatorName } from '../mutators/names.ts'
import type { BackgroundEvents } from '../scenarios/scenario.ts'
import { Stream } from '../stream.ts'
import { DayShape } from './day-shape.ts'
import { buildHosts, type CentreHost, type CentreHosts } from './hosts.ts'
import { type PeerNetwork, peerNetworks } from './networks.ts'
import { type Account, buildAccounts, churnOf, People } from './people.ts'
import { mostClientOrgs, referenceSite, smallestSite } from './reference-site.ts'

export interface CentreVault {
  id: string
  path: string
  bucket: string
  project: string
  client_org: string
  sensitivity: 'low' | 'medium' | 'high' | 'critical'
  size_bytes: number
  /** Anybody may fetch it. */
  open: boolean
}

/** A project and a university that exchange data by Globus; some begin within the span, as new ones always do. */
export interface Collaboration {
  id: string
  account: Account
  vault: CentreVault
  university: PeerNetwork
  /** Endpoints at the university. */
  hosts: readonly number[]
  dtn: CentreHost
  weight: number
  from_day: number
  until_day: number
  declared: boolean
}

export interface Centre {
  seed: number
  scale: number
  days: number
  hosts: CentreHosts
  people: People
  projects: readonly string[]
  vaults: readonly CentreVault[]
  /** By project. */
  vaultsOf: ReadonlyMap<string, readonly CentreVault[]>
  openVaults: readonly CentreVault[]
  collaborations: readonly Collaboration[]
  shape: DayShape
  /** Expected on a working day at the start. */
  egress_bytes_per_day: number
  /** What is done to its logs. */
  mutate: readonly MutatorName[]
}

export interface CentreOptions {
  seed: number
  scale: number
  days: number
  /** Share of collaborations that somebody declared. */
  declared: number
  mutate?: readonly MutatorName[]
  events?: BackgroundEvents
}

const fields = ['cfd', 'climate', 'genomics', 'fusion', 'astro', 'materials', 'qcd', 'seismic', 'neuro', 'combustion']

export function buildCentre({ seed, scale, days, declared, mutate = [], events }: CentreOptions): Centre {
  const sized = (what: keyof typeof smallestSite): number =>
    Math.max(smallestSite[what], Math.round(referenceSite[what] * scale))
  const projects = Array.from({ length: sized('projects') }, (_, i) => `${fields[i % fields.length]}${100 + i}`)
  const shape = new DayShape(seed, days, events, declared)
  const people = new People(
    buildAccounts(seed, sized('accounts'), projects.length, days, churnOf(mutate)),
    shape.conference_day,
  )
  const hosts = buildHosts(sized('compute_nodes'), mutate.includes('shared_nodes'))
  const vaults = buildVaults(
    seed,
    projects,
    Math.min(mostClientOrgs, sized('client_orgs')),
    referenceSite.stored_bytes * scale,
  )
  const vaultsOf = new Map<string, CentreVault[]>()
  for (const vault of vaults) vaultsOf.set(vault.project, [...(vaultsOf.get(vault.project) ?? []), vault])
  return {
    ...{ seed, scale, days, hosts, people, projects, vaults, vaultsOf, shape, mutate },
    openVaults: vaults.filter(({ open }) => open),
    collaborations: buildCollaborations(
      seed,
      sized('collaborations'),
      days,
      declared,
      people,
      hosts,
      (account) => vaultsOf.get(projects[account.project]) ?? vaults,
    ),
    egress_bytes_per_day: referenceSite.egress_bytes_per_day * scale,
  }
}

/** One for each client organisation, spread over the projects, and a few that are open to all. */
function buildVaults(
  seed: number,
  projects: readonly string[],
  client_orgs: number,
  stored_bytes: number,
): CentreVault[] {
  const stream = new Stream(seed, 'vaults')
  const mean = stored_bytes / client_orgs
  return Array.from({ length: client_orgs + 4 }, (_, i) => {
    const open = i >= client_orgs
    const project = projects[i % projects.length]
    const id = open ? `open-${fields[i - client_orgs]}` : `${project}-${String(i).padStart(4, '0')}`
    return {
      ...{ id, path: `/proj/${open ? 'open' : project}/${id}`, bucket: id, project, open },
      client_org: open ? 'public' : `org-${String(i).padStart(5, '0')}`,
      sensitivity: open ? 'low' : stream.of(['medium', 'medium', 'medium', 'high', 'critical']),
      size_bytes: Math.max(100e9, Math.round(stream.lognormal(mean, 1.2))),
    }
  })
}

function buildCollaborations(
  seed: number,
  count: number,
  days: number,
  declared: number,
  people: People,
  hosts: CentreHosts,
  vaultsFor: (account: Account) => readonly CentreVault[],
): Collaboration[] {
  return Array.from({ length: count }, (_, i) => {
    const stream = new Stream(seed, 'collaboration', i)
    const account = people.accounts[stream.int(0, people.accounts.length - 1)]
    // the first ones are old, so that a centre never begins with none
    const isNew = i >= 5 && stream.chance(0.3)
    const from_day = isNew ? stream.int(0, days - 1) : -1
    return {
      ...{
        id: `EXP-${i + 1}`,
        account,
        vault: stream.of(vaultsFor(account)),
        university: stream.of(peerNetworks.university),
      },
      hosts: Array.from({ length: stream.int(1, 3) }, () => 200 + stream.int(0, 50)),
      ...{ dtn: stream.of(hosts.dtn), weight: Math.min(12, stream.pareto(1.3)), from_day },
      until_day: stream.chance(0.2) ? Math.max(0, from_day) + stream.int(20, 200) : days,
      // a stream of its own: what is declared changes no line of the logs
      declared: new Stream(seed, 'declared', i).unit() < declared,
    }
  })
}

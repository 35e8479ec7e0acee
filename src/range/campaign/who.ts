/** Whose accounts a campaign uses, which vaults it takes from, and in what it hides. */
import type { Centre, CentreVault, Collaboration } from '../centre/centre.ts'
import type { Account } from '../centre/people.ts'
import type { CampaignSpec } from '../scenarios/scenario.ts'
import type { Stream } from '../stream.ts'

/** People of a new project's kind: no log of the days before names any of them. */
export function newAccounts(name: string, count: number, centre: Centre, stream: Stream): Account[] {
  const { accounts } = centre.people
  const project = stream.int(0, centre.projects.length - 1)
  return Array.from({ length: count }, (_, i) => {
    const [device, place] = [stream.of(accounts), stream.of(accounts)]
    return {
      ...{ index: accounts.length + i, name: `${name}${i + 1}`, uid: 60_000 + i, project, weight: 1 },
      ...{ key_fp: `SHA256:${stream.text(43, true)}`, ja4: device.ja4, ssh: device.ssh },
      ...{ home: place.home, university: place.university, lease_days: 1, trips: [] },
    }
  })
}

/** Of the accounts' own projects where there are accounts, unless the campaign takes anybody's. */
export function vaultsOf(
  { vaults }: CampaignSpec,
  centre: Centre,
  left: readonly CentreVault[],
  accounts: readonly Account[],
  stream: Stream,
): CentreVault[] {
  const own = new Set(vaults.of_anybody ? [] : accounts.map(({ project }) => centre.projects[project]))
  if (vaults.shared_projects !== undefined)
    for (const project of stream.some(
      centre.projects.filter((each) => !own.has(each)),
      vaults.shared_projects,
    ))
      own.add(project)
  const among = left.filter(({ open, project }) => (vaults.open ? open : !open && (own.size === 0 || own.has(project))))
  return stream.some(among, vaults.count)
}

/** Of those that were there before and stay to the end the one that moves most; of all, where none does. */
export function busiestCollaboration({ collaborations, days }: Centre): Collaboration {
  const stays = collaborations.filter(({ from_day, until_day }) => from_day < 0 && until_day >= days)
  return (stays.length > 0 ? stays : collaborations).reduce((most, one) => (one.weight > most.weight ? one : most))
}

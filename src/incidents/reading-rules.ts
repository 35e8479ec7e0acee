/**
 * Innocent things that look like a campaign (reference/hpc-ops.md §8, B1–B8), as signs that the books can show and a
 * check outside of them. A table: the first rules win ties.
 */
import { dateText } from '../model/amount-text.ts'
import type { Member } from '../model/incident.ts'
import type { CampaignCase } from './case.ts'
import { namesText } from './fact-text.ts'
import { nameOf } from './facts-of.ts'
import { isConcentrated, type Shape } from './shape.ts'

export interface Sign {
  /** Undefined: the books cannot tell. */
  holds: boolean | undefined
  weight: number
  text: string
  otherwise: string
}

export interface ReadingRule {
  id: string
  says: string
  signs(campaign: CampaignCase, shape: Shape): Sign[]
  check(campaign: CampaignCase, shape: Shape): string
}

const sign = (weight: number, holds: boolean | undefined, text: string, otherwise: string): Sign => ({
  holds,
  weight,
  text,
  otherwise,
})

/** At most `named` names, or what stands for them where there are none. */
function some(members: readonly Member[], none: string, named = 2): string {
  if (members.length === 0) return none
  const names = members.slice(0, named).map(nameOf)
  return members.length > named ? `${names.join(', ')} and others` : namesText(names)
}

const owners = ({ members }: CampaignCase): string =>
  members.vaults.length > 0
    ? `the owners of ${some(members.vaults, '')}`
    : `whoever runs ${some(members.hosts, 'the hosts')}`
const since = ({ first_activity_ms }: CampaignCase): string => dateText(first_activity_ms)
const ofDay = (shape: Shape): boolean | undefined =>
  shape.hours_apart === null ? undefined : shape.hours_apart <= 0.15
const concentrated = ({ peak }: Shape): boolean | undefined =>
  peak === null ? undefined : isConcentrated(peak.members, peak.site)
const known = (value: number, from: number): boolean | undefined => (value <= 0 ? undefined : value >= from)
const networksAtMost = ({ networks }: CampaignCase, most: number): boolean | undefined =>
  networks <= 0 ? undefined : networks <= most

const networksAtLeast = ({ networks }: CampaignCase, least: number): boolean | undefined =>
  networks <= 0 ? undefined : networks >= least
const not = (holds: boolean | undefined): boolean | undefined => (holds === undefined ? undefined : !holds)

export const readingRules: readonly ReadingRule[] = [
  {
    id: 'public_release',
    says: 'Data was published or a web service opened, and nobody told Weir.',
    signs: (campaign, shape) => [
      sign(2, campaign.members.peers.length >= 50, 'many peers draw', 'few peers draw'),
      sign(1, networksAtLeast(campaign, 10), 'they are in many networks', 'they are in few networks'),
      sign(1, shape.web_share >= 0.8, 'the bytes left over web services', 'most bytes did not leave over web services'),
      sign(1, ofDay(shape), 'the hours are those of the site’s people', 'the hours are not those of the site’s people'),
      sign(1, known(shape.top_vault_share, 0.8), 'one vault gives most of it', 'the bytes come out of several vaults'),
      sign(2, shape.account_share <= 0.2, 'no account was needed', 'accounts were needed'),
      sign(
        2,
        shape.top_client_fp_share > 0 ? shape.top_client_fp_share < 0.5 : undefined,
        'the clients differ as those of many people do',
        'one client fingerprint stands for most of the excess',
      ),
    ],
    check: (campaign) =>
      `Ask ${owners(campaign)} whether data or a service was opened to the public around ${since(campaign)}, and compare the web log of ${some(campaign.members.hosts, 'the hosts')}: a release shows referrers and the published paths.`,
  },
  {
    id: 'new_collaboration',
    says: 'A new collaboration fetches its data.',
    signs: (campaign, shape) => [
      sign(
        2,
        networksAtMost(campaign, 5),
        'the peers are in few networks',
        'the peers are spread over more networks than a collaboration has',
      ),
      sign(1, campaign.members.peers.length <= 20, 'few peers draw', 'many peers draw'),
      sign(
        2,
        campaign.members.accounts.length >= 1 && campaign.members.accounts.length <= 5 && shape.account_share >= 0.5,
        'few accounts stand for most of the bytes',
        'no small group of accounts stands for most of the bytes',
      ),
      sign(
        1,
        known(Math.max(shape.top_project_share, shape.top_vault_share), 0.8),
        'one project or vault gives most of it',
        'several projects or vaults give parts of it',
      ),
      sign(1, not(concentrated(shape)), 'no fixed hours', 'fixed hours'),
    ],
    check: (campaign) =>
      `Ask the principal investigator of ${some(campaign.members.projects, some(campaign.members.vaults, some(campaign.members.accounts, 'the projects on these hosts')))} whether a partner has had access since ${since(campaign)}, and find the partner’s networks in the allocation’s ticket or data management plan.`,
  },
  {
    id: 'new_access',
    says: 'Somebody was let into other projects, or looks after data for them.',
    signs: (campaign, shape) => [
      sign(
        5,
        campaign.leading[0]?.detector === 'first_access' ? true : undefined,
        'one account draws from what it never drew from',
        '',
      ),
      sign(1, campaign.members.accounts.length === 1, 'one account stands for it', 'no single account stands for it'),
      sign(1, ofDay(shape), 'the hours are those of the site’s people', 'the hours are not those of the site’s people'),
      sign(
        1,
        campaign.members.peers.length <= 2,
        'it goes to one or two places',
        'it goes to more places than one person has',
      ),
    ],
    check: (campaign) =>
      `Ask the principal investigators of ${some(campaign.members.projects, some(campaign.members.vaults, 'these vaults'))} whether they let ${some(campaign.members.accounts, 'the account')} in around ${since(campaign)}, and its owner, by telephone, whether it was they.`,
  },
  {
    id: 'mirror',
    says: 'A mirror or a scheduled copy was set up.',
    signs: (campaign, shape) => [
      sign(2, concentrated(shape), 'the bytes leave at fixed hours', 'the bytes do not keep to fixed hours'),
      sign(1, campaign.members.peers.length <= 50, 'few peers draw', 'more peers draw than mirrors have'),
      sign(1, shape.days >= 60, 'it goes on for months', 'it has not gone on for months'),
      sign(1, campaign.members.hosts.length <= 3, 'few hosts give', 'more hosts give than a mirror has'),
      sign(1, known(shape.top_vault_share, 0.8), 'one vault gives most of it', 'the bytes come out of several vaults'),
    ],
    check: (campaign, { peak }) =>
      `Look on ${some(campaign.members.hosts, 'the hosts')} for a timer or cron entry${peak ? ` near ${String(peak.start).padStart(2, '0')}:00 UTC` : ''} of about ${since(campaign)}, and ask its owner for the list of mirrors.`,
  },
  {
    id: 'moved_users',
    says: 'People are at a conference or have moved, and work from new networks.',
    signs: (campaign, shape) => [
      sign(
        2,
        shape.account_share >= 0.8,
        'accounts are known for most of the bytes',
        'for much of it no account is known',
      ),
      sign(1, campaign.members.accounts.length >= 5, 'several people take part', 'few people take part'),
      sign(2, networksAtMost(campaign, 3), 'one or few new networks', 'many networks'),
      sign(1, shape.days <= 14, 'it lasts no longer than a journey', 'it lasts longer than a journey'),
    ],
    check: (campaign) =>
      `Compare the login log of ${some(campaign.members.accounts, 'the accounts on these hosts')} before and after ${since(campaign)}: people who moved keep their keys and devices, and the help desk can ask them where they are.`,
  },
  {
    id: 'backup_move',
    says: 'A backup or a copy to a cloud provider was moved or begun.',
    signs: (campaign, shape) => [
      sign(2, known(shape.top_network_share, 0.8), 'one network takes most of it', 'no network takes most of it'),
      sign(1, networksAtMost(campaign, 3), 'few networks in all', 'many networks in all'),
      sign(1, campaign.members.hosts.length <= 5, 'few hosts give', 'more hosts give than backups have'),
      sign(
        1,
        campaign.members.accounts.length <= 1,
        'at most one account, as services have',
        'several accounts take part',
      ),
      sign(1, concentrated(shape), 'the bytes leave at fixed hours', 'the bytes do not keep to fixed hours'),
    ],
    check: (campaign) =>
      `Look for a change ticket of the storage or backup group from about ${since(campaign)} that names ${some(campaign.members.peer_asns, 'the provider')} and ${some(campaign.members.hosts, 'the hosts')}, with a window and a rate.`,
  },
  {
    id: 'address_churn',
    says: 'An access provider renumbered its customers, and known people appear as new peers.',
    signs: (campaign, shape) => [
      sign(
        2,
        shape.account_share >= 0.8,
        'accounts are known for most of the bytes',
        'for much of it no account is known',
      ),
      sign(
        2,
        campaign.networks <= 0 ? undefined : campaign.members.peers.length >= 5 * campaign.networks,
        'many peers share a network',
        'the peers share few networks',
      ),
      sign(1, ofDay(shape), 'the hours are those of the site’s people', 'the hours are not those of the site’s people'),
      sign(1, campaign.members.accounts.length >= 10, 'many people take part', 'few people take part'),
    ],
    check: (campaign) =>
      `Compare the login log of ${some(campaign.members.accounts, 'the accounts on these hosts')} before and after ${since(campaign)}: the same keys and devices from new addresses of one provider settle it.`,
  },
  {
    id: 'semester_start',
    says: 'A course began and its participants fetch their material.',
    signs: (campaign, shape) => [
      sign(
        2,
        campaign.members.accounts.length >= 20,
        'many accounts take part',
        'fewer accounts take part than a course has',
      ),
      sign(
        1,
        shape.account_share >= 0.5,
        'accounts are known for most of the bytes',
        'for much of it no account is known',
      ),
      sign(1, known(shape.top_vault_share, 0.8), 'one vault gives most of it', 'the bytes come out of several vaults'),
      sign(
        1,
        isTermStart(campaign.first_activity_ms),
        'it began when terms begin',
        'it did not begin when terms begin',
      ),
    ],
    check: (campaign) =>
      `Ask user support which course began around ${since(campaign)}, and compare its list of participants with ${some(campaign.members.accounts, 'the accounts on these hosts')}.`,
  },
  {
    id: 'planned_transfer',
    says: 'A planned transfer of one owner.',
    signs: (campaign, shape) => [
      sign(2, campaign.kind === 'fast_theft', 'it happened in one go', 'it did not happen in one go'),
      sign(1, campaign.members.peers.length <= 5, 'few peers draw', 'many peers draw'),
      sign(1, campaign.members.hosts.length <= 2, 'few hosts give', 'many hosts give'),
      sign(1, known(shape.top_vault_share, 0.8), 'one vault gives most of it', 'the bytes come out of several vaults'),
    ],
    check: (campaign) =>
      `Ask ${owners(campaign)} whether they moved a copy to ${some(campaign.members.peers, 'the peers')} on ${since(campaign)}, and find the task in the transfer log of ${some(campaign.members.hosts, 'the hosts')}.`,
  },
]

/** February, March, August to October: when terms begin at most universities. */
function isTermStart(ms: number): boolean {
  return [1, 2, 7, 8, 9].includes(new Date(ms).getUTCMonth())
}

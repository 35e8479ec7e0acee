/**
 * What is proposed, from the least to the most that evidence and loss warrant (reference/hpc-ops.md §3): proposals for
 * people, nothing is done by them. Each beyond `enrich` ends by itself and says what it would cost honest users: the
 * bytes a day and the users on the same hosts that are not members, an upper bound where the measure is narrower.
 *
 * | highest rung | warranted by |
 * |--------------|--------------|
 * | enrich       | any case; closed cases and low severity go no further |
 * | throttle     | an open case of medium severity |
 * | pause        | high severity, and evidence of 10 times what it had to reach |
 * | isolate      | critical severity, and evidence of 1000 times |
 */
import { bytesText, plural } from '../model/amount-text.ts'
import type { Incident, Member } from '../model/incident.ts'
import type { CampaignCase } from './case.ts'
import { namesText } from './fact-text.ts'
import { mostNamed, nameOf } from './facts-of.ts'
import { isEvidenceTimes } from './severity.ts'
import { shapeOf } from './shape.ts'

export const rungs = ['observe', 'enrich', 'throttle', 'pause', 'isolate'] as const
export type Rung = (typeof rungs)[number]
export type ProposedAction = Incident['proposed_actions'][number] & { action: Rung }

const throttleMinutes = 60
const pauseHours = 4
const isolateHours = 24
const pauseFactor = 10
const isolateFactor = 1000

export function proposedActions(campaign: CampaignCase, severity: Incident['severity']): ProposedAction[] {
  const highest = rungs.indexOf(highestRung(campaign, severity))
  return rungs.slice(0, highest + 1).map((action) => {
    const text = textOf(action, campaign)
    if (action === 'observe' || action === 'enrich') return { action, text, honest_bytes_per_day: 0n, honest_users: 0 }
    const { host_bytes_per_day, host_users } = campaign.honest
    return { action, text, honest_bytes_per_day: host_bytes_per_day, honest_users: host_users }
  })
}

export function highestRung(campaign: CampaignCase, severity: Incident['severity']): Rung {
  if (campaign.state === 'closed' || severity === 'low') return 'enrich'
  if (severity === 'critical' && isEvidenceTimes(campaign, isolateFactor)) return 'isolate'
  if (severity !== 'medium' && isEvidenceTimes(campaign, pauseFactor)) return 'pause'
  return 'throttle'
}

function textOf(action: Rung, campaign: CampaignCase): string {
  const { hosts, peers, accounts } = campaign.members
  const from = few(hosts, 'host')
  const to = few(peers, 'peer')
  switch (action) {
    case 'observe':
      return 'Go on counting while the check above is made. Nobody is affected.'
    case 'enrich':
      return `${enrichText(campaign)} Nobody is affected.`
    case 'throttle':
      return `Limit what goes from ${from} to ${to} to a tenth of the present pace, for ${throttleMinutes} minutes at a time; it ends by itself. Others are in the limit only where they use the same peers. ${honestText(campaign)}`
    case 'pause': {
      const what =
        accounts.length > 0
          ? `Hold sessions and transfers of ${few(accounts, 'account')} on ${from}`
          : `Hold connections between ${from} and ${to}`
      return `${what} for up to ${pauseHours} h, with one approver; it ends by itself. ${honestText(campaign)}`
    }
    case 'isolate':
      return `Cut ${from} off from outside${accounts.length > 0 ? `, and lock ${few(accounts, 'account')}` : ''} for up to ${isolateHours} h, with two approvers; it ends by itself. ${honestText(campaign)}`
  }
}

function enrichText(campaign: CampaignCase): string {
  const { hosts, peers, vaults } = campaign.members
  const { account_share, vault_share } = shapeOf(campaign)
  const parts = [
    `Keep the raw logs of ${few(hosts, 'host')}, and record the headers of what passes between them and ${few(peers, 'peer')}.`,
    account_share < 1 && 'Turn on login and transfer logs there, so that bytes get an account.',
    (vaults.length > 0 || vault_share < 1) &&
      `Turn on file audit for ${vaults.length > 0 ? few(vaults, 'vault') : 'the file systems that they mount'}.`,
  ]
  return parts.filter((part) => part !== false).join(' ')
}

/** Names of a few; more are counted. */
function few(members: readonly Member[], one: string): string {
  if (members.length === 0) return `the ${one}s concerned`
  if (members.length > mostNamed) return `the ${plural(members.length, one)}`
  return namesText(members.map(nameOf))
}

function honestText({ members, honest: { host_bytes_per_day, host_users } }: CampaignCase): string {
  const where = members.hosts.length === 1 ? 'the same host' : 'the same hosts'
  if (host_users === 0 && host_bytes_per_day === 0n) return `Nobody else was seen on ${where}.`
  return `On ${where} ${plural(host_users, 'other user')} ${host_users === 1 ? 'sends' : 'send'} ${bytesText(host_bytes_per_day)} a day.`
}

/**
 * Whether what was declared is told as an incident or put on the worklist (DESIGN §6): rare is not yet a campaign. The rules look at
 * what is in excess, never at how strong the evidence is, so that they cost no budget.
 */
import { shareText } from '../model/amount-text.ts'
import type { CampaignCase } from './case.ts'

export interface TierQuestion {
  /** Project that a vault belongs to, '' if unknown; and vaults whose loss means nothing as anybody may have them. */
  projectOf: (vault: string) => string
  openVaults: ReadonlySet<string>
}

/** What of a campaign it is decided by. */
export type TierCase = Pick<
  CampaignCase,
  | 'kind'
  | 'leading'
  | 'members'
  | 'candidates'
  | 'excess'
  | 'gross_bytes_out'
  | 'named_bytes'
  | 'largest_account_bytes_out'
  | 'agreed_bytes_out'
  | 'fitting'
  | 'beside_agreed'
  | 'beside_fitting'
  | 'networks'
  | 'site_bytes_out_of_hours'
>

/** A harmless reading of the members that are known: of others it says something only as far as their bytes have it too. */
export type Explains =
  | { what: 'agreed' | 'fits' | 'open' }
  /** What these took out of vaults of their own projects. */
  | { what: 'own'; accounts: ReadonlySet<string> }
export type Tier = { tier: 'incident' } | { tier: 'worklist'; why: string; explains?: Explains }

/** Fewer peers than this, all named, are somebody's transfers and no campaign of many. */
const fewPeers = 5
/** So are those of one person to fewer networks than this, however many addresses: machines of one cloud come in dozens. */
const fewNetworks = 10
/** Share of what left the site in its hours that a fast theft must have: if less goes on for days, other sums tell of it. */
const leastOfHours = 0.01
/** Of so many hosts a theft prefers some; of few, who is preferred cannot be told. */
const manyHosts = 10
/** Share of the bytes that must speak for the harmless reading. */
const most = 0.8
/** Share of the excess that must have gone where most was agreed: what others drew at the same time is no rest of that. */
const mostOfExcess = 0.5

export function tierOf(campaign: TierCase, { projectOf, openVaults }: TierQuestion): Tier {
  const { members, gross_bytes_out: gross, named_bytes } = campaign
  if (gross === 0n || members.peers.length === 0)
    return { tier: 'worklist', why: 'no peer could be told from the others' }
  const share = (bytes: bigint): number => Number((bytes * 1000n) / gross) / 1000
  const agreed = share(campaign.agreed_bytes_out)
  if (agreed >= most && campaign.beside_agreed >= mostOfExcess)
    return {
      tier: 'worklist',
      why: `${percent(agreed)} of what these peers drew was agreed beforehand`,
      explains: { what: 'agreed' },
    }
  const [fitting] = campaign.fitting
  const fits = campaign.fitting.reduce((sum, { bytes_out }) => sum + bytes_out, campaign.agreed_bytes_out)
  if (fitting && share(fits) >= most && campaign.beside_fitting >= mostOfExcess)
    return {
      tier: 'worklist',
      why: `${percent(share(fits))} of it fits what was agreed (${fitting.expectation}) as far as that can be checked`,
      explains: { what: 'fits' },
    }
  const open = members.vaults
    .filter(({ id }) => openVaults.has(id))
    .reduce((sum, vault) => sum + vault.gross_bytes_out, 0n)
  if (share(open) >= most)
    return {
      tier: 'worklist',
      why: `${percent(share(open))} of it is out of vaults of low sensitivity`,
      explains: { what: 'open' },
    }
  // where a name was declared: whose the data is, and how many fetch it, is not the point
  const isOfName = ['first_access', 'first_places', 'borrowed_clients'].includes(campaign.leading[0]?.detector)
  const isOneAccount = share(campaign.largest_account_bytes_out) >= most && campaign.networks < fewNetworks
  if (!isOfName && (members.peers.length < fewPeers || isOneAccount) && share(named_bytes.account) >= most) {
    const projects = new Set(members.projects.map(({ id }) => id))
    const own = members.vaults
      .filter(({ id }) => projects.has(projectOf(id)))
      .reduce((sum, vault) => sum + vault.gross_bytes_out, 0n)
    if (share(own) >= most)
      return {
        tier: 'worklist',
        why: `${percent(share(own))} of it went by ${isOneAccount ? 'one account out of vaults of its own projects' : 'named accounts out of vaults of their own projects'}`,
        explains: { what: 'own', accounts: new Set(members.accounts.map(({ id }) => id)) },
      }
  }
  const { kind, excess, site_bytes_out_of_hours: ofHours } = campaign
  if (kind === 'fast_theft' && Number(excess.best) < leastOfHours * Number(ofHours))
    return {
      tier: 'worklist',
      why: `it is ${shareText(excess.best, ofHours)} of what left in these hours, too little for a fast theft`,
    }
  if (members.hosts.length === 0 && campaign.candidates.hosts.length >= manyHosts && kind === 'campaign')
    return { tier: 'worklist', why: 'no host stands out: these peers draw from everywhere, as everybody does' }
  if (members.peers.length < 2 && kind === 'campaign' && !isOfName)
    return { tier: 'worklist', why: 'it is one peer: a matter for its own alarm line, not a campaign of many' }
  return { tier: 'incident' }
}

const percent = (share: number): string => `${Math.round(100 * share)} %`

/**
 * Accounts, and where their people are. Activity is heavy-tailed: a few accounts do most. A person works from home, whose address
 * changes every few days or weeks, from a university, from anywhere, and while travelling from a venue or another country.
 */
import type { MutatorName } from '../mutators/names.ts'
import { hashOf, Stream, Weighted } from '../stream.ts'
import { address6In, addressIn, type PeerNetwork, peerNetworks } from './networks.ts'

export interface Account {
  index: number
  name: string
  uid: number
  project: number
  /** Share of all activity, not normalised. */
  weight: number
  key_fp: string
  ja4: string
  ssh: { client: string; hassh: string }
  home: PeerNetwork
  university: PeerNetwork
  /** For so many days the home keeps its address. */
  lease_days: number
  trips: readonly { from_day: number; until_day: number; network: PeerNetwork }[]
}

const syllables = ['ka', 'to', 'mi', 'ren', 'sol', 'va', 'lin', 'gar', 'be', 'no', 'ru', 'shi', 'pe', 'dor', 'an', 'el']
const browsers = [
  't13d1516h2_8daaf6152771_02713d6af862',
  't13d1517h2_8daaf6152771_b0da82dd1658',
  't13d1715h2_5b57614c22b0_3d5424432f57',
  't13d3112h2_e8f1e7e78f70_b26ce05bbdd6',
  't13d2014h2_a09f3c656075_14788d8d241b',
  't12d1909h1_3cd9b4f1f6b8_76e208dd3e22',
]
const sshClients = [
  { client: 'SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.5', hassh: '54f4e0f2c1b7a1f0c3f9d2f8a6b15e01' },
  { client: 'SSH-2.0-OpenSSH_8.7', hassh: '8a8ae540028bf433cd68356c1b9e8d5b' },
  { client: 'SSH-2.0-OpenSSH_9.8', hassh: 'aae6b9604f6f3356543709a376d7f657' },
  { client: 'SSH-2.0-PuTTY_Release_0.81', hassh: '1e7a9b5c3d0f4e26a8c1b2d3e4f50617' },
  { client: 'SSH-2.0-WinSCP_release_6.3.3', hassh: '22c9d1e4f7a60b58d3c4e5f6a7b8c9d0' },
]

/** Share of homes that change their address on a day, where that is asked for. */
export function churnOf(mutate: readonly MutatorName[]): number | undefined {
  const asked = mutate.find((name) => name.startsWith('churn_'))
  return asked === undefined ? undefined : Number(asked.slice('churn_'.length)) / 100
}

const leaseDays = (drawn: number, churn: number | undefined): number => (churn === undefined ? drawn : 1 / churn)

/** `churn`: the same for all homes; else each keeps its address for a span of its own. */
export function buildAccounts(
  seed: number,
  count: number,
  projects: number,
  days: number,
  churn: number | undefined,
): Account[] {
  return Array.from({ length: count }, (_, index) => {
    const stream = new Stream(seed, 'account', index)
    const name = `${stream.of(syllables)}${stream.of(syllables)}${stream.of(syllables)}${index}`
    const project = index < projects ? index : Math.floor(projects * stream.unit() * stream.unit())
    const weight = Math.min(60, stream.pareto(1.1))
    const home = stream.of(peerNetworks.home)
    const trips = Array.from({ length: stream.poisson(days / 90) }, () => {
      const from_day = stream.int(0, days - 1)
      const network = stream.of(stream.chance(0.5) ? peerNetworks.venue : peerNetworks.home)
      return { from_day, until_day: from_day + stream.int(2, 8), network }
    })
    return {
      ...{ index, name, uid: 10_000 + index, project, weight },
      key_fp: `SHA256:${stream.text(43, true)}`,
      ja4: stream.of(browsers),
      ssh: stream.of(sshClients),
      ...{ home, university: stream.of(peerNetworks.university), trips },
      lease_days: leaseDays(stream.int(1, 40), churn),
    }
  })
}

export class People {
  readonly accounts: readonly Account[]
  readonly #choice: Weighted
  readonly #conference_day: number

  constructor(accounts: readonly Account[], conference_day: number) {
    this.accounts = accounts
    this.#choice = new Weighted(accounts.map(({ weight }) => weight))
    this.#conference_day = conference_day
  }

  draw(stream: Stream): Account {
    return this.accounts[this.#choice.draw(stream)]
  }

  /** Where this person is on this day, or what a colleague lends them. */
  addressOf(account: Account, day: number, stream: Stream): string {
    const away = this.#away(account, day)
    const where = stream.unit()
    if (away !== undefined)
      return addressIn(away, hashOf('room', account.index, day) % (away.kind === 'venue' ? 3 : 4000))
    if (where < 0.42) {
      const lease = Math.floor((day + account.index) / account.lease_days)
      return addressIn(account.home, hashOf('home', account.index, lease))
    }
    if (where < 0.9) {
      const desk = hashOf('desk', account.index, stream.int(0, 2))
      return stream.chance(0.15) ? address6In(account.university, desk) : addressIn(account.university, desk % 60)
    }
    return addressIn(stream.of(peerNetworks.home), stream.int(0, 4000))
  }

  #away({ index, trips }: Account, day: number): PeerNetwork | undefined {
    const conference = this.#conference_day
    if (conference >= 0 && day >= conference && day < conference + 5 && hashOf('goes', index) % 12 === 0)
      return peerNetworks.venue[0]
    return trips.find(({ from_day, until_day }) => day >= from_day && day < until_day)?.network
  }
}

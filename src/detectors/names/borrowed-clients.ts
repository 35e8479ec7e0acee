/**
 * One client program in the hands of many accounts that never used it, from networks where they never were: whoever holds many
 * stolen accounts logs in with a program of his own. Each client is a wager of its own, on the accounts that adopt it in a day:
 *
 *   M_t = e_t · (M_{t−1} + γ),  e = min(θ^n · exp(−(θ − 1)·λ), (p/q)^n · ((1 − p)/(1 − q))^(a − n))
 *
 * for a adoptions of which n came from a network that is new to the account, θ as in `FactorEvidence`. It is an e-process if either is true:
 * adoptions from new networks are no more than Poisson with mean λ, or new networks are no more than a share q of the adoptions.
 * So neither a program that everybody installs in the same week (from where they always work) nor one that travellers like (it
 * always was so) is evidence. λ is the largest of one in twenty days, three times what the client was used to, and ten times its
 * share of all clients of accounts times all such adoptions; the last two weeks are left out. q is three times the share of
 * days of accounts that are from a network new to them, and a tenth at least.
 *
 * Judged are accounts first seen 30 days ago or more, unexplained bytes, and clients that come from three /24 (of
 * IPv6 /48): a room of guests behind one address is no thief. The stake of
 * a year is spread over its days and the clients known. Sources: as `FirstAccess`; Pólya's urn for a client's share.
 */
import { logSum } from '../../math/log-sum.ts'
import { KeyIndex } from '../../model/key-index.ts'
import { TouchOrder } from '../../model/touch-order.ts'
import type { DayRows, Names } from '../day-rows.ts'
import { leastBytes, PeerNetworks } from '../keys/fan-in-peers.ts'
import type { Excluded } from '../sums/tally.ts'
import { type ClientWager, newClient, pastOf } from './borrowed-clients-wager.ts'
import { subnetText } from './first-kinds.ts'

export const knownAfterDays = 30
const embargoDays = 14
const leastRate = 0.05
const tolerated = { ofShare: 10, ofOwn: 3, newNetworks: 3 }
const leastNew = 0.1
const mostNew = 0.5
/** Share of new networks that is bet on. */
const betOn = 0.9
const logStake = -Math.log(365)
const none: Excluded = () => false
export const fewestAccounts = 5
const fewestSubnets = 3

export interface BorrowedClient {
  client_fp: number
  log_e: number
  since_day: number
  /** Accounts that adopted it since then from a network new to them. */
  accounts: ReadonlySet<number>
  /** Such adoptions in a day that are tolerated. */
  rate: number
}

interface RecentDay {
  day: number
  days: number
  moved: number
  adopted: number
  clients: number
}

export class BorrowedClients {
  readonly #names: Names
  readonly #networks: PeerNetworks
  readonly #firstDay = new Map<number, number>()
  /** (account, client), (account, network): whether they met before. */
  readonly #uses = new KeyIndex(2)
  readonly #places = new KeyIndex(2)
  /** By number of the place, the day on which they met. */
  readonly #placeDays: number[] = []
  readonly #networkIds = new Map<string, number>()
  readonly #clients = new TouchOrder()
  readonly #wagers: ClientWager[] = []
  /** Days of accounts, those from a new network, and adoptions from one; under embargo, then the sums of the others. */
  readonly #recent: RecentDay[] = []
  #past = { days: 0, moved: 0, adopted: 0, observed: 0 }
  #uses_past = 0

  constructor({ names }: { names: Names }) {
    this.#names = names
    this.#networks = new PeerNetworks(names)
  }

  /** Days in order, each once; what `isTaken`, by open incidents, is learned and not counted. Evidence of all clients together, in nats; −∞ before the first that is judged. */
  day(rows: DayRows, isTaken: Excluded = none): number {
    const { day } = rows
    while (this.#recent.length > 0 && this.#recent[0].day < day - embargoDays) this.#remember()
    const today = this.#learn(rows, isTaken)
    this.#recent.push({ day, ...today, clients: this.#uses.size })
    const share = this.#past.days === 0 ? 0 : this.#past.moved / this.#past.days
    const q = Math.min(mostNew, Math.max(leastNew, tolerated.newNetworks * share))
    const logShare = logStake - Math.log(Math.max(1, this.#wagers.length))
    for (const wager of this.#wagers) if (!wager.isTaken) this.#bet(wager, day, q, logShare)
    return logSum(this.#wagers.map(({ evidence }) => evidence.log_e))
  }

  /** Clients with most evidence first that are many accounts' by now; of equal ones the first that came. */
  strongest(most: number): BorrowedClient[] {
    return this.#wagers
      .map((wager) => ({ wager, log_e: wager.evidence.log_e }))
      .filter(({ wager, log_e }) => !wager.isTaken && Number.isFinite(log_e))
      .sort((a, b) => b.log_e - a.log_e)
      .map(({ wager, log_e }) => {
        const { since_day } = wager.evidence
        const since = wager.adopted.filter(({ day, isKnown }) => isKnown && day >= since_day)
        return {
          ...{ client_fp: wager.client_fp, log_e, since_day, rate: wager.rate },
          accounts: new Set(since.map(({ account }) => account)),
          subnets: new Set(since.map(({ subnet }) => subnet)).size,
        }
      })
      .filter(({ accounts, subnets }) => accounts.size >= fewestAccounts && subnets >= fewestSubnets)
      .slice(0, most)
  }

  /** Its evidence is spent: it is somebody's case now, and not judged again. */
  take(client_fp: number): void {
    const wager = this.#wagers[this.#clients.find(client_fp)]
    wager.isTaken = true
    wager.evidence.spend()
  }

  #remember(): void {
    const { days, moved, adopted, clients } = this.#recent.shift() as RecentDay
    this.#past.days += days
    this.#past.moved += moved
    this.#past.adopted += adopted
    this.#past.observed++
    this.#uses_past = clients
  }

  #learn(rows: DayRows, isTaken: Excluded): { days: number; moved: number; adopted: number } {
    const { day, account, client_fp, peer, peer_asn, bytes_out, unexplained } = rows
    for (const wager of this.#wagers) wager.today = { all: 0, moved: 0 }
    const moved = new Map<number, boolean>()
    /** New pairs of the day, in order: judged when all networks of the day are known. */
    const adoptions: { account: number; client: number; peer: number; isNew: boolean; isKnown: boolean }[] = []
    for (let i = 0; i < rows.length; i++) {
      if (account[i] === 0 || client_fp[i] === 0 || bytes_out[i] < leastBytes) continue
      if (!this.#firstDay.has(account[i])) this.#firstDay.set(account[i], day)
      const network = this.#networkId(this.#networks.of({ peer: peer[i], peer_asn: peer_asn[i] }))
      const isNew = this.#isNewPlace(account[i], network, day)
      const isKnown = day - (this.#firstDay.get(account[i]) as number) >= knownAfterDays && !isTaken(rows, i)
      if (isKnown) moved.set(account[i], isNew || moved.get(account[i]) === true)
      const client = this.#clients.add(client_fp[i])
      if (client === this.#wagers.length) this.#wagers.push(newClient(client_fp[i], day))
      if (!isAdded(this.#uses, account[i], client_fp[i])) continue
      this.#wagers[client].users.push(day)
      // on its first day everything is new to an account
      if (unexplained[i] === 1 && this.#firstDay.get(account[i]) !== day)
        adoptions.push({ account: account[i], client, peer: peer[i], isNew, isKnown })
    }
    this.#networks.clear()
    for (const { account: who, client, peer: from, isNew, isKnown } of adoptions) {
      const wager = this.#wagers[client]
      if (isKnown) wager.today.all++
      if (isKnown && isNew) wager.today.moved++
      // what those do who are not judged yet tells of habits as well
      if (isNew) wager.adopted.push({ account: who, subnet: subnetText(this.#names.peer(from)), day, isKnown })
    }
    const isMoved = [...moved.values()].filter((each) => each).length
    return { days: moved.size, moved: isMoved, adopted: adoptions.filter(({ isNew }) => isNew).length }
  }

  #bet(wager: ClientWager, day: number, q: number, logShare: number): void {
    const past = pastOf(wager, day - embargoDays)
    const { adopted, observed } = this.#past
    const perDay = adopted / Math.max(1, observed)
    const urn = ((past.users + 1) / (this.#uses_past + this.#wagers.length)) * perDay
    const own = past.adopted / Math.max(1, day - embargoDays - wager.first_day)
    wager.rate = Math.max(leastRate, tolerated.ofShare * urn, past.adopted === 0 ? 0 : tolerated.ofOwn * own)
    const { all, moved } = wager.today
    const ofNetworks = moved * Math.log(betOn / q) + (all - moved) * Math.log((1 - betOn) / (1 - q))
    wager.evidence.step(day, logShare, (factor) =>
      Math.min(ofNetworks, moved * Math.log(factor) - (factor - 1) * wager.rate),
    )
  }

  /** Whether the account was never there before this day. */
  #isNewPlace(account: number, network: number, day: number): boolean {
    this.#places.key[0] = account
    this.#places.key[1] = network
    const place = this.#places.add()
    if (place === this.#placeDays.length) this.#placeDays.push(day)
    return this.#placeDays[place] === day
  }

  #networkId(network: string): number {
    const known = this.#networkIds.get(network)
    if (known !== undefined) return known
    this.#networkIds.set(network, this.#networkIds.size + 1)
    return this.#networkIds.size
  }
}

function isAdded(pairs: KeyIndex, a: number, b: number): boolean {
  pairs.key[0] = a
  pairs.key[1] = b
  const before = pairs.size
  return pairs.add() === before
}

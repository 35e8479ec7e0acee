/** Peers and their networks: how much went to each, from how many distinct hosts. */
import { formatAddress } from '../../../model/address.ts'
import { KeyIndex } from '../../../model/key-index.ts'
import type { Tallies } from '../tallies.ts'
import type { NetworkRow, PeerRow } from './census-report.ts'
import { byBytes, topOf } from './top.ts'

export interface Recipients {
  since_ms: number | null
  peers: number
  rows: PeerRow[]
}

export class PeerReport {
  /** Peers and networks with flows at all. */
  readonly peers: number
  readonly networks: number
  readonly #tallies: Tallies
  readonly #hostsOfPeer: Uint32Array
  readonly #networkOfPeer: Uint32Array
  readonly #index = new KeyIndex(3)
  readonly #network: { out: Float64Array; hosts: Uint32Array; peers: Uint32Array }

  /** `hostIds[number]`: one id for all addresses of a host. */
  constructor(tallies: Tallies, hostIds: Uint32Array) {
    this.#tallies = tallies
    const count = tallies.peers.size
    this.#hostsOfPeer = new Uint32Array(count)
    this.#networkOfPeer = new Uint32Array(count)
    let peers = 0
    for (let peer = 0; peer < count; peer++) {
      if (!this.#isSeen(peer)) continue
      peers++
      this.#networkOfPeer[peer] = this.#networkNumber(peer)
    }
    this.peers = peers
    this.networks = this.#index.size
    this.#network = {
      out: new Float64Array(this.networks),
      hosts: new Uint32Array(this.networks),
      peers: new Uint32Array(this.networks),
    }
    for (let peer = 0; peer < count; peer++) {
      if (!this.#isSeen(peer)) continue
      this.#network.peers[this.#networkOfPeer[peer]]++
      this.#network.out[this.#networkOfPeer[peer]] += tallies.byPeer.bytes_out.near(peer)
    }
    this.#countHosts(hostIds)
  }

  /** The earliest and the latest moment at which any peer was met. */
  span(): { first_ms: number; last_ms: number } | undefined {
    let [first_ms, last_ms] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (let peer = 0; peer < this.#tallies.peers.size; peer++) {
      if (!this.#isSeen(peer)) continue
      first_ms = Math.min(first_ms, this.#tallies.firstSeen(peer))
      last_ms = Math.max(last_ms, this.#tallies.lastSeen(peer))
    }
    return last_ms < first_ms ? undefined : { first_ms, last_ms }
  }

  byBytes(most: number): PeerRow[] {
    return this.#peerRows(topOf(this.#tallies.peers.size, (i) => this.#tallies.byPeer.bytes_out.near(i), most)).sort(
      byBytes((row) => row.peer),
    )
  }

  byHosts(most: number): PeerRow[] {
    const many = (peer: number): number => (this.#hostsOfPeer[peer] > 1 ? this.#hostsOfPeer[peer] : 0)
    return this.#peerRows(topOf(this.#tallies.peers.size, many, most)).sort(
      (a, b) => b.hosts - a.hosts || byBytes<PeerRow>((row) => row.peer)(a, b),
    )
  }

  networksByBytes(most: number): NetworkRow[] {
    return this.#networkRows(topOf(this.networks, (i) => this.#network.out[i], most)).sort(
      byBytes((row) => row.network),
    )
  }

  networksByHosts(most: number): NetworkRow[] {
    const many = (i: number): number => (this.#network.hosts[i] > 1 ? this.#network.hosts[i] : 0)
    return this.#networkRows(topOf(this.networks, many, most)).sort(
      (a, b) => b.hosts - a.hosts || byBytes<NetworkRow>((row) => row.network)(a, b),
    )
  }

  /** Peers first met at `since_ms` or later, and those of them that drew at least so much. */
  recipients(since_ms: number, min_bytes_out: bigint, most: number): Recipients {
    const { byPeer } = this.#tallies
    let peers = 0
    const late = (peer: number): boolean => this.#isSeen(peer) && this.#tallies.firstSeen(peer) >= since_ms
    for (let peer = 0; peer < this.#tallies.peers.size; peer++) if (late(peer)) peers++
    const least = Number(min_bytes_out)
    const much = (peer: number): number => {
      const bytes_out = byPeer.bytes_out.near(peer)
      return bytes_out >= least && late(peer) ? bytes_out : 0
    }
    const rows = this.#peerRows(topOf(this.#tallies.peers.size, much, most))
    return { since_ms, peers, rows: rows.sort(byBytes((row) => row.peer)) }
  }

  #isSeen(peer: number): boolean {
    return this.#tallies.lastSeen(peer) > 0
  }

  #networkNumber(peer: number): number {
    const { peers } = this.#tallies
    const { key } = this.#index
    key[0] = peers.word(peer, 0)
    key[1] = (peers.word(peer, 1) & 0xffff0000) >>> 0
    key[2] = (peers.word(peer, 2) & 0xffffff00) >>> 0
    return this.#index.add()
  }

  /** Distinct hosts of each peer and of each network. */
  #countHosts(hostIds: Uint32Array): void {
    const { pairs } = this.#tallies
    const ofPeer = new KeyIndex(2)
    const ofNetwork = new KeyIndex(2)
    const isFirst = (index: KeyIndex, a: number, b: number): boolean => {
      index.key[0] = a
      index.key[1] = b
      const before = index.size
      return index.add() === before
    }
    const hasShared = new Set(hostIds).size < hostIds.length
    for (let pair = 0; pair < pairs.size; pair++) {
      const peer = pairs.word(pair, 0)
      const host = hostIds[pairs.word(pair, 1)]
      const network = this.#networkOfPeer[peer]
      if (!hasShared || isFirst(ofPeer, peer, host)) this.#hostsOfPeer[peer]++
      if (isFirst(ofNetwork, network, host)) this.#network.hosts[network]++
    }
  }

  #peerRows(peers: readonly number[]): PeerRow[] {
    const { byPeer } = this.#tallies
    return peers.map((peer) => ({
      peer: this.#tallies.peerText(peer),
      bytes_out: byPeer.bytes_out.at(peer),
      bytes_in: byPeer.bytes_in.at(peer),
      flows: byPeer.flows.at(peer),
      hosts: this.#hostsOfPeer[peer],
      first_ms: this.#tallies.firstSeen(peer),
      last_ms: this.#tallies.lastSeen(peer),
    }))
  }

  /** Exact sums of the chosen networks alone. */
  #networkRows(networks: readonly number[]): NetworkRow[] {
    const { byPeer, peers } = this.#tallies
    const rows = new Map(
      networks.map((network) => [
        network,
        {
          network: this.#networkText(network),
          bytes_out: 0n,
          bytes_in: 0n,
          flows: 0n,
          peers: this.#network.peers[network],
          hosts: this.#network.hosts[network],
        },
      ]),
    )
    for (let peer = 0; peer < peers.size; peer++) {
      const row = this.#isSeen(peer) ? rows.get(this.#networkOfPeer[peer]) : undefined
      if (!row) continue
      row.bytes_out += byPeer.bytes_out.at(peer)
      row.bytes_in += byPeer.bytes_in.at(peer)
      row.flows += byPeer.flows.at(peer)
    }
    return [...rows.values()]
  }

  #networkText(network: number): string {
    const [high, low, v4] = [0, 1, 2].map((w) => this.#index.word(network, w))
    if (high === 0 && low === 0 && v4 !== 0) return `${formatAddress(0, 0, 0xffff, v4)}/24`
    return `${formatAddress(high, low, 0, 0)}/48`
  }
}

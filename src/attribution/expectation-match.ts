/**
 * Expectations over labelled bytes (CONTRACT, counting rule 7): `explained` if everything the expectation states was
 * checked and holds; `consistent` if what could be checked holds and something could not (an unknown vault, account or
 * ASN); else no match. A network of more than a 256th of all addresses says nothing of who a peer is, so that its
 * match alone makes nothing consistent. The first `explained` in the configuration's order wins, else the first `consistent`.
 */
import { isIPv4 } from '../model/address.ts'
import type { Network } from '../model/network.ts'
import { NetworkTable } from '../model/network.ts'

export const explanations = ['unexplained', 'consistent', 'explained'] as const
export type Explanation = 0 | 1 | 2

/** Names as store ids. */
export interface ExpectationTerms {
  id: number
  vaults: ReadonlySet<number>
  accounts: ReadonlySet<number>
  peers: readonly Network[]
  asns: ReadonlySet<number>
  from_ms: number
  until_ms: number
}

type Answer = 'yes' | 'no' | 'unknown' | 'unstated'

export class ExpectationMatch {
  readonly #terms: { terms: ExpectationTerms; peers: NetworkTable }[]
  /** Index into the expectations of the last match, −1 if none. */
  matched = -1

  constructor(expectations: readonly ExpectationTerms[]) {
    this.#terms = expectations.map((terms) => ({
      terms,
      peers: new NetworkTable(terms.peers.map((network) => ({ network, value: 1 }))),
    }))
  }

  get isEmpty(): boolean {
    return this.#terms.length === 0
  }

  match(peer: { hi: bigint; lo: bigint }, asn: number, vault: number, account: number, ms: number): Explanation {
    this.matched = -1
    for (const [index, { terms, peers }] of this.#terms.entries()) {
      if (ms < terms.from_ms || ms >= terms.until_ms) continue
      const answers = [
        networkAnswer(terms, peers, peer, asn),
        memberAnswer(terms.vaults, vault),
        memberAnswer(terms.accounts, account),
      ]
      if (answers.includes('no') || !answers.includes('yes')) continue
      const certain = !answers.includes('unknown')
      if (!certain && this.matched >= 0) continue
      this.matched = index
      if (certain) return 2
    }
    return this.matched >= 0 ? 1 : 0
  }
}

function networkAnswer(
  terms: ExpectationTerms,
  peers: NetworkTable,
  peer: { hi: bigint; lo: bigint },
  asn: number,
): Answer {
  const words = [peer.hi >> 32n, peer.hi & 0xffffffffn, peer.lo >> 32n, peer.lo & 0xffffffffn].map(Number)
  if (terms.peers.length > 0 && peers.find(words[0], words[1], words[2], words[3]) >= 0)
    return peers.matchedBits >= leastBits(words) ? 'yes' : 'unstated'
  if (terms.asns.size === 0) return 'no'
  if (asn === 0) return 'unknown'
  return terms.asns.has(asn) ? 'yes' : 'no'
}

/** Of a network that narrows down who a peer is: /8 of IPv4, and /16 of IPv6, of which an eighth is given out. */
function leastBits([w0, w1, w2]: number[]): number {
  return isIPv4(w0, w1, w2) ? 96 + 8 : 16
}

function memberAnswer(stated: ReadonlySet<number>, value: number): Answer {
  if (stated.size === 0) return 'unstated'
  if (stated.has(value)) return 'yes'
  return value === 0 ? 'unknown' : 'no'
}

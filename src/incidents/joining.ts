/**
 * Which evidence is one incident: at least half of the smaller's excess bytes flow over pairs that both have, a pair
 * being a peer with a host, an account or a vault. A member with more than 5 % of the site's egress (a login node, a
 * gateway, a large partner) never links by itself: a pair counts if at least one of its two members is no such member.
 */

export const joiningShare = 0.5
export const heavyShare = 0.05

export type PairKind = 'host' | 'account' | 'vault'

/** Excess bytes of one body of evidence by pair; the same bytes may stand under each kind. Peers are keyed as the caller wants. */
export interface Flowing {
  excess: bigint
  pairs: Readonly<Record<PairKind, ReadonlyMap<string, bigint>>>
}

/** Key of a pair; no name can be taken for another pair. */
export function pairKey(subject: string, peer: string): string {
  return `${subject.length}:${subject}${peer}`
}

export function pairOf(key: string): { subject: string; peer: string } {
  const colon = key.indexOf(':')
  const end = colon + 1 + Number(key.slice(0, colon))
  return { subject: key.slice(colon + 1, end), peer: key.slice(end) }
}

/** Members, each as `kind:id` (`host:login1`, `peer:203.0.113.9`), with more than 5 % of the site's egress. */
export function heavyMembers(bytes_out: ReadonlyMap<string, bigint>, site_bytes_out: bigint): Set<string> {
  const percent = BigInt(Math.round(heavyShare * 100))
  return new Set(
    [...bytes_out].filter(([, bytes]) => bytes * 100n > site_bytes_out * percent).map(([member]) => member),
  )
}

/**
 * Share of the smaller's excess bytes that flow over common pairs, 0 … 1; the highest of hosts, accounts and vaults,
 * which is at most the share of bytes that have any of the three in common.
 * Of equals, the lower of both shares, so that the order of the two does not matter.
 */
export function sharedExcess(a: Flowing, b: Flowing, heavy: ReadonlySet<string> = new Set()): number {
  if (a.excess < b.excess) return shareOver(a, b, heavy)
  if (b.excess < a.excess) return shareOver(b, a, heavy)
  return Math.min(shareOver(a, b, heavy), shareOver(b, a, heavy))
}

export function isJoined(a: Flowing, b: Flowing, heavy?: ReadonlySet<string>): boolean {
  return sharedExcess(a, b, heavy) >= joiningShare
}

/** Groups of indexes, ascending, in which each is joined with some other; groups in the order of their first. */
export function joinedGroups(all: readonly Flowing[], heavy?: ReadonlySet<string>): number[][] {
  const first = all.map((_, i) => i)
  const rootOf = (i: number): number => (first[i] === i ? i : rootOf(first[i]))
  for (let i = 0; i < all.length; i++) {
    for (let j = 0; j < i; j++) {
      const [one, other] = [rootOf(i), rootOf(j)]
      if (one !== other && isJoined(all[i], all[j], heavy)) first[Math.max(one, other)] = Math.min(one, other)
    }
  }
  const groups = new Map<number, number[]>()
  for (let i = 0; i < all.length; i++) groups.set(rootOf(i), [...(groups.get(rootOf(i)) ?? []), i])
  return [...groups.values()]
}

const kinds: readonly PairKind[] = ['host', 'account', 'vault']

function shareOver(smaller: Flowing, larger: Flowing, heavy: ReadonlySet<string>): number {
  if (smaller.excess <= 0n) return 0
  const shares = kinds.map((kind) => {
    const others = larger.pairs[kind]
    let common = 0n
    for (const [key, bytes] of smaller.pairs[kind]) {
      if (bytes > 0n && (others.get(key) ?? 0n) > 0n && links(kind, key, heavy)) common += bytes
    }
    return Number((common * 1_000_000n) / smaller.excess) / 1e6
  })
  return Math.min(1, Math.max(...shares))
}

function links(kind: PairKind, key: string, heavy: ReadonlySet<string>): boolean {
  if (heavy.size === 0) return true
  const { subject, peer } = pairOf(key)
  return !heavy.has(`${kind}:${subject}`) || !heavy.has(`peer:${peer}`)
}

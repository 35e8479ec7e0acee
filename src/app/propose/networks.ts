/**
 * Which networks are inside, guessed from a sample of flows. Private addresses (RFC 1918, RFC 4193) are; of public ones
 * those around which the flows are: an inside network talks to many others, which hardly talk to each other.
 * What this cannot tell: a far end that is private too, and a sample with so few networks that both sides look alike.
 */
import { ends, PlaceTable } from '../../events/place.ts'
import { isIPv4 } from '../../model/address.ts'
import { bytesText, countText, plural, shareText } from '../../model/amount-text.ts'
import { formatNetwork, maskWords, type Network, NetworkTable, parseNetwork } from '../../model/network.ts'
import type { Sample, SampledFlow } from './sample.ts'

export interface Proposed {
  /** What it rests on, a line each. */
  because: string[]
}

export interface ProposedNetwork extends Proposed {
  network: Network
}

export interface NetworkProposal {
  networks: ProposedNetwork[]
  /** Flows with payload that have an end in one of the networks or pools, of how many. */
  covered: number
  flows: number
  /** Things to be told beside the entries. */
  remarks: string[]
}

const privateBlocks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'].map(
  (text) => parseNetwork(text) as Network,
)
/** So many subnets of a block stand for the whole block. */
const manySubnets = 3
/** A public network around which flows are must have at least so many different networks at the other end. */
const leastDegree = 3
/** … and as few flows as this may be left without an inside end, as a share of all. */
const negligible = 0.01
const mostGroups = 16
/** How full a prefix must be of subnets that were seen to be proposed as one, or how many suffice anyway. */
const leastFill = 1 / 4
const manySeen = 12

const nowhere = new PlaceTable({ networks: [], vpn_pools: [] })

/** `leased`: numbers of addresses that a VPN leases; `pools`: their networks. Neither is inside. */
export function proposeNetworks(
  sample: Sample,
  leased: ReadonlySet<number>,
  pools: readonly Network[],
): NetworkProposal {
  const { book } = sample
  const kinds = book.words.map((words, number) => kindOf(words, leased.has(number)))
  const flows = sample.flows.filter(({ src, dst }) => kinds[src] !== 'none' && kinds[dst] !== 'none')
  const sent = new Set<number>()
  for (const { src, dst, bytes_src, bytes_dst } of flows) {
    if (bytes_src > 0) sent.add(src)
    if (bytes_dst > 0) sent.add(dst)
  }
  const senders = [...sent].map((number) => ({ number, words: book.words[number] }))
  const found = [
    ...privateNetworks(senders.filter(({ number }) => kinds[number] === 'private').map(({ words }) => words)),
    ...publicNetworks(
      flows.filter(({ src, dst }) => kinds[src] === 'public' && kinds[dst] === 'public'),
      book.words,
      sent,
      flows.length,
    ),
  ].filter(({ network }) => !pools.some((pool) => pool.bits <= network.bits && contains(pool, network)))
  return describe(found, sample, flows, senders, pools)
}

type Kind = 'private' | 'public' | 'leased' | 'none'

function kindOf(words: Uint32Array, isLeased: boolean): Kind {
  if (isLeased) return 'leased'
  if (nowhere.endOf(words[0], words[1], words[2], words[3]) === ends.special) return 'none'
  return privateBlocks.some((block) => holds(block, words)) ? 'private' : 'public'
}

interface Found {
  network: Network
  how: 'private' | 'centre'
  /** The private block that it is a part of. */
  block?: Network
  others?: number
}

/** Subnets of /24, or /16, or the whole block where many of them are seen; ULA by /48, which is what one site gets. */
function privateNetworks(addresses: readonly Uint32Array[]): Found[] {
  return privateBlocks.flatMap((block): Found[] => {
    const seen = addresses.filter((words) => holds(block, words))
    if (seen.length === 0) return []
    const found = isV4(block)
      ? gathered(distinct(seen, 120), [112, block.bits])
      : gathered(distinct(seen, 48), [block.bits])
    return found.map((network) => ({ network, how: 'private', block }))
  })
}

/** Joins networks into the next wider length where at least `manySubnets` of them share it, step by step. */
function gathered(networks: Network[], lengths: readonly number[]): Network[] {
  let joined = networks
  for (const bits of lengths.filter((length, i) => lengths.indexOf(length) === i)) {
    const groups = grouped(joined, (network) => textOf(network.words, Math.min(bits, network.bits)))
    joined = [...groups.values()].flatMap((group) =>
      group.length >= manySubnets && group[0].bits > bits ? [{ words: maskWords(group[0].words, bits), bits }] : group,
    )
  }
  return joined
}

/** Greedy cover: again and again the network with the most different others at the far ends of flows not yet covered. */
function publicNetworks(
  flows: readonly SampledFlow[],
  words: readonly Uint32Array[],
  sent: ReadonlySet<number>,
  allFlows: number,
): Found[] {
  const siteOf = memo((number: number) => textOf(words[number], siteBits(words[number])))
  const chosen = new Map<string, number>()
  let open = flows.map((flow) => ({ flow, a: siteOf(flow.src), b: siteOf(flow.dst) }))
  const enough = Math.max(1, allFlows * negligible)
  while (open.length > enough && chosen.size < mostGroups) {
    const others = new Map<string, Set<string>>()
    const counts = new Map<string, number>()
    for (const { a, b } of open) {
      if (a !== b) {
        addTo(others, a, b)
        addTo(others, b, a)
      }
      counts.set(a, (counts.get(a) ?? 0) + 1)
      if (a !== b) counts.set(b, (counts.get(b) ?? 0) + 1)
    }
    const [best, next] = [...others].sort(
      ([a, x], [b, y]) => y.size - x.size || (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || (a < b ? -1 : 1),
    )
    if (!best || best[1].size < leastDegree || (counts.get(best[0]) ?? 0) < enough) break
    // two ends of few flows that look alike: which of them is ours cannot be told
    if (next && next[1].size === best[1].size && best[1].has(next[0]) && best[1].size < 2 * leastDegree) break
    chosen.set(best[0], best[1].size)
    open = open.filter(({ a, b }) => a !== best[0] && b !== best[0])
  }
  const members = grouped([...sent], (number) => siteOf(number))
  return [...chosen].flatMap(([site, others]) => {
    const seen = (members.get(site) ?? []).map((number) => words[number])
    const v4 = seen.filter((each) => isIPv4(each[0], each[1], each[2]))
    const covers = v4.length > 0 ? cover(distinct(v4, 120), 112) : distinct(seen, 48)
    return covers.map((network): Found => ({ network, how: 'centre', others }))
  })
}

/** The fewest prefixes from `bits` on that hold the /24s and are at least a quarter full of them; at most 4 in all. */
export function cover(subnets: readonly Network[], bits: number): Network[] {
  if (subnets.length === 0) return []
  const found = coverBelow(subnets, bits)
  return found.length > 4 ? [{ words: maskWords(subnets[0].words, bits), bits }] : found
}

function coverBelow(subnets: readonly Network[], bits: number): Network[] {
  const longest = subnets[0].bits
  if (subnets.length === 1) return [subnets[0]]
  const size = 2 ** (longest - bits)
  const halves = [...grouped(subnets, ({ words }) => textOf(words, bits + 1)).values()]
  if (halves.length === 1 && bits < longest) return coverBelow(halves[0], bits + 1)
  if (subnets.length / size >= leastFill || subnets.length >= manySeen)
    return [{ words: maskWords(subnets[0].words, bits), bits }]
  return halves.flatMap((half) => coverBelow(half, bits + 1))
}

function describe(
  found: readonly Found[],
  sample: Sample,
  flows: readonly SampledFlow[],
  senders: readonly { words: Uint32Array }[],
  pools: readonly Network[],
): NetworkProposal {
  const { book } = sample
  const table = new NetworkTable([
    ...pools.map((network) => ({ network, value: found.length })),
    ...found.map(({ network }, value) => ({ network, value })),
  ])
  const placeOf = memo((number: number) => {
    const [w0, w1, w2, w3] = book.words[number]
    return table.find(w0, w1, w2, w3)
  })
  const counts = found.map(() => ({ flows: 0, border: 0, bytes: 0 }))
  let covered = 0
  let publicOnly = 0
  for (const { src, dst, bytes_src, bytes_dst } of flows) {
    const [a, b] = [placeOf(src), placeOf(dst)]
    if (a >= 0 || b >= 0) covered++
    else publicOnly++
    for (const place of a === b ? [a] : [a, b]) {
      if (place < 0 || place >= found.length) continue
      counts[place].flows++
      counts[place].bytes += bytes_src + bytes_dst
      const other = place === a ? b : a
      if (other < 0 || other === found.length) counts[place].border++
    }
  }
  const networks = found
    .map((each, i) => ({ network: each.network, because: reasons(each, counts[i], senders), flows: counts[i].flows }))
    .sort((a, b) => b.flows - a.flows)
    .map(({ network, because }) => ({ network, because }))
  const remarks =
    publicOnly > 0
      ? [
          `${countText(publicOnly)} of ${countText(flows.length)} flows have no end in these networks (${shareText(publicOnly, flows.length)})`,
        ]
      : []
  return { networks, covered, flows: flows.length, remarks }
}

function reasons(
  { network, how, block, others }: Found,
  count: { flows: number; border: number; bytes: number },
  senders: readonly { words: Uint32Array }[],
): string[] {
  const hosts = senders.filter(({ words }) => holds(network, words)).length
  const seen = `${plural(hosts, 'address sends', 'addresses send')} from here; ${plural(count.flows, 'flow')}, ${countText(count.border)} of them with an outside end, ${bytesText(Math.round(count.bytes))}`
  const lines = [seen]
  if (how === 'private' && block) {
    const subnets = distinct(
      senders.flatMap(({ words }) => (holds(network, words) ? [words] : [])),
      isV4(network) ? 120 : 64,
    ).length
    const joined = subnets > 1 ? `, joined from ${subnets} subnets` : ''
    if (network.bits > block.bits)
      lines.push(`private${joined}; nothing else of ${formatNetwork(block)} was seen: widen this if that is yours too`)
    else lines.push(`private${joined}`)
    if (count.border === 0) lines.push('never talks to the outside in this sample: leave it out if it is not yours')
  } else {
    lines.push(
      `public, and guessed: its flows lead to ${plural(others ?? 0, 'other network')} which hardly talk to each other`,
      `the smallest prefix that holds what was seen; better write the prefix that is registered to you`,
    )
  }
  return lines
}

function isV4({ words, bits }: Network): boolean {
  return bits >= 96 && isIPv4(words[0], words[1], words[2])
}

/** What one site usually has at least: an IPv4 /16 to look at together, an IPv6 /48. */
function siteBits(words: Uint32Array): number {
  return isIPv4(words[0], words[1], words[2]) ? 112 : 48
}

export function holds({ words, bits }: Network, address: Uint32Array): boolean {
  return maskWords(address, bits).every((word, i) => word === words[i])
}

export function contains(outer: Network, inner: Network): boolean {
  return outer.bits <= inner.bits && holds(outer, inner.words)
}

/** The different networks of one length that hold the addresses, in order of address. */
export function distinct(addresses: readonly Uint32Array[], bits: number): Network[] {
  const byText = new Map<string, Network>()
  for (const words of addresses) {
    const network = { words: maskWords(words, bits), bits }
    byText.set(network.words.join('.'), network)
  }
  return [...byText.values()].sort((a, b) => compareWords(a.words, b.words))
}

function compareWords(a: Uint32Array, b: Uint32Array): number {
  for (let i = 0; i < 4; i++) if (a[i] !== b[i]) return a[i] - b[i]
  return 0
}

function textOf(words: Uint32Array, bits: number): string {
  return `${maskWords(words, bits).join('.')}/${bits}`
}

export function grouped<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

function addTo<K, V>(sets: Map<K, Set<V>>, key: K, value: V): void {
  const set = sets.get(key)
  if (set) set.add(value)
  else sets.set(key, new Set([value]))
}

function memo<V>(of: (number: number) => V): (number: number) => V {
  const known = new Map<number, V>()
  return (number) => {
    let value = known.get(number)
    if (value === undefined) {
      value = of(number)
      known.set(number, value)
    }
    return value
  }
}

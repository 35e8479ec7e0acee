/** From how many networks each account was used (sessions and leases), and which keys and fingerprints several accounts share. */
import { addressKey, isStated } from '../../../model/context-record.ts'
import { KeyIndex } from '../../../model/key-index.ts'
import { canonicalAccountIds } from '../../enrich/account-ids.ts'
import type { Enrichment } from '../../enrich/enrichment.ts'
import type { Identities } from '../../enrich/identities.ts'
import { asStore, type MemoryStore } from '../memory-store.ts'
import type { AccountRow, Census, SharedKey } from './census-report.ts'
import { compareTexts } from './top.ts'
import { mostListed } from './where.ts'

interface Known {
  networks: number
  addresses: number
  sessions: number
  first_ms: number
  last_ms: number
  countries: Set<string>
  asns: Set<number>
}

export async function accountsOf(
  store: MemoryStore,
  { identities, asn, country }: Enrichment,
): Promise<Census['accounts']> {
  const canonical = await canonicalOf(store, identities)
  const networks = new KeyIndex(5)
  const addresses = new KeyIndex(5)
  const accounts = new Map<number, Known>()
  for (const type of ['session', 'lease'] as const) {
    for (const row of await store.readContext(type, 0, 2 ** 43, 0)) {
      const [account, peer] = [canonical(row.number('account')), row.address('peer')]
      if (account === 0) continue
      const start_ms = row.time('start_ms')
      const known = accounts.get(account) ?? {
        networks: 0,
        addresses: 0,
        sessions: 0,
        first_ms: start_ms,
        last_ms: start_ms,
        countries: new Set<string>(),
        asns: new Set<number>(),
      }
      accounts.set(account, known)
      known.sessions++
      known.first_ms = Math.min(known.first_ms, start_ms)
      known.last_ms = Math.max(known.last_ms, start_ms, row.time('end_ms') || 0)
      if (!isStated(peer)) continue
      const words = wordsOf(addressKey(peer))
      if (isNew(addresses, account, words)) {
        known.addresses++
        if (country) known.countries.add(country.countryOf(peer.hi, peer.lo))
        if (asn) known.asns.add(asn.asnOf(peer.hi, peer.lo))
      }
      if (isNew(networks, account, networkOf(words))) known.networks++
    }
  }
  const byNetworks = new Map<number, number>()
  for (const known of accounts.values()) byNetworks.set(known.networks, (byNetworks.get(known.networks) ?? 0) + 1)
  const rows = [...accounts].map(
    ([account, { countries, asns, ...known }]): AccountRow => ({
      account: store.texts.texts[account],
      ...known,
      ...(country && { countries: [...countries].filter((code) => code !== '').sort() }),
      ...(asn && { asns: [...asns].filter((number) => number > 0).length }),
    }),
  )
  rows.sort((a, b) => b.networks - a.networks || b.addresses - a.addresses || compareTexts(a.account, b.account))
  return {
    seen: accounts.size,
    by_networks: [...byNetworks]
      .sort(([a], [b]) => a - b)
      .map(([count, number]) => ({ networks: count, accounts: number })),
    rows: rows.slice(0, mostListed),
  }
}

/** `flows`: fingerprint and account that were met on one flow. */
export async function sharedKeys(
  store: MemoryStore,
  identities: Identities,
  flows: KeyIndex,
): Promise<Census['shared_keys']> {
  const canonical = await canonicalOf(store, identities)
  const users = { key_fp: new Map<number, Set<number>>(), client_fp: new Map<number, Set<number>>() }
  const add = (kind: keyof typeof users, print: number, account: number): void => {
    if (print === 0 || account === 0) return
    const accounts = users[kind].get(print)
    if (accounts) accounts.add(account)
    else users[kind].set(print, new Set([account]))
  }
  for (const row of await store.readContext('session', 0, 2 ** 43, 0))
    for (const kind of ['key_fp', 'client_fp'] as const) add(kind, row.number(kind), canonical(row.number('account')))
  for (let i = 0; i < flows.size; i++) add('client_fp', flows.word(i, 0), flows.word(i, 1))
  const { texts } = store.texts
  const shared = (['key_fp', 'client_fp'] as const).flatMap((kind) =>
    [...users[kind]]
      .filter(([, accounts]) => accounts.size > 1)
      .map(
        ([print, accounts]): SharedKey => ({
          kind,
          fingerprint: texts[print],
          accounts: accounts.size,
          names: [...accounts]
            .map((account) => texts[account])
            .sort(compareTexts)
            .slice(0, mostListed),
        }),
      ),
  )
  // one key of two people says more than one program that many people use
  shared.sort(
    (a, b) =>
      Number(b.kind === 'key_fp') - Number(a.kind === 'key_fp') ||
      b.accounts - a.accounts ||
      compareTexts(a.fingerprint, b.fingerprint),
  )
  return {
    rows: shared.slice(0, mostListed),
    shared: shared.length,
    seen: { key_fp: users.key_fp.size, client_fp: users.client_fp.size },
  }
}

/** One person under several names is no several accounts. */
async function canonicalOf(store: MemoryStore, identities: Identities): Promise<(account: number) => number> {
  const rows = [
    ...(await store.readContext('session', 0, 2 ** 43, 0)),
    ...(await store.readContext('lease', 0, 2 ** 43, 0)),
  ]
  return canonicalAccountIds(asStore(store), identities, new Set(rows.map((row) => row.number('account'))))
}

function isNew(index: KeyIndex, account: number, words: readonly number[]): boolean {
  index.key[0] = account
  for (let w = 0; w < 4; w++) index.key[w + 1] = words[w]
  const before = index.size
  return index.add() === before
}

function wordsOf(key: bigint): number[] {
  return [96n, 64n, 32n, 0n].map((shift) => Number((key >> shift) & 0xffffffffn))
}

/** IPv4 /24, IPv6 /48. */
function networkOf([w0, w1, w2, w3]: readonly number[]): number[] {
  const isV4 = w0 === 0 && w1 === 0 && w2 === 0xffff
  return isV4 ? [0, 0, w2, (w3 & 0xffffff00) >>> 0] : [w0, (w1 & 0xffff0000) >>> 0, 0, 0]
}

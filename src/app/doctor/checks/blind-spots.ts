/** What leaves without a vault's name, what logs claim that no flow carried, and hosts of which no log speaks. */
import { VaultMap } from '../../../attribution/vault-map.ts'
import type { Examined } from './examined.ts'
import { type ManyPeers, suspectedNat, type Unwatched, unwatchedHosts } from './unwatched.ts'

export interface Unmapped {
  /** A directory, two steps deep where there are two, or a bucket. */
  path?: string
  bucket?: string
  /** Bytes of transfers that left, and bytes read from storage. */
  bytes_out: bigint
  bytes_read: bigint
  records: number
}

export interface BlindSpots {
  /** Paths and buckets that no vault covers, the most bytes first. */
  unmapped: Unmapped[]
  unmapped_bytes_out: bigint
  /** Of all transfers that left and state a path or a bucket. */
  stated_bytes_out: bigint
  /** Vaults of the configuration that nothing was ever tied to. */
  idle_vaults: string[]
  claimed: { tool: string; account: string; vault: string; bytes: bigint }[]
  claimed_bytes: bigint
  unwatched: Unwatched[]
  suspected_nat: ManyPeers[]
}

const mostListed = 20
const mostPrefixes = 50_000

export async function blindSpots(examined: Examined): Promise<BlindSpots> {
  const { store, site } = examined
  const vaults = new VaultMap(site.vaults)
  // as deep as the deepest vault, so that a prefix belongs to the same vault as every path below it
  const depth = Math.max(2, ...site.vaults.flatMap(({ paths }) => paths.map((path) => path.split('/').length - 1)))
  const found = new Map<string, Unmapped>()
  let [stated_bytes_out, unmapped_bytes_out] = [0n, 0n]
  for (const row of await prefixesOf(store, depth)) {
    if (row.path === '' && row.bucket === '') continue
    stated_bytes_out += row.bytes_out
    if (vaults.find(row.path, row.bucket) >= 0) continue
    unmapped_bytes_out += row.bytes_out
    const path = row.path === '' ? undefined : shownPrefix(row.path)
    const key = path ?? `bucket ${row.bucket}`
    const known = found.get(key)
    if (known) {
      known.bytes_out += row.bytes_out
      known.bytes_read += row.bytes_read
      known.records += Number(row.records)
    } else {
      const place = path === undefined ? { bucket: row.bucket } : { path }
      found.set(key, { ...place, bytes_out: row.bytes_out, bytes_read: row.bytes_read, records: Number(row.records) })
    }
  }
  const claimed = await store.rows<
    BlindSpots['claimed'][number]
  >(`SELECT t.text AS tool, a.text AS account, v.text AS vault,
      CAST(sum(c.bytes) AS HUGEINT) AS bytes
    FROM claims c JOIN names t ON t.id = c.tool JOIN names a ON a.id = c.account JOIN names v ON v.id = c.vault
    GROUP BY ALL HAVING sum(c.bytes) > 0 ORDER BY bytes DESC, tool, account, vault`)
  return {
    unmapped: [...found.values()].sort(byBytes).slice(0, mostListed),
    unmapped_bytes_out,
    stated_bytes_out,
    idle_vaults: await idleVaults(store, site.vaults),
    claimed: claimed.slice(0, mostListed),
    claimed_bytes: claimed.reduce((sum, { bytes }) => sum + bytes, 0n),
    unwatched: await unwatchedHosts(examined),
    suspected_nat: await suspectedNat(examined),
  }
}

interface PrefixRow {
  path: string
  bucket: string
  bytes_out: bigint
  bytes_read: bigint
  records: bigint
}

/** Sums by the first steps of the path; a path that goes back with `..` is left whole for the vault map to resolve. */
function prefixesOf(store: Examined['store'], depth: number): Promise<PrefixRow[]> {
  const prefix = `CASE WHEN path = '' OR contains(path, '..') THEN path
    ELSE '/' || array_to_string(string_split(ltrim(regexp_replace(path, '/(\\./|/)+', '/', 'g'), '/'), '/')[1:${depth}], '/') END`
  return store.rows<PrefixRow>(`SELECT ${prefix} AS path, bucket, CAST(sum(bytes_out) AS HUGEINT) AS bytes_out,
      CAST(sum(bytes_read) AS HUGEINT) AS bytes_read, count(*) AS records
    FROM (
      SELECT t.path AS path, b.text AS bucket, t.bytes AS bytes_out, 0 AS bytes_read
      FROM told_transfers t JOIN names d ON d.id = t.direction JOIN names b ON b.id = t.bucket WHERE d.text = 'out'
      UNION ALL SELECT path, '', 0, bytes FROM storage_reads WHERE vault = 0
    ) r GROUP BY ALL ORDER BY sum(bytes_out) + sum(bytes_read) DESC, 1, 2 LIMIT ${mostPrefixes}`)
}

/** `/proj/genomes` of `/proj/genomes/cohort-4`: vaults are usually the second step. */
function shownPrefix(path: string): string {
  return path.split('/').slice(0, 3).join('/')
}

function byBytes(a: Unmapped, b: Unmapped): number {
  const [x, y] = [a.bytes_out + a.bytes_read, b.bytes_out + b.bytes_read]
  return x === y ? 0 : x > y ? -1 : 1
}

async function idleVaults(store: Examined['store'], vaults: readonly { id: string }[]): Promise<string[]> {
  if (vaults.length === 0) return []
  const rows = await store.rows<{ vault: string }>(
    'SELECT DISTINCT n.text AS vault FROM pair_days p JOIN labels l ON l.id = p.label JOIN names n ON n.id = l.vault WHERE l.vault <> 0',
  )
  const active = new Set(rows.map(({ vault }) => vault))
  return vaults.map(({ id }) => id).filter((id) => !active.has(id))
}

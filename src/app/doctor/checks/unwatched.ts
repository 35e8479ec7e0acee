/**
 * Hosts whose role calls for a log that never speaks of them, and addresses that may be many hosts: what flows show and
 * no record can name. Over the examined days.
 */
import { formatHalves } from '../../../model/address.ts'
import { openEnds_ms } from '../../../model/context-record.ts'
import { NetworkTable } from '../../../model/network.ts'
import { type HostRole, hostRoles, type SiteHost } from '../../../model/site.ts'
import { dayMs } from '../../../model/window.ts'
import { type Examined, touches } from './examined.ts'
import { firstLabel } from './homes.ts'

/** Records that name what hosts of a role send. */
const wanted = { login: 'logins', dtn: 'transfers', compute: 'jobs', vpn: 'leases' } as const
type WatchedRole = keyof typeof wanted

export interface Unwatched {
  role: WatchedRole
  missing: (typeof wanted)[WatchedRole]
  /** Those that sent anything, the most bytes first. */
  hosts: { host: string; bytes_out: bigint }[]
  bytes_out: bigint
}

/** An inside address that nobody configured and that opened connections to very many peers. */
export interface ManyPeers {
  address: string
  /** About, within some percent. */
  peers: number
  bytes_out: bigint
}

/** What hosts of a role sent without a log must be more than this part of everything. */
const leastShare = 1000n
/** One host rarely calls so many in a week; and a NAT calls far more than what stands beside it. */
const [manyPeers, timesUsual, fewAddresses] = [1000, 20, 5]
const mostListed = 5

export async function unwatchedHosts({ store, site, detail }: Examined): Promise<Unwatched[]> {
  const sent = await store.rows<{ host: string; role: number; bytes_out: bigint }>(
    `SELECT h.text AS host, a.role AS role, CAST(sum(p.bytes_out) AS HUGEINT) AS bytes_out
      FROM pair_days p JOIN addresses a ON a.id = p.inside JOIN names h ON h.id = a.host
      WHERE p.day >= ${detail.from_ms / dayMs} AND p.day < ${detail.to_ms / dayMs} GROUP BY ALL ORDER BY bytes_out DESC, host`,
  )
  const total = sent.reduce((sum, { bytes_out }) => sum + bytes_out, 0n)
  const found: Unwatched[] = []
  for (const role of Object.keys(wanted) as WatchedRole[]) {
    const speaks = await spokenOf({ store, detail }, role)
    const hosts = sent
      .filter(
        ({ host, role: code, bytes_out }) =>
          hostRoles[code] === (role as HostRole) && bytes_out > 0n && !speaks(configured(site.hosts, host)),
      )
      .map(({ host, bytes_out }) => ({ host, bytes_out }))
    const bytes_out = hosts.reduce((sum, host) => sum + host.bytes_out, 0n)
    if (bytes_out * leastShare > total) found.push({ role, missing: wanted[role], hosts, bytes_out })
  }
  return found
}

function configured(hosts: readonly SiteHost[], name: string): SiteHost | undefined {
  return hosts.find((host) => host.name === name)
}

/**
 * Whether the records that a role calls for speak of a host. Where any of them says no host at all, or a host stands for
 * a whole network, it may be any, and is taken to be.
 */
async function spokenOf(
  { store, detail }: Pick<Examined, 'store' | 'detail'>,
  role: WatchedRole,
): Promise<(host: SiteHost | undefined) => boolean> {
  const open = openEnds_ms.session
  const byHost = (view: string, where: string): string =>
    `SELECT DISTINCT s.host_hi AS hi, s.host_lo AS lo, n.text AS name FROM ${view} s JOIN names n ON n.id = s.host_name JOIN names k ON k.id = ${where}`
  const any = "0::UBIGINT AS hi, 0::UBIGINT AS lo, '' AS name"
  const sql: Record<WatchedRole, string> = {
    login: `${byHost('told_sessions', 's.kind')} AND k.text <> 'vpn' WHERE ${touches(detail, open, 's')}`,
    dtn: `${byHost('told_transfers', 's.tool')} WHERE ${touches(detail, 0, 's')}`,
    compute: `SELECT DISTINCT 0::UBIGINT AS hi, 0::UBIGINT AS lo, n.text AS name FROM jobs j JOIN names n ON n.id = j.node
      WHERE ${touches(detail, openEnds_ms.job, 'j')}`,
    // a lease says nothing of the gateway's host
    vpn: `SELECT DISTINCT ${any} FROM leases l WHERE ${touches(detail, openEnds_ms.lease, 'l')} UNION
      SELECT DISTINCT ${any} FROM told_sessions s JOIN names k ON k.id = s.kind AND k.text = 'vpn' WHERE ${touches(detail, open, 's')}`,
  }
  const rows = await store.rows<{ hi: bigint; lo: bigint; name: string }>(sql[role])
  const labels = new Set(rows.map(({ name }) => firstLabel(name)))
  const addresses = new Set(rows.map(({ hi, lo }) => formatHalves(hi, lo)))
  const saysNone = rows.some(({ hi, lo, name }) => hi === 0n && lo === 0n && name === '')
  return (host) => {
    if (rows.length === 0) return false
    if (saysNone || host === undefined || host.addresses.some(({ bits }) => bits < 128)) return true
    return labels.has(firstLabel(host.name)) || host.addresses.some(({ words }) => addresses.has(textOf(words)))
  }
}

function textOf(words: Uint32Array): string {
  const half = (i: number): bigint => (BigInt(words[i]) << 32n) | BigInt(words[i + 1])
  return formatHalves(half(0), half(2))
}

export async function suspectedNat({ store, site, detail: { from_ms, to_ms } }: Examined): Promise<ManyPeers[]> {
  const rows = await store.rows<{ hi: bigint; lo: bigint; peers: bigint; bytes_out: bigint; usual: number; n: bigint }>(
    `WITH callers AS (
      SELECT inside_hi AS hi, inside_lo AS lo, approx_count_distinct(hash(peer_hi, peer_lo)) AS peers,
        CAST(sum(bytes_out) AS HUGEINT) AS bytes_out
      FROM flows WHERE place = 0 AND outbound = 1 AND corroborates = 0 AND start_ms >= ${from_ms} AND start_ms < ${to_ms}
      GROUP BY ALL
    )
    SELECT *, (SELECT CAST(median(peers) AS DOUBLE) FROM callers) AS usual, (SELECT count(*) FROM callers) AS n FROM callers
    WHERE peers >= ${manyPeers} AND (hi, lo) NOT IN (SELECT (outside_hi, outside_lo) FROM nat_bindings)
    ORDER BY peers DESC, hi, lo LIMIT 100`,
  )
  const known = new NetworkTable(
    site.hosts.flatMap(({ addresses }, value) => addresses.map((network) => ({ network, value }))),
  )
  const isKnown = (hi: bigint, lo: bigint): boolean =>
    known.find(Number(hi >> 32n), Number(hi & 0xffffffffn), Number(lo >> 32n), Number(lo & 0xffffffffn)) >= 0
  return rows
    .filter(
      ({ hi, lo, peers, usual, n }) => !isKnown(hi, lo) && (n < fewAddresses || Number(peers) >= timesUsual * usual),
    )
    .slice(0, mostListed)
    .map(({ hi, lo, peers, bytes_out }) => ({ address: formatHalves(hi, lo), peers: Number(peers), bytes_out }))
}

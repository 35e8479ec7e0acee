/**
 * What became of every expectation: bytes that it explained, bytes beyond its cap, and bytes to its peers that bear
 * another vault's or account's name, which contradict the story it tells.
 */

import { maskOf, type Network } from '../../../model/network.ts'
import type { Expectation } from '../../../model/site.ts'
import { dayMs } from '../../../model/window.ts'
import type { Examined } from './examined.ts'

export interface ExpectationFacts {
  id: string
  ticket: string | null
  owner: string | null
  /** null = without a bound. */
  from_ms: number | null
  until_ms: number | null
  explained_bytes_out: bigint
  /** Fits as far as could be checked; some of what it states is unknown. */
  consistent_bytes_out: bigint
  over_cap_bytes_out: bigint
  contradicting_bytes_out: bigint
  /** The last day on which it explained anything; null if it never did. */
  last_day_ms: number | null
  stale: 'never_matched' | 'expired' | 'not_yet' | null
}

export async function expectationsOf({ store, site, config, present_ms }: Examined): Promise<ExpectationFacts[]> {
  if (site.expectations.length === 0) return []
  const rows = await store.rows<{ id: string; explained: number; bytes_out: bigint; last_day: number }>(
    `SELECT n.text AS id, l.explained AS explained, CAST(sum(p.bytes_out) AS HUGEINT) AS bytes_out, max(p.day) AS last_day
      FROM pair_days p JOIN labels l ON l.id = p.label JOIN names n ON n.id = l.explanation
      WHERE l.explanation <> 0 GROUP BY ALL HAVING sum(p.bytes_out) <> 0`,
  )
  const facts: ExpectationFacts[] = []
  for (const [i, expectation] of site.expectations.entries()) {
    const of = (code: number): bigint =>
      rows.find((row) => row.id === expectation.id && row.explained === code)?.bytes_out ?? 0n
    const lastDays = rows.filter((row) => row.id === expectation.id && row.explained > 0).map((row) => row.last_day)
    const { ticket, owner } = config.expectations[i]
    const matched = of(2) + of(1) + of(0) > 0n
    facts.push({
      id: expectation.id,
      ticket: ticket ?? null,
      owner: owner ?? null,
      from_ms: finite(expectation.from_ms),
      until_ms: finite(expectation.until_ms),
      explained_bytes_out: of(2),
      consistent_bytes_out: of(1),
      over_cap_bytes_out: of(0),
      contradicting_bytes_out: await contradicting(store, expectation),
      last_day_ms: lastDays.length === 0 ? null : Math.max(...lastDays) * dayMs,
      stale: staleness(expectation, present_ms, matched),
    })
  }
  return facts
}

function staleness(expectation: Expectation, present_ms: number, matched: boolean): ExpectationFacts['stale'] {
  if (expectation.until_ms <= present_ms) return 'expired'
  if (expectation.from_ms > present_ms) return 'not_yet'
  return matched ? null : 'never_matched'
}

/** Bytes to its networks while it was in force whose vault or account is known and is none of those it names. */
async function contradicting(store: Examined['store'], expectation: Expectation): Promise<bigint> {
  const { peers, vaults, accounts, from_ms, until_ms } = expectation
  if (peers.length === 0) return 0n
  const others = [
    vaults.length > 0 ? `(l.vault <> 0 AND v.text NOT IN (${vaults.map(literal).join(',')}))` : undefined,
    accounts.length > 0 ? `(l.account <> 0 AND a.text NOT IN (${accounts.map(literal).join(',')}))` : undefined,
  ].filter((condition) => condition !== undefined)
  const conditions = [
    `(${peers.map((network) => inNetwork('p.peer', network)).join(' OR ')})`,
    `(${others.join(' OR ')})`,
    'l.explained = 0',
    ...(Number.isFinite(from_ms) ? [`p.day >= ${Math.ceil(from_ms / dayMs)}`] : []),
    ...(Number.isFinite(until_ms) ? [`p.day < ${Math.ceil(until_ms / dayMs)}`] : []),
  ]
  const [{ bytes_out }] = await store.rows<{ bytes_out: bigint }>(
    `SELECT CAST(coalesce(sum(p.bytes_out), 0) AS HUGEINT) AS bytes_out
      FROM pair_days p JOIN labels l ON l.id = p.label JOIN names v ON v.id = l.vault JOIN names a ON a.id = l.account
      JOIN names e ON e.id = l.explanation
      WHERE e.text <> ${literal(expectation.id)} AND ${conditions.join(' AND ')}`,
  )
  return bytes_out
}

/** SQL: the peer of the books (IPv4, or the /64 of IPv6) lies in the network, or the network in its /64. */
export function inNetwork(column: string, { words, bits }: Network): string {
  const isV4 = words[0] === 0 && words[1] === 0 && words[2] === 0xffff && bits >= 96
  const most = isV4 ? bits : Math.min(bits, 64)
  const low = words.map((word, i) => word & maskOf(most - 32 * i))
  const high = words.map((word, i) => (word & maskOf(most - 32 * i)) | ~maskOf(most - 32 * i))
  const half = (from: Uint32Array, i: number): bigint => (BigInt(from[i]) << 32n) | BigInt(from[i + 1])
  if (most <= 64) return `(${column}_hi BETWEEN ${half(low, 0)} AND ${half(high, 0)})`
  return `(${column}_hi = ${half(low, 0)} AND ${column}_lo BETWEEN ${half(low, 2)} AND ${half(high, 2)})`
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

function finite(ms: number): number | null {
  return Number.isFinite(ms) ? ms : null
}

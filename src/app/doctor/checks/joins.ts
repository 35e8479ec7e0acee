/**
 * How much of what crossed the border has a name, by which join, and which of the records that could give one did.
 * Shares are of the whole books; what joined is asked over the examined days of flow detail.
 */

import { formatHalves } from '../../../model/address.ts'
import { methods } from '../../../model/label.ts'
import { type HostRole, hostRoles } from '../../../model/site.ts'
import { type ClockOffset, clockOffsets, type LoginSkew, loginSkew } from './clocks.ts'
import type { Examined } from './examined.ts'
import { type RecordUse, recordUse } from './record-use.ts'

export interface Named {
  bytes_out: bigint
  /** Transfer logs name bytes and no flows, so these can be fewer than the bytes suggest. */
  flows: bigint
}

export const namedFields = ['account', 'project', 'vault', 'gateway'] as const

export interface JoinFacts {
  total: Named
  named: Record<(typeof namedFields)[number], Named>
  /** Bytes with an account that is not named because another fits as well. */
  doubtful: Named & { pairs: DoubtfulPair[] }
  by_method: { method: string; bytes_out: bigint; bytes_in: bigint; flows: bigint }[]
  /** Bounds of bytes_out, for records that are incomplete. */
  bytes_out_lo: bigint
  bytes_out_hi: bigint
  /** Hosts and services from which most of the bytes without an account left. */
  unnamed: { host: string; role: HostRole; service: string; bytes_out: bigint }[]
  /** What is behind leased addresses without a lease. */
  unleased: { addresses: number; bytes_out: bigint; flows: bigint; gateways: string[]; examples: string[] }
  use: RecordUse[]
  clocks: ClockOffset[]
  skew: LoginSkew[]
}

/** Who it may have been. Of equally likely accounts none is preferred, and '' stands for them. */
export interface DoubtfulPair {
  candidate: string
  runner_up: string
  /** How many accounts fit, 255 for more. */
  candidates: number
  bytes_out: bigint
}

/** SQL: joined to an account, but not surely enough to name it. */
const isDoubtful = 'l.account = 0 AND l.confidence > 0'
const mostPairs = 10

export async function joinsOf(examined: Examined): Promise<JoinFacts> {
  const { store } = examined
  const named = namedFields.map(
    (name) => `CAST(coalesce(sum(p.bytes_out) FILTER (WHERE l.${name} <> 0), 0) AS HUGEINT) AS ${name}_bytes,
      CAST(coalesce(sum(p.flows) FILTER (WHERE l.${name} <> 0), 0) AS HUGEINT) AS ${name}_flows`,
  )
  const sum = (name: string, where = ''): string =>
    `CAST(coalesce(sum(p.${name})${where === '' ? '' : ` FILTER (WHERE ${where})`}, 0) AS HUGEINT)`
  const [row] = await store.rows<Record<string, bigint>>(`SELECT ${named.join(', ')},
      ${sum('bytes_out')} AS bytes_out, ${sum('flows')} AS flows, ${sum('bytes_out_lo')} AS lo, ${sum('bytes_out_hi')} AS hi,
      ${sum('bytes_out', isDoubtful)} AS doubtful_bytes, ${sum('flows', isDoubtful)} AS doubtful_flows
    FROM pair_days p JOIN labels l ON l.id = p.label`)
  const byMethod = await store.rows<{ method: number; bytes_out: bigint; bytes_in: bigint; flows: bigint }>(
    `SELECT l.method AS method, ${sum('bytes_out')} AS bytes_out, ${sum('bytes_in')} AS bytes_in, ${sum('flows')} AS flows
      FROM pair_days p JOIN labels l ON l.id = p.label GROUP BY l.method ORDER BY bytes_out DESC, method`,
  )
  return {
    total: { bytes_out: row.bytes_out, flows: row.flows },
    named: Object.fromEntries(
      namedFields.map((name) => [name, { bytes_out: row[`${name}_bytes`], flows: row[`${name}_flows`] }]),
    ) as JoinFacts['named'],
    doubtful: { bytes_out: row.doubtful_bytes, flows: row.doubtful_flows, pairs: await doubtfulPairs(store) },
    by_method: byMethod.map(({ method, ...sums }) => ({ method: methods[method], ...sums })),
    bytes_out_lo: row.lo,
    bytes_out_hi: row.hi,
    unnamed: await unnamed(store),
    unleased: await unleased(store),
    use: await recordUse(examined),
    clocks: await clockOffsets(examined),
    skew: await loginSkew(examined),
  }
}

async function doubtfulPairs(store: Examined['store']): Promise<DoubtfulPair[]> {
  return store.rows<DoubtfulPair>(`SELECT c.text AS candidate, r.text AS runner_up, l.candidates AS candidates,
      CAST(sum(p.bytes_out) AS HUGEINT) AS bytes_out
    FROM pair_days p JOIN labels l ON l.id = p.label JOIN names c ON c.id = l.candidate JOIN names r ON r.id = l.runner_up
    WHERE ${isDoubtful} GROUP BY ALL HAVING sum(p.bytes_out) > 0
    ORDER BY bytes_out DESC, candidate, runner_up, candidates LIMIT ${mostPairs}`)
}

async function unnamed(store: Examined['store']): Promise<JoinFacts['unnamed']> {
  const rows = await store.rows<{ host: string; role: number; service: string; bytes_out: bigint }>(
    `SELECT h.text AS host, a.role AS role, s.text AS service,
        CAST(sum(p.bytes_out) AS HUGEINT) AS bytes_out
      FROM pair_days p JOIN labels l ON l.id = p.label JOIN addresses a ON a.id = p.inside
      JOIN names h ON h.id = a.host JOIN names s ON s.id = p.service
      WHERE l.account = 0 GROUP BY ALL HAVING sum(p.bytes_out) > 0 ORDER BY bytes_out DESC, host, service LIMIT 5`,
  )
  return rows.map(({ role, ...row }) => ({ ...row, role: hostRoles[role] }))
}

/** A pool's gateway without a method: the address is leased, and no lease says to whom. */
async function unleased(store: Examined['store']): Promise<JoinFacts['unleased']> {
  const rows = await store.rows<{ hi: bigint; lo: bigint; gateway: string; bytes_out: bigint; flows: bigint }>(
    `SELECT p.peer_hi AS hi, p.peer_lo AS lo, g.text AS gateway, CAST(sum(p.bytes_out) AS HUGEINT) AS bytes_out,
        CAST(sum(p.flows) AS HUGEINT) AS flows
      FROM pair_days p JOIN labels l ON l.id = p.label JOIN names g ON g.id = l.gateway
      WHERE l.gateway <> 0 AND l.method = 0 GROUP BY ALL HAVING sum(p.bytes_out + p.bytes_in) > 0
      ORDER BY bytes_out DESC, hi, lo`,
  )
  return {
    addresses: rows.length,
    bytes_out: rows.reduce((total, row) => total + row.bytes_out, 0n),
    flows: rows.reduce((total, row) => total + row.flows, 0n),
    gateways: [...new Set(rows.map(({ gateway }) => gateway))],
    examples: rows.slice(0, 3).map(({ hi, lo }) => formatHalves(hi, lo)),
  }
}

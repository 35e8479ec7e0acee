/** Words and numbers that the text and the page of a census share. */
import type { AccountRow, Census, Level, MaturityRow } from '../../app/census/report/census-report.ts'
import { countText, dateText, shareText } from '../../model/amount-text.ts'

export const levelText: Record<Level, string> = {
  blind: 'blind',
  policy_only: 'policy only',
  weak: 'weak',
  mature: 'mature',
}

export const channelText: Record<MaturityRow['channel'], string> = {
  all_peers: 'bytes to all peers',
  unknown_peers: 'bytes to peers that nobody vouched for',
}

export function percentText(share: number): string {
  return shareText(Math.round(share * 1e6), 1e6)
}

/** `0.42 copies`; `–` where the size is not known. */
export function copiesText(copies: number | null): string {
  if (copies === null) return '–'
  return copies === 0
    ? '0'
    : copies < 0.001
      ? '<0.001'
      : copies < 10
        ? copies.toPrecision(3)
        : countText(Math.round(copies))
}

export function dayText(ms: number | null): string {
  return ms === null ? '–' : dateText(ms)
}

export interface Elsewhere {
  name: string
  bytes: bigint
}

/** Bytes that are in the logs and are no egress. */
export function elsewhereOf({ not_egress }: Census): Elsewhere[] {
  const all = [
    { name: 'inside', bytes: not_egress.internal_bytes },
    { name: 'transit', bytes: not_egress.transit_bytes },
    { name: 'tunnels', bytes: not_egress.carrier_bytes },
    { name: 'seen by a second sensor', bytes: not_egress.corroborating_bytes },
    { name: 'claimed by transfer logs but not seen', bytes: not_egress.claimed_not_seen_bytes },
  ]
  return all.filter(({ bytes }) => bytes > 0n)
}

export function rejectedBySource(census: Census): { path: string; reason: string; records: number }[] {
  return census.sources
    .flatMap(({ path, rejected }) => Object.entries(rejected).map(([reason, records]) => ({ path, reason, records })))
    .filter(({ reason }) => reason !== 'stream_not_used')
    .sort((a, b) => b.records - a.records)
}

/**
 * Maturity in short: pools differ only in what they need, so that the dates of one that sees are those of all.
 */
export function maturityOf({ maturity: { rows } }: Census): {
  scales: MaturityRow[]
  pools: string[]
  blind: { pool: string; lacks: string }[]
} {
  const seeing = rows.filter(({ level }) => level !== 'blind')
  const pools = [...new Set(seeing.map(({ pool }) => pool))]
  const blind = new Map(rows.filter(({ level }) => level === 'blind').map(({ pool, lacks }) => [pool, lacks ?? '']))
  return {
    scales: seeing.filter(({ pool }) => pool === pools[0]),
    pools,
    blind: [...blind].map(([pool, lacks]) => ({ pool, lacks })),
  }
}

const mostCountries = 6

/** `CH DE FR … (9)`: the countries that an account was used from. */
export function countriesText({ countries = [] }: AccountRow): string {
  const shown = countries.slice(0, mostCountries).join(' ')
  return countries.length > mostCountries ? `${shown} … (${countries.length})` : shown
}

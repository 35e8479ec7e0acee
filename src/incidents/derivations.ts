/** Where the numbers of a case can be opened: arguments of `weir ledger` for its rows, and its raw records. */
import type { Derivation, MemberKind } from '../model/incident.ts'
import type { QueryColumn } from '../model/ledger-query.ts'
import { dayMs } from '../model/window.ts'
import type { CampaignCase } from './case.ts'
import type { Shape } from './shape.ts'

/** Most raw records that a number names. */
const mostRecords = 10

/** The column of the books in which members of a kind stand. */
export const columnOf: Record<MemberKind, QueryColumn> = {
  hosts: 'host',
  accounts: 'account',
  projects: 'project',
  vaults: 'vault',
  client_orgs: 'client_org',
  gateways: 'gateway',
  peers: 'peer',
  peer_asns: 'peer_asn',
  client_fps: 'client_fp',
}

export interface Derivations {
  /** Rows of the members over the days of activity; conditions where one host or one peer stands for all. */
  rows(how: string, ...by: QueryColumn[]): Derivation
  /** The same until a moment, its day included. */
  rowsUntil(how: string, to_ms: number, ...by: QueryColumn[]): Derivation
  /** Rows of the members with the case's largest raw records. */
  records(how: string, ...by: QueryColumn[]): Derivation
  /** Rows of the whole site, or of what a condition picks, over the days of activity. */
  site(how: string, by: readonly QueryColumn[], where?: readonly string[]): Derivation
  /** What no question to the books gives. */
  told(how: string): Derivation
}

interface Span {
  from_ms: number
  to_ms: number
}

export function derivationsOf(campaign: CampaignCase, shape: Shape): Derivations {
  const activity: Span = { from_ms: shape.first_day_ms, to_ms: shape.end_day_ms }
  const members = (['hosts', 'peers'] as const).flatMap((kind) =>
    campaign.members[kind].length === 1 ? [`${columnOf[kind]}=${campaign.members[kind][0].id}`] : [],
  )
  const records = campaign.records.slice(0, mostRecords)
  return {
    rows: (how, ...by) => ({ how, ledger: ledgerArguments(by, members, activity) }),
    rowsUntil: (how, to_ms, ...by) => ({
      how,
      ledger: ledgerArguments(by, members, { ...activity, to_ms: Math.max(to_ms, activity.from_ms + 1) }),
    }),
    records: (how, ...by) => ({
      how,
      ledger: ledgerArguments(by, members, activity),
      ...(records.length > 0 ? { records } : {}),
    }),
    site: (how, by, where = []) => ({ how, ledger: ledgerArguments(by, where, activity) }),
    told: (how) => ({ how }),
  }
}

/** Whole days, so that rows of any columns can be asked for as long as the books last. */
function ledgerArguments(by: readonly QueryColumn[], where: readonly string[], { from_ms, to_ms }: Span): string[] {
  const date = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
  return [
    '--by',
    by.join(','),
    ...where.flatMap((condition) => ['--where', condition]),
    '--from',
    date(Math.floor(from_ms / dayMs) * dayMs),
    '--to',
    date(Math.ceil(to_ms / dayMs) * dayMs),
  ]
}

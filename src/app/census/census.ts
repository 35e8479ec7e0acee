/**
 * `census`: day one, no history needed. One pass over the logs into memory, nothing is kept; what left, and what can be
 * said of it without any reference of what is usual. Reads, places, counts and joins with the code that writes the books,
 * so that its totals are those of `analyze`.
 */
import type { Config } from '../../config/config-schema.ts'
import { placeCode } from '../../model/flow-event.ts'
import { dayMs } from '../../model/window.ts'
import { discover } from '../discover.ts'
import { loadEnrichment } from '../enrich/enrichment.ts'
import { problemsText } from '../enrich/map-problems.ts'
import { type NothingIn, nothingIn, nothingReadable } from '../nothing-in.ts'
import type { Progress } from '../progress.ts'
import { SiteNames } from '../site-names.ts'
import { siteOf } from '../site-of.ts'
import { version } from '../version.ts'
import { corroborating, type FlowIntake } from './flow-intake.ts'
import { asStore, MemoryStore } from './memory-store.ts'
import { interrupted, readLogs } from './read-logs.ts'
import { accountsOf, sharedKeys } from './report/accounts.ts'
import type { Census } from './report/census-report.ts'
import { copiesOut } from './report/copies-out.ts'
import { maturityOf } from './report/maturity.ts'
import { notSeen } from './report/not-seen.ts'
import { PeerReport } from './report/peers.ts'
import { observedHours, sensorsOf } from './report/sensors.ts'
import { countOf, hostsOf, isActive, mostListed, sumsAt, whereOf } from './report/where.ts'
import { settle } from './settle.ts'

export interface CensusOptions {
  paths: readonly string[]
  config: Config
  /** Whether there was a configuration, or inside is an assumption. */
  configured: boolean
  progress: Progress
  signal?: AbortSignal
  assume_year?: number
}

export interface CensusRun {
  census: Census
  /** Given paths in which there was no log. */
  nothing_in: NothingIn
}

/** A first-time recipient is told of from here on. */
const min_bytes_out = 100_000_000_000n

export async function census(options: CensusOptions): Promise<CensusRun> {
  const { configured, progress, signal } = options
  const enrichment = loadEnrichment(options.config)
  for (const each of enrichment.problems) progress.note(problemsText(each))
  const config = { ...options.config, vaults: enrichment.vaults }
  try {
    const discovery = discover(options.paths)
    const site = siteOf(config)
    const store = new MemoryStore()
    const names = await SiteNames.of(site, asStore(store))
    const read = await readLogs({ ...options, config, store, names, site, enrichment, files: discovery.files })
    read.passed_over.push(...discovery.problems)
    const nothing_in = nothingIn(discovery, read)
    if (read.sources.length === 0) throw nothingReadable(nothing_in)
    const settled = await settle({ store, names, intake: read.intake, enrichment }, () => {
      if (signal?.aborted) throw interrupted()
    })
    for (const source of read.sources) Object.assign(source, store.countsOf(source.path))
    const { hosts, ids } = hostsOf(store)
    const peers = new PeerReport(store.tallies, ids)
    const ledger = ledgerOf(store, read.intake, config)
    const recipients = firstTimeRecipients(peers)
    const hours = observedHours(store, names)
    const { context } = store
    const report: Omit<Census, 'not_seen'> = {
      weir: version,
      span: await spanOf(store),
      assumptions: configured ? [] : ['inside = RFC 1918 + fc00::/7 (no configuration)'],
      sources: read.sources,
      passed_over: read.passed_over,
      ledger,
      counts: {
        hosts: hosts.filter(isActive).length,
        peers: peers.peers,
        accounts: countOf(store.tallies.byAccount.bytes_out, store.texts.texts.length, 1),
      },
      not_egress: { ...notEgressOf(read.intake), ...settled },
      where: whereOf(store, hosts, peers),
      copies_out: await copiesOut(store, names, config),
      peers_of_many_hosts: { rows: peers.byHosts(mostListed), networks: peers.networksByHosts(mostListed) },
      accounts: await accountsOf(store, enrichment),
      shared_keys: await sharedKeys(store, enrichment.identities, read.intake.fingerprintAccounts),
      first_time_recipients: recipients,
      sensors: sensorsOf(store, names),
      maturity: maturityOf(hours, {
        config,
        flows: ledger.flows > 0n,
        transfers: context.transfer.size + context.storage_read.size > 0,
      }),
    }
    return { census: { ...report, not_seen: notSeen(report, store, config, configured) }, nothing_in }
  } finally {
    progress.done()
  }
}

function ledgerOf({ tallies, texts }: MemoryStore, { sink }: FlowIntake, config: Config): Census['ledger'] {
  const total = sumsAt(tallies.total, 0)
  const caps = new Map(config.expectations.map(({ id, max_bytes_per_day }) => [id, max_bytes_per_day]))
  let explained = 0n
  for (const [expectation, days] of sink.explained) {
    const cap = caps.get(texts.texts[expectation])
    for (const bytes of days.values()) explained += cap !== undefined && bytes > BigInt(cap) ? BigInt(cap) : bytes
  }
  // of what has a name, all but what has none: as exact as the books, whatever the number of names
  const share = (unknown: bigint): number =>
    total.bytes_out === 0n ? 0 : Number(((total.bytes_out - unknown) * 1_000_000n) / total.bytes_out) / 1_000_000
  return {
    ...total,
    attributed_share: {
      account: share(tallies.byAccount.bytes_out.at(0)),
      project: share(tallies.byProject.bytes_out.at(0)),
      vault: share(tallies.byVault.bytes_out.at(0)),
    },
    explained_bytes_out: explained,
    unexplained_bytes_out: total.bytes_out - explained,
  }
}

function notEgressOf({ notEgress, probes }: FlowIntake): Omit<Census['not_egress'], 'claimed_not_seen_bytes'> {
  return {
    internal_bytes: notEgress.at(placeCode.internal),
    transit_bytes: notEgress.at(placeCode.transit),
    carrier_bytes: notEgress.at(placeCode.carrier),
    probes: BigInt(probes),
    corroborating_bytes: notEgress.at(corroborating),
  }
}

/** From the first to the last of flows, probes and transfers. */
async function spanOf(store: MemoryStore): Promise<Census['span']> {
  let [start_ms, end_ms] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { first_ms, last_ms } of store.sensors.all.values()) {
    start_ms = Math.min(start_ms, first_ms)
    end_ms = Math.max(end_ms, last_ms)
  }
  for (const row of await store.readContext('transfer', 0, 2 ** 43, 0)) {
    start_ms = Math.min(start_ms, row.time('start_ms'))
    end_ms = Math.max(end_ms, row.time('start_ms'), row.time('end_ms') || 0)
  }
  return Number.isFinite(start_ms) ? { start_ms, end_ms } : { start_ms: null, end_ms: null }
}

/** Peers that the first 7 days did not know; of a shorter log, those of its last 30 %. */
function firstTimeRecipients(peers: PeerReport): Census['first_time_recipients'] {
  const span = peers.span()
  if (!span) return { rule: 'no flow crossed the border', since_ms: null, min_bytes_out, peers_since: 0, rows: [] }
  const length_ms = span.last_ms - span.first_ms
  const isShort = length_ms < 7 * dayMs
  const since_ms = Math.round(span.first_ms + (isShort ? 0.7 * length_ms : 7 * dayMs))
  const found = peers.recipients(since_ms, min_bytes_out, mostListed)
  return {
    rule: isShort
      ? 'first seen in the last 30 % of the log, as it spans less than 7 days'
      : 'first seen after the first 7 days of the log',
    since_ms,
    min_bytes_out,
    peers_since: found.peers,
    rows: found.rows,
  }
}

/**
 * `doctor`: what a state holds, how well its parts fit together, and what cannot be seen. Reads only: every fact is asked
 * of the books as they stand, and each finding comes with one step that would mend it.
 */
import { type Config, configSchema, defaultConfig, resolveConfig } from '../../config/config-schema.ts'
import { networksFingerprint } from '../../config/networks-fingerprint.ts'
import type { DuckdbStore } from '../../store/duckdb/duckdb-store.ts'
import { loadEnrichment } from '../enrich/enrichment.ts'
import { labellingKey, labellingOf } from '../labelling.ts'
import { gapsOfState } from '../report.ts'
import { siteOf } from '../site-of.ts'
import { readState } from '../state.ts'
import { version } from '../version.ts'
import { checkBalance } from './checks/balance.ts'
import { blindSpots } from './checks/blind-spots.ts'
import { closureOf } from './checks/closure.ts'
import { type Examined, spanToExamine } from './checks/examined.ts'
import { expectationsOf } from './checks/expectations.ts'
import { joinsOf } from './checks/joins.ts'
import { judgedOf } from './checks/judged.ts'
import { memoryOf } from './checks/memory.ts'
import { sensorsOf } from './checks/sensors.ts'
import { sightOf } from './checks/sight.ts'
import { sourcesOf } from './checks/sources.ts'
import type { Facts } from './facts.ts'
import type { Finding } from './findings/finding.ts'
import { findingsOf } from './findings.ts'

export interface Diagnosis extends Facts {
  findings: Finding[]
}

export interface DoctorOptions {
  directory: string
  /** Undefined: what the state keeps of its last run's configuration. */
  config: Config | undefined
  now_ms: number
  /** What a command needs to name the same state and configuration: ` --state DIR`, or ''. */
  same_state?: string
}

export async function doctor(options: DoctorOptions): Promise<Diagnosis> {
  const store = await readState(options.directory)
  try {
    return await diagnose(store, options)
  } finally {
    await store.close()
  }
}

async function diagnose(
  store: DuckdbStore,
  { directory, config: given, now_ms, same_state }: DoctorOptions,
): Promise<Diagnosis> {
  const meta = await store.meta()
  const kept = given === undefined ? keptConfig(meta) : undefined
  const enrichment = given && loadEnrichment(given)
  const config = (enrichment ? { ...given, vaults: enrichment.vaults } : kept) ?? defaultConfig()
  const isDefault = networksFingerprint(config) === networksFingerprint(defaultConfig())
  const span = await spanToExamine(store, now_ms)
  const examined: Examined | undefined = span && { ...span, store, config, site: siteOf(config), now_ms }
  const facts = {
    weir: version,
    checked_at_ms: now_ms,
    directory,
    configuration: given ? 'given' : isDefault && config.hosts.length + config.vaults.length === 0 ? 'none' : 'kept',
    other_networks: meta.has('networks') && meta.get('networks') !== networksFingerprint(config),
    other_labels:
      given !== undefined &&
      meta.has(labellingKey) &&
      meta.get(labellingKey) !== labellingOf(config, enrichment?.content_hash),
    gateways_without_host: gatewaysWithoutHost(config),
    balance: await checkBalance(store),
    memory: await memoryOf(store, directory),
    sources: await sourcesOf({ store, now_ms }),
    gaps: await gapsOfState(store),
    examined: examined?.detail ?? null,
    joins: examined ? await joinsOf(examined) : null,
    blind_spots: examined ? await blindSpots(examined) : null,
    sensors: examined ? await sensorsOf(examined) : null,
    expectations: examined ? await expectationsOf(examined) : [],
    closure: (examined && (await closureOf(examined))) ?? null,
    judged: judgedOf(meta),
    sight: await sightOf(store, meta),
  } satisfies Omit<Diagnosis, 'findings'>
  return { ...facts, findings: findingsOf(facts, same_state ?? '') }
}

/** The configuration that the last run wrote the books with, as far as the state keeps it. */
export function keptConfig(meta: ReadonlyMap<string, string>): Config | undefined {
  const [networks, labelling] = [meta.get('networks'), meta.get(labellingKey)]
  if (networks === undefined || labelling === undefined) return undefined
  const { hosts, vaults, sensors, expectations } = JSON.parse(labelling) as Record<string, unknown>
  const lines = networks.split('\n')
  const pools = lines.flatMap((line) => {
    const match = /^pool (\S+) (".*") (observed|none) ([\d,]*)$/.exec(line)
    return match
      ? [
          {
            gateway: JSON.parse(match[2]),
            networks: [match[1]],
            inner_flows: match[3],
            tunnel_ports: match[4].split(',').filter(Boolean).map(Number),
          },
        ]
      : []
  })
  const inside = lines.flatMap((line) => (line.startsWith('inside ') ? [line.slice('inside '.length)] : []))
  const site = { networks: inside, vpn_pools: pools }
  const parsed = configSchema.safeParse({ site, hosts, vaults, sensors, expectations })
  return parsed.success ? resolveConfig(parsed.data) : undefined
}

function gatewaysWithoutHost({ site, hosts }: Config): string[] {
  const names = new Set(hosts.map(({ name }) => name))
  const observed = site.vpn_pools.filter(({ inner_flows }) => inner_flows === 'observed')
  return [...new Set(observed.map(({ gateway }) => gateway))].filter((gateway) => !names.has(gateway))
}

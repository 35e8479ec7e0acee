/**
 * What detection says of a state: judged anew whenever the books change or a verdict is given, and kept beside the books so
 * that lists and pages need no second look. A verdict is new data: it is kept with who gave it, why, and until when.
 */
import type { Config } from '../config/config-schema.ts'
import { AppError } from '../model/errors.ts'
import type { Findings, Incident, Verdict } from '../model/incident.ts'
import { fromTaggedJson, taggedJson } from '../model/tagged-json.ts'
import type { DuckdbStore } from '../store/duckdb/duckdb-store.ts'
import { detect } from './detect/detect.ts'
import { loadEnrichment } from './enrich/enrichment.ts'
import { labellingKey, labellingOf } from './labelling.ts'
import { type Progress, silentProgress } from './progress.ts'
import { openState, readState } from './state.ts'

const findingsKey = 'findings'
const verdictsKey = 'verdicts'
/** The file of the configuration that the last run was given; empty without one. */
export const configFileKey = 'config_file'

export interface JudgeStateOptions {
  store: DuckdbStore
  config: Config
  progress: Progress
  signal?: AbortSignal
  now_ms: number
}

/** Judges all days of the books and keeps what is found. */
export async function judgeState({ store, now_ms, ...options }: JudgeStateOptions): Promise<Findings> {
  const meta = await store.meta()
  const before = storedFindings(meta)
  const verdicts = read<Verdict[]>(meta, verdictsKey) ?? []
  const findings = await detect({ ...options, store, verdicts, before: before?.incidents ?? [], now_ms })
  await store.setMeta(findingsKey, taggedJson(findings))
  return findings
}

/** What the last run found. */
export async function findingsOf(state: string, config: Config): Promise<Findings> {
  const store = await readState(state)
  try {
    const { false_incidents_per_year } = config.budget
    const nothing = { incidents: [], notices: [], worklist: [], maturity: [], judged_until_ms: null }
    return storedFindings(await store.meta()) ?? { ...nothing, budget: { false_incidents_per_year, spent: 0 } }
  } finally {
    await store.close()
  }
}

/** The file that the last run was configured by, if it was and the state keeps it. */
export async function configFileOf(state: string): Promise<string | undefined> {
  const store = await readState(state)
  try {
    return (await store.meta()).get(configFileKey) || undefined
  } finally {
    await store.close()
  }
}

/** As kept in a state by its last run; undefined if it was never judged. */
export function storedFindings(meta: ReadonlyMap<string, string>): Findings | undefined {
  const kept = read<Findings>(meta, findingsKey)
  // incidents that an earlier version found have no history until they are judged anew
  return kept && { ...kept, incidents: kept.incidents.map((each) => ({ ...each, history: each.history ?? [] })) }
}

/** All that were given, in order. */
export function storedVerdicts(meta: ReadonlyMap<string, string>): readonly Verdict[] {
  return read<Verdict[]>(meta, verdictsKey) ?? []
}

/** Keeps a verdict, judges the past anew under it, and returns the incident as it then stands. */
export async function judge(
  state: string,
  config: Config,
  verdict: Verdict,
  progress: Progress = silentProgress,
): Promise<Incident> {
  const known = await findingsOf(state, config)
  if (!known.incidents.some(({ id }) => id === verdict.incident)) {
    const ids = known.incidents.map(({ id }) => id)
    throw new AppError(
      'usage',
      `no incident '${verdict.incident}' in ${state}: ${ids.length === 0 ? 'there is none' : `there are ${ids.join(', ')}`}`,
    )
  }
  const { store, close } = await openState(state)
  try {
    const enrichment = loadEnrichment(config)
    const meta = await store.meta()
    if (meta.get(labellingKey) !== labellingOf(config, enrichment.content_hash))
      throw new AppError(
        'state_mismatch',
        `${state} was judged under another configuration: give --config the file that it was last analysed with`,
      )
    const verdicts = read<Verdict[]>(meta, verdictsKey) ?? []
    await store.setMeta(verdictsKey, taggedJson([...verdicts, verdict]))
    const enriched = { ...config, vaults: enrichment.vaults }
    const { incidents } = await judgeState({ store, config: enriched, progress, now_ms: verdict.at_ms })
    await store.checkpoint()
    const judged = incidents.find(({ id }) => id === verdict.incident)
    // what a harmless verdict explains is not found again; detect keeps it
    if (!judged) throw new AppError('store_unavailable', `${verdict.incident} is gone after it was judged`)
    return judged
  } finally {
    progress.done()
    await close()
  }
}

function read<T>(meta: ReadonlyMap<string, string>, key: string): T | undefined {
  const text = meta.get(key)
  return text === undefined ? undefined : (fromTaggedJson(text) as T)
}

/**
 * Whether evidence is a function of the days alone, to the last bit: judged day by day, learned and replayed at once, and taken
 * up again after a restart, from rows that come in other chunks. And whether what a run over fewer days declared is what a run
 * over all of them declares up to there.
 */
import { createHash } from 'node:crypto'
import type { DayRows } from '../../detectors/day-rows.ts'
import { decodeDay } from '../../detectors/decode-day.ts'
import { PeerMemory } from '../../detectors/peer-memory.ts'
import { type Declaration, Watch } from '../../detectors/sums/watch.ts'
import { ticksPerDay } from '../../model/window.ts'
import { entityName } from '../detect/series-words.ts'
import type { Told } from '../detect/told.ts'
import { judgeSynthetic } from './bench-rescoring.ts'
import { firstDay } from './bench-tick.ts'
import { alpha } from './detection.ts'
import { stopIfAborted } from './stop.ts'
import { SyntheticSite } from './synthetic-site.ts'
import { namesOf, SyntheticStore } from './synthetic-store.ts'

export interface IdentityOptions {
  seed: number
  entities: number
  pools: number
  days: number
  onDay: () => void
  signal?: AbortSignal
}

export const identityChecks = ['increments', 'replay', 'restart', 'prefix'] as const
export type IdentityCheck = (typeof identityChecks)[number]

export interface IdentityResult {
  days: number
  /** Streams with evidence at the end, and declarations on the way: of nothing, nothing would be proved. */
  streams: number
  declarations: number
  /** Of all evidence of all days, for comparing builds: equal seeds and sizes give equal ones. */
  fingerprint: string
  checks: { check: IdentityCheck; equal: boolean }[]
}

/** So that a part of a day's rows comes in each of several chunks. */
const oddChunk = 997
const theftDays = 12
const wholeDay = Number.POSITIVE_INFINITY
/** Share of the days that were judged before the restart. */
const restartAt = 0.6
const none = (): boolean => false

/** Of the site, over and over: as often as `onDay` is called. */
export const identityDays = (days: number): number => 6 * days - theftDays / 2

export async function benchIdentity(options: IdentityOptions): Promise<IdentityResult> {
  const { days } = options
  const site = new SyntheticSite({ ...options, first_day: firstDay, theft_from: firstDay + days - theftDays })
  const fed = async (chunk_rows: number, learned: number): Promise<FedWatch> => {
    const watch = new FedWatch(site, options, chunk_rows)
    for (let day = 0; day < learned; day++) await watch.learn(day)
    if (learned > 0) watch.replay()
    for (let day = learned; day < days; day++) await watch.judge(day)
    return watch
  }
  const first = await fed(wholeDay, 0)
  const again = await fed(wholeDay, 0)
  const replayed = await fed(wholeDay, days)
  const restart = Math.floor(days * restartAt)
  const restarted = await fed(oddChunk, restart)
  const cut = days - theftDays / 2
  const all = await declaredWithin(site, options, days)
  const fewer = await declaredWithin(site, options, cut)
  const before = all.filter(({ tick }) => tick < (firstDay + cut) * ticksPerDay)
  return {
    days,
    streams: replayed.held.length,
    declarations: first.declarations + all.length,
    fingerprint: createHash('sha256').update(first.told.join('\n')).digest('hex').slice(0, 16),
    checks: [
      { check: 'increments', equal: isEqual(again.told, first.told) },
      { check: 'replay', equal: isEqual(replayed.held, first.held) },
      { check: 'restart', equal: isEqual(restarted.told, first.told.slice(restart)) },
      { check: 'prefix', equal: isEqual(textsOf(fewer), textsOf(before)) },
    ],
  }
}

/** A watch that is fed days of a site by number, with a memory of peers of its own. */
class FedWatch {
  declarations = 0
  /** What was declared and what each stream held, of each day that was judged. */
  readonly told: string[] = []
  readonly #site: SyntheticSite
  readonly #options: IdentityOptions
  readonly #store: SyntheticStore
  readonly #memory = new PeerMemory()
  readonly #watch: Watch

  constructor(site: SyntheticSite, options: IdentityOptions, chunk_rows: number) {
    this.#site = site
    this.#options = options
    this.#store = new SyntheticStore(site, { days: options.days, chunk_rows })
    const names = namesOf(site, this.#memory)
    this.#watch = new Watch({
      ...{ seed: options.seed, alpha, isQuiet: () => false },
      nameOf: (kind, entity) => entityName(kind, entity, (id) => names.text(id)),
    })
  }

  async judge(n: number): Promise<void> {
    const declared = this.#watch.day(await this.#rows(n), none)
    if (declared) this.declarations++
    this.told.push([declared ? declaredText(declared) : '', ...this.held].join('\n'))
  }

  async learn(n: number): Promise<void> {
    this.#watch.learn(await this.#rows(n), none)
  }

  replay(): void {
    this.#watch.replay(new Set())
  }

  /** Numbers are written so that equal texts are equal bits. */
  get held(): string[] {
    return this.#watch.strongest().map(({ series, log_e }) => `${series.name} ${log_e}`)
  }

  async #rows(n: number): Promise<DayRows> {
    stopIfAborted(this.#options.signal)
    const day = this.#site.first_day + n
    const chunks = this.#store.readArrivals(day * ticksPerDay, (day + 1) * ticksPerDay)
    const rows = await decodeDay(day, chunks, this.#memory)
    this.#options.onDay()
    return rows
  }
}

function declaredText({ module, tick, log_e, since_ms, leading }: Declaration): string {
  return [module, tick, log_e, since_ms, ...leading.map(({ series, log_e }) => `${series.name} ${log_e}`)].join(' ')
}

async function declaredWithin(site: SyntheticSite, options: IdentityOptions, days: number): Promise<Told[]> {
  const { campaigns } = await judgeSynthetic(new SyntheticStore(site, { days }), options.seed, options)
  return campaigns.map(({ trigger }) => trigger)
}

function textsOf(told: readonly Told[]): string[] {
  return told.map(({ detector, tick, since_ms, log_e }) => [detector, tick, since_ms, log_e].join(' '))
}

function isEqual(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i])
}

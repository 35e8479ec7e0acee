/** Detection as `analyze` runs it, over a background with or without a campaign. */
import { setImmediate } from 'node:timers/promises'
import type { Findings } from '../../model/incident.ts'
import { InjectedArrivals } from '../../prove/injected-arrivals.ts'
import type { Injection } from '../../prove/injection.ts'
import type { DuckdbStore } from '../../store/duckdb/duckdb-store.ts'
import type { ArrivalStore } from '../detect/arrival-days.ts'
import { detect } from '../detect/detect.ts'
import type { KeptSums } from '../detect/kept-sums.ts'
import { silentProgress } from '../progress.ts'
import type { Given } from './given.ts'

export interface JudgeGivenOptions {
  injection?: Injection
  /** Days from here on have not happened. */
  until_day: number
  onDay: () => void
  signal?: AbortSignal
  /** Of the background without a campaign, which is judged first. */
  sums?: KeptSums
}

export function judgeGiven(
  { arrivals, names, config, verdicts, before, now_ms }: Given,
  { injection, until_day, onDay, signal, sums }: JudgeGivenOptions,
): Promise<Findings> {
  const placed = new InjectedArrivals(arrivals, injection, until_day)
  const store: ArrivalStore & {
    rows(): Promise<never[]>
    borderHours(): Promise<never[]>
  } = {
    arrivalDays: () => placed.arrivalDays(),
    async *readArrivals(from_tick, to_tick) {
      // signals and timers have their turn
      await setImmediate()
      yield* placed.readArrivals(from_tick, to_tick)
    },
    nameTexts: (ids) => names.nameTexts(ids),
    internNames: (texts) => names.internNames(texts),
    // what is injected stands in no log
    rows: async () => [],
    // nor do counters know of it
    borderHours: async () => [],
    readsOfDay: (day) => names.readsOfDay(day),
  }
  return detect({
    // detection asks no more of a store than this
    store: store as unknown as DuckdbStore,
    ...{ config, verdicts, before, now_ms, signal },
    progress: { ...silentProgress, advance: onDay },
    sums: sums && { kept: sums, differ_from_day: injection ? injection.start_day : Number.NEGATIVE_INFINITY },
  })
}

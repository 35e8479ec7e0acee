/**
 * What time does to the books once a run has written them: closed days are folded, raw detail beyond the retention
 * goes, history beyond 400 days goes. "Now" is the data's own time, and never later than the clock's: one record with a
 * forged future date must not make Weir forget.
 */
import { sealing } from '../ledger/tables.ts'
import { dayOf } from '../model/window.ts'
import type { DuckdbStore } from '../store/duckdb/duckdb-store.ts'
import type { Progress } from './progress.ts'

/** Share of a usual day's flows that a day needs to count as the present. */
const presentShare = 0.01

/** The last day on which the sensors really watched; undefined if the books are empty. */
export function presentDay(flowsByDay: ReadonlyMap<number, number>, now_ms: number): number | undefined {
  const counts = [...flowsByDay.values()].sort((a, b) => a - b)
  if (counts.length === 0) return undefined
  const usual = counts[counts.length >> 1]
  const days = [...flowsByDay].filter(([, flows]) => flows >= Math.max(1, usual * presentShare)).map(([day]) => day)
  return days.length === 0 ? undefined : Math.min(Math.max(...days), dayOf(now_ms))
}

export async function moveOn(
  store: DuckdbStore,
  options: { flows_days: number; now_ms: number; progress: Progress },
): Promise<void> {
  const today = presentDay(await store.flowsByDay(), options.now_ms)
  if (today === undefined) return
  const { progress } = options
  await store.fold(today - sealing.seal_after_days, sealing.fold_below_bytes, (done, days) => {
    if (done === 0) progress.phase('closing', days, 'days')
    else progress.advance(1)
  })
  const horizon = today - options.flows_days
  if (horizon > (await store.horizonDay())) await store.dropDetail(horizon)
  await store.dropHistory(today - sealing.pair_days)
}

/** Days whose peer classes rest on the first day of memory, when older data moves that day back. */
export async function classesToRenew(store: DuckdbStore, memoryBefore: number | undefined): Promise<boolean> {
  const memory = await store.memoryDay()
  if (memoryBefore === undefined || memory === undefined || memory >= memoryBefore) return false
  // a peer of the first weeks stays without opinion for ever, so that no later day is sure of its classes
  await store.markAllDirty()
  return true
}

/** A background in which campaigns are placed: its judged days, read once and kept in memory while they are not too many. */
import { setImmediate } from 'node:timers/promises'
import type { Config } from '../../config/config-schema.ts'
import { PeerMemory } from '../../detectors/peer-memory.ts'
import type { ArrivalColumns } from '../../model/arrival.ts'
import { arrivalTable } from '../../model/arrival.ts'
import { Columns } from '../../model/columns.ts'
import type { Incident, Verdict } from '../../model/incident.ts'
import { ticksPerDay } from '../../model/window.ts'
import { Background } from '../../prove/background.ts'
import type { ArrivalSource } from '../../prove/injected-arrivals.ts'
import { ArrivalDays, type ArrivalStore } from '../detect/arrival-days.ts'

export interface Given {
  /** What it is, for those who read the result. */
  name: string
  config: Config
  names: Pick<ArrivalStore, 'nameTexts' | 'internNames' | 'readsOfDay'>
  arrivals: ArrivalSource
  background: Background
  verdicts: readonly Verdict[]
  before: readonly Incident[]
  now_ms: number
}

/** About a hundred bytes each. */
const mostRowsHeld = 5_000_000

export type GivenOptions = Omit<Given, 'arrivals' | 'background' | 'names'> & { store: ArrivalStore }

export async function givenOf({ store, ...given }: GivenOptions): Promise<Given> {
  const days = await (await ArrivalDays.of(store, new PeerMemory(), given.config, [])).days()
  const sizes = await store.arrivalDays()
  const rows = days.reduce((sum, day) => sum + (sizes.get(day) ?? 0), 0)
  const held = rows <= mostRowsHeld ? new Map<number, ArrivalColumns>() : undefined
  const background = new Background(days)
  for (const day of days) {
    for await (const chunk of store.readArrivals(day * ticksPerDay, (day + 1) * ticksPerDay)) {
      background.add(day, chunk)
      held?.set(day, appended(held.get(day), chunk))
    }
    await setImmediate()
  }
  await background.learnNames((ids) => store.nameTexts(ids))
  const kept = new Map([...sizes].filter(([day]) => days.length > 0 && day >= days[0] && day <= days[days.length - 1]))
  return { ...given, names: store, background, arrivals: held ? new HeldArrivals(kept, held) : store }
}

class HeldArrivals implements ArrivalSource {
  readonly #sizes: ReadonlyMap<number, number>
  readonly #days: ReadonlyMap<number, ArrivalColumns>

  constructor(sizes: ReadonlyMap<number, number>, days: ReadonlyMap<number, ArrivalColumns>) {
    this.#sizes = sizes
    this.#days = days
  }

  async arrivalDays(): Promise<ReadonlyMap<number, number>> {
    return this.#sizes
  }

  /** Whole days. */
  async *readArrivals(from_tick: number, to_tick: number): AsyncGenerator<ArrivalColumns> {
    for (let day = Math.floor(from_tick / ticksPerDay); day * ticksPerDay < to_tick; day++) {
      const columns = this.#days.get(day)
      if (columns) yield columns
    }
  }
}

/** A copy: the store may fill the chunk anew. */
function appended(before: ArrivalColumns | undefined, chunk: ArrivalColumns): ArrivalColumns {
  const length = (before?.length ?? 0) + chunk.length
  const columns = new Columns(arrivalTable, Math.max(1, length))
  let at = 0
  for (const part of before ? [before, chunk] : [chunk]) {
    for (const name of Object.keys(arrivalTable) as (keyof typeof arrivalTable)[]) {
      const [into, out] = [columns.data[name], part.data[name]]
      if ('hi' in into && 'hi' in out)
        for (const half of ['hi', 'lo'] as const) into[half].set(out[half].subarray(0, 2 * part.length), 2 * at)
      else if (!('hi' in into) && !('hi' in out)) {
        const width = arrivalTable[name] === 'count' ? 2 : 1
        into.set(out.subarray(0, width * part.length), width * at)
      }
    }
    at += part.length
  }
  columns.length = length
  return columns
}

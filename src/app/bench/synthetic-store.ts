/** A synthetic site as a store of arrivals. Days are made when they are read; `making` tells what that has cost, to be left out. */
import { setImmediate } from 'node:timers/promises'
import type { Names } from '../../detectors/day-rows.ts'
import type { PeerMemory } from '../../detectors/peer-memory.ts'
import { formatHalves } from '../../model/address.ts'
import { type ArrivalColumns, arrivalTable } from '../../model/arrival.ts'
import { Columns } from '../../model/columns.ts'
import { ticksPerDay } from '../../model/window.ts'
import type { ArrivalStore } from '../detect/arrival-days.ts'
import { type Cost, measured, noCost, sumOf } from './cost.ts'
import type { SyntheticSite } from './synthetic-site.ts'

export interface SyntheticStoreOptions {
  days: number
  /** Rows that are handed out at once. */
  chunk_rows?: number
}

export class SyntheticStore implements ArrivalStore {
  making: Cost = noCost
  readonly #site: SyntheticSite
  readonly #days: number
  readonly #chunk_rows: number
  #sizes: Map<number, number> | undefined

  constructor(site: SyntheticSite, { days, chunk_rows = 65_536 }: SyntheticStoreOptions) {
    this.#site = site
    this.#days = days
    this.#chunk_rows = chunk_rows
  }

  /** Makes each day once. */
  async arrivalDays(): Promise<Map<number, number>> {
    if (this.#sizes === undefined) {
      this.#sizes = new Map()
      const { first_day } = this.#site
      for (let day = first_day; day < first_day + this.#days; day++) this.#sizes.set(day, this.#make(day).length)
    }
    return this.#sizes
  }

  /** Whole days. */
  async *readArrivals(from_tick: number, to_tick: number): AsyncGenerator<ArrivalColumns> {
    for (let day = Math.floor(from_tick / ticksPerDay); day * ticksPerDay < to_tick; day++) {
      // signals and timers have their turn
      await setImmediate()
      if (day < this.#site.first_day || day >= this.#site.first_day + this.#days) continue
      const rows = this.#make(day)
      for (let from = 0; from < rows.length; from += this.#chunk_rows)
        yield partOf(rows, from, Math.min(rows.length, from + this.#chunk_rows))
    }
  }

  async nameTexts(ids: Iterable<number>): Promise<Map<number, string>> {
    return new Map([...ids].map((id) => [id, this.#site.ids.text(id)]))
  }

  async internNames(texts: readonly string[]): Promise<Int32Array> {
    return Int32Array.from(texts, (text) => this.#site.ids.idOf(text))
  }

  #make(day: number): ArrivalColumns {
    const { value, cost } = measured(() => this.#site.day(day))
    this.making = sumOf(this.making, cost)
    return value
  }
}

/** Rows [from, to) as views of the same columns. */
function partOf({ data }: ArrivalColumns, from: number, to: number): ArrivalColumns {
  const part = new Columns(arrivalTable, 0)
  for (const name of Object.keys(arrivalTable) as (keyof typeof arrivalTable)[]) {
    const column = data[name]
    const width = arrivalTable[name] === 'count' ? 2 : 1
    const view =
      'hi' in column
        ? { hi: column.hi.subarray(2 * from, 2 * to), lo: column.lo.subarray(2 * from, 2 * to) }
        : column.subarray(width * from, width * to)
    Object.assign(part.data, { [name]: view })
  }
  part.length = to - from
  part.capacity = part.length
  return part
}

export function namesOf(site: SyntheticSite, memory: PeerMemory): Names {
  return {
    text: (id) => site.ids.text(id),
    peer: (index) => {
      const { hi, lo } = memory.halves(index)
      return formatHalves(hi, lo)
    },
  }
}

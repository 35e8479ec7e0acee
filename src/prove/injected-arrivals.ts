/**
 * Arrivals of a background with a campaign's rows among them, in the store's order, up to a last day. Without a campaign the
 * store's rows pass as they are. No name is new: all that the campaign uses occurs in the background.
 */

import type { ArrivalColumns } from '../model/arrival.ts'
import { arrivalTable } from '../model/arrival.ts'
import { Columns } from '../model/columns.ts'
import { ticksPerDay } from '../model/window.ts'
import type { Injection } from './injection.ts'

export interface ArrivalSource {
  arrivalDays(): Promise<ReadonlyMap<number, number>>
  readArrivals(from_tick: number, to_tick: number): AsyncGenerator<ArrivalColumns>
}

export class InjectedArrivals implements ArrivalSource {
  readonly #base: ArrivalSource
  readonly #injection: Pick<Injection, 'days'> | undefined
  readonly #until_day: number

  /** Days from `until_day` on have not happened. */
  constructor(base: ArrivalSource, injection: Pick<Injection, 'days'> | undefined, until_day: number) {
    this.#base = base
    this.#injection = injection
    this.#until_day = until_day
  }

  async arrivalDays(): Promise<Map<number, number>> {
    const sizes = new Map<number, number>()
    for (const [day, rows] of await this.#base.arrivalDays()) if (day < this.#until_day) sizes.set(day, rows)
    for (const [day, { length }] of this.#injection?.days ?? [])
      if (day < this.#until_day) sizes.set(day, (sizes.get(day) ?? 0) + length)
    return new Map([...sizes].sort(([a], [b]) => a - b))
  }

  /** Whole days. */
  async *readArrivals(from_tick: number, to_tick: number): AsyncGenerator<ArrivalColumns> {
    for (let day = Math.floor(from_tick / ticksPerDay); day * ticksPerDay < to_tick; day++) {
      if (day >= this.#until_day) return
      const added = this.#injection?.days.get(day)
      const own = this.#base.readArrivals(day * ticksPerDay, (day + 1) * ticksPerDay)
      if (added) yield* merged(own, added)
      else yield* own
    }
  }
}

async function* merged(own: AsyncGenerator<ArrivalColumns>, added: ArrivalColumns): AsyncGenerator<ArrivalColumns> {
  let next = 0
  for await (const chunk of own) {
    const first = next
    const room = new Columns(arrivalTable, chunk.length + added.length - next)
    let from = 0
    for (; next < added.length; next++) {
      let to = from
      while (to < chunk.length && !isAfter(chunk, to, added, next)) to++
      // what comes after this chunk's last row may belong into the next one
      if (to === chunk.length) break
      copyRows(room, chunk, from, to)
      copyRows(room, added, next, next + 1)
      from = to
    }
    if (next === first) yield chunk
    else {
      copyRows(room, chunk, from, chunk.length)
      yield room
    }
  }
  if (next === added.length) return
  const rest = new Columns(arrivalTable, added.length - next)
  copyRows(rest, added, next, added.length)
  yield rest
}

/** Whether row `i` of `a` stands after row `j` of `b` by tick, inside address and peer. */
function isAfter(a: ArrivalColumns, i: number, b: ArrivalColumns, j: number): boolean {
  const [x, y] = [a.data, b.data]
  if (x.tick[i] !== y.tick[j]) return x.tick[i] > y.tick[j]
  for (const name of ['inside', 'peer'] as const)
    for (const half of ['hi', 'lo'] as const)
      for (const word of [1, 0]) {
        const [p, q] = [x[name][half][2 * i + word], y[name][half][2 * j + word]]
        if (p !== q) return p > q
      }
  return false
}

/** Appends rows [from, to); there is room for them. */
function copyRows(room: ArrivalColumns, source: ArrivalColumns, from: number, to: number): void {
  const at = room.length
  for (const name of Object.keys(arrivalTable) as (keyof typeof arrivalTable)[]) {
    const [into, out] = [room.data[name], source.data[name]]
    if ('hi' in into && 'hi' in out) {
      into.hi.set(out.hi.subarray(2 * from, 2 * to), 2 * at)
      into.lo.set(out.lo.subarray(2 * from, 2 * to), 2 * at)
    } else if (!('hi' in into) && !('hi' in out)) {
      const width = arrivalTable[name] === 'count' ? 2 : 1
      into.set(out.subarray(width * from, width * to), width * at)
    }
  }
  room.length = at + (to - from)
}

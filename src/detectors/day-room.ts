/**
 * Room for the rows of a day that is used again: a busy day's columns are a hundred megabytes, and those of several days would be
 * held until the engine thinks of collecting them.
 */
import type { DayRows } from './day-rows.ts'
import { emptyDay } from './decode-day.ts'

/** A day, and an earlier one that it is compared with. */
const mostFree = 2

export class DayRoom {
  readonly #most: number
  readonly #free: { whole: DayRows; used: number }[] = []

  /** `most`: rows of the largest day. */
  constructor(most: number) {
    this.#most = most
  }

  /** Columns of zeros. */
  take(day: number): DayRows {
    const free = this.#free.pop()
    if (free === undefined) return emptyDay(day, this.#most)
    for (const column of columnsOf(free.whole)) clear(column.subarray(0, free.used))
    return { ...free.whole, day }
  }

  /** Nobody reads these rows any more. */
  give(rows: DayRows): void {
    const whole = wholeOf(rows)
    if (whole.length >= this.#most && this.#free.length < mostFree) this.#free.push({ whole, used: rows.length })
  }
}

type Column = Exclude<DayRows[keyof DayRows], number>

const columnsOf = (rows: DayRows): Column[] => Object.values(rows).filter((column) => typeof column !== 'number')

/** Reading a column that was never written to takes no memory of the machine's; writing zeros would. */
function clear(column: Column): void {
  let i = 0
  while (i < column.length && column[i] === 0) i++
  if (i < column.length) column.fill(0)
}

/** The columns of which the rows' are the beginning. */
function wholeOf(rows: DayRows): DayRows {
  const whole = { ...rows, length: rows.tick.buffer.byteLength / rows.tick.BYTES_PER_ELEMENT }
  for (const [name, column] of Object.entries(rows)) {
    if (typeof column === 'number') continue
    const type = column.constructor as new (buffer: ArrayBufferLike) => Column
    Object.assign(whole, { [name]: new type(column.buffer) })
  }
  return whole
}

/** Rows of the score in their order, and what a table can say of each: the picture and the table beside it agree. */
import type { ScoreRow } from '../../model/incident.ts'

/** Drawn of a kind and strip; more would be thinner than a line of the screen. */
export const mostRows = 1000

export interface DrawnRow {
  row: ScoreRow
  bytes: number
  /** Index of the first day with bytes; the number of days if there is none. */
  joined: number
  /** Index of the day with the largest share. */
  busiest: number
}

/** Rows of one kind by the day they joined, then by name; if there are too many, those with the most bytes. */
export function drawnRows(rows: readonly ScoreRow[], kind: ScoreRow['kind']): { drawn: DrawnRow[]; left_out: number } {
  const all = rows
    .filter((row) => row.kind === kind)
    .map((row): DrawnRow => {
      const joined = row.shares.findIndex((share) => share > 0)
      let [bytes, busiest] = [0, 0]
      row.shares.forEach((share, day) => {
        if (Number.isFinite(share)) bytes += share * row.own_line_bytes
        if (share > row.shares[busiest]) busiest = day
      })
      return { row, bytes, joined: joined < 0 ? row.shares.length : joined, busiest }
    })
  const kept = all.length <= mostRows ? all : all.sort((a, b) => b.bytes - a.bytes).slice(0, mostRows)
  const drawn = kept.sort((a, b) => a.joined - b.joined || (a.row.id < b.row.id ? -1 : 1))
  return { drawn, left_out: all.length - drawn.length }
}

/** Cells at or over the own alarm line, and all cells with bytes. */
export function cellCounts(rows: readonly DrawnRow[]): { at_line: number; active: number } {
  let [at_line, active] = [0, 0]
  for (const { row } of rows)
    for (const share of row.shares) {
      if (share >= 1) at_line++
      if (share > 0) active++
    }
  return { at_line, active }
}

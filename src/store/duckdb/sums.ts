/** Fragments of SQL for the sums of the books: integers in, integers out. */
import type { ColumnTable } from '../../model/observation.ts'

export function sumList(sums: ColumnTable | readonly string[]): string {
  return namesOf(sums)
    .map((name) => `CAST(sum(${name}) AS BIGINT) AS ${name}`)
    .join(', ')
}

/** True of a group in which anything is left: what was posted and reversed in full leaves no row. */
export function anySum(sums: ColumnTable): string {
  return namesOf(sums)
    .map((name) => `sum(${name}) <> 0`)
    .join(' OR ')
}

function namesOf(sums: ColumnTable | readonly string[]): string[] {
  return Array.isArray(sums) ? [...(sums as readonly string[])] : Object.keys(sums)
}

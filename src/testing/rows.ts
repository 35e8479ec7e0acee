/** Columns under test: rows from plain objects and back. */
import { addressWords, formatAddress } from '../model/address.ts'
import type { Columns } from '../model/columns.ts'
import { countAt } from '../model/count.ts'
import type { NameTable } from '../model/name-table.ts'
import type { ColumnTable } from '../model/observation.ts'

/** Counts and hashes as number or bigint (negative ones as two's complement), addresses as text, names as text or code. */
export type RowValues<T extends ColumnTable> = { [C in keyof T]?: number | bigint | string }

/** Appends a row; what is not given stays empty. Returns its index. */
export function addRow<T extends ColumnTable>(columns: Columns<T>, values: RowValues<T>, names?: NameTable): number {
  const row = columns.row()
  for (const [name, value] of Object.entries(values) as [string, number | bigint | string | undefined][]) {
    if (value === undefined) continue
    const kind = columns.table[name]
    const data = columns.data[name as keyof T] as never
    if (kind === 'address') putAddress(data, row, String(value))
    else if (kind === 'count' || kind === 'hash') {
      new BigUint64Array((data as Uint32Array).buffer)[row] = BigInt.asUintN(64, BigInt(value))
    } else if (kind === 'name')
      (data as Int32Array)[row] = typeof value === 'string' ? codeOf(names, value) : Number(value)
    else if (kind === 'text') (data as string[])[row] = String(value)
    else if (kind === undefined) throw new Error(`no column ${name}`)
    else (data as Float64Array)[row] = Number(value)
  }
  return row
}

/** All rows: counts as signed, hashes as unsigned bigint, addresses as text; names as text if there is a table. */
export function plainRows<T extends ColumnTable>(
  columns: Columns<T>,
  names?: NameTable,
): { [C in keyof T]: number | bigint | string }[] {
  const rows: Record<string, number | bigint | string>[] = []
  for (let row = 0; row < columns.length; row++) {
    const plain: Record<string, number | bigint | string> = {}
    for (const [name, kind] of Object.entries(columns.table)) {
      const data = columns.data[name as keyof T] as never
      if (kind === 'address') {
        const { hi, lo } = data as { hi: Uint32Array; lo: Uint32Array }
        plain[name] = formatAddress(hi[2 * row + 1], hi[2 * row], lo[2 * row + 1], lo[2 * row])
      } else if (kind === 'count') plain[name] = BigInt.asIntN(64, countAt(data, row))
      else if (kind === 'hash') plain[name] = countAt(data, row)
      else if (kind === 'name' && names) plain[name] = names.texts[(data as Int32Array)[row]]
      else plain[name] = (data as (number | string)[])[row]
    }
    rows.push(plain)
  }
  return rows as { [C in keyof T]: number | bigint | string }[]
}

function codeOf(names: NameTable | undefined, text: string): number {
  if (!names) throw new Error(`a name table is needed for ${text}`)
  return names.codeOf(text)
}

function putAddress(column: { hi: Uint32Array; lo: Uint32Array }, row: number, text: string): void {
  const words = addressWords(text)
  if (!words) throw new Error(`${text} is no address`)
  column.hi.set([words[1], words[0]], 2 * row)
  column.lo.set([words[3], words[2]], 2 * row)
}

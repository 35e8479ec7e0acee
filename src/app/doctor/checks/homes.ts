/** Where hosts are found in the books: one address for all that a host has, and for the name that a log calls it by. */
import type { Site } from '../../../model/site.ts'
import type { DuckdbStore } from '../../../store/duckdb/duckdb-store.ts'
import { halvesOf } from './address-sql.ts'

export interface Homes {
  /** SQL relation `hi, lo, home_hi, home_lo` of further addresses; any other address is its own home. */
  byAddress: string
  /** SQL relation `name, home_hi, home_lo` of the names in logs that are those of configured hosts. */
  byName: string
}

export async function homesOf(store: DuckdbStore, { hosts }: Site): Promise<Homes> {
  const further = hosts.flatMap(({ addresses }) => {
    const single = addresses.filter(({ bits }) => bits === 128)
    return single.slice(1).map((address) => `(${halvesOf(address)}, ${halvesOf(single[0])})`)
  })
  const named = new Map(
    hosts.filter(({ addresses }) => addresses.length > 0).map((host) => [firstLabel(host.name), host.addresses[0]]),
  )
  const logged = await store.rows<{ id: number; name: string }>(
    `SELECT n.id AS id, n.text AS name FROM names n WHERE n.id IN (
      SELECT host_name FROM sessions UNION SELECT host_name FROM transfers UNION SELECT node FROM jobs)`,
  )
  const known = logged.flatMap(({ id, name }) => {
    const address = named.get(firstLabel(name))
    return address === undefined ? [] : [`(${id}, ${halvesOf(address)})`]
  })
  return {
    byAddress: relation(further, ['hi', 'lo', 'home_hi', 'home_lo'], '0::UBIGINT, 0::UBIGINT, 0::UBIGINT, 0::UBIGINT'),
    byName: relation(known, ['name', 'home_hi', 'home_lo'], '0, 0::UBIGINT, 0::UBIGINT'),
  }
}

function relation(rows: readonly string[], columns: readonly string[], none: string): string {
  const names = columns.join(', ')
  return rows.length > 0
    ? `(SELECT * FROM (VALUES ${rows.join(',')}) v(${names}))`
    : `(SELECT * FROM (SELECT ${none}) v(${names}) WHERE false)`
}

/** Logs and configuration may or may not write the domain. */
export function firstLabel(name: string): string {
  return name.toLowerCase().split('.')[0]
}

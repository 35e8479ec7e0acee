/** Labels as small integers: each combination of account, vault, method … that ever occurred, once. Id 0 says nothing. */
import type { Columns } from '../../model/columns.ts'
import type { ColumnTable } from '../../model/observation.ts'
import { appendColumns, columnDefinitions, columnList, physicalColumns } from './column-io.ts'
import type { Session } from './session.ts'

export class Labels {
  readonly #session: Session
  readonly #table: ColumnTable

  constructor(session: Session, table: ColumnTable) {
    this.#session = session
    this.#table = table
  }

  async createStaging(): Promise<void> {
    await this.#session.run(
      `CREATE OR REPLACE TEMP TABLE label_codes (${columnDefinitions({ ...this.#table, code: 'name' })})`,
    )
  }

  /** Ids of the labels by their place in `columns`; new combinations are added. Code 0 is the empty label. */
  async intern(columns: Columns): Promise<Int32Array> {
    const session = this.#session
    const codes = Int32Array.from({ length: columns.length }, (_, code) => code)
    const data = { ...columns.data, code: codes }
    appendColumns(session.connection, 'label_codes', {
      table: { ...this.#table, code: 'name' },
      data,
      length: columns.length,
    } as unknown as Columns)
    const names = physicalColumns(this.#table).map(({ name }) => name)
    const same = names.map((name) => `l.${name} = c.${name}`).join(' AND ')
    await session.run(`INSERT INTO labels
      SELECT (SELECT max(id) FROM labels) + row_number() OVER (ORDER BY code), ${columnList(this.#table)}
      FROM label_codes c WHERE NOT EXISTS (SELECT 1 FROM labels l WHERE ${same})`)
    const rows = await session.rows<{ code: number; id: number }>(
      `SELECT c.code AS code, l.id AS id FROM label_codes c JOIN labels l ON ${same}`,
    )
    await this.createStaging()
    const ids = new Int32Array(columns.length)
    for (const { code, id } of rows) ids[code] = id
    return ids
  }

  /** Makes `unexplained (label, unexplained)`: for every label in the table the same label with nothing explained. */
  async unexplain(table: string): Promise<void> {
    const session = this.#session
    const names = physicalColumns(this.#table).map(({ name }) => name)
    const list = names.join(', ')
    const same = names.map((name) => `l.${name} = w.${name}`).join(' AND ')
    await session.run(`CREATE TEMP TABLE wanted AS
      SELECT id, ${list} FROM (SELECT * REPLACE (CAST(0 AS UTINYINT) AS explained) FROM labels) l WHERE id IN (SELECT label FROM ${table})`)
    await session.run(`INSERT INTO labels SELECT (SELECT max(id) FROM labels) + row_number() OVER (ORDER BY ${list}), ${list}
      FROM (SELECT DISTINCT ${list} FROM wanted) w WHERE NOT EXISTS (SELECT 1 FROM labels l WHERE ${same})`)
    await session.run(
      `CREATE TEMP TABLE unexplained AS SELECT w.id AS label, l.id AS unexplained FROM wanted w JOIN labels l ON ${same}`,
    )
    await session.run('DROP TABLE wanted')
  }
}

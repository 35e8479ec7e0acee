/**
 * Names as small integers: one dictionary for services, sensors, accounts, hosts, vaults … of a state.
 * Ids are given in order of first use and never change. A cache of recent names stays in memory, bounded.
 */
import type { NameTable } from '../../model/name-table.ts'
import type { Session } from './session.ts'

const mostCached = 500_000

export class Names {
  readonly #session: Session
  readonly #ids = new Map<string, number>([['', 0]])
  #next = 0
  /** What is known of the codes of one batch table: ids[code]. */
  readonly #tables = new WeakMap<NameTable, { generation: number; ids: Int32Array; known: number }>()

  constructor(session: Session) {
    this.#session = session
  }

  /** Ids of the texts, new ones added. Belongs into the transaction that uses them. */
  async intern(texts: readonly string[]): Promise<Int32Array> {
    if (this.#ids.size > mostCached) {
      this.#ids.clear()
      this.#ids.set('', 0)
    }
    const missing = [...new Set(texts.filter((text) => !this.#ids.has(text)))]
    for (let first = 0; first < missing.length; first += 1000) await this.#load(missing.slice(first, first + 1000))
    return Int32Array.from(texts, (text) => this.#ids.get(text) as number)
  }

  /** The translation of a batch table's codes, grown as the table grows. */
  async idsOf(table: NameTable): Promise<Int32Array> {
    let entry = this.#tables.get(table)
    if (!entry || entry.generation !== table.generation) {
      entry = { generation: table.generation, ids: new Int32Array(256), known: 0 }
      this.#tables.set(table, entry)
    }
    if (entry.known < table.size) {
      const fresh = await this.intern(table.texts.slice(entry.known))
      if (table.size > entry.ids.length) {
        const grown = new Int32Array(Math.max(table.size, entry.ids.length * 2))
        grown.set(entry.ids)
        entry.ids = grown
      }
      entry.ids.set(fresh, entry.known)
      entry.known = table.size
    }
    return entry.ids
  }

  /** After a rollback: ids given in it do not exist. */
  forget(): void {
    this.#ids.clear()
    this.#ids.set('', 0)
    this.#next = 0
  }

  async texts(ids: Iterable<number>): Promise<Map<number, string>> {
    const wanted = [...new Set(ids)]
    const found = new Map<number, string>()
    for (let first = 0; first < wanted.length; first += 5000) {
      const list = wanted.slice(first, first + 5000).join(',')
      for (const { id, text } of await this.#session.rows<{ id: number; text: string }>(
        `SELECT id, text FROM names WHERE id IN (${list})`,
      ))
        found.set(id, text)
    }
    return found
  }

  async #load(missing: readonly string[]): Promise<void> {
    const marks = missing.map(() => '?').join(',')
    const known = await this.#session.rows<{ id: number; text: string }>(
      `SELECT id, text FROM names WHERE text IN (${marks})`,
      [...missing],
    )
    for (const { id, text } of known) this.#ids.set(text, id)
    const fresh = missing.filter((text) => !this.#ids.has(text))
    if (fresh.length === 0) return
    if (this.#next === 0) {
      const { next } = await this.#session.one<{ next: number }>('SELECT max(id) + 1 AS next FROM names')
      this.#next = Number(next)
    }
    const values = fresh.map((_, i) => `(${this.#next + i}, ?)`).join(',')
    await this.#session.rows(`INSERT INTO names VALUES ${values}`, [...fresh])
    for (const text of fresh) this.#ids.set(text, this.#next++)
  }
}

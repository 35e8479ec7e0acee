/**
 * From a peer to its autonomous system, by a database of the operator's. Reads the fields of MaxMind's ASN and ISP
 * databases (and of those that imitate them), and `asn: "AS64500"` with `as_name` or `name`.
 * 0 = unknown: an address that the database does not hold, or a record without a number.
 */
import type { AddressColumn } from '../../model/address.ts'
import { AppError } from '../../model/errors.ts'
import type { AddressDatabase } from './address-database.ts'

/** Records read when a database is opened, to see that it is of the right kind. */
const probed = 64
const longestName = 200
const unread = -1

export class AsnTable {
  readonly #database: AddressDatabase
  /** By the number of a record. A double holds 32 bits and −1 as well. */
  readonly #asns: Float64Array
  #names: Map<number, string> | undefined

  constructor(database: AddressDatabase) {
    this.#database = database
    this.#asns = new Float64Array(database.records + 1).fill(unread)
    this.#asns[0] = 0
    let left = probed
    for (const { record, words } of database.walk()) {
      if (this.#asn(record, words) > 0) return
      if (--left === 0) break
    }
    throw new AppError(
      'config_invalid',
      `${database.path} holds no numbers of autonomous systems: its type is '${plain(database.database_type)}'`,
    )
  }

  get content_hash(): string {
    return this.#database.content_hash
  }

  asnOf(hi: bigint, lo: bigint): number {
    return this.#lookUp(Number(hi >> 32n), Number(hi & 0xffffffffn), Number(lo >> 32n), Number(lo & 0xffffffffn))
  }

  /** The same for row `i` of a column, without making bigints. */
  asnAt({ hi, lo }: AddressColumn, i: number): number {
    return this.#lookUp(hi[2 * i + 1], hi[2 * i], lo[2 * i + 1], lo[2 * i])
  }

  /** Name of an autonomous system; '' if the database gives none. The first call reads the whole database. */
  nameOf(asn: number): string {
    this.#names ??= this.#readNames()
    return this.#names.get(asn) ?? ''
  }

  #lookUp(w0: number, w1: number, w2: number, w3: number): number {
    const record = this.#database.find(w0, w1, w2, w3)
    const asn = this.#asns[record]
    return asn === unread ? this.#asn(record, [w0, w1, w2, w3]) : asn
  }

  #asn(record: number, words: ArrayLike<number>): number {
    const asn = asnIn(this.#database.read(words))
    this.#asns[record] = asn
    return asn
  }

  #readNames(): Map<number, string> {
    const names = new Map<number, string>()
    for (const { words } of this.#database.walk()) {
      const stored = this.#database.read(words)
      const [asn, name] = [asnIn(stored), nameIn(stored)]
      if (asn > 0 && name !== '' && !names.has(asn)) names.set(asn, name)
    }
    return names
  }
}

function asnIn(stored: unknown): number {
  if (typeof stored !== 'object' || stored === null) return 0
  const { autonomous_system_number, asn } = stored as Record<string, unknown>
  const given = autonomous_system_number ?? asn
  const value = typeof given === 'string' ? Number(/^(?:AS)?(\d{1,10})$/i.exec(given)?.[1] ?? 0) : given
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 0xffffffff ? value : 0
}

function nameIn(stored: unknown): string {
  if (typeof stored !== 'object' || stored === null) return ''
  const { autonomous_system_organization, as_name, name } = stored as Record<string, unknown>
  const given = autonomous_system_organization ?? as_name ?? name
  return typeof given === 'string' ? plain(given) : ''
}

/** On one line, and of a length that a table can bear. */
function plain(text: string): string {
  return text.replace(/\p{C}/gu, ' ').trim().slice(0, longestName)
}

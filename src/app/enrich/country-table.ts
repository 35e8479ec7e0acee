/**
 * From a peer to its country, by a database of the operator's: ISO 3166-1 alpha-2, '' = unknown. The country where the
 * address is, never the one where it is registered. Reads MaxMind's Country and City databases (`country.iso_code`) and
 * those that say `country` or `country_code`.
 */
import { AppError } from '../../model/errors.ts'
import type { AddressDatabase } from './address-database.ts'

/** Records read when a database is opened, to see that it is of the right kind. */
const probed = 64

export class CountryTable {
  readonly #database: AddressDatabase
  /** By the number of a record. */
  readonly #countries: (string | undefined)[] = ['']

  constructor(database: AddressDatabase) {
    this.#database = database
    let left = probed
    for (const { words } of database.walk()) {
      if (countryIn(database.read(words)) !== '') return
      if (--left === 0) break
    }
    throw new AppError('config_invalid', `${database.path} holds no countries`)
  }

  countryOf(hi: bigint, lo: bigint): string {
    const words = [hi >> 32n, hi & 0xffffffffn, lo >> 32n, lo & 0xffffffffn].map(Number)
    const record = this.#database.find(words[0], words[1], words[2], words[3])
    const known = this.#countries[record]
    if (known !== undefined) return known
    const country = countryIn(this.#database.read(words))
    this.#countries[record] = country
    return country
  }
}

function countryIn(stored: unknown): string {
  if (typeof stored !== 'object' || stored === null) return ''
  const { country, country_code } = stored as Record<string, unknown>
  const given =
    typeof country === 'object' && country !== null
      ? (country as Record<string, unknown>).iso_code
      : (country_code ?? country)
  return typeof given === 'string' && /^[A-Za-z]{2}$/.test(given) ? given.toUpperCase() : ''
}

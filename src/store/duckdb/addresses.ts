/** Inside addresses as small integers, each with the name and role of its host. Id 0 is "not stated". */
import type { AddressHalves } from '../../model/context-record.ts'
import type { HostOf } from '../store.ts'
import type { Names } from './names.ts'
import type { Session } from './session.ts'

const perStatement = 2000

export class Addresses {
  readonly #session: Session
  readonly #names: Names

  constructor(session: Session, names: Names) {
    this.#session = session
    this.#names = names
  }

  async intern(addresses: readonly AddressHalves[], hostOf: HostOf): Promise<Int32Array> {
    const ids = new Int32Array(addresses.length)
    for (let first = 0; first < addresses.length; first += perStatement) {
      const part = addresses.slice(first, first + perStatement)
      const known = await this.#find(part)
      const fresh = part.filter((address) => !known.has(keyOf(address)))
      if (fresh.length > 0) await this.#insert(fresh, hostOf, known)
      for (const [i, address] of part.entries()) ids[first + i] = known.get(keyOf(address)) as number
    }
    return ids
  }

  async renameAll(hostOf: HostOf): Promise<void> {
    const rows = await this.#session.rows<{ id: number; hi: bigint; lo: bigint; name: string; role: number }>(
      'SELECT a.id AS id, a.hi AS hi, a.lo AS lo, n.text AS name, a.role AS role FROM addresses a JOIN names n ON n.id = a.host',
    )
    for (const { id, hi, lo, name, role } of rows) {
      const now = hostOf({ hi, lo })
      if (now.host === name && now.role === role) continue
      const [host] = await this.#names.intern([now.host])
      await this.#session.run(`UPDATE addresses SET host = ${host}, role = ${now.role} WHERE id = ${id}`)
    }
  }

  async #find(addresses: readonly AddressHalves[]): Promise<Map<bigint, number>> {
    const values = addresses.map(({ hi, lo }) => `(${hi}::UBIGINT, ${lo}::UBIGINT)`).join(',')
    const rows = await this.#session.rows<{ id: number; hi: bigint; lo: bigint }>(
      `SELECT a.id AS id, a.hi AS hi, a.lo AS lo FROM addresses a JOIN (VALUES ${values}) v(hi, lo) ON v.hi = a.hi AND v.lo = a.lo`,
    )
    return new Map(rows.map((row) => [keyOf(row), row.id]))
  }

  async #insert(fresh: readonly AddressHalves[], hostOf: HostOf, known: Map<bigint, number>): Promise<void> {
    const hosts = fresh.map(hostOf)
    const names = await this.#names.intern(hosts.map(({ host }) => host))
    const { next } = await this.#session.one<{ next: number }>('SELECT coalesce(max(id), 0) + 1 AS next FROM addresses')
    const values = fresh.map(({ hi, lo }, i) => `(${next + i}, ${hi}, ${lo}, ${names[i]}, ${hosts[i].role})`)
    await this.#session.run(`INSERT INTO addresses VALUES ${values.join(',')}`)
    for (const [i, address] of fresh.entries()) known.set(keyOf(address), next + i)
  }
}

function keyOf({ hi, lo }: AddressHalves): bigint {
  return (hi << 64n) | lo
}

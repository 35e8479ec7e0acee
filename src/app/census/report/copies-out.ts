/**
 * Copies out: what transfer logs say has left of each vault, for all the time that the logs span, divided by the vault's
 * size where it is configured. Paths and buckets of no vault are listed by their first two steps.
 */

import { normalisePath } from '../../../attribution/vault-map.ts'
import type { Config } from '../../../config/config-schema.ts'
import { PlaceTable } from '../../../events/place.ts'
import { isStated } from '../../../model/context-record.ts'
import type { SiteNames } from '../../site-names.ts'
import { leaves } from '../../transfer-books.ts'
import type { MemoryStore } from '../memory-store.ts'
import type { CopiesOut, CopyRow } from './census-report.ts'
import { byBytes, compareTexts } from './top.ts'
import { mostListed } from './where.ts'

interface Place {
  kind: CopyRow['kind'] | 'unstated'
  name: string
  transfers: number
  bytes_out: bigint
  first_ms: number
  last_ms: number
}

export async function copiesOut(store: MemoryStore, names: SiteNames, config: Config): Promise<CopiesOut> {
  const places = new PlaceTable(names.site)
  const { texts } = store.texts
  const found = new Map<string, Place>()
  const unplaced = { transfers: 0, bytes: 0n }
  let transfer_bytes_out = 0n
  for (const row of await store.readContext('transfer', 0, 2 ** 43, 0)) {
    if (texts[row.number('direction')] !== 'out') continue
    const host = row.address('host')
    const peer = row.address('peer')
    const bytes = row.count('bytes')
    const inside = isStated(host) ? host : names.addressOfHost(texts[row.number('host_name')])
    if (!isStated(peer)) {
      unplaced.transfers++
      unplaced.bytes += bytes
    }
    if (!leaves({ host: inside, peer }, places)) continue
    const place = placeOf(row.text('path'), texts[row.number('bucket')], names)
    const key = `${place.kind} ${place.name}`
    const start_ms = row.time('start_ms')
    const known = found.get(key) ?? { ...place, transfers: 0, bytes_out: 0n, first_ms: start_ms, last_ms: start_ms }
    found.set(key, known)
    known.transfers++
    known.bytes_out += bytes
    known.first_ms = Math.min(known.first_ms, start_ms)
    known.last_ms = Math.max(known.last_ms, start_ms, row.time('end_ms') || 0)
    transfer_bytes_out += bytes
  }
  const unmapped = [...found.values()].filter(({ kind }) => kind !== 'vault').sort(byBytes(({ name }) => name))
  const rows = config.vaults.length > 0 ? vaultRows(found, store, config) : unmapped.filter(isNamed).map(pathRow)
  return {
    by: config.vaults.length > 0 ? 'vault' : 'path',
    rows: rows.slice(0, mostListed),
    places: rows.length,
    unplaced,
    unmapped: unmapped.slice(0, mostListed).map(({ kind, name, transfers, bytes_out }) => ({
      kind: kind === 'vault' ? 'path' : kind,
      name,
      transfers,
      bytes_out,
    })),
    unmapped_places: unmapped.length,
    unmapped_bytes_out: unmapped.reduce((sum, { bytes_out }) => sum + bytes_out, 0n),
    transfer_bytes_out,
  }
}

function placeOf(path: string, bucket: string, names: SiteNames): Pick<Place, 'kind' | 'name'> {
  const vault = names.vaultMap.find(path, bucket)
  if (vault >= 0) return { kind: 'vault', name: names.site.vaults[vault].id }
  if (path !== '') return { kind: 'path', name: normalisePath(path).split('/').slice(0, 3).join('/') }
  return bucket === '' ? { kind: 'unstated', name: '' } : { kind: 'bucket', name: bucket }
}

/** Every vault of the configuration, those of which nothing left too. */
function vaultRows(found: ReadonlyMap<string, Place>, store: MemoryStore, config: Config): CopyRow[] {
  const rows = config.vaults.map(({ id, size_bytes }): CopyRow => {
    const place = found.get(`vault ${id}`)
    const size = size_bytes === undefined ? null : BigInt(size_bytes)
    const bytes = place?.bytes_out ?? 0n
    return {
      kind: 'vault',
      name: id,
      transfers: place?.transfers ?? 0,
      transfer_bytes_out: bytes,
      carried_bytes_out: store.tallies.byVault.bytes_out.at(store.texts.numberOf(id)),
      size_bytes: size,
      copies: size === null ? null : Number((bytes * 1_000_000n) / size) / 1_000_000,
      first_ms: place?.first_ms ?? null,
      last_ms: place?.last_ms ?? null,
    }
  })
  return rows.sort((a, b) => {
    const [x, y] = [a.copies ?? 0, b.copies ?? 0]
    if (x !== y) return y - x
    if (a.transfer_bytes_out !== b.transfer_bytes_out) return a.transfer_bytes_out > b.transfer_bytes_out ? -1 : 1
    return compareTexts(a.name, b.name)
  })
}

function isNamed(place: Place): boolean {
  return place.kind !== 'unstated'
}

function pathRow({ kind, name, transfers, bytes_out, first_ms, last_ms }: Place): CopyRow {
  return {
    kind: kind === 'bucket' ? 'bucket' : 'path',
    name,
    transfers,
    transfer_bytes_out: bytes_out,
    carried_bytes_out: null,
    size_bytes: null,
    copies: null,
    first_ms,
    last_ms,
  }
}

/**
 * What logs claim to have moved, in the books (CONTRACT, counting rule 3). Transfers in ticks that a flow sensor covered
 * label flow bytes; transfers, else sessions that state their bytes, in ticks that none covered are booked themselves.
 */

import { ends, type PlaceTable } from '../events/place.ts'
import { type Entries, halvesInto, type Poster } from '../ledger/poster.ts'
import { shareOf } from '../ledger/spread.ts'
import type { DayClaim } from '../ledger/transfer-overlay.ts'
import { Columns } from '../model/columns.ts'
import { addressKey, clockSlackMs, isStated, type TransferRecord } from '../model/context-record.ts'
import { setCount } from '../model/count.ts'
import { placeCode } from '../model/flow-event.ts'
import { methodCode } from '../model/label.ts'
import { peerKey } from '../model/peer-key.ts'
import { dayMs, tickMs, tickOf, ticksPerDay } from '../model/window.ts'
import type { Store } from '../store/store.ts'
import { noEnrichment } from './enrich/enrichment.ts'
import { People } from './enrich/people.ts'
import type { SiteNames } from './site-names.ts'

export interface Coverage {
  /** Whether an accounting flow sensor was watching in this tick. */
  covers(tick: number): boolean
}

export interface SplitTransfers {
  /** What falls into covered ticks of the span, by day: to be laid over flows. */
  overlaid: DayClaim[]
  /** With the ticks that no flow sensor covered. */
  uncovered: { transfer: TransferRecord; ticks: { tick: number; bytes: number | bigint }[] }[]
}

export async function loadTransfers(
  store: Store,
  names: SiteNames,
  from_ms: number,
  to_ms: number,
  identities = noEnrichment.identities,
): Promise<TransferRecord[]> {
  const rows = await store.readContext('transfer', from_ms, to_ms, 0)
  const people = await People.of(
    store,
    identities,
    rows.map((row) => row.number('account')),
  )
  const texts = await store.nameTexts(
    rows.flatMap((row) => ['direction', 'bucket', 'host_name', 'account', 'tool'].map((name) => row.number(name))),
  )
  const text = (id: number): string => texts.get(id) ?? ''
  return rows
    .filter((row) => text(row.number('direction')) === 'out')
    .map((row) => {
      const host = row.address('host')
      const start_ms = row.time('start_ms')
      const account = people.canonical(row.number('account'))
      const vault = names.vaultAt(names.vaultMap.find(row.text('path'), text(row.number('bucket'))))
      return {
        tool: row.number('tool'),
        over_ssh: overSsh(text(row.number('tool'))),
        gateway: 0,
        account,
        host: isStated(host) ? host : names.addressOfHost(text(row.number('host_name'))),
        peer: row.address('peer'),
        ...vault,
        ...(vault.project === 0 ? people.placeOf(account, start_ms) : {}),
        bytes: row.count('bytes'),
        start_ms,
        end_ms: Math.max(start_ms, row.time('end_ms')),
        tie: [text(row.number('account')), text(row.number('tool')), row.text('path'), row.text('object')].join('\n'),
      }
    })
}

const sshTools: ReadonlySet<string> = new Set(['sftp', 'scp'])
const otherTools: ReadonlySet<string> = new Set(['gridftp', 'globus', 's3', 'minio', 'rgw', 'http', 'ondemand'])

function overSsh(tool: string): boolean | undefined {
  return sshTools.has(tool) ? true : otherTools.has(tool) ? false : undefined
}

/**
 * Sessions that state how much they carried out, as records of the same kind: they count where nothing better does. What
 * transfer logs say of the same peer in that time comes first.
 */
export async function loadSessionBytes(
  store: Store,
  names: SiteNames,
  from_ms: number,
  to_ms: number,
  identities = noEnrichment.identities,
): Promise<TransferRecord[]> {
  const rows = (await store.readContext('session', from_ms, to_ms, 0)).filter((row) => row.count('bytes_out') > 0n)
  if (rows.length === 0) return []
  const texts = await store.nameTexts(rows.map((row) => row.number('host_name')))
  // over the sessions' whole length, whatever the span: a session is worth the same on each of its days
  const since = rows.reduce((least, row) => Math.min(least, row.time('start_ms')), from_ms)
  const until = rows.reduce((most, row) => Math.max(most, row.time('end_ms') || 0), to_ms)
  const transfers = byPeer(await loadTransfers(store, names, since, until + 1, identities))
  const people = await People.of(
    store,
    identities,
    rows.map((row) => row.number('account')),
  )
  return rows.flatMap((row) => {
    const host = row.address('host')
    const peer = row.address('peer')
    const start_ms = row.time('start_ms')
    const end_ms = Math.max(start_ms, Number.isNaN(row.time('end_ms')) ? start_ms : row.time('end_ms'))
    const told = (transfers.get(addressKey(peer)) ?? [])
      .filter((transfer) => transfer.start_ms <= end_ms && transfer.end_ms >= start_ms)
      .reduce((sum, transfer) => sum + transfer.bytes, 0n)
    const bytes = row.count('bytes_out') - told
    if (bytes <= 0n) return []
    return [
      {
        tool: row.number('kind'),
        gateway: row.number('gateway'),
        account: people.canonical(row.number('account')),
        host: isStated(host) ? host : names.addressOfHost(texts.get(row.number('host_name')) ?? ''),
        peer,
        vault: 0,
        project: 0,
        client_org: 0,
        bytes,
        start_ms,
        end_ms,
        tie: '',
      },
    ]
  })
}

function byPeer(transfers: readonly TransferRecord[]): Map<bigint, TransferRecord[]> {
  const groups = new Map<bigint, TransferRecord[]>()
  for (const transfer of transfers) {
    const group = groups.get(addressKey(transfer.peer))
    if (group) group.push(transfer)
    else groups.set(addressKey(transfer.peer), [transfer])
  }
  return groups
}

/**
 * A tick is covered if it lies between the first and the last record of that day of an accounting flow sensor, give or
 * take the clocks' difference: a transfer log may begin a moment before the first flow, which carried it. Not over midnight:
 * what a day's books say rests on the flows that touch it.
 */
export async function coverageOf(
  store: Pick<Store, 'flowCoverage'>,
  names: SiteNames,
  from_ms: number,
  to_ms: number,
): Promise<Coverage> {
  const midnightOf = (ms: number): number => Math.floor(ms / dayMs) * dayMs
  const spans = (await store.flowCoverage(from_ms, to_ms))
    .filter(({ sensor }) => names.accounts(sensor))
    .map((span) => [
      tickOf(Math.max(span.from_ms - clockSlackMs, midnightOf(span.from_ms))),
      tickOf(Math.min(span.to_ms + clockSlackMs, midnightOf(span.to_ms) + dayMs - 1)),
    ])
  return { covers: (tick) => spans.some(([first, last]) => tick >= first && tick <= last) }
}

/** Splits each transfer's bytes over the ticks of the span by cumulative floor, covered from uncovered. */
export function splitByCoverage(
  transfers: readonly TransferRecord[],
  coverage: Coverage,
  from_tick: number,
  to_tick: number,
): SplitTransfers {
  const result: SplitTransfers = { overlaid: [], uncovered: [] }
  const words = new Uint32Array(2)
  for (const transfer of transfers) {
    setCount(words, 0, transfer.bytes)
    const duration = transfer.end_ms - transfer.start_ms
    const first = tickOf(transfer.start_ms)
    const last = duration > 0 ? tickOf(transfer.end_ms - 1) : first
    const ticks: { tick: number; bytes: number | bigint }[] = []
    const covered = new Map<number, bigint>()
    for (let tick = Math.max(first, from_tick); tick <= Math.min(last, to_tick - 1); tick++) {
      const since = Math.max(0, tick * tickMs - transfer.start_ms)
      const until = Math.min(duration, (tick + 1) * tickMs - transfer.start_ms)
      const bytes = first === last ? transfer.bytes : shareOf(words, 0, since, until, duration)
      const day = Math.floor(tick / ticksPerDay)
      if (coverage.covers(tick)) covered.set(day, (covered.get(day) ?? 0n) + BigInt(bytes))
      else ticks.push({ tick, bytes })
    }
    for (const [day, claimed] of covered) if (claimed > 0n) result.overlaid.push({ transfer, day, bytes: claimed })
    if (ticks.length > 0) result.uncovered.push({ transfer, ticks })
  }
  return result
}

/** Whether what was moved left the site: host inside (or not stated), peer outside. */
export function leaves({ host, peer }: Pick<TransferRecord, 'host' | 'peer'>, places: PlaceTable): boolean {
  if (!isStated(peer) || (isStated(host) && places.endOf(...wordsOf(host)) !== ends.inside)) return false
  const end = places.endOf(...wordsOf(peer))
  return end === ends.outside || end === ends.leased
}

/** Books what only the transfer log saw. */
export async function bookUncovered(
  uncovered: SplitTransfers['uncovered'],
  names: SiteNames,
  poster: Poster,
  entries: Entries,
): Promise<void> {
  const insides = new Columns({ address: 'address' } as const)
  for (const { transfer, ticks } of uncovered) {
    insides.reset()
    halvesInto(insides.data.address, insides.row(), transfer.host)
    await names.prepareAddresses(insides.data.address, 1)
    for (const { tick, bytes } of ticks) {
      const row = entries.row()
      const to = entries.data
      to.accounts[row] = 1
      to.place[row] = placeCode.border
      to.tick[row] = tick
      to.known_tick[row] = Math.max(tick, tickOf(transfer.end_ms))
      to.fact_tick[row] = to.known_tick[row]
      to.sensor[row] = transfer.tool
      to.service[row] = transfer.tool
      to.inside[row] = names.addressId(insides.data.address, 0)
      halvesInto(to.peer, row, peerKey(transfer.peer.hi, transfer.peer.lo))
      for (const name of ['bytes_out', 'bytes_out_lo', 'bytes_out_hi'] as const) setCount(to[name], row, bytes)
      setCount(to.flows, row, tick === tickOf(transfer.start_ms) ? 1 : 0)
      const change = {
        account: transfer.account,
        project: transfer.project,
        vault: transfer.vault,
        client_org: transfer.client_org,
        gateway: transfer.gateway,
        method: methodCode.transfer_log,
        confidence: 95,
      }
      poster.relabel(entries, row, change, transfer.peer)
    }
  }
}

function wordsOf(address: { hi: bigint; lo: bigint }): [number, number, number, number] {
  return [
    Number(address.hi >> 32n),
    Number(address.hi & 0xffffffffn),
    Number(address.lo >> 32n),
    Number(address.lo & 0xffffffffn),
  ]
}

/** Globus transfers of collaborations, over the data transfer nodes: where most bytes leave, and some come in. */

import type { Collaboration } from '../centre/centre.ts'
import { timeOfDay } from '../centre/day-shape.ts'
import type { CentreHost } from '../centre/hosts.ts'
import { address6In, addressIn } from '../centre/networks.ts'
import type { Account } from '../centre/people.ts'
import { ways } from '../centre/reference-site.ts'
import type { Sink } from '../records.ts'
import { type Stream, Weighted } from '../stream.ts'
import { countOf, isLost, lastsMs, newUid, type Part, plainFlow, streamOf } from './context.ts'

export const transfers: Part = (context, sink) => {
  const { centre, day, start_ms } = context
  const active = centre.collaborations.filter(({ from_day, until_day }) => day >= from_day && day < until_day)
  const stream = streamOf(context, 'transfers')
  const choice = new Weighted(active.map(({ weight }) => weight))
  const { per_day, egress_share, sigma } = ways.transfers
  const mean = (centre.egress_bytes_per_day * egress_share) / (per_day * centre.scale)
  for (let left = countOf(context, stream, 'transfers', per_day, 'program'); left > 0; left--) {
    const collaboration = active[choice.draw(stream)]
    const at_ms = start_ms + timeOfDay(stream, 0, 'program')
    const bytes = Math.round(Math.min(20e12, stream.lognormal(mean, sigma)))
    const lost = isLost(context, stream, at_ms)
    const fetch = oneTransfer(stream, collaboration, at_ms, bytes)
    if (!lost) addTransfer(stream, sink, fetch)
  }
}

function oneTransfer(
  stream: Stream,
  { university, hosts, account, vault, dtn }: Collaboration,
  at_ms: number,
  bytes: number,
): OneTransfer {
  const is6 = stream.chance(0.2)
  const host = stream.of(hosts)
  const peer = is6 ? address6In(university, host) : addressIn(university, host)
  return {
    dtn,
    inside: dtn.addresses[is6 ? 1 : 0],
    peer,
    account,
    path: vault.path,
    at_ms,
    bytes,
    bits_per_second: stream.between(1e9, 8e9),
  }
}

export interface OneTransfer {
  dtn: CentreHost
  inside: string
  peer: string
  account: Pick<Account, 'name' | 'uid'>
  /** Folder of the vault. */
  path: string
  at_ms: number
  bytes: number
  bits_per_second: number
}

/** A task of one to three files over parallel streams: the flows of the whole, and a line for each file. */
export function addTransfer(stream: Stream, sink: Sink, one: OneTransfer): void {
  const { dtn, inside, peer, account, path, at_ms, bytes } = one
  const end_ms = at_ms + lastsMs(bytes, one.bits_per_second)
  const streams = stream.of([2, 4, 4, 8])
  const task = `${stream.hex(8)}-${stream.hex(4)}-11ee-be6c-${stream.hex(12)}`
  let sent = 0
  for (let n = 0; n < streams; n++) {
    const part = n === streams - 1 ? bytes - sent : Math.floor((bytes / streams) * stream.between(0.9, 1.05))
    sent += part
    sink.flow({
      ...plainFlow,
      ...{ uid: newUid(stream), start_ms: at_ms + stream.int(0, 400), end_ms: end_ms - stream.int(0, 400) },
      ...{ inside, inside_port: 50_000 + stream.int(0, 999), peer, peer_port: 50_000 + stream.int(0, 999) },
      ...{
        from_peer: stream.chance(0.5),
        service: 'gridftp-data',
        bytes_out: part,
        bytes_in: stream.int(400, 4000),
        account: account.name,
      },
    })
  }
  const files = stream.int(1, 3)
  for (let n = 0, from_ms = at_ms, told = 0; n < files; n++) {
    const until_ms = n === files - 1 ? end_ms : from_ms + Math.floor((end_ms - from_ms) / 2)
    const payload = Math.floor(bytes * 0.9995)
    const size = n === files - 1 ? payload - told : Math.floor((payload - told) / 2)
    told += size
    const file = {
      start_ms: from_ms,
      end_ms: until_ms,
      host: dtn.name,
      path: `${path}/run${stream.int(1, 999)}.h5`,
      bytes: size,
    }
    sink.put({ ...file, kind: 'transfer', account: account.name, peer, streams, task })
    sink.put({ ...file, kind: 'read', uid: account.uid, pid: stream.int(2000, 4_000_000) })
    from_ms = until_ms
  }
}

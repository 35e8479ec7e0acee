/** Records that are written, but not as it was: by clocks that are wrong, behind one address, in IPv6. */
import { dayMs, firstDayMs } from '../centre/day-shape.ts'
import type { OtherRecord } from '../records.ts'
import { addressesSeen } from './addresses-seen.ts'
import { drawsOf, type Mutator, passing } from './mutator.ts'

const most_skew_ms = 600_000

/** Whose clock a record is written by. */
function clockOf(record: OtherRecord): string {
  if (record.kind === 'lease') return record.gateway
  return 'host' in record ? record.host : record.kind
}

/** Every program but the sensor of flows has a clock of its own, wrong by up to ten minutes either way and always by as much. */
export const skew: Mutator = (world) => {
  const last_ms = firstDayMs + world.centre.days * dayMs - 1
  const offsets = new Map<string, number>()
  const offsetOf = (clock: string): number => {
    let offset = offsets.get(clock)
    if (offset === undefined) {
      offset = drawsOf(world, 'skew', clock).int(-most_skew_ms, most_skew_ms)
      offsets.set(clock, offset)
    }
    return offset
  }
  return (_day, next) =>
    passing(next, {
      put: (record) => {
        const offset = offsetOf(clockOf(record))
        const shifted = (ms: number): number => Math.min(last_ms, Math.max(firstDayMs, ms + offset))
        const times = { start_ms: shifted(record.start_ms), end_ms: shifted(record.end_ms) }
        if (record.kind !== 'login') return next.put({ ...record, ...times })
        const files = record.files.map((file) => ({ ...file, at_ms: shifted(file.at_ms) }))
        next.put({ ...record, ...times, files })
      },
    })
}

/** What the centre opens leaves from one address, and no log tells which host it was. */
export const nat: Mutator = (world) => {
  const [inside] = world.centre.hosts.nat
  return (_day, next) =>
    passing(next, {
      flow: (flow) => next.flow(flow.from_peer || flow.way !== 'border' ? flow : { ...flow, inside }),
      put: (record) => (record.kind === 'nat' ? world.notLogged.addRecord(record) : next.put(record)),
    })
}

/** All that crosses the border has IPv6 addresses; what flows inside VPNs keeps its own. */
export const v6Only: Mutator = (world) => {
  const seen = addressesSeen(world.centre)
  return (_day, next) =>
    passing(next, {
      flow: (flow) =>
        next.flow(flow.way === 'inner' ? flow : { ...flow, inside: seen(flow.inside), peer: seen(flow.peer) }),
      put: (record) => {
        if (!('peer' in record)) return next.put(record)
        const peer = seen(record.peer)
        if (record.kind !== 'nat') return next.put({ ...record, peer })
        const { node_address, nat_address } = record
        next.put({ ...record, peer, node_address: seen(node_address), nat_address: seen(nat_address) })
      },
    })
}

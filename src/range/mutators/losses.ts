/** Records that are never written: lost one by one, by kind, for days, or only their end. */
import { dayMs, firstDayMs } from '../centre/day-shape.ts'
import type { OtherRecord } from '../records.ts'
import { drawsOf, type Mutator, passing } from './mutator.ts'

const lost_flows = 0.3
const lost_others = 0.05
const lost_ends = 0.05
const outage_days = 3

/** Three in ten connections, and one in twenty of all other records. */
export const loss: Mutator = (world) => (day, next) => {
  const stream = drawsOf(world, 'loss', day)
  return passing(next, {
    flow: (flow) => (stream.chance(lost_flows) ? world.notLogged.addFlow(flow) : next.flow(flow)),
    put: (record) => (stream.chance(lost_others) ? world.notLogged.addRecord(record) : next.put(record)),
  })
}

/** One VPN session in twenty never ends. */
export const vpnStopLoss: Mutator = (world) => (day, next) => {
  const stream = drawsOf(world, 'vpn_stop_loss', day)
  return passing(next, {
    put: (record) =>
      next.put(record.kind === 'lease' && stream.chance(lost_ends) ? { ...record, end_lost: true } : record),
  })
}

const kinds = ['login', 'lease', 'transfer', 'object', 'job', 'nat', 'read'] as const

/** Three of the kinds of records besides flows are not there at all; which, comes with the seed. */
export const missingSources: Mutator = (world) => {
  const missing = new Set<string>(drawsOf(world, 'missing_sources').some(kinds, 3))
  return without(({ kind }) => missing.has(kind))(world)
}

/** Nobody audits files. */
export const noStorageAudit: Mutator = without(({ kind }) => kind === 'read' || kind === 'write')

export function without(isMissing: (record: OtherRecord) => boolean): Mutator {
  return (world) => (_day, next) =>
    passing(next, {
      put: (record) => (isMissing(record) ? world.notLogged.addRecord(record) : next.put(record)),
    })
}

/** The sensor of flows writes nothing for three days, at most a quarter of the span, of its second half. */
export const sensorOutage: Mutator = (world) => {
  const { days } = world.centre
  const lasts_days = Math.min(outage_days, days / 4)
  const from_day = drawsOf(world, 'sensor_outage').between(days / 2, days - lasts_days)
  const start_ms = firstDayMs + Math.floor(from_day * dayMs)
  const end_ms = start_ms + lasts_days * dayMs
  // a connection is written when it ends
  return (_day, next) =>
    passing(next, {
      flow: (flow) =>
        flow.end_ms >= start_ms && flow.end_ms < end_ms ? world.notLogged.addFlow(flow) : next.flow(flow),
    })
}

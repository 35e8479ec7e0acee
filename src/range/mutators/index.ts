/** Every change of the logs, in the order in which they follow each other, whatever order they were asked for in. */
import type { Centre } from '../centre/centre.ts'
import type { NotLogged } from '../not-logged.ts'
import type { Sink } from '../records.ts'
import { nat, skew, v6Only } from './distortions.ts'
import { leaseReuse } from './lease-reuse.ts'
import { loss, missingSources, noStorageAudit, sensorOutage, vpnStopLoss } from './losses.ts'
import type { LogsOfDay, Mutator } from './mutator.ts'
import type { CentreMutatorName, MutatorName } from './names.ts'
import { flowSampling, packetSampling } from './sampling.ts'

export const mutators: readonly (readonly [Exclude<MutatorName, CentreMutatorName>, Mutator])[] = [
  ['lease_reuse', leaseReuse],
  ['nat', nat],
  ['missing_sources', missingSources],
  ['no_storage_audit', noStorageAudit],
  ['sensor_outage', sensorOutage],
  ['loss', loss],
  ['vpn_stop_loss', vpnStopLoss],
  ['flow_sampling', flowSampling(10)],
  ['sampling_1000', packetSampling(1000)],
  ['sampling_10000', packetSampling(10_000)],
  ['skew', skew],
  ['v6_only', v6Only],
]

/** Where a day's records go in, so that they reach the sink as they are logged. */
export function buildMutators(centre: Centre, notLogged: NotLogged): (day: number, sink: Sink) => LogsOfDay {
  const world = { centre, notLogged }
  const stages = mutators.filter(([name]) => centre.mutate.includes(name)).map(([, mutator]) => mutator(world))
  return (day, sink) => {
    const ofDay: LogsOfDay[] = []
    let next: Sink = sink
    for (const stage of stages.toReversed()) {
      const one = stage(day, next)
      ofDay.unshift(one)
      next = one
    }
    return {
      flow: (flow) => next.flow(flow),
      put: (record) => next.put(record),
      end: () => {
        for (const one of ofDay) one.end()
      },
    }
  }
}

export type { LogsOfDay } from './mutator.ts'

/**
 * An exporter that looks at few packets, or few connections, instead of a sensor that sees them all. It tells neither names of
 * protocols nor fingerprints, and of what it did not look at nothing. Bytes of its flows are what was counted times N.
 */
import type { Flow } from '../records.ts'
import type { Stream } from '../stream.ts'
import { drawsOf, type Mutator, passing } from './mutator.ts'

const payload_per_packet = 1380

/** Of `bytes`, those of the packets that were looked at, times `rate`. */
function estimate(bytes: number, rate: number, stream: Stream): number {
  if (bytes === 0) return 0
  const packets = Math.ceil(bytes / payload_per_packet)
  return Math.round(Math.min(packets, stream.poisson(packets / rate)) * (bytes / packets)) * rate
}

function withoutNames({ tls, ssh, ...flow }: Flow): Flow {
  return { ...flow, service: '' }
}

export function packetSampling(rate: number): Mutator {
  return (world) => (day, next) => {
    const stream = drawsOf(world, 'sampling', rate, day)
    return passing(next, {
      flow: (flow) => {
        const bytes_out = estimate(flow.bytes_out, rate, stream)
        const bytes_in = estimate(flow.bytes_in, rate, stream)
        if (bytes_out + bytes_in === 0) world.notLogged.addFlow(flow)
        else next.flow({ ...withoutNames(flow), bytes_out, bytes_in, sampling: (flow.sampling ?? 1) * rate })
      },
    })
  }
}

/** One connection in so many, whole. */
export function flowSampling(rate: number): Mutator {
  return (world) => (day, next) => {
    const stream = drawsOf(world, 'flow_sampling', rate, day)
    return passing(next, {
      flow: (flow) => {
        if (!stream.chance(1 / rate)) return world.notLogged.addFlow(flow)
        const [bytes_out, bytes_in] = [flow.bytes_out * rate, flow.bytes_in * rate]
        next.flow({ ...withoutNames(flow), bytes_out, bytes_in, sampling: (flow.sampling ?? 1) * rate })
      },
    })
  }
}

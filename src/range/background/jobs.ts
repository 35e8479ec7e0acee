/**
 * Jobs: each block of nodes runs several a day, one after the other, on shared nodes two at a time. They read a hundred and more
 * times what leaves, and some send to clouds through NAT.
 */
import type { NodeBlock } from '../centre/hosts.ts'
import { addressIn, peerNetworks } from '../centre/networks.ts'
import { compute_reads_per_egress, ways } from '../centre/reference-site.ts'
import type { Sink } from '../records.ts'
import type { Stream } from '../stream.ts'
import { type DayContext, ephemeralPort, lastsMs, newUid, type Part, plainFlow, streamOf } from './context.ts'

const jobs_per_lane = 3
const sendingShare = 0.3
const flows_per_sender = 3
const names = ['train', 'cfd_run', 'relax', 'wrf', 'align', 'lammps', 'postproc', 'ensemble']
/** A job ends so long before the next begins, and within its day. */
const pauseMs = 240_000
const dayLastsMs = 86_400_000 - 600_000

export const jobs: Part = (context, sink) => {
  const { centre, start_ms } = context
  if (centre.shape.isShut(context.day)) return
  const stream = streamOf(context, 'jobs')
  const lanes = centre.hosts.blocks.reduce((sum, { shared }) => sum + (shared ? 2 : 1), 0)
  const { egress_share, sigma } = ways.jobs
  const mean = (centre.egress_bytes_per_day * egress_share) / (lanes * jobs_per_lane * sendingShare * flows_per_sender)
  const reads = (centre.egress_bytes_per_day * compute_reads_per_egress) / (lanes * jobs_per_lane)
  const level = centre.shape.level(context.day, 'jobs', 'program')
  let job_id = 1_000_000 + context.day * 100_000
  for (const block of centre.hosts.blocks) {
    for (let lane = block.shared ? 2 : 1; lane > 0; lane--) {
      const count = stream.int(jobs_per_lane - 1, jobs_per_lane + 1)
      for (let n = 0, from_ms = start_ms + 300_000; n < count; n++) {
        const slot_ms = Math.floor((start_ms + dayLastsMs - from_ms) / (count - n))
        const until_ms = from_ms + Math.floor((slot_ms - pauseMs) * stream.between(0.3, 1))
        const account = centre.people.draw(stream)
        const one = {
          job_id: job_id++,
          account: account.name,
          project: centre.projects[account.project],
          block,
          from_ms,
          until_ms,
        }
        addJob(sink, { ...one, name: stream.of(names), read_bytes: Math.round(stream.lognormal(reads * level, 1)) })
        if (stream.chance(sendingShare)) {
          for (let k = stream.int(1, 2 * flows_per_sender - 1); k > 0; k--) {
            const bytes = Math.round(Math.min(1e12, stream.lognormal(mean * level, sigma)))
            sendFromJob(context, stream, sink, {
              ...one,
              bytes,
              peer: addressIn(stream.of(peerNetworks.cloud), stream.int(0, 300)),
              oddPort: false,
              bits_per_second: stream.between(1e8, 3e9),
            })
          }
        }
        from_ms = until_ms + pauseMs
      }
    }
  }
}

export interface OneJob {
  job_id: number
  account: string
  project: string
  block: NodeBlock
  from_ms: number
  until_ms: number
}

export function addJob(sink: Sink, job: OneJob & { name: string; read_bytes: number }): void {
  const { job_id, account, project, block, from_ms, until_ms, name, read_bytes } = job
  sink.put({
    ...{
      kind: 'job',
      start_ms: from_ms,
      end_ms: until_ms,
      job_id,
      account,
      project,
      partition: block.shared ? 'shared' : 'batch',
    },
    ...{ name, nodes: block.nodes, node_count: block.hosts.length, read_bytes },
  })
}

/** Bytes through NAT, within the job. Odd ports of the gateway are for campaigns, so that none takes a port of the background. */
export function sendFromJob(
  { centre }: DayContext,
  stream: Stream,
  sink: Sink,
  send: OneJob & {
    bytes: number
    peer: string
    oddPort: boolean
    bits_per_second: number
    at_ms?: number
    ja4?: string
  },
): string {
  const { account, block, from_ms, until_ms, bytes, peer } = send
  const at_ms = send.at_ms ?? stream.int(from_ms + 10_000, Math.max(from_ms + 10_000, until_ms - 120_000))
  const end_ms = Math.min(until_ms - 2000, at_ms + lastsMs(bytes, send.bits_per_second))
  const node_address = stream.of(block.hosts).addresses[0]
  const nat_address = stream.of(centre.hosts.nat)
  const nat_port = stream.int(512, 32_766) * 2 + (send.oddPort ? 1 : 0)
  sink.put({
    ...{ kind: 'nat', start_ms: at_ms, end_ms, node_address, node_port: ephemeralPort(stream), nat_address, nat_port },
    ...{ peer, peer_port: 443 },
  })
  sink.flow({
    ...plainFlow,
    ...{
      uid: newUid(stream),
      start_ms: at_ms,
      end_ms,
      inside: nat_address,
      inside_port: nat_port,
      peer,
      peer_port: 443,
    },
    ...{
      from_peer: false,
      service: 'ssl',
      bytes_out: bytes,
      bytes_in: Math.round(bytes * 0.01) + 4000,
      account,
      several_possible: block.shared,
    },
    ...{ tls: { ja4: send.ja4 ?? 't13d190900_9dc949149365_97f8aa674fd9', server_name: 'storage.cloud.example' } },
  })
  return node_address
}

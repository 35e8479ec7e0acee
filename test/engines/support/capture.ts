/** What went through a host's cable, as neutral flow events: the bytes that each side of a TCP connection sent. */
import { readFileSync, statSync } from 'node:fs'
import { type TcpPacket, tcpPackets } from './pcap.ts'
import { cableOf, router, type Stage, until } from './stage.ts'

export interface FlowEvent {
  type: 'flow'
  start_ms: number
  end_ms: number
  src_ip: string
  src_port: number
  dst_ip: string
  dst_port: number
  proto: 'tcp'
  bytes_src: number
  bytes_dst: number
}

export interface Capture {
  /** Ends it; the connections that began while it ran, in order. */
  flows(): Promise<FlowEvent[]>
}

/** The file holds the headers alone: enough for every address, length and sequence number. */
const headerBytes = 128

/** From when this resolves, every packet to and from the host is seen. */
export async function capture(stage: Stage, host: string): Promise<Capture> {
  const file = `${stage.folder}/${host}.pcap`
  const tcpdump = [
    'tcpdump',
    '-i',
    cableOf(host),
    '-n',
    '--immediate-mode',
    '-U',
    '-w',
    file,
    '-s',
    `${headerBytes}`,
    '-B',
    '16384',
    '-Z',
    'root',
    'tcp',
  ]
  const daemon = await stage.start(router, tcpdump, (output) => output.includes('listening on'))
  return {
    flows: async () => {
      await written(file)
      await daemon.stop('INT')
      return flowsOf(tcpPackets(readFileSync(file)))
    },
  }
}

/** Packets take a moment from the cable to the file. */
async function written(file: string): Promise<void> {
  let [before, since_ms] = [-1, 0]
  await until(() => {
    const { size } = statSync(file)
    if (size !== before) [before, since_ms] = [size, Date.now()]
    return Date.now() - since_ms > 300
  }, 'the capture to be written')
}

interface Direction {
  first_seq: number
  /** Distance of the furthest byte from the first: what was lost on the way or seen twice counts once. */
  bytes: number
}

/** Connections whose beginning was seen. */
export function flowsOf(packets: readonly TcpPacket[]): FlowEvent[] {
  const open = new Map<string, { flow: FlowEvent; directions: Map<string, Direction> }>()
  const flows: FlowEvent[] = []
  for (const packet of packets) {
    const { time_ms, src_ip, src_port, dst_ip, dst_port, seq, syn, ack, payload_bytes } = packet
    const ends = [`${src_ip} ${src_port}`, `${dst_ip} ${dst_port}`]
    const key = ends.toSorted().join(' ')
    if (syn && !ack && open.get(key)?.directions.get(ends[0])?.first_seq !== nextSeq(seq)) {
      const flow: FlowEvent = {
        type: 'flow',
        ...{ start_ms: Math.floor(time_ms), end_ms: 0, src_ip, src_port, dst_ip, dst_port, proto: 'tcp' },
        ...{ bytes_src: 0, bytes_dst: 0 },
      }
      flows.push(flow)
      open.set(key, { flow, directions: new Map() })
    }
    const connection = open.get(key)
    if (!connection) continue
    const { flow, directions } = connection
    if (syn) directions.set(ends[0], { first_seq: nextSeq(seq), bytes: 0 })
    const direction = directions.get(ends[0])
    if (!direction) throw new Error(`a packet of ${ends[0]} before its SYN`)
    if (payload_bytes > 0)
      direction.bytes = Math.max(direction.bytes, ((seq - direction.first_seq) >>> 0) + payload_bytes)
    flow.end_ms = Math.max(flow.end_ms, Math.ceil(time_ms))
    if (src_ip === flow.src_ip && src_port === flow.src_port) flow.bytes_src = direction.bytes
    else flow.bytes_dst = direction.bytes
  }
  return flows
}

function nextSeq(seq: number): number {
  return (seq + 1) >>> 0
}

/** TCP packets of a capture file as tcpdump writes it: classic pcap, Ethernet, the beginning of each packet at least. */

export interface TcpPacket {
  time_ms: number
  src_ip: string
  src_port: number
  dst_ip: string
  dst_port: number
  seq: number
  syn: boolean
  ack: boolean
  /** From the lengths that the headers state: the packet itself may be cut. */
  payload_bytes: number
}

const littleEndian = 0xa1b2c3d4
const ethernet = 1

export function tcpPackets(file: Buffer): TcpPacket[] {
  if (file.readUInt32LE(0) !== littleEndian || file.readUInt32LE(20) !== ethernet)
    throw new Error('no pcap of Ethernet')
  const packets: TcpPacket[] = []
  // a capture that was ended in the middle of a packet ends before it
  for (let at = 24; at + 16 <= file.length; ) {
    const captured = file.readUInt32LE(at + 8)
    const frame = file.subarray(at + 16, at + 16 + captured)
    if (frame.length < captured) break
    const packet = tcpOf(frame, file.readUInt32LE(at) * 1000 + file.readUInt32LE(at + 4) / 1000)
    if (packet) packets.push(packet)
    at += 16 + captured
  }
  return packets
}

function tcpOf(frame: Buffer, time_ms: number): TcpPacket | undefined {
  const type = frame.readUInt16BE(12)
  const ip = frame.subarray(14)
  if (type === 0x0800 && ip[9] === 6) {
    const header = (ip[0] & 15) * 4
    const [src, dst] = [ip.subarray(12, 16).join('.'), ip.subarray(16, 20).join('.')]
    return segment(ip.subarray(header), ip.readUInt16BE(2) - header, src, dst, time_ms)
  }
  // no extension headers: nobody sends any here
  if (type === 0x86dd && ip[6] === 6)
    return segment(ip.subarray(40), ip.readUInt16BE(4), six(ip.subarray(8, 24)), six(ip.subarray(24, 40)), time_ms)
  return undefined
}

function segment(tcp: Buffer, bytes: number, src_ip: string, dst_ip: string, time_ms: number): TcpPacket {
  return {
    time_ms,
    ...{ src_ip, src_port: tcp.readUInt16BE(0), dst_ip, dst_port: tcp.readUInt16BE(2) },
    ...{ seq: tcp.readUInt32BE(4), syn: (tcp[13] & 2) !== 0, ack: (tcp[13] & 16) !== 0 },
    payload_bytes: bytes - (tcp[12] >> 4) * 4,
  }
}

function six(bytes: Buffer): string {
  return Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16)).join(':')
}

import { type DayRows, type Names, unknownAge } from '../detectors/day-rows.ts'
import { ticksPerDay } from '../model/window.ts'

/** A row of a built day; what is left out is 0, or the default named here. */
export interface BuiltRow {
  peer: number
  bytes_out: number
  /** Tick within the day, 0 … 143. */
  tick?: number
  host?: number
  role?: number
  /** Default: `unknownAge`. */
  age_days?: number
  account?: number
  project?: number
  vault?: number
  client_org?: number
  gateway?: number
  client_fp?: number
  peer_asn?: number
  service?: number
  /** Default: 1. */
  flows?: number
  /** Default: true. */
  unexplained?: boolean
  explanation?: number
}

/** `rows` as a day of arrivals, in the order of their ticks; within a tick as given. */
export function dayRowsOf(day: number, rows: readonly BuiltRow[]): DayRows {
  const ordered = rows
    .map((row, i) => ({ row, i, tick: row.tick ?? 0 }))
    .sort((a, b) => a.tick - b.tick || a.i - b.i)
    .map(({ row }) => row)
  const column = (value: (row: BuiltRow) => number | undefined): number[] => ordered.map((row) => value(row) ?? 0)
  return {
    day,
    length: ordered.length,
    tick: Uint32Array.from(column((row) => day * ticksPerDay + (row.tick ?? 0))),
    host: Int32Array.from(column((row) => row.host)),
    role: Uint8Array.from(column((row) => row.role)),
    peer: Int32Array.from(column((row) => row.peer)),
    age_days: Uint16Array.from(column((row) => row.age_days ?? unknownAge)),
    account: Int32Array.from(column((row) => row.account)),
    project: Int32Array.from(column((row) => row.project)),
    vault: Int32Array.from(column((row) => row.vault)),
    client_org: Int32Array.from(column((row) => row.client_org)),
    gateway: Int32Array.from(column((row) => row.gateway)),
    client_fp: Int32Array.from(column((row) => row.client_fp)),
    peer_asn: Uint32Array.from(column((row) => row.peer_asn)),
    service: Int32Array.from(column((row) => row.service)),
    bytes_out: Float64Array.from(column((row) => row.bytes_out)),
    flows: Uint32Array.from(column((row) => row.flows ?? 1)),
    unexplained: Uint8Array.from(column((row) => ((row.unexplained ?? true) ? 1 : 0))),
    explanation: Int32Array.from(column((row) => row.explanation)),
  }
}

/** Names that are the ids as text; peers are addresses, each in the /16 that `network` gives it. */
export function builtNames(network: (peer: number) => number = (peer) => peer): Names {
  return {
    text: (id) => `name-${id}`,
    peer: (index) => {
      const net = network(index) & 0xffff
      return `${16 + ((net >> 8) & 127)}.${net & 255}.${(index >> 8) & 255}.${index & 255}`
    },
  }
}

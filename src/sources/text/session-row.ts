/** Session records of text formats into one row of the batch, or the reason why not. */
import { formatAddress, parseAddress, parsed } from '../../model/address.ts'
import type { ObservationBatch } from '../../model/columns.ts'
import type { NameTable } from '../../model/name-table.ts'
import type { RejectReason } from '../../model/observation.ts'
import { portOf, setAddress, setCountText, setSid, spanProblem } from './row-values.ts'

export interface SessionFacts {
  kind: 'ssh' | 'vpn'
  /** One of `sessionParts`. */
  part: number
  account?: string
  peer?: string
  peer_port?: string | number
  assigned?: string
  host_name?: string
  gateway?: string
  key_fp?: string
  start_ms: number
  /** NaN if it is told elsewhere, or never. */
  end_ms: number
  /** Decimal digits. */
  bytes_out?: string
  bytes_in?: string
  /** What the records of one session share; none for records that stand alone. */
  sid?: readonly (string | number)[]
}

const nameColumns = ['kind', 'account', 'host_name', 'gateway', 'key_fp'] as const

/** Longer than the names table keeps; a plain array, of which it can take copies. */
const nameBytes = new Uint8Array(2048)
const nameBuffer = Buffer.from(nameBytes.buffer)

function codeOf(names: NameTable, text: string | undefined): number {
  return text ? names.codeOfBytes(nameBytes, 0, nameBuffer.write(text)) : 0
}

/** Appends one row; when the reason is given nothing was appended. */
export function appendSession(batch: ObservationBatch, facts: SessionFacts, offset: number): RejectReason | undefined {
  const { session, names } = batch
  const row = session.row()
  const reason = fill(batch, row, facts)
  if (reason !== undefined) {
    session.dropRow()
    return reason
  }
  const { data } = session
  for (const column of nameColumns) data[column][row] = codeOf(names, facts[column])
  data.part[row] = facts.part
  data.start_ms[row] = facts.start_ms
  data.end_ms[row] = facts.end_ms
  data.offset[row] = offset
  return undefined
}

/** The columns that may be refused. */
function fill(batch: ObservationBatch, row: number, facts: SessionFacts): RejectReason | undefined {
  const { data } = batch.session
  const problem = spanProblem(facts.start_ms, facts.end_ms)
  if (problem !== undefined) return problem
  for (const column of ['peer', 'assigned'] as const) {
    const text = facts[column]
    if (text !== undefined && text !== '' && !setAddress(data[column], row, text)) return 'bad_address'
  }
  const port = typeof facts.peer_port === 'string' ? portOf(facts.peer_port) : (facts.peer_port ?? 0)
  if (port < 0) return 'bad_port'
  data.peer_port[row] = port
  for (const column of ['bytes_out', 'bytes_in'] as const) {
    const digits = facts[column]
    const reason = digits === undefined ? undefined : setCountText(data[column], row, digits)
    if (reason !== undefined) return reason
  }
  if (facts.sid !== undefined) setSid(data.sid, row, ...facts.sid)
  return undefined
}

const scratch = Buffer.alloc(256)

/** The one spelling of an address (RFC 5952, mapped IPv4 as IPv4), for identities made of text; undefined if it is none. */
export function plainAddress(text: string): string | undefined {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text
  const zone = bare.indexOf('%')
  if (bare.length > 80) return undefined
  const length = scratch.write(zone < 0 ? bare : bare.slice(0, zone))
  return parseAddress(scratch, 0, length) ? formatAddress(parsed[0], parsed[1], parsed[2], parsed[3]) : undefined
}

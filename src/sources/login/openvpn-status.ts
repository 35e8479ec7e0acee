/**
 * OpenVPN's status file: version 1, 2 (comma) and 3 (tab), one poll or several after each other. Each client is a session
 * that goes on, with the counters so far: Bytes Sent went to the client (out), Bytes Received came from it (in).
 * Inner addresses stand in the client's row (2, 3) or, in version 1 and for what a client got besides, in the routing table.
 * The rows of clients and routes are the records; titles, headers and totals are none.
 * Source: openvpn multi.c (multi_print_status).
 */
import type { ObservationBatch } from '../../model/columns.ts'
import type { LogClock } from '../../model/log-clock.ts'
import { type RejectReason, sessionParts } from '../../model/observation.ts'
import type { SourceFormat, SourceParser } from '../../model/source.ts'
import { appendSession, plainAddress, type SessionFacts } from '../text/session-row.ts'
import { eachLine, textOf } from '../text/text-lines.ts'
import { ctimeMs, epochTextMs, isoTextMs } from '../text/wall-text.ts'
import { openVpnClient } from './openvpn-message.ts'

type Section = 'none' | 'clients' | 'routes' | 'totals'
type Columns = ReadonlyMap<string, number>

const columnsOf = (names: readonly string[]): Columns => new Map(names.map((name, i) => [name, i]))

/** Version 2 states its columns in HEADER lines; without them those of OpenVPN 2.4, or the fewer of 2.3. */
const clientColumns = [
  ...['Common Name', 'Real Address', 'Virtual Address', 'Virtual IPv6 Address', 'Bytes Received', 'Bytes Sent'],
  ...['Connected Since', 'Connected Since (time_t)', 'Username'],
]
const olderClientColumns = clientColumns.filter((name) => name !== 'Virtual IPv6 Address')
const routeColumns = ['Virtual Address', 'Common Name', 'Real Address', 'Last Ref']

const unspecified: ReadonlySet<string> = new Set(['0.0.0.0', '::'])

/** Where the parts of a poll are: what came before is forgotten when a new one begins. */
class Poll {
  separator = ','
  section: Section = 'none'
  clientColumns: Columns | undefined
  routeColumns: Columns = columnsOf(routeColumns)
  /** Sessions of this poll by common name and outer address, with the inner addresses already told. */
  readonly sessions = new Map<string, { facts: SessionFacts; assigned: Set<string> }>()
}

class OpenVpnStatusParser implements SourceParser {
  readonly format = 'openvpn_status'
  readonly #clock: LogClock

  constructor(clock: LogClock) {
    this.#clock = clock
  }

  parse(bytes: Uint8Array, start: number, end: number, offset: number, batch: ObservationBatch): void {
    let poll = new Poll()
    eachLine(bytes, start, end, (line, at, lineEnd) => {
      if (beginsPoll(line)) {
        poll = new Poll()
        poll.separator = line.startsWith('TITLE\t') ? '\t' : ','
        return
      }
      const record = recordOf(line, poll)
      if (record === undefined) return
      batch.records_read++
      const place = offset + at - start
      const reason = record === 'odd' ? 'malformed' : this.#take(record, poll, place, batch)
      if (reason !== undefined) batch.reject(reason, place, bytes, at, lineEnd)
    })
  }

  #take(
    { section, fields }: StatusRecord,
    poll: Poll,
    offset: number,
    batch: ObservationBatch,
  ): RejectReason | undefined {
    return section === 'clients'
      ? takeClient(fields, poll, this.#clock, offset, batch)
      : takeRoute(fields, poll, offset, batch)
  }
}

interface StatusRecord {
  section: 'clients' | 'routes'
  fields: readonly string[]
}

function beginsPoll(line: string): boolean {
  return /^(?:TITLE[,\t]|OpenVPN CLIENT LIST\s*$)/.test(line)
}

/** The fields of a client or a route; undefined for lines that are no records, which may change what follows. */
function recordOf(line: string, poll: Poll): StatusRecord | 'odd' | undefined {
  if (/^(?:TIME|GLOBAL_STATS|Updated)[,\t]|^END\s*$/.test(line)) return undefined
  if (/^GLOBAL STATS\s*$/.test(line)) poll.section = 'totals'
  if (poll.section === 'totals') return undefined
  if (/^ROUTING TABLE\s*$/.test(line)) {
    poll.section = 'routes'
    return undefined
  }
  const fields = line.trimEnd().split(poll.separator)
  switch (fields[0]) {
    case 'HEADER':
      if (fields[1] === 'CLIENT_LIST') poll.clientColumns = columnsOf(fields.slice(2))
      if (fields[1] === 'ROUTING_TABLE') poll.routeColumns = columnsOf(fields.slice(2))
      return undefined
    case 'CLIENT_LIST':
      return { section: 'clients', fields: fields.slice(1) }
    case 'ROUTING_TABLE':
      return { section: 'routes', fields: fields.slice(1) }
    case 'Common Name':
      poll.section = 'clients'
      poll.clientColumns = columnsOf(fields)
      return undefined
    case 'Virtual Address':
      poll.routeColumns = columnsOf(fields)
      return undefined
    default:
      return poll.section === 'none' ? 'odd' : { section: poll.section, fields }
  }
}

function takeClient(
  fields: readonly string[],
  poll: Poll,
  clock: LogClock,
  offset: number,
  batch: ObservationBatch,
): RejectReason | undefined {
  const columns =
    poll.clientColumns ?? columnsOf(fields.length < clientColumns.length ? olderClientColumns : clientColumns)
  if (poll.clientColumns !== undefined && fields.length > columns.size) return 'malformed'
  const field = (name: string): string | undefined => fields[columns.get(name) ?? -1]
  const [name, real, sent, received] = ['Common Name', 'Real Address', 'Bytes Sent', 'Bytes Received'].map(field)
  if (name === undefined || real === undefined || sent === undefined || received === undefined) return 'missing_field'
  const username = field('Username') ?? ''
  const account = username === '' || username === 'UNDEF' ? name : username
  // a stranger that has not shown who it is
  if (account === '' || account === 'UNDEF') return 'stream_not_used'
  const { peer, peer_port, endpoint } = openVpnClient(real)
  if (peer === '') return 'bad_address'
  const start_ms = startOf(field('Connected Since (time_t)'), field('Connected Since'), clock)
  const assigned: string[] = []
  for (const text of [field('Virtual Address') ?? '', field('Virtual IPv6 Address') ?? '']) {
    const address = text === '' ? '' : plainAddress(text)
    if (address === undefined) return 'bad_address'
    if (address !== '' && !unspecified.has(address)) assigned.push(address)
  }
  const facts: SessionFacts = {
    ...{ kind: 'vpn', part: sessionParts.opened, account, peer, peer_port, start_ms, end_ms: Number.NaN },
    sid: [name, endpoint, start_ms],
  }
  const counted = { ...facts, assigned: assigned[0], bytes_out: sent, bytes_in: received }
  const reason = appendSession(batch, counted, offset)
  if (reason !== undefined) return reason
  for (const more of assigned.slice(1)) appendSession(batch, { ...facts, assigned: more }, offset)
  poll.sessions.set(`${name}\n${endpoint}`, { facts, assigned: new Set(assigned) })
  return undefined
}

/** An inner address that the client's own row did not tell. */
function takeRoute(
  fields: readonly string[],
  poll: Poll,
  offset: number,
  batch: ObservationBatch,
): RejectReason | undefined {
  const [inner, name, real] = ['Virtual Address', 'Common Name', 'Real Address'].map(
    (column) => fields[poll.routeColumns.get(column) ?? -1],
  )
  if (inner === undefined || name === undefined || real === undefined) return 'missing_field'
  // networks behind a client, what was seen from there (C), and Ethernet addresses
  if (/[/@C]|^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(inner)) return 'stream_not_used'
  const assigned = plainAddress(inner)
  if (assigned === undefined) return 'bad_address'
  if (unspecified.has(assigned)) return 'stream_not_used'
  const session = poll.sessions.get(`${name}\n${openVpnClient(real).endpoint}`)
  if (session === undefined || session.assigned.has(assigned)) return 'stream_not_used'
  session.assigned.add(assigned)
  return appendSession(batch, { ...session.facts, assigned }, offset)
}

function startOf(epoch: string | undefined, text: string | undefined, clock: LogClock): number {
  if (epoch !== undefined && epoch !== '') return epochTextMs(epoch)
  const local = ctimeMs(text ?? '', clock)
  return Number.isNaN(local) ? isoTextMs(text ?? '', clock) : local
}

export const openVpnStatus: SourceFormat = {
  id: 'openvpn_status',
  title: 'OpenVPN status file, version 1, 2 or 3',
  unit: 'document',
  recognise: (head) => {
    const first = textOf(head, 0, Math.min(head.length, 4096)).split('\n', 12)
    return first.some((line) =>
      /^(?:TITLE[,\t]OpenVPN |OpenVPN CLIENT LIST\s*$|HEADER[,\t]CLIENT_LIST[,\t])/.test(line),
    )
  },
  open: ({ clock }) => new OpenVpnStatusParser(clock),
}

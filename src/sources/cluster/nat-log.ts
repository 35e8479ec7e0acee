/**
 * Logs of NAT gateways: which address inside had which port of which address outside, and when. Read from
 * `conntrack -E -o timestamp`, from ulogd's own files, and from syslog files that hold hardly anything else.
 * Nothing is kept from one line to another, so a beginning is a row whose end is open: it lasts until the next row of the
 * same address and port. An end is a row of its own, of the moment at which the binding still held; where the message says
 * how long that had been (`delta-time`, `elapsed-time`), a second row spans it, for gateways that log ends alone.
 */
import type { ObservationBatch } from '../../model/columns.ts'
import type { LogClock } from '../../model/log-clock.ts'
import type { RejectReason } from '../../model/observation.ts'
import type { SourceFormat } from '../../model/source.ts'
import { emptyLine, readSyslogLine } from '../login/syslog-line.ts'
import { setAddress, spanProblem } from '../text/row-values.ts'
import { mostTextLinesAre, TextLineParser } from '../text/text-lines.ts'
import { isNatMessage, type NatBinding, natBinding } from './nat-binding.ts'

const natProgram = /^(?:ulogd|conntrack|kernel$)|\b(?:RT_FLOW|RT_NAT|RT_SRC_NAT|JSERVICES|MSVCS|ASP)(?:_|$)/

/** Whether a program of this name writes of NAT; services cards of Juniper's have tags in place of names. */
export function isNatProgram(program: string): boolean {
  return natProgram.test(program)
}

/**
 * Takes one message, which may be a whole syslog line: Juniper's tags and structured data stand before what syslog calls the
 * message. What does not say anything of NAT is `stream_not_used`.
 */
export function readNatMessage(
  message: string,
  time_ms: number,
  offset: number,
  batch: ObservationBatch,
): RejectReason | undefined {
  const found = natBinding(message)
  if (typeof found === 'string') return found
  const start_ms = time_ms - found.duration_ms
  const span = spanProblem(start_ms, time_ms)
  if (span !== undefined) return span
  if (!found.closed) return appendNat(found, time_ms, Number.NaN, offset, batch)
  // the moment of the end too, as a beginning that was logged a little later than the duration says is still open
  if (found.duration_ms > 0) {
    const problem = appendNat(found, start_ms, time_ms, offset, batch)
    if (problem !== undefined) return problem
  }
  return appendNat(found, time_ms, time_ms, offset, batch)
}

function appendNat(
  found: NatBinding,
  start_ms: number,
  end_ms: number,
  offset: number,
  batch: ObservationBatch,
): RejectReason | undefined {
  const row = batch.nat.row()
  const to = batch.nat.data
  if (!setAddress(to.inside, row, found.inside) || !setAddress(to.outside, row, found.outside)) {
    batch.nat.dropRow()
    return 'bad_address'
  }
  to.inside_port[row] = found.inside_port
  to.outside_port[row] = found.outside_port
  to.outside_port_last[row] = found.outside_port_last
  to.start_ms[row] = start_ms
  to.end_ms[row] = end_ms
  to.offset[row] = offset
  return undefined
}

const epochForm = /^\[(\d{9,12})\.(\d{1,6})\s{0,8}\]\s{0,16}(?=\[)/
/** When it was; undefined if the line begins with no time. */
function timeOf(line: string, clock: LogClock): number | undefined {
  const epoch = epochForm.exec(line)
  if (epoch) return Number(epoch[1]) * 1000 + Math.floor(Number(epoch[2].padEnd(6, '0')) / 1000)
  const framed = emptyLine()
  return readSyslogLine(line, clock, framed) ? framed.time_ms : undefined
}

export const natLog: SourceFormat = {
  id: 'nat_log',
  title: 'NAT log: conntrack events, ulogd, Juniper port blocks and sessions',
  undated: true,
  recognise: (head, { clock }) =>
    mostTextLinesAre(head, (line) => isNatMessage(line) && timeOf(line, clock) !== undefined),
  open: ({ clock }) =>
    new TextLineParser('nat_log', (line, offset, batch) => {
      const time_ms = timeOf(line, clock)
      return time_ms === undefined ? 'malformed' : readNatMessage(line, time_ms, offset, batch)
    }),
}

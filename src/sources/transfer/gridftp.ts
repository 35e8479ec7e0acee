/**
 * Transfer lines of a GridFTP server: one per file moved, alone (`DATE=… HOST=…`) or in gridftp.log after
 * `[pid] date :: Transfer stats: `, whose other lines are no transfers. Times are UTC.
 * Source of the form: gridcf/gct globus_i_gfs_log.c. Keys come in a fixed order with FILE in the middle, which may hold
 * anything but a newline: it ends at the last ` BUFFER=` of the line, and of the keys before and after it the first of
 * each name holds, so that no file's name can change what was moved.
 * What was moved counts whatever CODE says. A server that does not know the peer writes 0.0.0.0: it is not stated then.
 * These logs have tens of millions of lines a day: bytes in, columns out, no object per line.
 */
import { type AddressColumn, parseAddress, parsed, storeParsed } from '../../model/address.ts'
import type { ObservationBatch } from '../../model/columns.ts'
import { parseCount } from '../../model/count.ts'
import type { RejectReason } from '../../model/observation.ts'
import type { SourceFormat, SourceParser } from '../../model/source.ts'
import { mostLinesAre } from '../input/head-lines.ts'
import { spanProblem } from '../text/row-values.ts'
import { setTaskSid } from './globus-task-id.ts'
import { gridftpMillis } from './gridftp-time.ts'

const newline = 0x0a
const carriageReturn = 0x0d
const space = 0x20
const colon = 0x3a
const equals = 0x3d
const openBracket = 0x5b
const closeBracket = 0x5d

const wanted = ['DATE', 'HOST', 'START', 'USER', 'NBYTES', 'DEST', 'TYPE', 'TASKID'] as const
const [date, host, begin, user, nbytes, dest, type, taskid] = wanted.keys()
const afterFile = ' BUFFER='
const statsMark = ':: Transfer stats: DATE='
const typesOut = ['RETR', 'ERET']
const typesIn = ['STOR', 'ESTO', 'APPE', 'STOU']
const lists = ['LIST', 'NLST', 'MLSD', 'MLSR', 'MLSC']

/** Undefined where the type moves no file. */
export function directionOfType(type: string): 'out' | 'in' | undefined {
  return typesOut.includes(type) ? 'out' : typesIn.includes(type) ? 'in' : undefined
}

/** Lists of directories: known, and no data. */
export function isListType(type: string): boolean {
  return lists.includes(type)
}

class GridftpParser implements SourceParser {
  readonly format = 'gridftp'
  readonly #start = new Int32Array(wanted.length)
  readonly #end = new Int32Array(wanted.length)
  #bytes: Buffer = Buffer.alloc(0)
  /** Codes of the batch's names. */
  #tool = 0
  #out = 0
  #in = 0
  /** Files of one task come one after the other. */
  #taskId = ''
  readonly #taskSid = new Uint32Array(2)

  parse(bytes: Uint8Array, start: number, end: number, offset: number, batch: ObservationBatch): void {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#tool = batch.names.codeOf('gridftp')
    this.#out = batch.names.codeOf('out')
    this.#in = batch.names.codeOf('in')
    for (let line = start; line < end; ) {
      const found = bytes.indexOf(newline, line)
      const next = found < 0 || found > end ? end : found
      const lineEnd = next > line && bytes[next - 1] === carriageReturn ? next - 1 : next
      if (!isBlank(bytes, line, lineEnd)) {
        batch.records_read++
        const reason = this.#line(line, lineEnd, offset + line - start, batch)
        if (reason !== undefined) batch.reject(reason, offset + line - start, bytes, line, lineEnd)
      }
      line = next + 1
    }
  }

  #line(line: number, end: number, offset: number, batch: ObservationBatch): RejectReason | undefined {
    const bytes = this.#bytes
    const first = transferAt(bytes, line, end)
    if (first < 0) return isServerLine(bytes, line, end) ? 'stream_not_used' : 'malformed'
    this.#start.fill(-1)
    const file = this.#keys(first, end, true)
    const fileEnd = file < 0 ? -1 : lastOf(bytes, afterFile, file, end)
    if (fileEnd < 0) return 'malformed'
    this.#keys(fileEnd + 1, end, false)
    const kind = this.#start[type]
    if (kind < 0 || this.#start[nbytes] < 0 || this.#start[date] < 0 || this.#start[begin] < 0) return 'missing_field'
    if (this.#isOneOf(type, lists)) return 'stream_not_used'
    const direction = this.#isOneOf(type, typesOut) ? this.#out : this.#isOneOf(type, typesIn) ? this.#in : 0
    return direction === 0 ? 'unknown_type' : this.#append(direction, file, fileEnd, offset, batch)
  }

  /**
   * Notes the values of the keys from `i` on, each value with the words without `=` that follow it. Where `untilFile`,
   * gives the place at which FILE's value begins; −1 if there is none.
   */
  #keys(i: number, end: number, untilFile: boolean): number {
    const bytes = this.#bytes
    let last = -1
    while (i < end) {
      let sign = i
      while (sign < end && bytes[sign] !== equals && bytes[sign] !== space) sign++
      const hasValue = sign < end && bytes[sign] === equals
      if (untilFile && hasValue && sign === i + 4 && isText(bytes, i, 'FILE')) return sign + 1
      let valueEnd = sign
      while (valueEnd < end && bytes[valueEnd] !== space) valueEnd++
      if (hasValue) {
        last = this.#keyOf(i, sign)
        if (last >= 0) this.#start[last] = sign + 1
      }
      if (last >= 0) this.#end[last] = valueEnd
      i = valueEnd + 1
    }
    return -1
  }

  /** The number of a wanted key that has no value yet; −1 for any other. */
  #keyOf(start: number, end: number): number {
    for (let key = 0; key < wanted.length; key++) {
      const name = wanted[key]
      if (name.length === end - start && isText(this.#bytes, start, name)) return this.#start[key] < 0 ? key : -1
    }
    return -1
  }

  #append(
    direction: number,
    file: number,
    fileEnd: number,
    offset: number,
    batch: ObservationBatch,
  ): RejectReason | undefined {
    const bytes = this.#bytes
    const start = this.#start
    const end = this.#end
    const start_ms = gridftpMillis(bytes, start[begin], end[begin])
    const end_ms = gridftpMillis(bytes, start[date], end[date])
    const problem = Number.isNaN(end_ms) ? 'bad_time' : spanProblem(start_ms, end_ms)
    if (problem !== undefined) return problem
    const columns = batch.transfer
    const row = columns.row()
    const to = columns.data
    const status = parseCount(bytes, start[nbytes], end[nbytes], to.bytes, row)
    const reason = status !== 'ok' ? status : this.#peer(to.peer, row) ? undefined : 'bad_address'
    if (reason !== undefined) {
      columns.dropRow()
      return reason
    }
    to.tool[row] = this.#tool
    to.direction[row] = direction
    to.start_ms[row] = start_ms
    to.end_ms[row] = end_ms
    to.offset[row] = offset
    to.path[row] = this.#text(file, fileEnd)
    if (start[user] >= 0) to.account[row] = batch.names.codeOfBytes(bytes, start[user], end[user])
    if (start[host] >= 0) {
      if (parseAddress(bytes, start[host], end[host])) storeParsed(to.host, row)
      else to.host_name[row] = batch.names.codeOfBytes(bytes, start[host], end[host])
    }
    if (start[taskid] >= 0 && end[taskid] > start[taskid]) this.#task(to.task_id, to.sid, row)
    return undefined
  }

  /** False if DEST is no address; none at all, and one of only zeros, is no peer. */
  #peer(column: AddressColumn, row: number): boolean {
    const bytes = this.#bytes
    let from = this.#start[dest]
    if (from < 0) return true
    let to = this.#end[dest]
    // before the bracket some servers write a number
    for (let i = from; i < to; i++) if (bytes[i] === openBracket) from = i + 1
    if (to > from && bytes[to - 1] === closeBracket) to--
    if (to <= from) return true
    if (!parseAddress(bytes, from, to)) return false
    const isZero = parsed[3] === 0 && parsed[1] === 0 && parsed[0] === 0 && (parsed[2] === 0 || parsed[2] === 0xffff)
    if (!isZero) storeParsed(column, row)
    return true
  }

  /** Servers write `none` for what no Globus task moved. */
  #task(ids: string[], sids: Uint32Array, row: number): void {
    if (this.#isOneOf(taskid, ['none'])) return
    const id = this.#text(this.#start[taskid], this.#end[taskid])
    if (id !== this.#taskId) {
      setTaskSid(this.#taskSid, 0, id)
      this.#taskId = id
    }
    ids[row] = this.#taskId
    sids[2 * row] = this.#taskSid[0]
    sids[2 * row + 1] = this.#taskSid[1]
  }

  #isOneOf(key: number, texts: readonly string[]): boolean {
    const start = this.#start[key]
    for (const text of texts) {
      if (this.#end[key] - start === text.length && isText(this.#bytes, start, text)) return true
    }
    return false
  }

  #text(start: number, end: number): string {
    const text = this.#bytes.toString('utf8', start, end)
    return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text
  }
}

/** Where the transfer of a line begins: at `DATE=`, which may follow gridftp.log's own beginning; −1 if there is none. */
function transferAt(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== openBracket) return beginsWith(bytes, start, end, 'DATE=') ? start : -1
  for (let i = start; i < end; i++) {
    if (bytes[i] === colon && beginsWith(bytes, i, end, statsMark)) return i + statsMark.length - 'DATE='.length
  }
  return -1
}

/** gridftp.log's own beginning: `[4321] Wed Jul 31 07:30:44 2019 :: `. */
function isServerLine(bytes: Uint8Array, start: number, end: number): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(end - start, 60)).toString('latin1')
  return /^\[\d{1,10}\] [A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} :: /.test(text)
}

function isText(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false
  return true
}

function beginsWith(bytes: Uint8Array, at: number, end: number, text: string): boolean {
  return end - at >= text.length && isText(bytes, at, text)
}

/** The place of the last `text` in [start, end), −1 if there is none. */
function lastOf(bytes: Uint8Array, text: string, start: number, end: number): number {
  const second = text.charCodeAt(1)
  for (let i = end - text.length; i >= start; i--) {
    if (bytes[i + 1] === second && isText(bytes, i, text)) return i
  }
  return -1
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== space && bytes[i] !== 0x09) return false
  return true
}

export const gridftp: SourceFormat = {
  id: 'gridftp',
  title: 'GridFTP transfer log',
  recognise: (head) =>
    mostLinesAre(head, (bytes, start, end) => {
      const at = transferAt(bytes, start, end)
      if (at < 0) return isServerLine(bytes, start, end)
      return !Number.isNaN(gridftpMillis(bytes, at + 5, at + 19)) && beginsWith(bytes, at + 19, end, '.')
    }),
  open: () => new GridftpParser(),
}

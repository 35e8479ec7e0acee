/**
 * Lustre's job statistics as `lctl get_param obdfilter.*.job_stats mdt.*.job_stats` prints them: for each target a header,
 * then for each job what it read there since its entry was made, over several lines of YAML.
 *
 * Bytes are a counter that grows from snapshot to snapshot; its rows share a `sid` of target, job and start. Entries that
 * read nothing are not used. The log knows a file system, no path: the path is `lustre:NAME`, which a vault may list as
 * `/lustre:NAME`. Before Lustre 2.15 an entry states no start: its rows begin and end with the snapshot, and a counter that
 * began anew under the same name counts only by its largest value.
 * Source of the form: lustre/obdclass/lprocfs_jobstats.c.
 */
import type { ObservationBatch } from '../../model/columns.ts'
import type { RejectReason } from '../../model/observation.ts'
import type { SourceFormat, SourceParser } from '../../model/source.ts'
import { setCountText, setSid, spanProblem } from '../text/row-values.ts'
import { eachLine, textOf } from '../text/text-lines.ts'
import { epochTextMs } from '../text/wall-text.ts'

const target = /^(?:[a-z]+)\.([\w-]{1,128})\.job_stats=(job_stats:)?$/
const listMark = 'job_stats:'
const entryMark = '- job_id:'

interface Entry {
  offset: number
  /** Its first line, for whoever asks what was wrong with it. */
  line: string
  target: string
  fields: Map<string, string>
}

class JobStatsParser implements SourceParser {
  readonly format = 'lustre_job_stats'
  /** What the last header named; '' if a list came without one. */
  #target = ''
  #headed = false
  #entry: Entry | undefined

  parse(bytes: Uint8Array, start: number, end: number, offset: number, batch: ObservationBatch): void {
    eachLine(bytes, start, end, (line, at, lineEnd) => {
      const isOurs = this.#line(line.trimEnd(), offset + at - start, batch)
      if (isOurs) return
      batch.records_read++
      batch.reject('malformed', offset + at - start, bytes, at, lineEnd)
    })
  }

  finish(batch: ObservationBatch, brokeOff: boolean): void {
    this.#close(batch, brokeOff ? 'truncated' : undefined)
  }

  /** False if the line is no part of such statistics. */
  #line(line: string, offset: number, batch: ObservationBatch): boolean {
    if (line.startsWith(entryMark)) {
      this.#close(batch)
      const job_id = line.slice(entryMark.length).trim()
      this.#entry = { offset, line: line.slice(0, 120), target: this.#target, fields: new Map([['job_id', job_id]]) }
      return true
    }
    const colon = line.indexOf(':')
    if (this.#entry !== undefined && line.startsWith(' ') && colon > 0) {
      const key = line.slice(0, colon).trim()
      if (used.has(key)) this.#entry.fields.set(key, line.slice(colon + 1).trim())
      return true
    }
    const header = line.length < 200 ? target.exec(line) : null
    if (header === null && line !== listMark) return false
    this.#close(batch)
    if (header !== null) this.#target = header[1]
    else if (!this.#headed) this.#target = ''
    this.#headed = header !== null && header[2] === undefined
    return true
  }

  #close(batch: ObservationBatch, broken?: RejectReason): void {
    const entry = this.#entry
    this.#entry = undefined
    if (entry === undefined) return
    batch.records_read++
    const reason = broken ?? append(entry, batch)
    if (reason === undefined) return
    const sample = Buffer.from(entry.line)
    batch.reject(reason, entry.offset, sample, 0, sample.length)
  }
}

const used = new Set(['snapshot_time', 'start_time', 'read_bytes'])

function append({ offset, target, fields }: Entry, batch: ObservationBatch): RejectReason | undefined {
  const name = unquoted(fields.get('job_id') ?? '')
  const snapshot = fields.get('snapshot_time')
  if (name === '' || snapshot === undefined) return 'missing_field'
  const read = fields.get('read_bytes')
  const digits = read === undefined ? '0' : sumOf(read)
  if (digits === undefined) return 'bad_count'
  if (/^0+$/.test(digits)) return 'stream_not_used'
  if (target === '') return 'missing_field'
  const begin = fields.get('start_time') ?? ''
  const end_ms = secondsMs(snapshot)
  const start_ms = begin === '' ? end_ms : secondsMs(begin)
  const problem = Number.isNaN(end_ms) ? 'bad_time' : spanProblem(start_ms, end_ms)
  if (problem !== undefined) return problem
  const row = batch.storage_read.row()
  const to = batch.storage_read.data
  const status = setCountText(to.bytes, row, digits)
  if (status !== undefined) {
    batch.storage_read.dropRow()
    return status
  }
  const { job_id, uid } = jobOf(name)
  to.path[row] = `lustre:${target.replace(/-(?:OST|MDT)[0-9a-f]{4}$/, '')}`
  to.job_id[row] = job_id
  to.account[row] = batch.names.codeOf(uid === '' ? '' : `uid:${uid}`)
  to.start_ms[row] = start_ms
  to.end_ms[row] = end_ms
  to.offset[row] = offset
  setSid(to.sid, row, 'lustre', target, name, begin)
  return undefined
}

/** `1700000000`, or since 2.15 `1700000000.123456789 secs.nsecs`. */
function secondsMs(text: string): number {
  return epochTextMs(text.split(' ', 1)[0])
}

/** The sum of `{ samples: 3, unit: bytes, min: 1, max: 2, sum: 5, … }`; without samples there is none. */
function sumOf(counter: string): string | undefined {
  const found = /^\{[^{}]*\bsum: *(\d{1,20})\b/.exec(counter.slice(0, 400))
  if (found !== null) return found[1]
  return /^\{ *samples: *0\b/.test(counter) ? '0' : undefined
}

function unquoted(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text
}

/**
 * Who a job id speaks of, by the usual settings of `jobid_name`: `%j` alone, `%j:%u:%H`, `u%u.g%g`, and `%e.%u`, which is what
 * processes outside of jobs have. Any other id is kept as it is.
 */
function jobOf(name: string): { job_id: string; uid: string } {
  const job = /^(\d{1,20}):(\d{1,10})(?::|$)/.exec(name)
  if (job !== null) return { job_id: job[1], uid: job[2] }
  const uid = /^u(\d{1,10})\.g\d{1,10}$/.exec(name) ?? /[^\d].*\.(\d{1,10})$/.exec(name.slice(-300))
  return { job_id: name, uid: uid === null ? '' : uid[1] }
}

/** It begins with a header or the list itself, and an entry follows, if anything does. */
function begins(head: Uint8Array): boolean {
  const lines = textOf(head, 0, Math.min(head.length, 4096)).split('\n', 40)
  const texts = lines.map((line) => line.trimEnd()).filter((line) => line !== '')
  const first = texts.findIndex((line) => line !== listMark && !target.test(line.slice(0, 200)))
  const marked = first < 0 ? texts : texts.slice(0, first)
  const isHeaded = marked.some((line) => target.test(line))
  if (first < 0) return isHeaded
  return marked.length > 0 && texts[first].startsWith(entryMark)
}

export const lustreJobStats: SourceFormat = {
  id: 'lustre_job_stats',
  title: 'Lustre job_stats, lctl get_param',
  recognise: begins,
  open: () => new JobStatsParser(),
}

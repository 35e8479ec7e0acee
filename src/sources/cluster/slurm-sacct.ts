/**
 * Slurm's accounting as `sacct --parsable` or `--parsable2` prints it, with a header and any columns (needed are a job id,
 * NodeList, Start, and User, UID or Account), or without one in the known sets of columns. Headers are no records.
 */
import type { ObservationBatch } from '../../model/columns.ts'
import type { RejectReason } from '../../model/observation.ts'
import type { SourceContext, SourceFormat } from '../../model/source.ts'
import { eachLine, mostTextLinesAre, textOf } from '../text/text-lines.ts'
import { columnsByShape, columnsOfHeader, type SlurmColumns } from './slurm-columns.ts'
import { appendSlurmJob } from './slurm-job.ts'

class SacctParser {
  readonly format = 'slurm_sacct'
  readonly #context: SourceContext
  /** As the last header told; undefined before the first. */
  #columns: SlurmColumns | undefined

  constructor(context: SourceContext) {
    this.#context = context
  }

  parse(bytes: Uint8Array, start: number, end: number, offset: number, batch: ObservationBatch): void {
    eachLine(bytes, start, end, (line, at) => {
      const header = columnsOfHeader(line.trimEnd())
      if (header !== undefined) {
        this.#columns = header
        return
      }
      batch.records_read++
      const reason = this.#job(line, offset + at - start, batch)
      if (reason !== undefined) this.#reject(reason, line, offset + at - start, batch)
    })
  }

  /** A job's name, comment or command may hold a password: no sample shows them. */
  #reject(reason: RejectReason, line: string, offset: number, batch: ObservationBatch): void {
    const columns = this.#columns ?? columnsByShape(line)
    const sample = Buffer.from(columns?.beforeFreeText(line) ?? line.slice(0, 24))
    batch.reject(reason, offset, sample, 0, sample.length)
  }

  #job(line: string, offset: number, batch: ObservationBatch): RejectReason | undefined {
    const columns = this.#columns ?? columnsByShape(line)
    const values = columns?.split(line)
    if (columns === undefined || values === undefined) return 'malformed'
    const [jobidraw, jobid, user, uid, account, node_list, start, end] = (
      ['jobidraw', 'jobid', 'user', 'uid', 'account', 'nodelist', 'start', 'end'] as const
    ).map((name) => columns.valueOf(values, name))
    if (jobidraw === undefined || jobid === undefined || user === undefined || uid === undefined) return 'malformed'
    if (account === undefined || node_list === undefined || start === undefined || end === undefined) return 'malformed'
    const job = { job_id: jobidraw || jobid, user, uid, account, node_list, start, end }
    return appendSlurmJob(job, this.#context.clock, offset, batch)
  }
}

export const slurmSacct: SourceFormat = {
  id: 'slurm_sacct',
  title: 'Slurm accounting, sacct --parsable2',
  recognise: (head) => {
    const text = textOf(head, 0, head.length).trimStart()
    const lineEnd = text.indexOf('\n')
    const first = (lineEnd < 0 ? text : text.slice(0, lineEnd)).trimEnd()
    return columnsOfHeader(first) !== undefined || mostTextLinesAre(head, (line) => columnsByShape(line) !== undefined)
  },
  open: (context) => new SacctParser(context),
}

/**
 * Which column of `sacct --parsable` is which: by the header, or, without one, by the shape of the line, for the sets of
 * columns that people use. Values are not escaped, so that a `|` in a job's name or command makes a line longer than its
 * header: columns before the first free text are counted from the left, those after the last from the right, and what
 * lies between is not told apart.
 */
import { isSlurmTime } from './slurm-job.ts'

/** Columns that hold whatever their writer liked; node features are alternatives with `|`. */
const freeText = new Set(
  ['JobName', 'SubmitLine', 'WorkDir', 'Comment', 'AdminComment', 'SystemComment', 'Extra', 'Container', 'Constraints']
    .concat(['Licenses', 'Reason', 'StdIn', 'StdOut', 'StdErr', 'MCSLabel', 'WCKey'])
    .map((name) => name.toLowerCase()),
)

const needed = ['jobidraw', 'jobid', 'user', 'uid', 'account', 'nodelist', 'start', 'end', 'state'] as const
export type SlurmColumn = (typeof needed)[number]

const jobColumns =
  'Account Group GID User UID Submit Eligible Start End Elapsed ExitCode State NNodes NCPUS ReqCPUS ReqMem'
/** Sets of columns that are used without a header; the first ones are those that accounting (Open XDMoD) asks for. */
const knownSets = [
  `JobID JobIDRaw Cluster Partition QOS ${jobColumns} ReqTRES AllocTRES Timelimit NodeList JobName`,
  `JobID JobIDRaw Cluster Partition QOS ${jobColumns} ReqGRES ReqTRES AllocTRES Timelimit NodeList JobName`,
  `JobID JobIDRaw Cluster Partition ${jobColumns} ReqGRES ReqTRES Timelimit NodeList JobName`,
  `JobID JobIDRaw Cluster Partition ${jobColumns} ReqTRES Timelimit NodeList JobName`,
  'JobIDRaw SLUID User Account Cluster QOS NodeList Start End State WorkDir SubmitLine',
  'JobIDRaw User Account Cluster QOS NodeList Start End State WorkDir SubmitLine',
]

const stateWord =
  /^(?:PENDING|RUNNING|SUSPENDED|REQUEUED|RESIZING|REVOKED|PREEMPTED|COMPLETED|CANCELLED|FAILED|TIMEOUT|NODE_FAIL|BOOT_FAIL|DEADLINE|OUT_OF_MEMORY)\b/

/** A host list, or none yet; a time limit, which stands beside it, is none. */
const nodeForm = /^(?!UNLIMITED$|Partition_Limit$)(?:[A-Za-z][\w.[\],:-]*|None assigned)?$/i

export class SlurmColumns {
  readonly #places = new Map<string, number>()
  readonly #width: number
  readonly #firstFree: number
  readonly #lastFree: number
  /** `sacct --parsable` ends each line with a separator. */
  readonly #hasTail: boolean

  constructor(names: readonly string[], hasTail: boolean) {
    const lower = names.map((name) => name.toLowerCase())
    lower.forEach((name, i) => this.#places.set(name, i))
    this.#width = names.length
    const free = lower.flatMap((name, i) => (freeText.has(name) ? [i] : []))
    this.#firstFree = free[0] ?? names.length
    this.#lastFree = free.at(-1) ?? -1
    this.#hasTail = hasTail
  }

  has(...names: readonly SlurmColumn[]): boolean {
    return names.some((name) => this.#places.has(name))
  }

  /** The values of a line; undefined if it cannot be one of these columns. */
  split(line: string): string[] | undefined {
    const values = line.split('|')
    if (this.#hasTail && values.pop() !== '') return undefined
    return values.length === this.#width || (values.length > this.#width && this.#lastFree >= 0) ? values : undefined
  }

  /** What of a line stands before anything that its writer liked. */
  beforeFreeText(line: string): string {
    return line.split('|', this.#firstFree).join('|')
  }

  /** '' if there is no such column; undefined if surplus separators hide which value it is. */
  valueOf(values: readonly string[], name: SlurmColumn): string | undefined {
    const place = this.#places.get(name)
    if (place === undefined) return ''
    const surplus = values.length - this.#width
    if (surplus === 0 || place < this.#firstFree) return values[place].trim()
    return place > this.#lastFree ? values[place + surplus].trim() : undefined
  }
}

/** Undefined if the line is not a header with what a job needs. */
export function columnsOfHeader(line: string): SlurmColumns | undefined {
  if (!/^[\w|/]+$/.test(line)) return undefined
  const names = line.split('|')
  const hasTail = names.length > 1 && names.at(-1) === ''
  const columns = new SlurmColumns(hasTail ? names.slice(0, -1) : names, hasTail)
  const isComplete = columns.has('jobid', 'jobidraw') && columns.has('user', 'uid', 'account')
  return isComplete && columns.has('nodelist') && columns.has('start') ? columns : undefined
}

const bare = knownSets.flatMap((names) => [false, true].map((hasTail) => new SlurmColumns(names.split(' '), hasTail)))

/** The known set of columns that the line has the shape of. */
export function columnsByShape(line: string): SlurmColumns | undefined {
  return bare.find((columns) => {
    const values = columns.split(line)
    if (values === undefined) return false
    const value = (name: SlurmColumn): string => columns.valueOf(values, name) ?? ''
    const areTimes = isSlurmTime(value('start')) && isSlurmTime(value('end'))
    return (
      areTimes && /^\d/.test(value('jobidraw')) && stateWord.test(value('state')) && nodeForm.test(value('nodelist'))
    )
  })
}

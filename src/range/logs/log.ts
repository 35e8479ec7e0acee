/** What a log format is to the range, and the spellings of time that several share. */
import type { Flow, OtherRecord } from '../records.ts'

/** A line (or a block of lines) with the time at which its program wrote it. `file` is a name within the day's folder. */
export type Emit = (log: LogFile, file: string, at_ms: number, text: string) => void

export interface LogFile {
  /** Folder below `logs/`; the day's folder is below it. */
  folder: string
  /** What a file begins and ends with, where the format has such. */
  head?: (start_ms: number) => string
  foot?: (end_ms: number) => string
}

export interface LogFormat {
  flow?: (flow: Flow, emit: Emit) => void
  record?: (record: OtherRecord, emit: Emit) => void
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `Jan  5 09:00:00`, UTC: RFC 3164, without a year. */
export function syslogTime(ms: number): string {
  const at = new Date(ms)
  return `${months[at.getUTCMonth()]} ${String(at.getUTCDate()).padStart(2)} ${at.toISOString().slice(11, 19)}`
}

/** `Mon Jan  5 09:00:00 2026`, UTC. */
export function ctime(ms: number): string {
  const at = new Date(ms)
  const weekday = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][at.getUTCDay()]
  return `${weekday} ${syslogTime(ms)} ${at.getUTCFullYear()}`
}

/** Seconds since the epoch with six digits, from whole milliseconds. */
export function epochSeconds(ms: number): string {
  return `${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, '0')}000`
}

/** `2026-01-05T09:00:00` */
export const isoSeconds = (ms: number): string => new Date(ms).toISOString().slice(0, 19)
/** `2026-01-05` */
export const isoDate = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

/**
 * What a source is: one log format, recognised by its content, parsed in blocks of whole lines into columns.
 */
import type { ObservationBatch } from './columns.ts'
import type { LogClock } from './log-clock.ts'

export interface SourceContext {
  /** Path as the user named it; only for formats that tell their stream by file name alone. */
  path: string
  /** For times that state no zone or no year. */
  clock: LogClock
  /** When the file was last written, epoch ms: the time of records that state none at all. NaN if not known. */
  mtime_ms: number
}

export const largestDocument = 64 << 20

export interface SourceParser {
  /** What is being read, for `sources[].format`: `zeek_conn`, `zeek_dns`, `neutral`. It may grow precise while reading. */
  readonly format: string
  /**
   * Parses the whole lines in bytes[start, end) and appends to the batch; never throws.
   * `offset` is the place of bytes[start] in the decompressed file. The last line may lack its newline at end of file.
   */
  parse(bytes: Uint8Array, start: number, end: number, offset: number, batch: ObservationBatch): void
  /** The input has ended: what was held back, waiting for more lines, is appended, or rejected if the input broke off. */
  finish?(batch: ObservationBatch, brokeOff: boolean): void
}

export interface SourceFormat {
  /** Unique in the registry; names stream and encoding: `zeek_conn_tsv`. */
  id: string
  /** For people: "Zeek conn, tab separated". */
  title: string
  /**
   * `document`: the file is one value, which `parse` gets whole; larger ones than `largestDocument` are one rejected
   * record. Else lines.
   */
  unit?: 'lines' | 'document'
  /** Its times may lack the year: such files are read last, when the span of all others is known. */
  undated?: boolean
  /** Its lines may hold keys or passwords anywhere: of a piece that its parser does not see, nothing is shown. */
  unshown?: boolean
  /** Whether these first bytes (up to 64 KiB, decompressed, perhaps cut in a line) are of this format. */
  recognise(head: Uint8Array, context: SourceContext): boolean
  open(context: SourceContext): SourceParser
}

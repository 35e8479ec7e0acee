/**
 * What a source is: one log format, recognised by its content, parsed in blocks of whole lines into columns.
 */
import type { ObservationBatch } from './columns.ts'

export interface SourceContext {
  /** Path as the user named it; only for formats that tell their stream by file name alone. */
  path: string
  /** Minutes to add to a local time to get UTC, for records that state no zone. */
  utc_offset_minutes: number
}

export interface SourceParser {
  /** What is being read, for `sources[].format`: `zeek_conn`, `zeek_dns`, `neutral`. It may grow precise while reading. */
  readonly format: string
  /**
   * Parses the whole lines in bytes[start, end) and appends to the batch; never throws.
   * `offset` is the place of bytes[start] in the decompressed file. The last line may lack its newline at end of file.
   */
  parse(bytes: Uint8Array, start: number, end: number, offset: number, batch: ObservationBatch): void
}

export interface SourceFormat {
  /** Unique in the registry; names stream and encoding: `zeek_conn_tsv`. */
  id: string
  /** For people: "Zeek conn, tab separated". */
  title: string
  /** Whether these first bytes (up to 64 KiB, decompressed, perhaps cut in a line) are of this format. */
  recognise(head: Uint8Array, context: SourceContext): boolean
  open(context: SourceContext): SourceParser
}

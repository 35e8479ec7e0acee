/** The formats that Weir reads, in the order in which they are asked. */
import type { SourceContext, SourceFormat } from '../model/source.ts'
import { neutral } from './neutral.ts'
import { zeekConnJson } from './zeek-conn-json.ts'
import { zeekConnTsv } from './zeek-conn-tsv.ts'
import { zeekFingerprintsJson, zeekFingerprintsTsv } from './zeek-fingerprints.ts'
import { zeekOtherJson, zeekOtherTsv } from './zeek-other.ts'

export const sourceFormats: readonly SourceFormat[] = [
  zeekConnTsv,
  zeekFingerprintsTsv,
  zeekOtherTsv,
  zeekConnJson,
  zeekFingerprintsJson,
  zeekOtherJson,
  neutral,
]

export interface Recognition {
  /** Undefined if the file is of no known format. */
  format: SourceFormat | undefined
  /** Titles of what was looked for, for the message about a file that is none of it. */
  lookedFor: readonly string[]
}

/** The format of a file that begins with `head` (decompressed, up to 64 KiB, perhaps cut in a line). */
export function recogniseFormat(head: Uint8Array, context: SourceContext): Recognition {
  const text = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? head.subarray(3) : head
  return {
    format: sourceFormats.find((format) => format.recognise(text, context)),
    lookedFor: sourceFormats.map((format) => format.title),
  }
}

/**
 * Lustre's changelog as `lfs changelog` prints it: who created, opened, renamed or removed what. It tells no bytes (those
 * are in job_stats), so that its records are known and counted, and not used.
 */
import type { SourceFormat } from '../../model/source.ts'
import { mostTextLinesAre, TextLineParser } from '../text/text-lines.ts'

/** `[MDT.]INDEX NNTYPE HH:MM:SS.n YYYY.MM.DD 0xFLAGS t=[FID] …` */
const record =
  /^(?:[\w-]{1,64}\.)?\d{1,20} \d\d[A-Z0-9_]{3,6} {1,2}\d\d:\d\d:\d\d\.\d{1,9} \d{4}\.\d\d\.\d\d 0x[0-9a-f]{1,8} t=\[/

const isRecord = (line: string): boolean => record.test(line)

export const lustreChangelog: SourceFormat = {
  id: 'lustre_changelog',
  title: 'Lustre changelog, lfs changelog',
  recognise: (head) => mostTextLinesAre(head, isRecord),
  open: () => new TextLineParser('lustre_changelog', (line) => (isRecord(line) ? 'stream_not_used' : 'malformed')),
}

/** The census in the words of docs/reference/census.md: integers exact, nothing from a log as a control character. */
import type { Census } from '../../app/census/report/census-report.ts'
import { plain } from '../text.ts'

export function censusJson({ sources, ...census }: Census): object {
  return {
    ...census,
    sources: sources.map(({ path, format, records_read, accepted, duplicates, rejected, examples, damage }) => ({
      path,
      format,
      records_read,
      accepted,
      repeated: duplicates,
      rejected,
      examples: examples.map(({ reason, offset, sample }) => ({ reason, offset, sample: plain(sample) })),
      damage,
    })),
  }
}

/**
 * Where the commands get what detection says, and where a verdict goes. One place, so that the commands do not change when
 * `src/app/findings.ts` is there: then this file is `export { findingsOf, judge } from '../../app/findings.ts'`.
 */
import type { Config } from '../../config/config-schema.ts'
import { AppError } from '../../model/errors.ts'
import type { Findings, Incident, Verdict } from '../../model/incident.ts'

export async function findingsOf(_state: string, _config: Config): Promise<Findings> {
  throw notYet()
}

export async function judge(_state: string, _config: Config, _verdict: Verdict): Promise<Incident> {
  throw notYet()
}

function notYet(): AppError {
  return new AppError('store_unavailable', 'this version keeps the books and judges nothing yet')
}

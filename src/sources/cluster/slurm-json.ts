/** Slurm's accounting as `sacct --json` prints it: one document, `{"jobs": […]}`. Times are epochs in seconds. */
import type { ObservationBatch } from '../../model/columns.ts'
import { utcClock } from '../../model/log-clock.ts'
import type { RejectReason } from '../../model/observation.ts'
import type { SourceFormat } from '../../model/source.ts'
import { JsonDocumentParser, jsonShape, namesMembers } from '../text/json-document.ts'
import { type JsonObject, numberMember, objectMember, textMember } from '../text/json-members.ts'
import { appendSlurmJob } from './slurm-job.ts'

function takeJob(job: JsonObject, offset: number, batch: ObservationBatch): RejectReason | undefined {
  const time = objectMember(job, 'time')
  const association = objectMember(job, 'association')
  const from = {
    job_id: slurmNumber(job, 'job_id'),
    user: textMember(job, 'user') || textMember(association, 'user'),
    uid: '',
    account: textMember(job, 'account') || textMember(association, 'account'),
    node_list: textMember(job, 'nodes'),
    start: slurmNumber(time, 'start'),
    end: slurmNumber(time, 'end'),
  }
  return appendSlurmJob(from, utcClock, offset, batch)
}

/** A number, or since Slurm 23.02 `{"set": true, "infinite": false, "number": 5}`. */
function slurmNumber(object: JsonObject, key: string): string {
  const wrapped = objectMember(object, key)
  return numberMember(object, key) || (wrapped.set === true ? numberMember(wrapped, 'number') : '')
}

export const slurmJson: SourceFormat = {
  id: 'slurm_json',
  title: 'Slurm accounting, sacct --json',
  unit: 'document',
  recognise: (head) =>
    jsonShape(head) === 'document' && namesMembers(head, ['jobs', 'job_id', 'nodes', 'association', 'time']),
  open: () => new JsonDocumentParser('slurm_json', 'jobs', takeJob),
}

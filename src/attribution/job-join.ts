/**
 * Jobs over flows of the nodes they ran on: account and project, if all jobs that overlap the flow agree.
 * Known when the job's record is written, at its end.
 */

import { type AddressHalves, addressKey, isStated, type JobRecord, openEnds_ms } from '../model/context-record.ts'
import { Candidates, type Label } from '../model/label.ts'
import { endOf, IntervalIndex } from './intervals.ts'

/** Weight of all jobs together: something else on the node may have sent the bytes. */
const sureness = 0.9

export class JobJoin {
  readonly #jobs: IntervalIndex<bigint, JobRecord>
  readonly #found = new Candidates()

  constructor(jobs: readonly JobRecord[]) {
    this.#jobs = new IntervalIndex(
      jobs.filter((job) => isStated(job.host)),
      (job) => addressKey(job.host),
      openEnds_ms.job,
    )
  }

  get isEmpty(): boolean {
    return this.#jobs.size === 0
  }

  /** `through`: how the node was found, straight from the flow or by a NAT binding. */
  apply(
    host: AddressHalves,
    start_ms: number,
    end_ms: number,
    label: Label,
    through: 'job' | 'nat_job' = 'job',
  ): boolean {
    const found = this.#found
    found.clear()
    const projects = new Set<number>()
    let known_ms = 0
    for (const job of this.#jobs.near(addressKey(host), start_ms, end_ms)) {
      if (endOf(job, openEnds_ms.job) < start_ms) continue
      const job_known_ms = Number.isNaN(job.end_ms) ? job.start_ms : job.end_ms
      found.add(job.account, 1, job_known_ms)
      projects.add(job.project)
      known_ms = Math.max(known_ms, job_known_ms)
    }
    if (found.size === 0) return false
    found.shareEqually(sureness)
    found.decide(label, through)
    // jobs of several people may still be of one project
    if (projects.size === 1) label.project = [...projects][0]
    if (label.account > 0 || projects.size === 1) label.known_ms = Math.max(label.known_ms, known_ms)
    return true
  }
}

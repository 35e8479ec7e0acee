/**
 * Jobs over flows of the nodes they ran on: account and project, if all jobs that overlap the flow agree.
 * Known when the job's record is written, at its end.
 */

import { type AddressHalves, addressKey, isStated, type JobRecord, openEnds_ms } from '../model/context-record.ts'
import { type Label, nameAccount, namingWeight } from '../model/label.ts'
import { endOf, IntervalIndex } from './intervals.ts'

export class JobJoin {
  readonly #jobs: IntervalIndex<bigint, JobRecord>

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

  apply(host: AddressHalves, start_ms: number, end_ms: number, label: Label): boolean {
    const accounts = new Set<number>()
    const projects = new Set<number>()
    let known_ms = 0
    for (const job of this.#jobs.near(addressKey(host), start_ms, end_ms)) {
      if (endOf(job, openEnds_ms.job) < start_ms) continue
      accounts.add(job.account)
      projects.add(job.project)
      known_ms = Math.max(known_ms, Number.isNaN(job.end_ms) ? job.start_ms : job.end_ms)
    }
    if (accounts.size === 0) return false
    const weight = 0.9 / accounts.size
    nameAccount(label, [...accounts][0], 'job', weight, known_ms)
    if (weight >= namingWeight && projects.size === 1) label.project = [...projects][0]
    return true
  }
}

/** Slurm's accounting as `sacct --parsable2` exports a day's ended jobs; times are UTC. */
import { isoSeconds, type LogFile, type LogFormat } from './log.ts'

const columns = 'JobIDRaw|User|Account|Cluster|Partition|QOS|NNodes|NodeList|JobName|Start|End|State'
const sacct: LogFile = { folder: 'slurm', head: () => `${columns}\n` }

export const slurm: LogFormat = {
  record: (job, emit) => {
    if (job.kind !== 'job') return
    const { job_id, account, project, partition, node_count, nodes, name, start_ms, end_ms } = job
    const values = [job_id, account, project, 'centre', partition, 'normal', node_count, nodes, name]
    emit(sacct, 'sacct.txt', end_ms, `${values.join('|')}|${isoSeconds(start_ms)}|${isoSeconds(end_ms)}|COMPLETED\n`)
  },
}

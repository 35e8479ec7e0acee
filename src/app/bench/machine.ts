/** On what a figure was measured. */
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'

export interface Machine {
  node: string
  platform: string
  cpu: string
  cores: number
  memory_bytes: number
  load_1min: number
}

export function machineNow(): Machine {
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? '',
    cores: availableParallelism(),
    memory_bytes: totalmem(),
    load_1min: loadavg()[0],
  }
}

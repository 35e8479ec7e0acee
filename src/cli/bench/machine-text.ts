/** On what, and for how long, as a line below a heading. */
import type { Machine } from '../../app/bench/machine.ts'
import { bytesText, durationText, plural } from '../text.ts'

export function machineText(machine: Machine, elapsed_ms: number): string {
  const { node, platform, cpu, cores, memory_bytes, load_1min } = machine
  return (
    `  Node ${node}, ${platform}, ${plural(cores, 'core')} (${cpu}), ${bytesText(memory_bytes)}, ` +
    `load ${load_1min.toFixed(1)}. Took ${durationText(elapsed_ms)}.`
  )
}

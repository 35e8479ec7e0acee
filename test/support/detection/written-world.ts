/**
 * A world of the range as log files, each line where `place` puts it: the same files as of `range generate`, cut at a moment or
 * dealt out to several folders. A line counts as known from the moment at which its program wrote it.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { accountsCsv, accountsFile } from '../../../src/range/accounts-csv.ts'
import { dayMs, firstDayMs } from '../../../src/range/centre/day-shape.ts'
import { BorderCounters } from '../../../src/range/logs/counters.ts'
import { DayFiles } from '../../../src/range/logs/day-files.ts'
import { logFormats } from '../../../src/range/logs/index.ts'
import type { Emit } from '../../../src/range/logs/log.ts'
import { Simulation, type SimulationOptions } from '../../../src/range/simulation.ts'
import { weirYaml } from '../../../src/range/weir-yaml.ts'

/** Which of the folders a line belongs to; −1: to none. */
export type Place = (at_ms: number, line: number) => number

/** Writes `weir.yaml` into `directory` and logs into its `folders`, which are returned as paths. */
export function writeWorld(
  directory: string,
  options: SimulationOptions,
  { folders, place, more = '' }: { folders: readonly string[]; place: Place; more?: string },
): { paths: string[]; config: string } {
  const simulation = new Simulation(options)
  const paths = folders.map((folder) => join(directory, folder))
  const files = paths.map((path) => new DayFiles(path))
  const counters = new BorderCounters()
  let line = 0
  const emit: Emit = (log, file, at_ms, text) => {
    files[place(at_ms, line++)]?.emit(log, file, at_ms, text)
  }
  for (let day = 0; day < options.days; day++) {
    simulation.runDay(day, {
      flow: (flow) => {
        counters.add(flow)
        for (const format of logFormats) format.flow?.(flow, emit)
      },
      put: (record) => {
        for (const format of logFormats) format.record?.(record, emit)
      },
    })
    const start_ms = firstDayMs + day * dayMs
    counters.close(start_ms, start_ms + dayMs, emit)
    for (const each of files) each.close(day)
  }
  const config = join(directory, 'weir.yaml')
  writeFileSync(config, weirYaml(simulation.centre, simulation.plans) + more)
  writeFileSync(join(directory, accountsFile), accountsCsv(simulation.centre, simulation.plans))
  return { paths, config }
}

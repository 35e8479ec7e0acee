/**
 * `weir range generate`: a scenario as a folder of `logs/`, `weir.yaml`, `accounts.csv` and `truth.json`. Equal arguments give equal files, to the
 * byte, on every machine. Holds about two days of log lines at a time.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../model/errors.ts'
import { exactJson } from '../model/exact-json.ts'
import { accountsCsv, accountsFile } from './accounts-csv.ts'
import { dayMs, firstDayMs } from './centre/day-shape.ts'
import { BorderCounters } from './logs/counters.ts'
import { DayFiles } from './logs/day-files.ts'
import { logFormats } from './logs/index.ts'
import type { Flow } from './records.ts'
import { Simulation, type SimulationOptions } from './simulation.ts'
import type { RangeTruth } from './truth.ts'
import { weirYaml } from './weir-yaml.ts'

export interface GenerateOptions extends SimulationOptions {
  directory: string
  signal?: AbortSignal
  /** Called for every flow as it truly was, with what only the truth knows. */
  onFlow?: (flow: Flow) => void
  /** After each day, with the flows of that day. */
  onDay?: (flows: number) => void
}

export interface Generated {
  truth: RangeTruth
  flows: number
  bytes_written: number
}

export async function generateRange({
  directory,
  signal,
  onFlow,
  onDay,
  ...options
}: GenerateOptions): Promise<Generated> {
  prepare(directory)
  const simulation = new Simulation(options)
  const files = new DayFiles(join(directory, 'logs'), options.mutate?.includes('skew') ? 'next_day' : 'never')
  const counters = new BorderCounters()
  let flows = 0
  try {
    // before the logs: whoever stops midway has what is needed to read them
    writeFileSync(join(directory, 'weir.yaml'), weirYaml(simulation.centre, simulation.plans))
    writeFileSync(join(directory, accountsFile), accountsCsv(simulation.centre, simulation.plans))
    for (let day = 0; day < options.days; day++) {
      const before = flows
      simulation.runDay(day, {
        crossed: (flow) => {
          onFlow?.(flow)
          counters.add(flow)
        },
        flow: (flow) => {
          flows++
          for (const format of logFormats) format.flow?.(flow, files.emit)
        },
        put: (record) => {
          for (const format of logFormats) format.record?.(record, files.emit)
        },
      })
      const start_ms = firstDayMs + day * dayMs
      counters.close(start_ms, start_ms + dayMs, files.emit)
      files.close(day)
      onDay?.(flows - before)
      await new Promise((resolve) => setImmediate(resolve))
      if (signal?.aborted)
        throw new AppError('interrupted', `stopped after day ${day + 1} of ${options.days}; ${directory} is incomplete`)
    }
    const { truth } = simulation
    writeFileSync(join(directory, 'truth.json'), `${exactJson(truth, 2)}\n`)
    return { truth, flows, bytes_written: files.bytes_written }
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    const code = (cause as NodeJS.ErrnoException).code
    if (code === undefined) throw cause
    const full = ['ENOSPC', 'EDQUOT'].includes(code)
    throw new AppError(full ? 'disk_full' : 'usage', `${directory} cannot be written: ${(cause as Error).message}`, {
      cause,
    })
  }
}

/** Makes the folder; one that holds anything is refused, so that no two scenarios ever mix. */
function prepare(directory: string): void {
  let held: string[]
  try {
    mkdirSync(directory, { recursive: true })
    held = readdirSync(directory)
  } catch (cause) {
    throw new AppError('usage', `${directory} cannot be written: ${(cause as Error).message}`, { cause })
  }
  if (held.length > 0) throw new AppError('usage', `${directory} is not empty: give --out a new directory`)
}

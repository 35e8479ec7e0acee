/** What measurements on a synthetic log have in common. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Progress } from '../progress.ts'

/** The built program beside this file in the build. */
const builtProgram = fileURLToPath(new URL('../../cli/main.js', import.meta.url))

interface LogPlan {
  rows: number
  days: number
  repeat: number
}

export interface LogBenchOptions extends Partial<LogPlan> {
  size: 'small' | 'full'
  seed: number
  /** Weir's own, where whole runs of it are measured. */
  program?: string
  progress: Progress
  signal?: AbortSignal
}

/** The plan of the size, but for what was asked for; in a folder that is gone afterwards. */
export async function onLog<R>(
  { size, seed, rows, days, repeat, program = builtProgram, progress, signal }: LogBenchOptions,
  sizes: Readonly<Record<LogBenchOptions['size'], LogPlan>>,
  work: (given: LogPlan & Omit<LogBenchOptions, 'program'> & { program: string; folder: string }) => Promise<R>,
): Promise<R> {
  const plan = sizes[size]
  const folder = mkdtempSync(join(tmpdir(), 'weir-bench-'))
  try {
    return await work({
      ...{ size, seed, program, progress, signal, folder },
      ...{ rows: rows ?? plan.rows, days: days ?? plan.days, repeat: repeat ?? plan.repeat },
    })
  } finally {
    progress.done()
    rmSync(folder, { recursive: true, force: true })
  }
}

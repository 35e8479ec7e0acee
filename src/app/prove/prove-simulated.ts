/**
 * Campaigns in simulated centres, several of which are judged at the same time, each in a thread of its own. The result is the same,
 * to the byte, whatever the number of threads: parts are told in the order of their seeds.
 */
import { availableParallelism } from 'node:os'
import type { CampaignSpec } from '../../prove/spec.ts'
import type { Progress } from '../progress.ts'
import { type Proof, placedDays, proofOf } from './prove.ts'
import type { ProvedPart } from './prove-background.ts'
import { type CentreTask, proveCentre } from './prove-centre.ts'
import { proveInWorker } from './prove-in-worker.ts'
import type { Centre } from './simulated.ts'

export interface ProveSimulatedOptions {
  centre: Centre
  /** Centres; their seeds count up from `seed`. */
  worlds: number
  campaigns: readonly CampaignSpec[]
  seed: number
  /** Centres at the same time; 1: in this thread. */
  workers: number
  /** What a worker runs; default: the build's own. */
  worker_url?: URL
  progress: Progress
  signal: AbortSignal
}

export async function proveSimulated(options: ProveSimulatedOptions): Promise<Proof> {
  const { centre, worlds, campaigns, seed, progress, signal } = options
  const workers = Math.min(worlds, options.workers)
  // centres are simulated and judged once without, and once with each campaign
  progress.phase('proving', worlds * (2 * centre.days + placedDays(campaigns, centre.days)), 'days')
  const onDay = (): void => progress.advance(1)
  const parts: ProvedPart[] = []
  const failed = new AbortController()
  let next = 0
  const proveNext = async (): Promise<void> => {
    while (next < worlds && !signal.aborted && !failed.signal.aborted) {
      const at = next++
      const task: CentreTask = { centre, campaigns, seed, centre_seed: seed + at }
      parts[at] = await (workers === 1
        ? proveCentre(task, { onDay, signal })
        : proveInWorker(task, { onDay, signal, failed: failed.signal, url: options.worker_url }))
    }
  }
  try {
    await Promise.all(
      Array.from({ length: workers }, () =>
        proveNext().catch((error) => {
          failed.abort()
          throw error
        }),
      ),
    )
  } finally {
    progress.done()
  }
  const told = parts.filter((part) => part !== undefined)
  const complete = told.length === worlds && told.every((part) => part.complete)
  return proofOf(told, { campaigns, seed, complete })
}

/** Measured at the usual scale: 390 MB with 120 days, 750 MB with 400. */
const bytesOfCentre = ({ days }: Centre): number => 300e6 + 1.5e6 * days

/** As many as there are cores, and as fit into most of the memory that is free. */
export function usualWorkers(centre: Centre): number {
  const fitting = Math.floor((0.8 * process.availableMemory()) / bytesOfCentre(centre))
  return Math.max(1, Math.min(availableParallelism(), fitting))
}

/**
 * What detection costs on this machine, on days that are made from a seed, beside baselines of the same run: a tick of a large
 * site, all days of a site judged again, and whether evidence is the same to the last bit however the days are handed in.
 */
import type { Progress } from '../progress.ts'
import { version } from '../version.ts'
import { benchIdentity, type IdentityResult, identityDays } from './bench-identity.ts'
import { benchRescoring, type RescoringResult } from './bench-rescoring.ts'
import { benchTick, type TickResult } from './bench-tick.ts'
import { type Machine, machineNow } from './machine.ts'

export const benchSizes = {
  small: {
    tick: { entities: 1_000, pools: 60, history_days: 50 },
    rescored: [{ entities: 300, pools: 30, days: 45, repeat: 3 }],
    identity: { entities: 200, pools: 25, days: 40 },
    repeat: 3,
  },
  full: {
    tick: { entities: 100_000, pools: 5_000, history_days: 50 },
    rescored: [
      { entities: 1_000, pools: 50, days: 400, repeat: 3 },
      { entities: 5_000, pools: 250, days: 400, repeat: 1 },
    ],
    identity: { entities: 1_000, pools: 50, days: 100 },
    repeat: 3,
  },
} as const
export type BenchSize = keyof typeof benchSizes

/** What is aimed at, on one core; each is told beside what was measured at this size. */
export const goals = {
  tick: { entities: 100_000, pools: 5_000, seconds: 3, state_bytes: 1.2e9 },
  rescoring: { days: 400, seconds: 600 },
} as const

export interface BenchDetectOptions {
  size: BenchSize
  seed: number
  /** Instead of those of the size: pairs of the tick's site, and at most as many of the others; days, of history and judged again. */
  entities?: number
  days?: number
  repeat?: number
  progress: Progress
  signal?: AbortSignal
}

export interface DetectBench {
  weir: string
  bench: 'detect'
  size: BenchSize
  seed: number
  /** Days of ticks that were measured. */
  repeat: number
  machine: Machine
  goals: typeof goals
  tick: TickResult & { entities: number; pools: number }
  rescoring: RescoringResult[]
  identity: IdentityResult
}

const leastPools = 20
/** Pools of a site of so many pairs, unless its size says otherwise. */
const pairsPerPool = 20

export async function benchDetect({
  size,
  seed,
  progress,
  signal,
  ...asked
}: BenchDetectOptions): Promise<DetectBench> {
  const plan = benchSizes[size]
  const repeat = asked.repeat ?? plan.repeat
  const onDay = (): void => progress.advance(1)
  const common = { seed, onDay, signal }
  const machine = machineNow()

  const { entities, pools } = asked.entities === undefined ? plan.tick : siteOf(asked.entities)
  const history_days = Math.min(asked.days ?? plan.tick.history_days, plan.tick.history_days)
  progress.phase('ticks', history_days + repeat, 'days')
  const tick = await benchTick({ ...common, entities, pools, history_days, repeat })

  const rescoring: RescoringResult[] = []
  for (const each of plan.rescored) {
    const site = asked.entities === undefined ? each : siteOf(Math.min(each.entities, asked.entities))
    const [days, repeat] = [asked.days ?? each.days, asked.repeat ?? each.repeat]
    progress.phase('days', days * repeat, 'days')
    rescoring.push(await benchRescoring({ ...common, ...site, days, repeat }))
  }

  const days = Math.min(asked.days ?? plan.identity.days, plan.identity.days)
  const small = asked.entities === undefined ? plan.identity : siteOf(Math.min(plan.identity.entities, asked.entities))
  progress.phase('bits', identityDays(days), 'days')
  const identity = await benchIdentity({ ...common, ...small, days })
  progress.done()
  return {
    ...{ weir: version, bench: 'detect', size, seed, repeat, machine, goals },
    tick: { entities, pools, ...tick },
    ...{ rescoring, identity },
  }
}

export function isIdentical({ identity }: Pick<DetectBench, 'identity'>): boolean {
  return identity.checks.every(({ equal }) => equal)
}

function siteOf(entities: number): { entities: number; pools: number } {
  return { entities, pools: Math.max(leastPools, Math.round(entities / pairsPerPool)) }
}

/** The range behind the command line: scenarios by name, and progress in days. */
import { AppError } from '../model/errors.ts'
import { type Generated, generateRange } from '../range/generate.ts'
import { isMutatorName, type MutatorName, mutatorNames } from '../range/mutators/names.ts'
import { scenarios } from '../range/scenarios/index.ts'
import type { Scenario } from '../range/scenarios/scenario.ts'
import type { Progress } from './progress.ts'

export interface SimulateOptions {
  scenario: string
  directory: string
  seed: number
  scale: number
  /** Undefined: the scenario's own. */
  days: number | undefined
  declared: number
  /** Names of what is done to the logs. */
  mutate?: readonly string[]
  progress: Progress
  signal: AbortSignal
}

export type Simulated = Generated & { days: number }

export function listScenarios(): readonly Scenario[] {
  return scenarios
}

export async function simulate({ scenario: name, progress, ...options }: SimulateOptions): Promise<Simulated> {
  const scenario = scenarios.find((each) => each.name === name)
  if (!scenario) {
    const names = scenarios.map((each) => each.name).join(', ')
    throw new AppError('usage', `no scenario '${name}': expected one of ${names}`)
  }
  const mutate = mutatorsNamed(options.mutate ?? [])
  const days = options.days ?? scenario.days
  progress.phase('range', days, 'days')
  try {
    const generated = await generateRange({ ...options, mutate, scenario, days, onDay: () => progress.advance(1) })
    return { ...generated, days }
  } finally {
    progress.done()
  }
}

function mutatorsNamed(names: readonly string[]): MutatorName[] {
  const unknown = names.find((name) => !isMutatorName(name))
  if (unknown !== undefined)
    throw new AppError('usage', `no mutator '${unknown}': expected some of ${mutatorNames.join(', ')}`)
  return mutatorNames.filter((name) => names.includes(name))
}

/** The campaign of `s1` that rests most of the time: while it runs, at its rate; what it takes is its share of hours less. */
import type { Duty, Scenario } from './scenario.ts'
import { thinPetabyte } from './thefts.ts'

function resting(name: string, when: string, duty: Duty): Scenario {
  const [campaign] = thinPetabyte.campaigns
  return {
    ...thinPetabyte,
    name,
    story: `the thin petabyte of s1 ${when}, at its rate while it runs, and not at all otherwise`,
    campaigns: [{ ...campaign, id: name, duty }],
  }
}

export const dutyCycles: readonly Scenario[] = [
  resting('s1-duty-5', 'in 5 % of all hours', { share_of_hours: 0.05 }),
  resting('s1-duty-10', 'in 10 % of all hours', { share_of_hours: 0.1 }),
  resting('s1-duty-30', 'in 30 % of all hours', { share_of_hours: 0.3 }),
  resting('s1-weekends', 'on weekends only', 'weekends'),
]

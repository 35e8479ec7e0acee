/** Days on which nobody steals and nothing is as it was: what befalls everybody at once. */
import type { Scenario } from './scenario.ts'

/** Both begin on a Monday, late enough for whatever learns to have learnt. */
const day = 84

export const firstHoliday: Scenario = {
  name: 'holiday',
  story: 'nobody steals: five days on which people are away, and there was no such day before',
  twin: 'clean',
  days: 120,
  campaigns: [],
  events: { first_holiday: { day, lasts_days: 5 } },
}

export const shutdown: Scenario = {
  name: 'shutdown',
  story: 'nobody steals: nearly nothing runs for five days, and what was not done is done in the ten days after',
  twin: 'clean',
  days: 120,
  campaigns: [],
  events: { shutdown: { day, lasts_days: 5, catch_up_days: 10 } },
}

import { expect, test } from 'vitest'
import { Shuffler } from '../../testing/permutation.ts'
import { WeeklyWager } from './weekly-wager.ts'

const uniform = (draw: Shuffler): number => (draw.below(0x40000000) + 0.5) / 0x40000000

/** Largest evidence in a year of weeks, as 1 in …; `after` week 30 they are denser by so much. */
function largest(draw: Shuffler, after = 0): number {
  const wager = new WeeklyWager()
  let most = 0
  for (let week = 0; week < 52; week++) {
    // ties are common: a density of few edges takes few values
    const value = Math.round(10 * (uniform(draw) + (week >= 30 ? after : 0)))
    wager.week(value, uniform(draw))
    most = Math.max(most, Math.exp(wager.log_e))
  }
  return most
}

test('among exchangeable weeks it grows a twentyfold in no more than one year of twenty', () => {
  const draw = new Shuffler(3)
  const years = 4000
  let many = 0
  let some = 0
  for (let year = 0; year < years; year++) {
    const most = largest(draw)
    if (most >= 20) many++
    if (most >= 5) some++
  }
  // Ville: 5 % and 20 % at most
  expect(many / years).toBeLessThan(0.05)
  expect(some / years).toBeLessThan(0.2)
})

test('weeks that are denser than all before make it grow, though they are a past to each other', () => {
  const draw = new Shuffler(4)
  const years = 100
  let many = 0
  for (let year = 0; year < years; year++) if (largest(draw, 1) >= 20) many++
  expect(many / years).toBeGreaterThan(0.9)
})

import { expect, test } from 'vitest'
import { oracleDays, oracleLevels } from './oracle.ts'

/** Levels of 9 and 11 in turn: mean 10, and a sum of squares of 40. */
const swinging = Float64Array.from({ length: 40 }, (_, day) => Math.expm1(day % 2 === 0 ? 9 : 11) * 1e6)
const shifted = (by: number): Float64Array =>
  swinging.map((bytes, day) => (day < 20 ? 0 : (bytes + 1e6) * Math.expm1(by)))

test('two hosts that shift by one deviation are found in half the time of one', () => {
  const sd = Math.sqrt(40 / 39)
  const host = { clean: swinging, added: shifted(sd) }
  const alone = oracleDays([host], oracleLevels.bytes, 1)
  expect(alone).toBeCloseTo(Math.log(365) * 2, 6)
  expect(oracleDays([host, host], oracleLevels.bytes, 1)).toBeCloseTo(alone / 2, 9)
})

test('what takes nothing is never found', () => {
  expect(oracleDays([{ clean: swinging, added: new Float64Array(40) }], oracleLevels.bytes, 1)).toBe(
    Number.POSITIVE_INFINITY,
  )
})

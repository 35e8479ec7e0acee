/** Conservation with more rounds than tier 1 has time for, and over months. The seed is printed and can be set. */
import { describe, test } from 'vitest'
import { anySplitGivesTheSameAnswers, lateRecordsStayExact } from '../support/properties.ts'

const seed = Number(process.env.WEIR_SEED ?? 20_260_101)
console.log(`conservation with WEIR_SEED=${seed}`)
const timeout = 600_000
const anchor = { date: '2026-04-10', by: 'us', reason: 'audited' }
const configs = [{ retention: { flows_days: 120 }, anchor }]

describe('any split and any order of the input gives the same answer to every question', () => {
  test('over some days', { timeout }, () => anySplitGivesTheSameAnswers({ span_days: 5, flows: 14, rounds: 3, seed }))
  test('over months', { timeout }, () =>
    anySplitGivesTheSameAnswers({ span_days: 80, flows: 3, strangers: 14, configs, rounds: 1, seed }),
  )
})

describe('records that come after the detail of their day is gone add up exactly', () => {
  test('day by day', { timeout }, () =>
    lateRecordsStayExact({ flows: 14, flows_days: 2, long: false, rounds: 2, seed }),
  )
  test('in sum, of long connections too', { timeout }, () =>
    lateRecordsStayExact({ flows: 10, flows_days: 1, long: true, rounds: 2, seed }),
  )
})

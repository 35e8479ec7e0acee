/**
 * Conservation: whatever is logged, in whatever order, however often and over however many runs, the books say the same,
 * and what they say of bytes is what an independent count says. A few rounds with a fixed seed; test/long/ has many.
 */
import { describe, test } from 'vitest'
import { anySplitGivesTheSameAnswers, lateRecordsStayExact } from './support/properties.ts'

const seed = 20_260_101
const timeout_ms = 60_000

describe('any split and any order of the input over several runs gives the same answer to every question', () => {
  test('over some days', () => anySplitGivesTheSameAnswers({ span_days: 5, flows: 10, rounds: 1, seed }), timeout_ms)
})

describe('records that come after the detail of their day is gone', () => {
  test(
    'add up exactly, day by day',
    () => lateRecordsStayExact({ flows: 12, flows_days: 2, long: false, rounds: 1, seed }),
    timeout_ms,
  )

  test(
    'of long connections too, in sum',
    () => lateRecordsStayExact({ flows: 8, flows_days: 1, long: true, rounds: 1, seed }),
    timeout_ms,
  )
})

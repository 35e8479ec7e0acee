/**
 * Conservation: whatever is logged, in whatever order, however often and over however many runs, the books say the same,
 * and what they say of bytes is what an independent count says. A few rounds; test/long/ has many.
 */
import { describe, test } from 'vitest'
import { anySplitGivesTheSameAnswers, lateRecordsStayExact } from './support/properties.ts'

const rounds = Number(process.env.WEIR_ROUNDS ?? 4)
const seed = process.env.WEIR_SEED === undefined ? undefined : Number(process.env.WEIR_SEED)
const timeout_ms = 20_000 * Math.max(2, rounds)

describe('any split and any order of the input over several runs gives the same answer to every question', () => {
  test('over some days', () => anySplitGivesTheSameAnswers({ span_days: 5, flows: 12, rounds, seed }), timeout_ms)

  test(
    'over months: what is known, novel, rare or common does not depend on who was told first',
    () => {
      const retention = { flows_days: 120, named_days: 180 }
      const anchor = { date: '2026-04-10', by: 'us', reason: 'audited' }
      const configs = [{ retention }, { retention, anchor }]
      return anySplitGivesTheSameAnswers({ span_days: 80, flows: 6, strangers: 24, configs, rounds, seed })
    },
    timeout_ms,
  )
})

describe('records that come after the detail of their day is gone', () => {
  test(
    'add up exactly, day by day',
    () => lateRecordsStayExact({ flows: 12, flows_days: 2, long: false, rounds, seed }),
    timeout_ms,
  )

  test(
    'of long connections too, in sum',
    () => lateRecordsStayExact({ flows: 8, flows_days: 1, long: true, rounds, seed }),
    timeout_ms,
  )
})

import { expect, test } from 'vitest'
import { type BuiltRow, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { ExpectationCaps } from './expectation-overrun.ts'

const expectations = [{ explanation_id: 4, name: 'EXP-7', max_bytes_per_day: 100n }]
const matched = (bytes_out: number, tick: number): BuiltRow => ({
  peer: 1,
  bytes_out,
  tick,
  explanation: 4,
  unexplained: false,
})

test('up to the cap all is explained, and nothing is told', () => {
  const rows = dayRowsOf(0, [matched(60, 1), matched(40, 2)])
  expect(new ExpectationCaps({ expectations }).apply(rows)).toEqual([])
  expect([...rows.unexplained]).toEqual([0, 0])
})

test('the row that crosses the cap is explained, the rest of the day is not; the next day starts anew', () => {
  const caps = new ExpectationCaps({ expectations })
  const rows = dayRowsOf(0, [matched(5, 9), matched(60, 1), matched(50, 2), matched(10, 3)])
  const notices = caps.apply(rows)
  expect([...rows.unexplained]).toEqual([0, 0, 1, 1])
  expect([...rows.explanation]).toEqual([4, 4, 0, 0])
  expect(notices).toEqual([
    {
      id: 'expectation_overrun:EXP-7:1970-01-01',
      kind: 'policy',
      at_ms: 1_800_000,
      text: "Expectation 'EXP-7' allows 100 B a day; on 1970-01-01 125 B matched it, 25 B more",
      facts: {
        expectation: 'EXP-7',
        max_bytes_per_day: 100n,
        bytes_out: 125n,
        excess_bytes: 25n,
        unexplained_bytes: 15n,
      },
    },
  ])
  const next = dayRowsOf(1, [matched(99, 1)])
  expect(caps.apply(next)).toEqual([])
  expect([...next.unexplained]).toEqual([0])
})

test('after a row that fills the cap to the byte the next one is unexplained', () => {
  const rows = dayRowsOf(0, [matched(100, 1), matched(1, 2)])
  const notices = new ExpectationCaps({ expectations }).apply(rows)
  expect([...rows.unexplained]).toEqual([0, 1])
  expect(notices.map(({ at_ms }) => at_ms)).toEqual([1_800_000])
})

test('rows of other expectations, of none, and unexplained ones use nothing of the cap', () => {
  const rows = dayRowsOf(0, [
    { peer: 1, bytes_out: 1000, explanation: 5, unexplained: false },
    { peer: 1, bytes_out: 1000, unexplained: false },
    { peer: 1, bytes_out: 1000, explanation: 4, unexplained: true },
    matched(100, 3),
  ])
  expect(new ExpectationCaps({ expectations }).apply(rows)).toEqual([])
  expect([...rows.unexplained]).toEqual([0, 0, 1, 0])
})

test('what only fits is bounded by the cap as well: beyond it, it fits nothing', () => {
  const fitting = (bytes_out: number, tick: number): BuiltRow => ({ ...matched(bytes_out, tick), unexplained: true })
  const rows = dayRowsOf(0, [fitting(60, 1), matched(50, 2), fitting(1, 3), matched(40, 4)])
  expect(new ExpectationCaps({ expectations }).apply(rows)).toEqual([])
  expect([...rows.unexplained]).toEqual([1, 0, 1, 0])
  expect([...rows.explanation]).toEqual([4, 4, 0, 4])
})

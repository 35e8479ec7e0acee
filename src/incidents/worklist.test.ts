import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayMs } from '../model/window.ts'
import { rankWorkItems, type WorkDraft, weekOf } from './worklist.ts'

fc.configureGlobal({ seed: 20_260_324 })

const monday = Date.UTC(2026, 2, 23)

const draft = (subject: string, log10_e: number, more: Partial<WorkDraft> = {}): WorkDraft => ({
  at_ms: monday + dayMs,
  detector: 'fan_in',
  subject,
  text: `${subject} stands out.`,
  log10_e,
  facts: {},
  ...more,
})

test('weeks begin on Monday, also before the epoch', () => {
  expect([0, 1, 6].map((days) => weekOf(monday + days * dayMs + 5))).toEqual([monday, monday, monday])
  expect(weekOf(monday - 1)).toBe(monday - 7 * dayMs)
  expect(new Date(weekOf(-1)).getUTCDay()).toBe(1)
})

test('one item for each subject and week: the strongest', () => {
  const items = rankWorkItems([draft('a', 1), draft('a', 3, { detector: 'lockstep' }), draft('b', 2), draft('a', 2)])
  expect(items.map(({ rank, subject, detector }) => [rank, subject, detector])).toEqual([
    [1, 'a', 'lockstep'],
    [2, 'b', 'fan_in'],
  ])
})

test('what is apart hides nothing of the same subject, and is not hidden by it', () => {
  const items = rankWorkItems([
    draft('account:a', 3),
    ...[2, 1].map((log10_e) => draft('account:a', log10_e, { detector: 'unfollowed_reads', is_apart: true })),
  ])
  expect(items.map(({ detector, log10_e }) => [detector, log10_e])).toEqual([
    ['fan_in', 3],
    ['unfollowed_reads', 2],
  ])
  expect(new Set(items.map(({ id }) => id)).size).toBe(2)
  expect(items.every((item) => !('is_apart' in item))).toBe(true)
})

test('at most 20 a week, each week on its own, the latest first', () => {
  const both = [0, 7].flatMap((days) =>
    Array.from({ length: 30 }, (_, i) => draft(`s${i}`, i, { at_ms: monday + days * dayMs })),
  )
  const items = rankWorkItems(both)
  expect(items.map(({ rank }) => rank)).toEqual([...Array(20).keys(), ...Array(20).keys()].map((i) => i + 1))
  expect([items[0].week_ms, items[20].week_ms]).toEqual([monday + 7 * dayMs, monday])
  expect(items.slice(20, 22).map(({ subject }) => subject)).toEqual(['s29', 's28'])
  expect(rankWorkItems(both, 3).length).toBe(6)
})

test('the id stays while the evidence of a subject grows or changes its detector', () => {
  const [first] = rankWorkItems([draft('a', 1)])
  const later = rankWorkItems([draft('b', 9), draft('a', 2, { detector: 'lockstep', at_ms: monday + 6 * dayMs })])
  expect(first.id).toMatch(/^WORK-2026-03-23-[0-9a-f]{4}$/)
  expect(later.find(({ subject }) => subject === 'a')?.id).toBe(first.id)
  expect('at_ms' in first).toBe(false)
})

test('what has no number for its evidence is no item', () => {
  expect(rankWorkItems([draft('a', Number.NaN)])).toEqual([])
})

test('the order in which items come does not matter', () => {
  const drafts = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(3), fc.constantFrom('x', 'y'), fc.nat(20)))
  fc.assert(
    fc.property(drafts, (plain) => {
      const all = plain.map(([subject, e, detector, day]) =>
        draft(subject, e, { detector, at_ms: monday + day * dayMs }),
      )
      expect(rankWorkItems([...all].reverse())).toEqual(rankWorkItems(all))
    }),
  )
})

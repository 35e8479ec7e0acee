import { expect, test } from 'vitest'
import { dayRowsOf } from '../../testing/day-rows-builder.ts'
import { anchorBlocks, blockDays, Creep } from './creep.ts'

const GB = 1e9
const anchorDays = anchorBlocks * blockDays

/** Notices of so many days, of a site with one role whose bytes a day are `bytesOn`. */
function told(days: number, bytesOn: (day: number) => number, growth = 0.02, age_days?: number) {
  const creep = new Creep({ growth_per_month: growth })
  return Array.from({ length: days }, (_, day) =>
    creep.day(
      dayRowsOf(day, [
        { peer: 1, bytes_out: 100 * GB, role: 1 },
        { peer: 2, bytes_out: bytesOn(day), role: 2, age_days },
      ]),
    ),
  ).flatMap(({ notices }) => notices)
}

test('a level that grows as agreed is silent for years', () => {
  expect(told(1000, (day) => 50 * GB * 1.0199 ** (day / 30))).toEqual([])
})

test('a step is told at the end of its block, with what left beyond the line', () => {
  const [notice, ...more] = told(anchorDays + 2 * blockDays, (day) => (day < anchorDays ? 50 : 70) * GB, 0)
  expect(notice).toMatchObject({
    id: 'creep:role:dtn:all:1.25:1970-04-22',
    kind: 'policy',
    at_ms: (anchorDays + blockDays) * 86_400_000,
    facts: {
      ...{ ratio: 1.25, level_bytes_per_day: 70 * GB, anchor_bytes_per_day: 50 * GB, allowed_bytes_per_day: 50 * GB },
      beyond_bytes: BigInt(blockDays * 20 * GB),
    },
  })
  expect(notice.text).toBe(
    'the usual day of role:dtn to all peers is 70.0 GB now, 140 % of what its first 84 days and the agreed growth allow; ' +
      '560 GB have left beyond that',
  )
  expect(more).toEqual([])
})

test('a ramp however slow is told, at each step anew; nothing of it becomes the line', () => {
  const ratios = told(730, (day) => 50 * GB * (1 + Math.max(0, day - anchorDays) / 200), 0)
    .filter(({ facts }) => facts?.subject === 'role:dtn')
    .map(({ facts }) => facts?.ratio)
  expect(ratios).toEqual([1.25, 1.5, 2, 3, 4])
})

test('single days of any size are no level', () => {
  expect(told(300, (day) => (day % 5 === 0 ? 5000 : 50) * GB)).toEqual([])
})

test('what grows to newcomers only is told of them, once their age can be known', () => {
  const notices = told(300, (day) => (day < 180 ? 2 : 4) * GB, 0, 3)
  expect(notices.map(({ id }) => id.slice(0, id.lastIndexOf(':')))).toEqual([
    'creep:role:dtn:all:1.5',
    'creep:site:fresh:1.5',
    'creep:role:dtn:fresh:1.5',
  ])
})

test('what began small or from nothing is told once it is large beside the site', () => {
  const grown = told(600, (day) => Math.min(60 * GB, 1e6 * 1.03 ** day), 0)
  expect(grown.filter(({ facts }) => facts?.subject === 'role:dtn').length).toBeGreaterThan(2)
  const sudden = told(300, (day) => (day < 150 ? 0 : 20) * GB, 0)
  expect(sudden.map(({ facts }) => [facts?.subject, facts?.ratio])).toEqual([['role:dtn', 16]])
})

test('what is small beside the site is not told, and what falls back is told again', () => {
  expect(told(300, (day) => (day < 150 ? 0.2 : 0.9) * GB, 0)).toEqual([])
  const twice = told(600, (day) => ((day > 200 && day < 260) || day > 450 ? 70 * GB : 50 * GB), 0)
  expect(twice.filter(({ facts }) => facts?.ratio === 1.25).map(({ facts }) => facts?.subject)).toEqual([
    'role:dtn',
    'role:dtn',
  ])
})

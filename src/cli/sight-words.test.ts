import { expect, test } from 'vitest'
import type { SightFacts } from '../app/doctor/checks/sight.ts'
import { buildSight, type SightMore, sightDay_ms } from '../testing/sight-builder.ts'
import { sightText } from './prove/sight-text.ts'
import { sightLines } from './sight-words.ts'

const none: SightFacts = { days: 150, days_needed: 60, possible_from_ms: sightDay_ms, last: null, reference: null }
const linesOf = (more: Partial<SightFacts>): string[] =>
  sightLines({ ...none, ...more }, './weir-state', (parts) => [parts.join(' · ')])
const proven = (more: SightMore = {}): string[] => linesOf({ last: buildSight(more) })

test('when, what was placed, after how long it was found, and the floors', () => {
  expect(proven()).toEqual([
    'proven 2026-05-01: 3.00 GB a day from 30 hosts over 30 days, found after 6.2 days',
    'seen once, a day: whole site 1.50 GB · dtn 600 MB · vault cfd at most 300 MB',
  ])
})

test('never, with the command; too young, with the date; nothing at all', () => {
  expect(linesOf({})).toEqual(['never proven: run weir prove --sight'])
  expect(linesOf({ days: 41 })).toEqual([
    'not proven yet: 41 of the 60 days that it takes; possible from 2026-05-01 on',
  ])
  expect(linesOf({ days: 0, possible_from_ms: null })).toEqual(['not proven yet: nothing has left'])
  expect(sightLines(none, '/srv/a b', (parts) => [...parts])).toEqual([
    "never proven: run weir prove --state '/srv/a b' --sight",
  ])
})

test('not found is loud where it should have been, calm where the books are young', () => {
  const standing = { found: false, delay_days: null, bytes_lost: null }
  expect(proven({ standing })[0]).toBe('tried 2026-05-01: 3.00 GB a day from 30 hosts over 30 days, NOT FOUND')
  const young = proven({ standing, is_mature: false, history_days: 41 })
  expect([young[0], young.at(-1)]).toEqual([
    'tried 2026-05-01: 3.00 GB a day from 30 hosts over 30 days, not found yet',
    'that is usual with 41 days of history; with 90 it must be found',
  ])
})

test('what limits the proof is said', () => {
  const lines = proven({ complete: false, own_incidents: ['INC-1', 'INC-2'], floors: [] })
  expect(lines.slice(1)).toEqual([
    'stopped early: floors are missing',
    'INC-1 and 1 more in the same days may take in what is placed: judge first',
  ])
  expect(proven({ draws: 2, floors: [] })[1]).toBe(
    'missed with other hosts and peers 1 time, then found: sight is weak',
  )
  const joined = { delay_days: null, bytes_lost: null }
  expect(proven({ standing: joined })[0]).toMatch(/, joined an open incident$/)
})

test('a floor above all sizes is told as the largest of them', () => {
  const floors = [{ ...buildSight().floors[1], share: null, gb_per_day: null }]
  expect(proven({ floors })[1]).toBe('seen once, a day: dtn more than 30.0 GB')
})

test('the run itself tells the same, and a name of a vault drives no terminal', () => {
  const floors = [{ ...buildSight().floors[2], vault: 'a\u001b[2J\nforged' }]
  const text = sightText(buildSight({ floors, not_placed: [{ vault: null, path: 'vpn', reason: 'no host' }] }), './s')
  expect(text).toContain('3.00 GB a day from 30 hosts over 30 days, found after 6.2 days, 18.0 GB gone by then')
  expect(text).toMatch(/vault a\\u001b\[2J\\nforged +3 +at most 300 MB +0\.1 %/)
  expect(text).toContain('not placed: vpn: no host')
  expect(text).not.toContain('\u001b[2J')
  expect(sightText({ reason: 'the books hold 3 of 60 days', possible_from_ms: sightDay_ms }, './s')).toContain(
    'cannot be proven yet: the books hold 3 of 60 days; possible from 2026-05-01 on',
  )
})

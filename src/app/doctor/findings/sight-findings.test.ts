import { expect, test } from 'vitest'
import { dayMs } from '../../../model/window.ts'
import { buildSight, type SightMore, sightDay_ms } from '../../../testing/sight-builder.ts'
import type { SightFacts } from '../checks/sight.ts'
import type { Finding } from './finding.ts'
import { sightFindings } from './sight-findings.ts'

const none: SightFacts = { days: 150, days_needed: 60, possible_from_ms: sightDay_ms, last: null, reference: null }

function findingsOf(sight: Partial<SightFacts>, judged_until_ms: number | null = sightDay_ms): Finding[] {
  const judged = { maturity: [], budget: null, incidents: 0, open_incidents: 0, worklist: 0, judged_until_ms }
  return sightFindings({ sight: { ...none, ...sight }, judged }, ' --state /srv/w')
}
const proven = (more: SightMore = {}): Partial<SightFacts> => ({ last: buildSight(more) })
const idsOf = (findings: readonly Finding[]): string[] => findings.map(({ severity, id }) => `${severity} ${id}`)

test('a proof of last night in which everything was found is nothing to tell', () => {
  expect(findingsOf({ ...proven(), reference: buildSight() })).toEqual([])
  expect(findingsOf(proven(), null)).toEqual([])
})

test('books that are old enough and were never proven are told so, young ones are not', () => {
  const [finding, ...more] = findingsOf({})
  expect(idsOf([finding, ...more])).toEqual(['hint sight_never'])
  expect(finding.command).toBe('weir prove --sight --state /srv/w')
  expect(findingsOf({ days: 59 })).toEqual([])
})

test('a theft that must be found and was not is an alarm on ourselves', () => {
  const [finding, ...more] = findingsOf(
    proven({ draws: 3, standing: { found: false, delay_days: null, bytes_lost: null } }),
  )
  expect(idsOf([finding, ...more])).toEqual(['blind sight_lost'])
  expect(finding.statement).toBe(
    'a virtual theft of 3.00 GB a day from 30 hosts was not found within its 30 days in 3 draws, until 2026-04-30: a real one of this size would not be seen either',
  )
  expect(finding.command).toBe('weir prove --sight --state /srv/w')
})

test('with little history it is none', () => {
  expect(findingsOf(proven({ is_mature: false, history_days: 41, standing: { found: false } }))).toEqual([])
})

test('an incident that nobody judged is the first thing to see to', () => {
  const [finding] = findingsOf(proven({ own_incidents: ['INC-1', 'INC-2'], standing: { found: false } }))
  expect(finding.next_step).toContain('judge INC-1 first')
})

test('books that were judged more than two days beyond the proof are told', () => {
  expect(findingsOf(proven(), sightDay_ms + 2 * dayMs)).toEqual([])
  const [finding, ...more] = findingsOf(proven(), sightDay_ms + 3 * dayMs)
  expect(idsOf([finding, ...more])).toEqual(['doubt sight_stale'])
  expect(finding.statement).toBe('sight was last proven on books until 2026-04-30; they were judged 3.0 days further')
})

test('floors that rose more than three times are told, the worst by name', () => {
  const reference = buildSight()
  const floors = reference.floors.map((floor, i) => ({ ...floor, gb_per_day: [7.5, 1.2, null][i] }))
  const [finding, ...more] = findingsOf({ ...proven({ floors }), reference })
  expect(idsOf([finding, ...more])).toEqual(['blind sight_worse'])
  expect(finding.statement).toBe(
    'less is seen than on 2026-04-30: then 300 MB a day out of vault cfd were enough, now nothing that was tried is seen; 1 other floor rose as well',
  )
  const site = findingsOf({ ...proven({ floors: floors.slice(0, 2) }), reference })
  expect(site[0].statement).toBe(
    'less is seen than on 2026-04-30: then 1.50 GB a day of the whole site were enough, now it takes 7.50 GB',
  )
})

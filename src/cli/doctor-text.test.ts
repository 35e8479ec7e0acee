import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { judgedOf } from '../app/doctor/checks/judged.ts'
import type { Maturity } from '../model/incident.ts'
import { taggedJson } from '../model/tagged-json.ts'
import { buildFindings, buildIncident } from '../testing/incident-builder.ts'
import { maturityTable } from './doctor-text.ts'

const day = (text: string): number => Date.parse(`${text}T00:00Z`)
const row = (pool: string, channel: string, scale: Maturity['scale'], mature: string | null): Maturity => ({
  ...{ pool, channel, scale, ticks: 7 },
  level: mature === null ? 'mature' : 'weak',
  mature_from_ms: mature === null ? null : day(mature),
})

test('maturity is one line for each kind of pool, with the dates of the next and the last', () => {
  const rows = [
    row('site', 'all', '10 min', null),
    row('site', 'all', '1 h', null),
    row('site', 'fresh', '1 h', '2026-05-01'),
    row('site', 'all', '1 d', '2026-06-01'),
    row('role:dtn', 'all', '1 h', null),
    row('role:login', 'all', '1 h', null),
    { ...row('vault:cfd', 'all', '1 d', '2026-07-01'), level: 'policy_only' as const },
  ]
  expect(maturityTable(rows).map(stripVTControlCharacters)).toEqual([
    'sums by  10 min  1 h            1 d          next mature  last mature',
    'site     mature  1 of 2 mature  weak         2026-05-01   2026-06-01',
    'role             mature',
    'vault                           policy only  2026-07-01   2026-07-01',
  ])
  expect(maturityTable([])).toEqual(['no sum was judged'])
})

test('keys are one line, and long scales have a column, once any of their sums bets', () => {
  const young = { ...row('client_fp:ja4', 'all', '1 d', '2026-07-01'), level: 'policy_only' as const }
  const weeks = { ...row('site', 'all', '7 d', '2026-08-01'), level: 'policy_only' as const }
  const days = row('site', 'all', '1 d', null)
  expect(maturityTable([days, young, weeks]).map(stripVTControlCharacters)).toEqual([
    'sums by  10 min  1 h  1 d     next mature  last mature',
    'site                  mature',
  ])
  const old = [days, young, row('project:cfd', 'all', '1 d', null), row('site', 'all', '7 d', '2026-08-01')]
  expect(maturityTable(old).map(stripVTControlCharacters)).toEqual([
    'sums by  10 min  1 h  1 d            7 d   next mature  last mature',
    'site                  mature         weak  2026-08-01   2026-08-01',
    'keys                  1 of 2 mature        2026-07-01   2026-07-01',
  ])
})

test('what is kept of detection is counted, and a state without it was never judged', () => {
  const findings = buildFindings([buildIncident(), { ...buildIncident(), id: 'INC-2', state: 'judged_theft' }])
  expect(judgedOf(new Map([['findings', taggedJson(findings)]]))).toEqual({
    judged_until_ms: findings.judged_until_ms,
    maturity: findings.maturity,
    budget: findings.budget,
    ...{ incidents: 2, open_incidents: 1, worklist: 1 },
  })
  expect(judgedOf(new Map())).toEqual({
    ...{ judged_until_ms: null, maturity: [], budget: null, incidents: 0, open_incidents: 0, worklist: 0 },
  })
})

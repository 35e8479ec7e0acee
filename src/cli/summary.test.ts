import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import type { Analysis } from '../app/report.ts'
import { exactJson } from '../model/exact-json.ts'
import { buildFindings, buildIncident } from '../testing/incident-builder.ts'
import { buildSight } from '../testing/sight-builder.ts'
import { analysisJson } from './analysis-json.ts'
import { summaryText } from './summary.ts'

const share = { account: 0, project: 0, vault: 0 }

const analysisOf = (more: Partial<Analysis> = {}): Analysis => ({
  ...buildFindings([]),
  weir: '0.0.0',
  span: { start_ms: Date.UTC(2026, 0, 5), end_ms: Date.UTC(2026, 1, 4) },
  sources: [],
  passed_over: [],
  ledger: {
    ...{ bytes_out: 9_000_000n, bytes_out_lo: 9_000_000n, bytes_out_hi: 9_000_000n, bytes_in: 1n, flows: 3n },
    ...{ attributed_share: share, explained_bytes_out: 0n, unexplained_bytes_out: 9_000_000n },
  },
  not_egress: {
    ...{ internal_bytes: 0n, transit_bytes: 0n, carrier_bytes: 0n, probes: 0n },
    ...{ corroborating_bytes: 0n, claimed_not_seen_bytes: 0n },
  },
  gaps: [],
  top: { host: [], peer: [], service: [], account: [], vault: [] },
  counts: { hosts: 1, peers: 2 },
  state: { directory: './weir-state', is_new: true, configured: true },
  ...more,
})
const linesOf = (more: Partial<Analysis> = {}): string[] =>
  stripVTControlCharacters(summaryText(analysisOf(more), { elapsed_ms: 1000 })).split('\n')

test('incidents come first: how many, which, and the command that tells more', () => {
  const { incidents } = buildFindings([buildIncident(), { ...buildIncident(), id: 'INC-2026-02-03-0001' }])
  const lines = linesOf({ incidents })
  expect(lines[0]).toBe('Incidents    2 incidents, 2 open')
  expect(lines[1]).toContain(`${incidents[0].id}  open, ${incidents[0].severity}  ${incidents[0].title}`)
  expect(lines[2].trim()).toBe(`weir incident ${incidents[0].id}`)
  expect(lines[4].trim()).toBe('weir incident INC-2026-02-03-0001')
  expect(lines[5]).toBe('Judged       until 2026-02-04 00:00 UTC')
})

test('a state elsewhere is named in every command', () => {
  const state = { directory: '/srv/a b', is_new: false, configured: true }
  const { incidents, worklist } = buildFindings()
  const text = linesOf({ incidents, worklist, state }).join('\n')
  expect(text).toContain(`weir incident --state '/srv/a b' ${incidents[0].id}`)
  expect(text).toContain("1 item: weir worklist --state '/srv/a b'")
})

test('open incidents come before those that were judged', () => {
  const judged = { ...buildIncident(), id: 'INC-judged', state: 'judged_harmless' as const }
  const lines = linesOf({ incidents: [judged, buildIncident()] })
  expect(lines[0]).toBe('Incidents    2 incidents, 1 open')
  expect(lines[1]).toContain(buildIncident().id)
  expect(lines[3]).toContain('INC-judged  judged harmless, ')
})

test('many incidents are one screen all the same', () => {
  const incidents = Array.from({ length: 40 }, (_, i) => ({ ...buildIncident(), id: `INC-${i}` }))
  const lines = linesOf({ incidents })
  expect(lines.filter((line) => line.includes('weir incident INC-'))).toHaveLength(5)
  expect(lines.join('\n')).toContain('and 35 more: weir incidents')
  expect(lines.length).toBeLessThan(40)
})

test('without one it tells until when and how well it was judged, never that all is well', () => {
  const lines = linesOf()
  expect(lines.slice(0, 2)).toEqual([
    'Judged       no incident until 2026-02-04 00:00 UTC',
    '             Sight: of 3 pools and scales 1 mature, 1 weak, 1 blind; the next becomes mature on',
  ])
  expect(lines.join('\n')).toContain('Budget       0.08 of 1 false incident a year spent since 1 January')
  expect(lines.join('\n')).not.toMatch(/all clear|no threat|nothing to worry|clean|safe/i)
  expect(lines.filter((line) => line.length > 100)).toEqual([])
})

test('what was never judged is told so', () => {
  const [first, second] = linesOf({ judged_until_ms: null, maturity: [], worklist: [] })
  expect(first).toBe('Judged       nothing yet: the books hold no closed tick')
  expect(second).toBe('             Sight: no pool was judged.')
})

test('names of logs cannot break out of their line', () => {
  const hostile = { ...buildIncident({ hostile: true }), title: 'a\u001b[31m\nBudget  0 spent' }
  const text = summaryText(analysisOf({ incidents: [hostile] }), { elapsed_ms: 1 })
  expect(text).not.toContain('a\u001b')
  expect(text.split('\n').filter((line) => line.startsWith('Budget  0'))).toEqual([])
})

test('the JSON holds what was found, exactly, and when it was judged', () => {
  const findings = buildFindings()
  const json = JSON.parse(exactJson(analysisJson(analysisOf(findings))))
  expect(json).toMatchObject({
    judged_until_ms: findings.judged_until_ms,
    budget: findings.budget,
    worklist: [{ id: 'L-1', facts: { excess_bytes: 4_200_000_000 } }],
    notices: [{ id: 'N-1' }, { id: 'N-2' }],
    incidents: [{ id: findings.incidents[0].id, bytes_out: { best: Number(findings.incidents[0].bytes_out.best) } }],
  })
  expect(json.maturity).toHaveLength(3)
  expect(json.incidents[0]).not.toHaveProperty('score')
})

test('the last proof of sight is one line, where there is one', () => {
  expect(linesOf({ sight: buildSight() })).toContain(
    'Sight        proven 2026-05-01: 3.00 GB a day from 30 hosts over 30 days, found after 6.2 days',
  )
  expect(linesOf().filter((line) => line.startsWith('Sight'))).toEqual([])
  expect(JSON.parse(exactJson(analysisJson(analysisOf({ sight: buildSight() }))))).toMatchObject({
    last_proof_of_sight_ms: buildSight().at_ms,
  })
})

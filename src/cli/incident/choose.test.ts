import { expect, test } from 'vitest'
import { memberKinds } from '../../model/incident.ts'
import { buildFindings, buildIncident } from '../../testing/incident-builder.ts'
import { incidentIn, verdictOf } from './choose.ts'
import { contractJson, incidentJson, incidentsJson } from './json.ts'
import { anchorOf, factorText, factValueText, ledgerCommand, namedValueText, told } from './words.ts'

const now_ms = Date.UTC(2026, 5, 1)

test('an unknown id is told the ids that there are', () => {
  const findings = buildFindings([buildIncident({ seed: 1 }), buildIncident({ seed: 2 })])
  expect(incidentIn(findings, 'W-1002').id).toBe('W-1002')
  expect(() => incidentIn(findings, 'x\u001b')).toThrow("there is no incident 'x\\u001b'; there are W-1001, W-1002")
  expect(() => incidentIn({ incidents: [] }, 'W-1')).toThrow('there is none at all')
})

test('a verdict says which, why and who, and ends when it is told to', () => {
  const options = { harmless: true, reason: ' a mirror ', owner: 'rk', expires: '2026-12-31' }
  expect(verdictOf('W-1', options, now_ms)).toEqual({
    incident: 'W-1',
    verdict: 'harmless',
    reason: 'a mirror',
    owner: 'rk',
    at_ms: now_ms,
    expires_ms: Date.UTC(2026, 11, 31),
  })
  expect(verdictOf('W-1', { theft: true, reason: 'r', owner: 'o' }, now_ms)).not.toHaveProperty('expires_ms')
})

test.each([
  [{ reason: 'r', owner: 'o' }, 'one of --theft and --harmless is expected'],
  [{ theft: true, harmless: true, reason: 'r', owner: 'o' }, 'one of --theft and --harmless is expected'],
  [{ theft: true, reason: ' ', owner: 'o' }, '--reason is empty'],
  [{ theft: true, reason: 'r', owner: '' }, '--owner is empty'],
  [{ theft: true, reason: 'r', owner: 'o', expires: '2026-02-30' }, 'a date such as 2026-12-31 is expected'],
  [{ theft: true, reason: 'r', owner: 'o', expires: 'soon' }, 'a date such as 2026-12-31 is expected'],
  [{ theft: true, reason: 'r', owner: 'o', expires: '2026-06-01' }, 'is over'],
])('%o is no verdict', (options, message) => {
  expect(() => verdictOf('W-1', options, now_ms)).toThrow(message)
})

test("JSON has the contract's keys first, in its order", () => {
  const incident = buildIncident()
  const contract = [
    ...['id', 'kind', 'title', 'summary', 'state', 'severity', 'log10_evidence', 'silent', 'nearest_own_line'],
    ...['first_activity_ms', 'last_activity_ms', 'detected_at_ms'],
    ...['bytes_out', 'gross_bytes_out', 'bytes_out_at_detection', 'members', 'member_counts', 'candidates'],
    ...['techniques', 'evidence', 'innocent_reading', 'settling_check', 'not_observable', 'proposed_actions'],
  ]
  const keys = Object.keys(incidentJson(incident))
  expect(keys.slice(0, contract.length)).toEqual(contract)
  expect(keys.slice(contract.length)).toEqual([
    ...['client_org_impact', 'history', 'verdict', 'facts', 'sentences', 'score', 'ribbons'],
  ])
  expect(Object.keys(incident).filter((key) => !keys.includes(key))).toEqual([])
  const { members } = contractJson(incident) as { members: Record<string, object[]> }
  expect(Object.keys(members)).toEqual([...memberKinds])
  expect(Object.keys(members.hosts[0]).slice(0, 5)).toEqual(['id', 'name', 'addresses', 'bytes_out', 'weight'])
  const { incidents } = incidentsJson(buildFindings()) as { incidents: object[] }
  expect(incidents[0]).not.toHaveProperty('score')
})

test('values are told with their unit', () => {
  const fact = (
    unit: Parameters<typeof factValueText>[0]['unit'],
    value: number | bigint | string | string[],
  ): string => factValueText({ id: 'x', unit, value, basis: 'observed', derivation: { how: '' } })
  expect(fact('bytes', 61_000_000_000n)).toBe('61.0 GB (61,000,000,000 bytes)')
  expect(fact('bytes_per_day', 1234.5)).toBe('1.24 kB a day')
  expect(fact('count', 12.3456)).toBe('12.35')
  expect(fact('share', 0.004)).toBe('0.4 %')
  expect(fact('log10', 4.2)).toBe('10^4.20')
  expect(
    fact(
      'names',
      Array.from({ length: 22 }, (_, i) => `n${i}`),
    ),
  ).toMatch(/^n0, .*n19 and 2 more$/)
  expect(namedValueText('excess_bytes', 4_200_000_000n)).toBe('4.20 GB')
  expect(namedValueText('anchor_ms', 0)).toBe('1970-01-01 00:00 UTC')
  expect(namedValueText('peers', 1234)).toBe('1,234')
})

test('a factor is told as the chance of ever reaching it', () => {
  expect(factorText(2)).toBe('10^2.00: by chance alone reached with a probability of at most 1 in 100')
  expect(factorText(-1)).toContain('at most 1 in 1')
  expect(factorText(40)).toContain('at most 1 in 10^40.0')
})

test('commands can be pasted into a shell, whatever the names', () => {
  const derivation = { how: '', ledger: ['--by', 'peer', '--where', "vault=a b'; rm -rf ~"] }
  expect(ledgerCommand(derivation)).toBe(`weir ledger --by peer --where 'vault=a b'\\''; rm -rf ~'`)
  expect(ledgerCommand(derivation, './weir-state')).not.toContain('--state')
  expect(ledgerCommand({ how: '', ledger: ['--by', 'day'] }, '/srv/a b')).toBe(
    "weir ledger --state '/srv/a b' --by day",
  )
  expect(ledgerCommand({ how: '' })).toBeUndefined()
})

test('anchors are safe in links, and no two facts share one', () => {
  expect(anchorOf('bytes_out')).toBe('fact-bytes_out')
  const ids = ['a b', 'a~20~b', 'a"b', 'a#b', 'a&b', 'ä']
  expect(new Set(ids.map(anchorOf)).size).toBe(ids.length)
  expect(ids.map(anchorOf).filter((anchor) => !/^[\w.~-]+$/.test(anchor))).toEqual([])
})

test('only sentences are told of which every fact is there', () => {
  const { sentences, facts } = buildIncident()
  expect(told(sentences, facts)).toEqual(sentences)
  expect(told(sentences, []).map(({ id }) => id)).toEqual([])
})

import { describe, expect, test } from 'vitest'
import type { Fact } from '../model/incident.ts'
import { queryColumns } from '../model/ledger-query.ts'
import { dayMs } from '../model/window.ts'
import { type CaseParts, caseOf, caseStart, leadingOf } from '../testing/case-builder.ts'
import { factsOf } from './facts-of.ts'

const factOf = (id: string, parts: CaseParts = {}): Fact | undefined =>
  factsOf(caseOf(parts), { false_incidents_per_year: 1 }).find((fact) => fact.id === id)

describe('where a number can be opened', () => {
  test('all questions to the books use their columns, whole days, and end after they begin', () => {
    const facts = factsOf(
      caseOf({ counts: { hosts: 1, accounts: 2 }, kind: 'fast_theft', last_activity_ms: caseStart }),
    )
    const asked = facts.flatMap(({ derivation }) => (derivation.ledger ? [derivation.ledger] : []))
    expect(asked.length).toBeGreaterThan(20)
    for (const words of asked) {
      const options = words.flatMap((word, i) => (i % 2 === 0 ? [[word, words[i + 1]] as const] : []))
      const of = (name: string) => options.filter(([option]) => option === name).map(([, value]) => value)
      expect(
        of('--by')
          .join()
          .split(',')
          .filter((column) => !queryColumns.includes(column as never)),
      ).toEqual([])
      for (const condition of of('--where')) expect(queryColumns).toContain(condition.slice(0, condition.indexOf('=')))
      expect([...of('--from'), ...of('--to')]).toEqual(['2026-03-24', expect.stringMatching(/^2026-03-2\d$|^2026-04/)])
      expect(Date.parse(of('--to')[0])).toBeGreaterThan(Date.parse(of('--from')[0]))
    }
  })

  test('one host that stands for all is a condition, many are rows', () => {
    const words = factOf('recent_bytes_per_day', { counts: { hosts: 1 } })?.derivation.ledger
    expect(words).toEqual(['--by', 'day', '--where', 'host=svc1', '--from', '2026-03-24', '--to', '2026-05-06'])
    expect(factOf('recent_bytes_per_day')?.derivation.ledger).not.toContain('--where')
  })

  test('what had left at detection is asked for until that day', () => {
    const words = factOf('bytes_out_at_detection', { counts: { hosts: 1 }, detected_at_ms: caseStart + 9 * dayMs })
    expect(words?.derivation.ledger).toEqual([
      '--by',
      'day',
      '--where',
      'host=svc1',
      '--from',
      '2026-03-24',
      '--to',
      '2026-04-03',
    ])
  })

  test('the size names raw records', () => {
    expect(factOf('bytes_out')?.derivation.records?.[0]).toMatchObject({ path: 'conn.log', offset: 4711 })
  })
})

describe('what is not known is no fact', () => {
  test.each<[string, CaseParts]>([
    ['accounts', {}],
    ['networks', { networks: 0 }],
    ['own_line_share', { nearest_own_line: null }],
    ['share_of_egress', { site_bytes_out: 0n }],
    ['time_of_usual_egress', { site_bytes_out: 0n }],
    ['vault_1_share', { vault_sizes: {} }],
    ['median_piece_bytes', { median_piece_bytes: 0 }],
    ['peak_hours_share', { hours: { members: [], site: [] } }],
    ['leading_expected', { leading: [leadingOf({ expected_low_per_day: undefined })] }],
    ['leading_subject', { leading: [] }],
    ['bytes_per_peer_day', { counts: { peers: 0 } }],
  ])('%s', (id, parts) => {
    expect(factOf(id, parts)).toBeUndefined()
  })
})

describe('estimates', () => {
  test('the excess at detection is as wide, relatively, as the sum of that day', () => {
    const campaign = caseOf()
    const cumulative = [...campaign.score.cumulative]
    cumulative[9] = { low: 5n, best: 10n, high: 30n }
    const fact = factOf('bytes_out_at_detection', {
      excess_at_detection: 1000n,
      score: { ...campaign.score, cumulative },
    })
    expect(fact).toMatchObject({ low: 500n, value: 1000n, high: 3000n })
  })

  test('shares and pace follow the interval of the excess', () => {
    const excess = { low: 84n * 10n ** 9n, best: 126n * 10n ** 9n, high: 168n * 10n ** 9n }
    const parts = { excess, counts: { peers: 3 }, last_activity_ms: caseStart + 41 * dayMs, site_bytes_out: 10n ** 12n }
    expect(factOf('bytes_per_peer_day', parts)).toMatchObject({
      low: 666_666_666n,
      value: 10n ** 9n,
      high: 1_333_333_333n,
    })
    expect(factOf('share_of_egress', parts)).toMatchObject({ low: 0.084, value: 0.126, high: 0.168 })
  })

  test('an estimate of nothing has an interval too', () => {
    const none = { low: 0n, best: 0n, high: 0n }
    expect(factOf('bytes_out', { excess: none })).toMatchObject({ low: 0n, value: 0n, high: 0n })
    expect(factOf('bytes_out_at_detection', { excess: none, excess_at_detection: 0n })).toMatchObject({
      low: 0n,
      high: 0n,
    })
  })

  test('petabytes stay exact', () => {
    const excess = { low: 9_999_999_999_999_998n, best: 9_999_999_999_999_999n, high: 10_000_000_000_000_001n }
    expect(factOf('bytes_out', { excess })?.value).toBe(9_999_999_999_999_999n)
  })
})

test('networks are named by number, or by name with the number', () => {
  const campaign = caseOf({ counts: { peer_asns: 2 } })
  const peer_asns = campaign.members.peer_asns.map((each, i) => (i === 0 ? { ...each, name: 'Example Net' } : each))
  expect(factOf('peer_asns_named', { members: { ...campaign.members, peer_asns } })?.value).toEqual([
    'Example Net (AS64500)',
    'AS64501',
  ])
})

test('activity of less than a week has no weekly pace', () => {
  expect(factOf('recent_bytes_per_day', { last_activity_ms: caseStart + 5 * dayMs })).toBeUndefined()
  expect(factOf('recent_bytes_per_day', { last_activity_ms: caseStart + 6 * dayMs })?.value).toBe(2_777_142_857.1)
})

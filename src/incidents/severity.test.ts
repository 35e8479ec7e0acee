import { describe, expect, test } from 'vitest'
import type { Incident } from '../model/incident.ts'
import { type CaseParts, caseOf } from '../testing/case-builder.ts'
import { highestRung, proposedActions, type Rung } from './proposed-actions.ts'
import { severityOf } from './severity.ts'

const of = (best: bigint, parts: CaseParts = {}) =>
  severityOf(caseOf({ excess: { low: best, best, high: best }, site_bytes_out: 10n ** 15n, vault_sizes: {}, ...parts }))

describe('severity', () => {
  test.each<[string, bigint, CaseParts, Incident['severity']]>([
    ['50 GB of a petabyte', 50n * 10n ** 9n, {}, 'low'],
    ['0.1 % of the egress', 10n ** 12n, {}, 'medium'],
    ['100 GB of ever so much', 10n ** 11n, { site_bytes_out: 10n ** 18n }, 'medium'],
    ['1 % of the egress', 10n ** 13n, { site_bytes_out: 10n ** 15n }, 'high'],
    ['10 % of the egress', 10n ** 9n, { site_bytes_out: 10n ** 10n }, 'critical'],
    ['1 PB of ever so much', 10n ** 15n, { site_bytes_out: 10n ** 20n }, 'critical'],
    ['a tenth of a vault', 10n ** 9n, { counts: { vaults: 1 }, vault_sizes: { 'cfd-archive': 1e10 } }, 'high'],
    ['a whole vault', 10n ** 9n, { counts: { vaults: 1 }, vault_sizes: { 'cfd-archive': 1e9 } }, 'critical'],
    ['a site without other egress on the books', 10n ** 9n, { site_bytes_out: 0n }, 'low'],
  ])('of %s', (_, best, parts, severity) => {
    expect(of(best, parts)).toBe(severity)
  })

  test('is one level less while the evidence is less than twice what it had to reach', () => {
    const near = { log_threshold: 9.3, log_e: 9.3 + Math.log(1.9) }
    expect(of(10n ** 13n, near)).toBe('medium')
    expect(of(10n ** 13n, { ...near, log_e: 9.3 + Math.log(2.1) })).toBe('high')
    expect(of(1n, near)).toBe('low')
    expect(of(10n ** 13n, { ...near, log_e_now: 12 })).toBe('high')
  })
})

const rungOf = (severity: Incident['severity'], factor: number, parts: CaseParts = {}): Rung =>
  highestRung(caseOf({ log_threshold: 9.3, log_e: 9.3 + Math.log(factor), ...parts }), severity)

describe('proposed actions', () => {
  test('go no further than evidence and loss warrant', () => {
    expect(rungOf('low', 1e6)).toBe('enrich')
    expect(rungOf('medium', 1e6)).toBe('throttle')
    expect(rungOf('high', 9)).toBe('throttle')
    expect(rungOf('high', 1e6)).toBe('pause')
    expect(rungOf('critical', 11)).toBe('pause')
    expect(rungOf('critical', 1001)).toBe('isolate')
    expect(rungOf('critical', 1e6, { state: 'closed' })).toBe('enrich')
  })

  test('are graduated, from the least on', () => {
    const actions = proposedActions(caseOf({ log_e: 40 }), 'critical')
    expect(actions.map(({ action }) => action)).toEqual(['observe', 'enrich', 'throttle', 'pause', 'isolate'])
  })

  test('cost nobody anything up to enrich, then at most what others send from these hosts', () => {
    const actions = proposedActions(caseOf(), 'medium')
    expect(actions.map((each) => [each.honest_users, each.honest_bytes_per_day])).toEqual([
      [0, 0n],
      [0, 0n],
      [210, 40_000_000_000n],
    ])
    expect(actions[2].text).toBe(
      'Limit what goes from the 30 hosts to the 400 peers to a tenth of the present pace, for 60 minutes at a time; it ends by itself. Others are in the limit only where they use the same peers. On the same hosts 210 other users send 40.0 GB a day.',
    )
  })

  test('whatever affects people ends by itself, and beyond a throttle people approve it', () => {
    for (const counts of [{}, { accounts: 2 }, { accounts: 40 }]) {
      const actions = proposedActions(caseOf({ counts, log_e: 40 }), 'critical')
      for (const { text } of actions.slice(2)) expect(text).toContain('it ends by itself')
      for (const { text } of actions.slice(3)) expect(text).toMatch(/(one|two) approvers?/)
    }
  })

  test('reach identities first where they are known, the pairs where they are not', () => {
    const pause = (accounts: number) => proposedActions(caseOf({ counts: { accounts }, log_e: 40 }), 'high')[3].text
    expect(pause(2)).toContain('sessions and transfers of user1 and user2 on the 30 hosts')
    expect(pause(0)).toContain('connections between the 30 hosts and the 400 peers')
  })
})

import { describe, expect, test } from 'vitest'
import { memberKinds, type Verdict } from '../model/incident.ts'
import { type CaseParts, caseOf, caseStart, leadingOf } from '../testing/case-builder.ts'
import { incidentOf } from './incident-of.ts'

const budget = { false_incidents_per_year: 1 }
const of = (parts: CaseParts = {}, verdict?: Verdict) => incidentOf(caseOf(parts), { ...budget, verdict })
const verdict = (kind: Verdict['verdict']): Verdict => ({
  incident: 'INC-2026-03-26-7f3a',
  verdict: kind,
  reason: 'asked',
  owner: 'ana',
  at_ms: caseStart,
})

describe('an incident', () => {
  test('is named by what left, to whom and from where', () => {
    expect(of().title).toBe('97.2 GB more than expected to 400 peers from 30 hosts')
    expect(of({ counts: { peers: 1, hosts: 0 } }).title).toBe('97.2 GB more than expected to 1 peer')
    const fast = { kind: 'fast_theft', last_activity_ms: caseStart + 2_400_000, counts: { hosts: 1 } } as const
    expect(of(fast).title).toBe('97.2 GB more than expected in 40 min 0 s to 400 peers from 1 host')
  })

  test('tells its sentences as its summary', () => {
    const incident = of()
    expect(incident.summary.startsWith('97.2 GB (90 % interval 81.0 GB to 112 GB) more than expected')).toBe(true)
    expect(incident.sentences.length).toBeGreaterThan(20)
  })

  test('has evidence in decades', () => {
    expect(of({ log_e: Math.LN10 * 6 }).log10_evidence).toBeCloseTo(6, 12)
  })

  test('is silent only if the nearest line is known and was not reached', () => {
    const line = (share: number) => of({ nearest_own_line: { kind: 'peer', member: 'x', share, day_ms: caseStart } })
    expect([line(0.99).silent, line(1).silent, of({ nearest_own_line: null }).silent]).toEqual([true, false, false])
    expect(line(0.4).nearest_own_line).toEqual({ member: 'x', share: 0.4 })
  })

  test('lists at most 1,000 members of a kind, the most excess first, and counts them all', () => {
    const campaign = caseOf({ counts: { peers: 5000 } })
    const shuffled = { ...campaign.members, peers: [...campaign.members.peers].reverse() }
    const { members, member_counts } = incidentOf({ ...campaign, members: shuffled }, budget)
    expect([members.peers.length, member_counts.peers, member_counts.hosts]).toEqual([1000, 5000, 30])
    expect(members.peers[0].id).toBe(campaign.members.peers[0].id)
    expect(members.peers.map(({ id }) => id)).toEqual(campaign.members.peers.slice(0, 1000).map(({ id }) => id))
    expect(Object.keys(member_counts)).toEqual([...memberKinds])
  })

  test('takes its state from the verdict, and a harmless one proposes nothing', () => {
    expect([of().state, of({ state: 'closed' }).state]).toEqual(['open', 'closed'])
    expect(of({}, verdict('theft'))).toMatchObject({ state: 'judged_theft', verdict: { owner: 'ana' } })
    expect(of({}, verdict('theft')).proposed_actions.length).toBeGreaterThan(0)
    expect(of({}, verdict('harmless'))).toMatchObject({ state: 'judged_harmless', proposed_actions: [] })
    expect('verdict' in of()).toBe(false)
  })
})

describe('evidence', () => {
  test('stands with the strongest first, each as a statement that claims no intent', () => {
    const extra = { detector: 'fan_in', subject: 'client_fp:t13d', statement: 'One client.', log10_e: 9, facts: {} }
    const [first, second] = of({ extra_evidence: [extra] }).evidence
    expect(first).toEqual(extra)
    expect(second).toMatchObject({ detector: 'novel_pieces', subject: 'role:service', log10_e: 14.2 / Math.LN10 })
    expect(second.statement).toBe(
      'In role:service, pieces drawn by peers first seen within 7 days: 512 pieces a day where its own past predicts 81 pieces (90 % interval 70 pieces to 93 pieces), ranked among 75 earlier ticks of 1 d. Consistent with small movements that belong together.',
    )
  })

  test('tells the expected level only with its interval', () => {
    const leading = [leadingOf({ unit: 'bytes', observed_per_day: 2.5e9, expected_low_per_day: undefined })]
    expect(of({ leading }).evidence[0].statement).toMatch(/: 2\.50 GB a day, ranked among/)
  })
})

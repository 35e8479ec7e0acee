import { describe, expect, test } from 'vitest'
import type { Verdict } from '../model/incident.ts'
import { membersOf } from '../testing/case-builder.ts'
import { isVouched, stateAfter, verdictInForce, vouchedBy } from './verdict-effect.ts'

const verdict = (more: Partial<Verdict> = {}): Verdict => ({
  incident: 'INC-1',
  verdict: 'harmless',
  reason: 'a release',
  owner: 'ana',
  at_ms: 100,
  ...more,
})

describe('the verdict in force', () => {
  test('is of this incident, from its moment on, until before it expires', () => {
    const given = [verdict({ expires_ms: 200 })]
    const inForce = [99, 100, 199, 200].map((now_ms) => verdictInForce(given, 'INC-1', now_ms) !== undefined)
    expect(inForce).toEqual([false, true, true, false])
    expect(verdictInForce(given, 'INC-2', 150)).toBeUndefined()
    expect(verdictInForce([verdict()], 'INC-1', 1e15)).toBeDefined()
  })

  test('is the latest, whatever their order, and an expired one brings no earlier one back', () => {
    const theft = verdict({ verdict: 'theft', at_ms: 150, expires_ms: 180 })
    for (const given of [
      [verdict(), theft],
      [theft, verdict()],
    ]) {
      const at = (now_ms: number) => verdictInForce(given, 'INC-1', now_ms)?.verdict
      expect([120, 150, 179, 180].map(at)).toEqual(['harmless', 'theft', 'theft', undefined])
    }
  })
})

test('names the state', () => {
  expect(stateAfter('closed')).toBe('closed')
  expect(stateAfter('open', verdict())).toBe('judged_harmless')
  expect(stateAfter('closed', verdict({ verdict: 'theft' }))).toBe('judged_theft')
})

describe('what a harmless verdict vouches for', () => {
  const judged = [{ id: 'INC-1', members: { hosts: membersOf('hosts', 2, 10n), peers: membersOf('peers', 3, 10n) } }]
  const vouched = vouchedBy([verdict({ expires_ms: 200 })], judged, 150)

  test('flows between its hosts and its peers, and no others', () => {
    expect(isVouched(vouched, 'svc2', '203.0.0.3')).toBe(true)
    expect(isVouched(vouched, 'svc3', '203.0.0.3')).toBe(false)
    expect(isVouched(vouched, 'svc2', '203.0.0.4')).toBe(false)
  })

  test('ends when it expires, and theft vouches for nothing', () => {
    expect(vouchedBy([verdict({ expires_ms: 200 })], judged, 200)).toEqual([])
    expect(vouchedBy([verdict({ verdict: 'theft' })], judged, 150)).toEqual([])
    expect(vouchedBy([verdict()], [{ ...judged[0], id: 'INC-2' }], 150)).toEqual([])
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AddressHalves, SessionRecord } from '../model/context-record.ts'
import { emptyLabel, methodCode } from '../model/label.ts'
import { LoginJoin } from './login-join.ts'

fc.configureGlobal({ seed: 20_260_101 })

const hour = 3_600_000
const t0 = 1_700_000_000_000
const nowhere = { hi: 0n, lo: 0n }
const v4 = (last: bigint) => ({ hi: 0n, lo: 0xffff_0000_0000n + last })
const [login1, login2] = [v4(0x0a00_0001n), v4(0x0a00_0002n)]
const [home, hotel] = [v4(0xc633_6401n), v4(0xcb00_7102n)]
const [alice, bob] = [1, 2]

const session = (more: Partial<SessionRecord> = {}): SessionRecord => ({
  kind: 'ssh',
  account: alice,
  peer: home,
  peer_port: 50_000,
  host: login1,
  start_ms: t0,
  end_ms: t0 + hour,
  ...more,
})

interface Asked {
  host?: AddressHalves
  peer?: AddressHalves
  port?: number
  start_ms?: number
  end_ms?: number
}

function labelOf(sessions: readonly SessionRecord[], asked: Asked = {}) {
  const { host = login1, peer = home, port = 50_000, start_ms = t0, end_ms = start_ms + 1000 } = asked
  const label = emptyLabel()
  return new LoginJoin(sessions).apply(host, peer, port, start_ms, end_ms, label) ? label : undefined
}

describe('an SSH login', () => {
  test('names the account of its own connection', () => {
    expect(labelOf([session()])).toEqual({
      ...emptyLabel(),
      account: alice,
      method: methodCode.ssh_tuple,
      confidence: 98,
      candidates: 1,
      known_ms: t0,
    })
  })

  test.each([
    [-5001, undefined],
    [-5000, 'ssh_tuple'],
    [5000, 'ssh_tuple'],
    [5001, 'session_overlap'],
  ])('a flow that starts %i ms from it is joined by %s', (offset, method) => {
    const label = labelOf([session()], { start_ms: t0 + offset, end_ms: t0 + offset })
    expect(label?.method).toBe(method && methodCode[method as keyof typeof methodCode])
  })

  test('of another port is no proof: it names the peer’s flows only while it lasts', () => {
    const label = labelOf([session()], { port: 50_001 })
    expect(label).toMatchObject({ account: alice, method: methodCode.session_overlap, confidence: 90 })
    expect(labelOf([session()], { port: 50_001, start_ms: t0 + 2 * hour })).toBeUndefined()
  })

  test('at another host, or from another peer, names nothing', () => {
    expect(labelOf([session()], { host: login2 })).toBeUndefined()
    expect(labelOf([session()], { peer: hotel })).toBeUndefined()
  })

  test('of an unknown host names the flow of its peer and port', () => {
    expect(labelOf([session({ host: nowhere })])).toMatchObject({ account: alice, method: methodCode.ssh_tuple })
  })

  test('the nearest in time wins, not the first: ports are used again', () => {
    const logins = [session({ start_ms: t0 - 4000 }), session({ account: bob, start_ms: t0 + 1000 })]
    expect(labelOf(logins)).toMatchObject({ account: bob, confidence: 98, known_ms: t0 + 1000 })
  })

  test('two equally near ones of two accounts name nobody', () => {
    const logins = [session({ start_ms: t0 - 1000 }), session({ account: bob, start_ms: t0 + 1000 })]
    expect(labelOf(logins)).toMatchObject({ account: 0, method: methodCode.ssh_tuple, confidence: 49 })
  })
})

describe('sessions that overlap a flow', () => {
  test.each([
    ['before it began', -hour, -5001, 0],
    ['just before it began', -hour, -5000, alice],
    ['within', 1000, 2000, alice],
    ['around', -hour, 2 * hour, alice],
    ['just after it ended', hour + 5000, 2 * hour, alice],
    ['after it ended', hour + 5001, 2 * hour, 0],
  ])('a flow %s', (_, from, to, account) => {
    const portal = session({ kind: 'portal', peer_port: 0 })
    expect(labelOf([portal], { port: 443, start_ms: t0 + from, end_ms: t0 + to })?.account ?? 0).toBe(account)
  })

  test('without an end last a day', () => {
    const portal = session({ kind: 'portal', peer_port: 0, end_ms: Number.NaN })
    expect(labelOf([portal], { start_ms: t0 + 23 * hour })?.account).toBe(alice)
    expect(labelOf([portal], { start_ms: t0 + 25 * hour })).toBeUndefined()
  })

  test('of one account name it, however many they are; known with the first of them', () => {
    const sessions = [
      session({ kind: 'portal', start_ms: t0 - 2000 }),
      session({ kind: 'globus' }),
      session({ kind: 'portal' }),
    ]
    expect(labelOf(sessions, { port: 443 })).toMatchObject({ account: alice, confidence: 90, known_ms: t0 - 2000 })
  })

  test('of several accounts name nobody', () => {
    const sessions = [session({ kind: 'portal' }), session({ kind: 'portal', account: bob })]
    expect(labelOf(sessions, { port: 443 })).toMatchObject({
      account: 0,
      method: methodCode.session_overlap,
      confidence: 45,
      known_ms: 0,
    })
  })

  test('at a host that no log states are still named, less surely', () => {
    expect(labelOf([session({ kind: 'portal', host: nowhere })], { port: 443 })).toMatchObject({
      account: alice,
      confidence: 80,
    })
  })

  test('VPN sessions and sessions of unknown peers are no logins', () => {
    const unlisted = session({ kind: 'vpn', host: nowhere })
    expect(labelOf([unlisted, session({ peer: nowhere })])).toBeUndefined()
    expect(new LoginJoin([unlisted]).isEmpty).toBe(true)
    expect(new LoginJoin([session()]).isEmpty).toBe(false)
  })

  test('over a VPN names what its gateway sent to its outer address, and nothing elsewhere', () => {
    const tunnel = session({ kind: 'vpn', peer_port: 0 })
    expect(labelOf([tunnel])).toMatchObject({ account: alice, method: methodCode.session_overlap, confidence: 90 })
    expect(labelOf([tunnel], { host: login2 })).toBeUndefined()
    expect(labelOf([tunnel], { peer: hotel })).toBeUndefined()
  })
})

test('the order in which records came decides nothing', () => {
  const random = fc.record({
    kind: fc.constantFrom('ssh' as const, 'portal' as const),
    account: fc.constantFrom(alice, bob),
    peer_port: fc.constantFrom(0, 50_000),
    host: fc.constantFrom(login1, nowhere),
    start_ms: fc.constantFrom(t0 - 4000, t0, t0 + 4000),
    end_ms: fc.constantFrom(Number.NaN, t0 + 5000),
  })
  const sessions = fc.array(random, { maxLength: 6 }).map((all) => all.map((each) => session(each)))
  const both = sessions.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })))
  fc.assert(
    fc.property(both, ([before, after]) => {
      expect(labelOf(after)).toEqual(labelOf(before))
    }),
    { numRuns: 300 },
  )
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LeaseRecord } from '../model/context-record.ts'
import { emptyLabel, methodCode } from '../model/label.ts'
import { LeaseJoin } from './lease-join.ts'

fc.configureGlobal({ seed: 20_260_101 })

const hour = 3_600_000
const day = 24 * hour
const t0 = 1_700_000_000_000
const nowhere = { hi: 0n, lo: 0n }
const address = (last: number) => ({ hi: 0n, lo: 0xffff_0000_0000n + 0x0ac8_0000n + BigInt(last) })
const outer = (last: number) => ({ hi: 0n, lo: 0xffff_c633_6400n + BigInt(last) })
const [alice, bob, carol] = [1, 2, 3]

const lease = (account: number, start_h: number, end_h = Number.NaN, more: Partial<LeaseRecord> = {}): LeaseRecord => ({
  ip: address(9),
  account,
  gateway: 0,
  peer: nowhere,
  start_ms: t0 + start_h * hour,
  end_ms: t0 + end_h * hour,
  ...more,
})

function labelAt(leases: readonly LeaseRecord[], ms: number, last = 9) {
  const label = emptyLabel()
  return new LeaseJoin(leases).apply(address(last), ms, label) ? label : undefined
}

const accountAt = (leases: readonly LeaseRecord[], ms: number) => labelAt(leases, ms)?.account ?? 0
const at = (hours: number, seconds = 0) => t0 + hours * hour + seconds * 1000

describe('a lease', () => {
  test('names its account from its start to its end, give or take 5 s of clock', () => {
    const leases = [lease(alice, 1, 2)]
    const named = [at(1, -6), at(1, -5), at(1), at(1.5), at(2), at(2, 5), at(2, 6)].map((ms) => accountAt(leases, ms))
    expect(named).toEqual([0, alice, alice, alice, alice, alice, 0])
  })

  test('is of its own address alone', () => {
    expect(labelAt([lease(alice, 1, 2)], at(1.5), 8)).toBeUndefined()
  })

  test('says how sure it is, since when, at which gateway and from where outside', () => {
    const label = labelAt([lease(alice, 1, 2, { gateway: 7, peer: outer(5) })], at(1.5))
    expect(label).toEqual({
      ...emptyLabel(),
      account: alice,
      gateway: 7,
      method: methodCode.vpn_lease,
      confidence: 95,
      candidates: 1,
      known_ms: at(1),
      outer_hi: outer(5).hi,
      outer_lo: outer(5).lo,
    })
  })
})

describe('of several leases of one address', () => {
  test('the one that began last wins, even if the one before never ended', () => {
    const leases = [lease(alice, 1, 9), lease(bob, 2, 3)]
    expect([1.5, 2.01, 2.5].map((hours) => accountAt(leases, at(hours)))).toEqual([alice, bob, bob])
    // Bob's is over, Alice's still stands in the log
    expect(accountAt(leases, at(4))).toBe(alice)
  })

  test('none is named as an address is handed on, since clocks differ: each weighs as it may be the one', () => {
    const leases = [lease(alice, 1, 3), lease(bob, 2, 4)]
    const named = [at(2, -5), at(2, -2), at(2), at(2, 0.5), at(2, 1), at(2, 5)]
    expect(named.map((ms) => accountAt(leases, ms))).toEqual([alice, alice, 0, 0, bob, bob])
    expect(labelAt(leases, at(2, 0.5))).toMatchObject({
      account: 0,
      confidence: 78,
      candidate: bob,
      runner_up: alice,
      runner_up_confidence: 17,
      candidates: 2,
    })
    expect(labelAt(leases, at(2, 1))).toMatchObject({ account: bob, confidence: 89, runner_up: alice, candidates: 2 })
  })

  test('a pause between them weighs for neither', () => {
    const leases = [lease(alice, 1, 2), { ...lease(bob, 2, 4), start_ms: at(2, 2) }]
    expect(labelAt(leases, at(2, 1))).toMatchObject({ account: 0, confidence: 48, candidates: 2 })
    expect(labelAt(leases, at(2, 3))).toMatchObject({ account: bob, confidence: 95 })
    expect(labelAt(leases, at(2, -1))).toMatchObject({ account: alice })
  })

  test('where none holds yet, the first to begin within 5 s does', () => {
    const leases = [lease(alice, 1, 2), { ...lease(bob, 1, 2), start_ms: at(1, 3) }]
    expect(accountAt(leases, at(1, -2))).toBe(alice)
  })

  test('two that began at the same moment for two accounts name nobody, and no outer address', () => {
    const label = labelAt([lease(alice, 1, 3, { peer: outer(1) }), lease(bob, 1, 3, { peer: outer(2) })], at(2))
    expect(label).toMatchObject({
      account: 0,
      confidence: 48,
      method: methodCode.vpn_lease,
      outer_hi: 0n,
      outer_lo: 0n,
    })
    const sameOuter = [alice, bob].map((account) => lease(account, 1, 3, { peer: outer(1) }))
    expect(labelAt(sameOuter, at(2))).toMatchObject({ account: 0, outer_lo: 0n })
    const three = [alice, bob, carol].map((account) => lease(account, 1, 3))
    expect(labelAt(three, at(2))).toMatchObject({ account: 0, confidence: 32 })
  })

  test('the same lease from two logs is one: what either states is known', () => {
    const twice = [lease(alice, 1, 3, { peer: outer(1) }), lease(alice, 1, 3, { gateway: 7 })]
    expect(labelAt(twice, at(2))).toMatchObject({ account: alice, confidence: 95, gateway: 7, outer_lo: outer(1).lo })
  })

  test('two outer addresses of one lease name none', () => {
    const twice = [lease(alice, 1, 3, { peer: outer(1) }), lease(alice, 1, 3, { peer: outer(2) })]
    expect(labelAt(twice, at(2))).toMatchObject({ account: alice, outer_hi: 0n, outer_lo: 0n })
  })
})

test('an IPv6 lease whose lower half is zero is a /64', () => {
  const ip = { hi: 0x2001_0db8_0200_0005n, lo: 0n }
  const join = new LeaseJoin([lease(alice, 1, 2, { ip }), lease(bob, 1, 2, { ip: { ...ip, lo: 9n } })])
  const named = (lo: bigint, hi = ip.hi): number => {
    const label = emptyLabel()
    join.apply({ hi, lo }, at(1.5), label)
    return label.account
  }
  expect([named(0n), named(77n), named(9n), named(77n, 1n)]).toEqual([alice, alice, bob, 0])
})

describe('a lease without an end', () => {
  test('lasts at most 24 h', () => {
    const leases = [lease(alice, 1)]
    expect([at(24.9), t0 + hour + day + 5000, t0 + hour + day + 6000].map((ms) => accountAt(leases, ms))).toEqual([
      alice,
      alice,
      0,
    ])
  })

  test('ends at the next lease of its address, and does not come back when that one is over', () => {
    const leases = [lease(alice, 1), lease(bob, 2, 3)]
    expect([1.5, 2.5, 3.5, 20].map((hours) => accountAt(leases, at(hours)))).toEqual([alice, bob, 0, 0])
  })

  test('of the same account too', () => {
    expect(accountAt([lease(alice, 1), lease(alice, 2, 3)], at(4))).toBe(0)
  })

  test('does not end at a lease of another address', () => {
    expect(accountAt([lease(alice, 1), lease(bob, 2, 3, { ip: address(8) })], at(4))).toBe(alice)
  })

  test('ends where another record of it says so: logs tell of a session at its start and at its end', () => {
    expect(accountAt([lease(alice, 1), lease(alice, 1, 3)], at(4))).toBe(0)
    expect(accountAt([lease(alice, 1, 3), lease(alice, 1)], at(4))).toBe(0)
  })

  test('one after the other, each ends the one before', () => {
    const leases = [lease(alice, 1), lease(bob, 5), lease(carol, 20)]
    expect([1, 4.9, 5.1, 19, 20.1, 43.9, 44.1].map((hours) => accountAt(leases, at(hours)))).toEqual([
      alice,
      alice,
      bob,
      bob,
      carol,
      carol,
      0,
    ])
  })
})

test('the order in which records came decides nothing', () => {
  const random = fc.record({
    account: fc.constantFrom(alice, bob),
    start_h: fc.integer({ min: 0, max: 6 }),
    length: fc.constantFrom(Number.NaN, 0, 1, 3),
    peer: fc.constantFrom(nowhere, outer(1), outer(2)),
    gateway: fc.constantFrom(0, 7, 8),
  })
  const leases = fc
    .array(random, { minLength: 1, maxLength: 6 })
    .map((all) => all.map(({ account, start_h, length, ...more }) => lease(account, start_h, start_h + length, more)))
  const both = leases.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })))
  fc.assert(
    fc.property(both, fc.integer({ min: -1, max: 16 }), ([before, after], halves) => {
      expect(labelAt(after, at(halves / 2))).toEqual(labelAt(before, at(halves / 2)))
    }),
    { numRuns: 400 },
  )
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Flowing, heavyMembers, isJoined, joinedGroups, pairKey, pairOf, sharedExcess } from './joining.ts'

fc.configureGlobal({ seed: 20_260_324 })

type Pairs = [subject: string, peer: string, bytes: bigint][]

function flowing(hosts: Pairs, more: { excess?: bigint; accounts?: Pairs; vaults?: Pairs } = {}): Flowing {
  const map = (pairs: Pairs = []) => new Map(pairs.map(([subject, peer, bytes]) => [pairKey(subject, peer), bytes]))
  return {
    excess: more.excess ?? hosts.reduce((sum, [, , bytes]) => sum + bytes, 0n),
    pairs: { host: map(hosts), account: map(more.accounts), vault: map(more.vaults) },
  }
}

describe('shared excess', () => {
  test('is the share of the smaller that flows over pairs of both', () => {
    const small = flowing([
      ['h1', 'p1', 60n],
      ['h1', 'p2', 40n],
    ])
    const large = flowing([
      ['h1', 'p1', 500n],
      ['h2', 'p2', 500n],
    ])
    expect(sharedExcess(small, large)).toBe(0.6)
    expect(sharedExcess(large, small)).toBe(0.6)
  })

  test('one host, or one peer, in common is not a pair in common', () => {
    const one = flowing([['login1', 'p1', 100n]])
    expect(sharedExcess(one, flowing([['login1', 'p2', 100n]]))).toBe(0)
    expect(sharedExcess(one, flowing([['login2', 'p1', 100n]]))).toBe(0)
  })

  test('an account or a vault links where hosts differ', () => {
    const [a, b] = ['h1', 'h2'].map((host) => flowing([[host, 'p1', 100n]], { vaults: [['cfd', 'p1', 80n]] }))
    expect(sharedExcess(a, b)).toBe(0.8)
  })

  test('a pair of two heavy members links nothing; one heavy member leaves the link to the other', () => {
    const [a, b] = [flowing([['login1', 'p1', 100n]]), flowing([['login1', 'p1', 100n]])]
    expect(sharedExcess(a, b, new Set(['host:login1']))).toBe(1)
    expect(sharedExcess(a, b, new Set(['peer:p1']))).toBe(1)
    expect(sharedExcess(a, b, new Set(['host:login1', 'peer:p1']))).toBe(0)
    expect(sharedExcess(a, b, new Set(['account:login1', 'peer:p1']))).toBe(1)
  })

  test('nothing shares nothing', () => {
    expect(sharedExcess(flowing([]), flowing([]))).toBe(0)
  })

  const pairs = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('p', 'q'), fc.bigInt(0n, 99n)))
  test('is symmetric, from 0 to 1, and 1 with itself', () => {
    fc.assert(
      fc.property(pairs, pairs, (one, other) => {
        const [a, b] = [flowing(one, { excess: 150n }), flowing(other, { excess: 150n })]
        expect(sharedExcess(a, b)).toBe(sharedExcess(b, a))
        expect(sharedExcess(a, b)).toBeGreaterThanOrEqual(0)
        expect(sharedExcess(a, b)).toBeLessThanOrEqual(1)
        const sum = [...a.pairs.host.values()].reduce((all, each) => all + each, 0n)
        if (sum > 0n) expect(sharedExcess({ ...a, excess: sum }, { ...a, excess: sum })).toBe(1)
      }),
    )
  })
})

test('half of the smaller joins, less does not', () => {
  const large = flowing([
    ['h1', 'p1', 500n],
    ['h2', 'p2', 500n],
  ])
  expect(
    isJoined(
      flowing([
        ['h1', 'p1', 50n],
        ['h9', 'p9', 50n],
      ]),
      large,
    ),
  ).toBe(true)
  expect(
    isJoined(
      flowing([
        ['h1', 'p1', 49n],
        ['h9', 'p9', 51n],
      ]),
      large,
    ),
  ).toBe(false)
})

test('two disjoint campaigns stay two, and a chain of joined evidence is one', () => {
  const chain = [
    flowing([['h1', 'p1', 100n]]),
    flowing([['x', 'y', 100n]]),
    flowing([['h2', 'p2', 100n]]),
    flowing([
      ['h1', 'p1', 300n],
      ['h2', 'p2', 300n],
    ]),
  ]
  expect(joinedGroups(chain)).toEqual([[0, 2, 3], [1]])
  expect(joinedGroups([])).toEqual([])
})

test('heavy is what has more than 5 % of the egress, exactly', () => {
  const bytes = new Map([
    ['host:login1', 51n],
    ['peer:uni', 50n],
  ])
  expect([...heavyMembers(bytes, 1000n)]).toEqual(['host:login1'])
})

test('no pair can be taken for another, whatever the names', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (subject, peer) => {
      expect(pairOf(pairKey(subject, peer))).toEqual({ subject, peer })
    }),
  )
})

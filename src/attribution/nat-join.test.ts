import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { NatRecord } from '../model/context-record.ts'
import { NatJoin } from './nat-join.ts'

fc.configureGlobal({ seed: 20_260_101 })

const hour = 3_600_000
const t0 = 1_700_000_000_000
const v4 = (last: number) => ({ hi: 0n, lo: 0xffff_0000_0000n + BigInt(last) })
const pool = v4(0xc000_0201)
const [node1, node2] = [v4(0x0a02_0001), v4(0x0a02_0002)]

const binding = (more: Partial<NatRecord> = {}): NatRecord => ({
  inside: node1,
  outside: pool,
  outside_port: 61_000,
  outside_port_last: 0,
  start_ms: t0,
  end_ms: Number.NaN,
  ...more,
})
const insideOf = (bindings: readonly NatRecord[], port = 61_000, ms = t0 + 1000, outside = pool) =>
  new NatJoin(bindings).insideOf(outside, port, ms)

describe('a NAT binding', () => {
  test('tells who stood behind its address and port, from 5 s before its start for at most a day', () => {
    expect(insideOf([binding()])).toEqual(node1)
    expect(insideOf([binding()], 61_001)).toBeUndefined()
    expect(insideOf([binding()], 61_000, t0, v4(0xc000_0202))).toBeUndefined()
    const at = [-5001, -5000, 24 * hour + 5000, 24 * hour + 5001]
    expect(at.map((ms) => insideOf([binding()], 61_000, t0 + ms) !== undefined)).toEqual([false, true, true, false])
  })

  test('of a block holds for all its ports, of no port for all', () => {
    const block = [binding({ outside_port: 1000, outside_port_last: 1200 })]
    expect([999, 1000, 1100, 1200, 1201].map((port) => insideOf(block, port) !== undefined)).toEqual([
      false,
      true,
      true,
      true,
      false,
    ])
    expect([0, 1, 40_000].map((port) => insideOf([binding({ outside_port: 0 })], port))).toEqual([node1, node1, node1])
  })

  test('ends at its end or where the next of the same port begins, and around that nobody is named', () => {
    const next = binding({ inside: node2, start_ms: t0 + hour })
    const ms = [hour - 6000, hour - 4000, hour + 4000, hour + 5000].map((each) => t0 + each)
    expect(ms.map((each) => insideOf([binding(), next], 61_000, each))).toEqual([node1, undefined, undefined, node2])
    const ended = binding({ end_ms: t0 + hour })
    expect([hour + 5000, hour + 5001].map((each) => insideOf([ended], 61_000, t0 + each))).toEqual([node1, undefined])
  })

  test('handed to the same node again is no doubt', () => {
    expect(insideOf([binding(), binding({ start_ms: t0 + hour })], 61_000, t0 + hour)).toEqual(node1)
  })
})

test('blocks of any ports hold for just those, and cost no more than a few entries', () => {
  const port = fc.integer({ min: 1, max: 65_535 })
  fc.assert(
    fc.property(port, port, port, (a, b, asked) => {
      const [outside_port, outside_port_last] = [Math.min(a, b), Math.max(a, b)]
      const found = insideOf([binding({ outside_port, outside_port_last })], asked)
      expect(found !== undefined).toBe(asked >= outside_port && asked <= outside_port_last)
    }),
  )
  const wide = Array.from({ length: 5_000 }, (_, i) => {
    return binding({ outside: v4(0xc000_0000 + i), outside_port: 1, outside_port_last: 65_535 })
  })
  expect(new NatJoin(wide).insideOf(v4(0xc000_0000 + 4_999), 33_333, t0)).toEqual(node1)
})

test('no bindings, no answer', () => {
  expect(new NatJoin([]).isEmpty).toBe(true)
  expect(insideOf([])).toBeUndefined()
})

test('the order in which records came decides nothing', () => {
  const random = fc.record({
    inside: fc.constantFrom(node1, node2),
    outside_port: fc.constantFrom(0, 61_000, 60_990),
    outside_port_last: fc.constantFrom(0, 61_010),
    start_ms: fc.nat(20).map((seconds) => t0 + seconds * 1000),
    end_ms: fc.constantFrom(Number.NaN, t0 + 25_000),
  })
  const records = fc.array(random, { maxLength: 6 }).map((all) => all.map((each) => binding(each)))
  const both = records.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })))
  fc.assert(
    fc.property(both, fc.nat(40), ([before, after], seconds) => {
      expect(insideOf(after, 61_000, t0 + seconds * 1000)).toEqual(insideOf(before, 61_000, t0 + seconds * 1000))
    }),
    { numRuns: 300 },
  )
})

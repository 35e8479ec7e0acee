import { describe, expect, test } from 'vitest'
import type { ReadRecord } from '../model/context-record.ts'
import { ReadJoin } from './read-join.ts'

const t0 = 1_700_000_000_000
const host = (last: number) => ({ hi: 0n, lo: 0xffff_0a01_0000n + BigInt(last) })
const [alice, bob, cfd, climate] = [1, 2, 0, 1]

const read = (more: Partial<ReadRecord> = {}): ReadRecord => ({
  ...{ host: host(1), account: alice, vault: cfd, bytes: 1000, start_ms: t0 + 30_000, end_ms: t0 + 30_000 },
  ...more,
})
const vaultOf = (reads: readonly ReadRecord[], bytes_out = 1000, account = alice, at = host(1)) =>
  new ReadJoin(reads).vaultOf(at, account, t0, t0 + 60_000, bytes_out)

describe('what an account read while its flow lasted', () => {
  test('names the vault it came from, on that host alone', () => {
    expect(vaultOf([read()])).toBe(cfd)
    expect([vaultOf([read()], 1000, bob), vaultOf([read()], 1000, alice, host(2)), vaultOf([])]).toEqual([-1, -1, -1])
  })

  test('counts from 5 s before its start to 5 s after its end', () => {
    const at = (ms: number) => vaultOf([read({ start_ms: t0 + ms, end_ms: t0 + ms })])
    expect([-5001, -5000, 65_000, 65_001].map(at)).toEqual([-1, cfd, cfd, -1])
    expect(vaultOf([read({ start_ms: t0 - 3_600_000, end_ms: t0 + 1 })])).toBe(cfd)
  })

  test('must be nearly all of one vault, and half of what left', () => {
    expect(vaultOf([read({ bytes: 500 })])).toBe(cfd)
    expect(vaultOf([read({ bytes: 499 })])).toBe(-1)
    expect(vaultOf([read({ bytes: 800 }), read({ vault: climate, bytes: 200 })])).toBe(cfd)
    expect(vaultOf([read({ bytes: 799 }), read({ vault: climate, bytes: 201 })])).toBe(-1)
  })

  test('of no vault names none', () => {
    expect(vaultOf([read({ vault: -1 })])).toBe(-1)
    expect(vaultOf([read(), read({ vault: -1, bytes: 9000 })])).toBe(-1)
  })
})

test('reads of nobody, or on hosts that nobody knows, are none', () => {
  expect(new ReadJoin([read({ account: 0 }), read({ host: { hi: 0n, lo: 0n } })]).isEmpty).toBe(true)
  expect(new ReadJoin([read()]).isEmpty).toBe(false)
})

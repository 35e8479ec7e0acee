import { expect, test } from 'vitest'
import { type BuiltRow, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { VaultBudgets } from './vault-budget.ts'

/** 4320 bytes: one byte a tick is a burn rate of 1. */
const vaults = [{ vault_id: 7, name: 'cfd', budget_bytes_per_30d: 4320n }]

/** `bytes` in each tick of [start, end). */
function steady(bytes: number, start = 0, end = 144): BuiltRow[] {
  return Array.from({ length: end - start }, (_, i) => ({ peer: 1, vault: 7, bytes_out: bytes, tick: start + i }))
}

test('counts the trailing 30 days to the byte, over days without egress', () => {
  const budgets = new VaultBudgets({ vaults })
  const spent = (day: number, rows: BuiltRow[]) => budgets.day(dayRowsOf(day, rows)).state[0].spent_bytes
  expect(spent(0, [...steady(1, 0, 2), { peer: 2, vault: 7, bytes_out: 5, tick: 1, unexplained: false }])).toBe(7n)
  expect(spent(29, steady(1, 143))).toBe(8n)
  expect(spent(30, [])).toBe(1n)
  expect(spent(58, [])).toBe(1n)
  expect(spent(59, [])).toBe(0n)
  expect(spent(200, steady(3, 0, 1))).toBe(3n)
})

test('the old days leave tick by tick', () => {
  const budgets = new VaultBudgets({ vaults: [{ vault_id: 7, name: 'cfd', budget_bytes_per_30d: 10n }] })
  budgets.day(dayRowsOf(0, [{ peer: 1, vault: 7, bytes_out: 8, tick: 20 }]))
  const spentNotices = budgets
    .day(
      dayRowsOf(
        30,
        [19, 20].map((tick) => ({ peer: 1, vault: 7, bytes_out: 3, tick })),
      ),
    )
    .notices.filter(({ facts }) => facts?.severity === 'spent')
  expect(spentNotices.map(({ at_ms, facts }) => [at_ms, facts?.spent_bytes])).toEqual([
    [30 * 86_400_000 + 20 * 600_000, 11n],
  ])
})

test('a pace that the budget stands for 30 days is silent', () => {
  const budgets = new VaultBudgets({ vaults })
  for (let day = 0; day < 60; day++) expect(budgets.day(dayRowsOf(day, steady(1))).notices).toEqual([])
})

test('a fast theft is told at the end of the tick in which the hour is over its factor', () => {
  const budgets = new VaultBudgets({ vaults })
  const { notices } = budgets.day(dayRowsOf(0, steady(30, 12, 16)))
  expect(notices.map(({ id, at_ms, facts }) => [id, at_ms, facts?.bytes_out])).toEqual([
    ['vault_budget:cfd:fast:1970-01-01', 15 * 600_000, 90n],
  ])
  expect(notices[0].text).toBe(
    "90 B left vault 'cfd' in 1 h; 2.1 % of its budget of 4.32 kB in 30 days is spent, at this pace the rest is gone in 2.0 days",
  )
})

test('what has stopped is not told: the short window has to burn as well', () => {
  const budgets = new VaultBudgets({ vaults })
  budgets.day(dayRowsOf(0, steady(80, 142, 143)))
  const { notices } = budgets.day(dayRowsOf(1, steady(9, 0, 3)))
  expect(notices).toEqual([])
})

test('a pace of twice the budget is told as slow after some days, once a day, and as spent in the end', () => {
  const budgets = new VaultBudgets({ vaults })
  const first = new Map<unknown, number>()
  for (let day = 0; day < 20; day++) {
    const { notices } = budgets.day(dayRowsOf(day, steady(2)))
    expect(new Set(notices.map(({ id }) => id)).size).toBe(notices.length)
    for (const { facts } of notices) if (!first.has(facts?.severity)) first.set(facts?.severity, day)
  }
  expect([...first]).toEqual([
    ['slow', 5],
    ['spent', 15],
  ])
})

test('a budget of nothing is spent with the first byte', () => {
  const budgets = new VaultBudgets({ vaults: [{ vault_id: 7, name: 'cfd', budget_bytes_per_30d: 0n }] })
  const { notices } = budgets.day(dayRowsOf(0, steady(1, 4, 5)))
  expect(notices.map(({ facts }) => facts?.severity)).toContain('spent')
})

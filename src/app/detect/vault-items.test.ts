import { expect, test } from 'vitest'
import { readRowsOf } from '../../detectors/names/read-rows.ts'
import type { WorkDraft } from '../../incidents/worklist.ts'
import { dayRowsOf } from '../../testing/day-rows-builder.ts'
import { Shuffler } from '../../testing/permutation.ts'
import { VaultItems } from './vault-items.ts'

const since = 120

/** Ten vaults whose reads vary and leave; of the third more is read from day 120 on. */
function itemsOf(more: number): WorkDraft[] {
  const random = new Shuffler(4)
  const items = new VaultItems({ names: { text: (id) => `v${id}` }, seed: 1, isQuiet: () => false })
  return Array.from({ length: since + 30 }, (_, day) => {
    const usual = Array.from({ length: 10 }, (_, i) => ({ vault: i + 1, bytes: 1e9 * (50 + random.below(100)) }))
    const rows = dayRowsOf(
      day,
      usual.map(({ vault, bytes }) => ({ peer: 1, vault, bytes_out: 0.8 * bytes })),
    )
    const added = day >= since && more > 0 ? [{ account: 1, host: 1, vault: 3, bytes: more }] : []
    return items.day(
      rows,
      () => false,
      readRowsOf(day, [...usual.map((each) => ({ account: 1, host: 1, ...each })), ...added]),
    )
  }).flat()
}

test('a vault of which more is read than leaves is told, with bytes and since when', () => {
  const [first] = itemsOf(5e11)
  expect(first).toMatchObject({ subject: 'vault:v3' })
  expect(['vault_staged', 'vault_read']).toContain(first.detector)
  expect(first.text).toMatch(
    /^vault v3: more is read on hosts at the border than .*; since \d{4}-\d\d-\d\d [\d.]+ [GT]B were read and [\d.]+ [GT]B left, what is explained left out$/,
  )
  expect(first.facts).toMatchObject({
    bytes_read: expect.any(BigInt),
    bytes_left: expect.any(BigInt),
    reference_days: expect.any(Number),
  })
})

test('as long as nothing changes there is no work', () => {
  expect(itemsOf(0)).toEqual([])
})

/**
 * Conservation: whatever is logged, in whatever order, however often and over however many runs, the books say the same,
 * and what they say of bytes is what an independent count says.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Books, differences } from './support/books.ts'
import { arranged, base_ms, counted, day, type Event, mixture, plainly, siteConfig } from './support/mixtures.ts'

const now_ms = base_ms + 400 * day

async function checkCounts(books: Books, events: readonly Event[]): Promise<void> {
  const { border } = counted(events)
  const rows = await books.answer(['day', 'sensor'])
  const flows = rows.filter(({ key }) => key[1] === 'zeek-a')
  const booked = flows.map(({ key, sums }) => [key.join(' '), [sums.bytes_out, sums.bytes_in, sums.flows]])
  const empty = ([, sums]: (typeof booked)[number]) => (sums as bigint[]).every((sum) => sum === 0n)
  expect(Object.fromEntries(booked.filter((row) => !empty(row)))).toEqual(
    Object.fromEntries(Object.entries(border).filter(([, sums]) => sums.some((sum) => sum !== 0n))),
  )
}

describe('any split and any order of the input over several runs', () => {
  test('gives the same answer to every question', async () => {
    const DEV = process.env.SEED ? { seed: Number(process.env.SEED) } : {}
    await fc.assert(
      fc.asyncProperty(mixture({ span_days: 5, flows: 12 }), fc.integer(), async (events, seed) => {
        using once = new Books(siteConfig())
        const { ledger, not_egress } = await once.run(plainly(events), now_ms)
        const expected = await once.snapshot()
        await checkCounts(once, events)
        using often = new Books(siteConfig())
        let last = { ledger, not_egress }
        for (const files of arranged(events, seed, 3)) last = await often.run(files, now_ms)
        expect(differences(await often.snapshot(), expected).slice(0, 8)).toEqual([])
        expect({ ledger: last.ledger, not_egress: last.not_egress }).toEqual({ ledger, not_egress })
      }),
      {
        numRuns: Number(process.env.ROUNDS ?? 12),
        interruptAfterTimeLimit: Number(process.env.LIMIT ?? 200_000),
        ...DEV,
      },
    )
  }, 600_000)
})

/** Five thousand files of one record each: all of them read, in minutes at most, and known when they come again. */
import { afterAll, expect, test } from 'vitest'
import { connLog } from '../support/conn-lines.ts'
import { analysisBy, Folder } from '../support/weir.ts'

const folder = new Folder()
afterAll(() => folder.remove())
const many = 5_000

test(`${many} tiny files`, { timeout: 600_000 }, async () => {
  for (let i = 0; i < many; i++)
    folder.file(
      `logs/${i % 50}/${i}.log`,
      connLog(1, () => ({ uid: `T${i}` })),
    )
  const state = folder.state()
  const began = Date.now()
  const first = await analysisBy([folder.at('logs'), '--state', state])
  console.log(`${many} files in ${Math.round((Date.now() - began) / 1000)} s`)
  expect([first.code, first.stderr]).toEqual([0, ''])
  expect(first.json.sources).toHaveLength(many)
  expect(first.json.ledger).toMatchObject({ bytes_out: many * 1000, flows: many })
  const again = await analysisBy([folder.at('logs'), '--state', state])
  expect(again.json.sources.every(({ accepted, duplicates }) => accepted === 0 && duplicates === 1)).toBe(true)
  expect(again.json.ledger).toEqual(first.json.ledger)
})

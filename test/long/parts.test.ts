/** Booking a span in many small parts, as a very busy day is, says the same as booking it at once. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { Books } from '../support/books.ts'

const quickstart = 'examples/quickstart'
const config = parse(readFileSync(join(quickstart, 'weir.yaml'), 'utf8'))

const timeout = 60_000

test('parts of two hundred rows and one part', { timeout }, async () => {
  using whole = new Books(config)
  using parted = new Books(config, { rows_per_part: 200 })
  const oneDay = [join(quickstart, 'events'), join(quickstart, 'zeek', '2026-03-10')]
  await whole.analyze(oneDay)
  await parted.analyze(oneDay)
  expect(await parted.snapshot()).toEqual(await whole.snapshot())
})

test('parts of days whose detail is gone, caps included', { timeout }, async () => {
  const short = { ...config, retention: { flows_days: 1 } }
  using whole = new Books(short)
  using parted = new Books(short, { rows_per_part: 200 })
  for (const books of [whole, parted]) {
    await books.analyze([join(quickstart, 'events'), join(quickstart, 'zeek', '2026-03-11')])
    await books.analyze([join(quickstart, 'zeek', '2026-03-09')])
  }
  expect(await parted.snapshot()).toEqual(await whole.snapshot())
})

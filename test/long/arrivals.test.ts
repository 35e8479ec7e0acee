/** What detectors read of whole books: every byte that left once, and of any moment only what was known by then. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arrivalTable } from '../../src/model/arrival.ts'
import { tickMs } from '../../src/model/window.ts'
import { plainRows } from '../../src/testing/rows.ts'
import { Books } from '../support/books.ts'
import { base_ms, day, type Event, mixture, plainly, siteConfig } from '../support/mixtures.ts'

const now_ms = base_ms + 400 * day
const timeout = 60_000
const rounds = { numRuns: 3, seed: 20_260_101 }

type Row = { tick: number; bytes_out: bigint; text: string }

/** All arrivals as they are read, names as text. */
function arrivalsOf(books: Books): Promise<Row[]> {
  return books.ask(async (store) => {
    const rows: ReturnType<typeof plainRows<typeof arrivalTable>> = []
    for await (const columns of store.readArrivals(0, 2 ** 32 - 1)) rows.push(...plainRows(columns))
    const names = Object.entries(arrivalTable).flatMap(([name, kind]) => (kind === 'name' ? [name] : [])) as 'host'[]
    const texts = await store.nameTexts(rows.flatMap((row) => names.map((name) => Number(row[name]))))
    return rows.map((row) => {
      const told = Object.fromEntries(names.map((name) => [name, texts.get(Number(row[name]))]))
      return {
        tick: Number(row.tick),
        bytes_out: row.bytes_out as bigint,
        text: Object.values({ ...row, ...told }).join(' '),
      }
    })
  })
}

/** What of the events was on record by then: sessions and leases are as they begin, the rest when it is over. */
function cut(events: readonly Event[], at_ms: number): Event[] {
  return events.flatMap((event): Event[] => {
    const { start_ms, end_ms = start_ms } = event as { start_ms: number; end_ms?: number }
    if (end_ms <= at_ms) return [event]
    const begins = event.type === 'session' || event.type === 'lease'
    return begins && start_ms <= at_ms ? [{ ...event, end_ms: undefined, bytes_out: undefined } as Event] : []
  })
}

/** The sensor sees something in every tick, so that no transfer ends before it is known whether flows cover it. */
const pulses: Event[] = Array.from({ length: 5 * 144 }, (_, tick) => ({
  type: 'flow' as const,
  start_ms: base_ms + tick * tickMs,
  end_ms: base_ms + tick * tickMs + 1000,
  ...{ src_ip: '10.1.0.1', src_port: 1, dst_ip: '10.2.0.1', dst_port: 2, proto: 'udp', sensor: 'zeek-a' },
  ...{ bytes_src: 1n, bytes_dst: 1n },
}))

const mixtures = mixture({ span_days: 3, flows: 14, strangers: 6 })

test('every byte that left is judged once', { timeout }, async () => {
  const property = fc.asyncProperty(mixtures, async (events) => {
    using books = new Books(siteConfig())
    await books.run(plainly(events), now_ms)
    const judged = (await arrivalsOf(books)).reduce((sum, { bytes_out }) => sum + bytes_out, 0n)
    const booked = (await books.answer([])).reduce((sum, { sums }) => sum + sums.bytes_out, 0n)
    expect(judged).toBe(booked)
  })
  await fc.assert(property, rounds)
})

test('of any moment they are what was known by then', { timeout }, async () => {
  const moments = fc.integer({ min: 72, max: 4 * 144 }).map((ticks) => base_ms + ticks * tickMs)
  const property = fc.asyncProperty(mixtures, moments, async (events, at_ms) => {
    using whole = new Books(siteConfig())
    using part = new Books(siteConfig())
    const all = [...events, ...pulses]
    await whole.run(plainly(all), now_ms)
    await part.run(plainly(cut(all, at_ms)), now_ms)
    const until = ({ tick }: Row) => (tick + 1) * tickMs <= at_ms
    const lines = (rows: Row[]) => rows.filter(until).map(({ text }) => text)
    expect(lines(await arrivalsOf(part))).toEqual(lines(await arrivalsOf(whole)))
  })
  await fc.assert(property, rounds)
})

test('a job that is recorded hours later names its bytes in the books and in no arrival', async () => {
  using books = new Books(siteConfig())
  const hour_ms = 6 * tickMs
  const times = { start_ms: base_ms, end_ms: base_ms + 1000 }
  const ends = { src_ip: '10.2.0.1', src_port: 50_001, dst_ip: '192.0.2.33', dst_port: 443, proto: 'tcp' }
  const job = { type: 'job', job_id: '1', account: 'alice', project: 'physics', nodes: ['node001'] }
  const events: Event[] = [
    { type: 'flow', ...times, ...ends, bytes_src: 500n, bytes_dst: 1n, sensor: 'zeek-a' },
    { ...job, start_ms: base_ms - hour_ms, end_ms: base_ms + 3 * hour_ms },
  ]
  await books.run(plainly(events), now_ms)
  expect(await books.bytesOut('account')).toEqual({ alice: 500n })
  const arrivals = await arrivalsOf(books)
  expect(arrivals).toMatchObject([{ tick: base_ms / tickMs + 1, bytes_out: 500n }])
  expect(arrivals[0].text).toContain('10.2.0.1 node001')
  expect(arrivals[0].text).not.toMatch(/alice|physics/)
})

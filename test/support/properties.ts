/** What must hold of the books for any input, as functions of the number of rounds: a few in every test run, many in the long ones. */
import fc from 'fast-check'
import { expect } from 'vitest'
import type { AnalyzedRun } from '../../src/app/analyze.ts'
import { Books, differences } from './books.ts'
import {
  arranged,
  base_ms,
  counted,
  day,
  type Event,
  type MixtureOptions,
  mixture,
  plainly,
  siteConfig,
} from './mixtures.ts'

const now_ms = base_ms + 400 * day

export interface Rounds {
  rounds: number
  /** To see a failure again. */
  seed?: number
}

async function check(property: fc.IAsyncProperty<[Event[], number]>, { rounds, seed }: Rounds): Promise<void> {
  await fc.assert(property, { numRuns: rounds, ...(seed === undefined ? {} : { seed }) })
}

/** By day and sensor what the flows among the events come to, empty sums left out. */
async function bookedFlows(books: Books, by_day: boolean): Promise<Record<string, bigint[]>> {
  const rows = await books.answer(by_day ? ['day', 'sensor'] : ['sensor'])
  const flows = rows.filter(({ key }) => key.at(-1) === 'zeek-a')
  const booked = new Map<string, bigint[]>()
  for (const { key, sums } of flows) booked.set(key.join(' '), [sums.bytes_out, sums.bytes_in, sums.flows])
  return Object.fromEntries([...booked].filter(([, each]) => each.some((sum) => sum !== 0n)))
}

function countedFlows(events: readonly Event[], by_day: boolean): Record<string, bigint[]> {
  const totals: Record<string, bigint[]> = {}
  for (const [key, sums] of Object.entries(counted(events).border)) {
    const name = by_day ? key : key.slice(key.indexOf(' ') + 1)
    totals[name] = sums.map((sum, i) => sum + (totals[name]?.[i] ?? 0n))
  }
  return Object.fromEntries(Object.entries(totals).filter(([, sums]) => sums.some((sum) => sum !== 0n)))
}

function everyRecordIsAccountedFor({ sources }: AnalyzedRun): void {
  for (const { path, records_read, accepted, duplicates, rejected } of sources) {
    const refused = Object.values(rejected).reduce((sum, count) => sum + count, 0)
    expect([path, accepted + duplicates, refused]).toEqual([path, records_read, 0])
  }
}

/**
 * The same events in one file and one run, and split over several runs, files, formats and orders, some twice: every
 * answer is the same, and what was measured is what an independent count says. Coming once more they change nothing.
 */
export async function anySplitGivesTheSameAnswers(
  options: MixtureOptions & Rounds & { configs?: readonly Parameters<typeof siteConfig>[0][] },
): Promise<void> {
  const configs = options.configs ?? [{}]
  const property = fc.asyncProperty(mixture(options), fc.nat(), async (events, seed) => {
    const config = siteConfig(configs[seed % configs.length])
    using once = new Books(config)
    const { ledger, not_egress, gaps } = await once.run(plainly(events), now_ms)
    const expected = await once.snapshot()
    expect(await bookedFlows(once, true)).toEqual(countedFlows(events, true))
    const { elsewhere, probes } = counted(events)
    expect(not_egress).toMatchObject({
      internal_bytes: elsewhere.internal,
      transit_bytes: elsewhere.transit,
      carrier_bytes: elsewhere.carrier,
      corroborating_bytes: elsewhere.corroborating,
      probes: BigInt(probes),
    })

    // and every other time in small parts, as very busy days are
    using often = new Books(config, seed % 4 < 2 ? {} : { rows_per_part: 150 })
    for (const files of arranged(events, seed, 3)) everyRecordIsAccountedFor(await often.run(files, now_ms))
    expect(differences(await often.snapshot(), expected).slice(0, 8)).toEqual([])
    const again = await often.run(plainly(events), now_ms)
    everyRecordIsAccountedFor(again)
    expect(again.sources[0].accepted).toBe(0)
    expect({ ledger: again.ledger, not_egress: again.not_egress, gaps: again.gaps }).toEqual({
      ledger,
      not_egress,
      gaps,
    })
    expect(differences(await often.snapshot(), expected).slice(0, 8)).toEqual([])
  })
  await check(property, options)
}

/**
 * Detail is kept for a day or two only, and the events come in any order over many runs, so that most are late: what was
 * measured stays exact, and what comes again is known again. `long`: with connections that are logged again and again,
 * whose days may then differ, but not their sum.
 */
export async function lateRecordsStayExact(
  options: Rounds & { flows: number; flows_days: number; long: boolean; check_each_run?: boolean },
): Promise<void> {
  const config = siteConfig({ retention: { flows_days: options.flows_days } })
  const events = mixture({ span_days: 9, flows: options.flows, long_connections: options.long })
  const property = fc.asyncProperty(events, fc.integer(), async (events, seed) => {
    using books = new Books(config)
    const runs = arranged(events, seed, 4)
    for (const files of runs) {
      everyRecordIsAccountedFor(await books.run(files, now_ms))
      if (options.check_each_run) await books.snapshot()
    }
    expect(await bookedFlows(books, !options.long)).toEqual(countedFlows(events, !options.long))
    const before = await books.snapshot()
    // flows without payload are but counted once their detail is gone, and cannot be known again
    const withPayload = events.filter(
      (event) => event.type !== 'flow' || event.bytes_src !== 0n || event.bytes_dst !== 0n,
    )
    const again = await books.run(plainly(withPayload), now_ms)
    expect(again.sources.map(({ accepted }) => accepted)).toEqual(again.sources.map(() => 0))
    expect(differences(await books.snapshot(), before).slice(0, 8)).toEqual([])
  })
  await check(property, options)
}

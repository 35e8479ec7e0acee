/** What a census must say: what the books say of the same files. */
import { join } from 'node:path'
import fc from 'fast-check'
import { expect } from 'vitest'
import { census } from '../../src/app/census/census.ts'
import type { Census, Sums } from '../../src/app/census/report/census-report.ts'
import { silentProgress } from '../../src/app/progress.ts'
import { exactJson } from '../../src/model/exact-json.ts'
import { formatNetwork, maskWords, type Network, parseNetwork } from '../../src/model/network.ts'
import { Books, type ConfigText, configOf } from './books.ts'
import { arranged, mixture, siteConfig } from './mixtures.ts'

export async function censusOf(paths: readonly string[], config: ConfigText): Promise<Census> {
  const run = await census({ paths, config: configOf(config), configured: true, progress: silentProgress })
  return run.census
}

/** What the books and the census both tell. */
export const totals = ({ ledger, not_egress, span }: Pick<Census, 'ledger' | 'not_egress' | 'span'>) => {
  const { bytes_out, bytes_in, flows, attributed_share, explained_bytes_out, unexplained_bytes_out } = ledger
  const sums = { bytes_out, bytes_in, flows, attributed_share, explained_bytes_out, unexplained_bytes_out }
  return JSON.parse(exactJson({ ...sums, not_egress, span }))
}

/** Sums by one column, empty ones left out. */
function sumsBy<T extends Sums>(rows: readonly T[], name: (row: T) => string): Record<string, string> {
  const shown = rows.map((row): [string, string] => [name(row), [row.bytes_out, row.bytes_in, row.flows].join()])
  return Object.fromEntries(shown.filter(([, sums]) => sums !== '0,0,0').sort())
}

function byNetwork(rows: readonly (Sums & { key: string })[]): (Sums & { key: string })[] {
  const networks = new Map<string, Sums & { key: string }>()
  for (const { key: peer, ...row } of rows) {
    const { words } = parseNetwork(peer) as Network
    const bits = words[0] === 0 ? 120 : 48
    const key = formatNetwork({ words: maskWords(words, bits), bits })
    const sum = networks.get(key) ?? { key, bytes_out: 0n, bytes_in: 0n, flows: 0n }
    networks.set(key, sum)
    for (const name of ['bytes_out', 'bytes_in', 'flows'] as const) sum[name] += row[name]
  }
  return [...networks.values()]
}

/** `days`: those too, which short records of one connection may shift by minutes if they come in any order. */
export async function expectEqual(books: Books, { where, ledger }: Census, days = true): Promise<void> {
  expect(where.by_day.reduce((sum, { bytes_out }) => sum + bytes_out, 0n)).toBe(ledger.bytes_out)
  const asked = {
    host: sumsBy(where.by_host, (row) => row.host),
    service: sumsBy(where.by_service, (row) => row.service),
    account: sumsBy(where.by_account, (row) => row.account),
    role: sumsBy(where.by_role, (row) => row.role),
    day: sumsBy(where.by_day, (row) => new Date(row.start_ms).toISOString().slice(0, 10)),
    // the books fold small peers of closed days into their network
    peer: sumsBy(where.by_network, (row) => row.network),
  }
  for (const [column, sums] of Object.entries(asked)) {
    if (column === 'day' && !days) continue
    const rows = (await books.answer([column])).map(({ key, sums: row }) => ({ ...row, key: key[0] }))
    // of peers those that bytes went to are listed
    const drawing = column === 'peer' ? byNetwork(rows).filter(({ bytes_out }) => bytes_out > 0n) : rows
    const answer = sumsBy(drawing, (row) => row.key)
    const isWhole = Object.keys(answer).length <= 20
    // of more than 20 the census shows the largest, of which none may differ
    expect([column, isWhole ? sums : Object.keys(sums).length]).toEqual([column, isWhole ? answer : 20])
    for (const [name, sum] of Object.entries(sums)) expect([column, name, answer[name]]).toEqual([column, name, sum])
  }
}

/** Mixtures of everything, in any order, over several files, some of it twice. */
export async function censusSaysWhatTheBooksSay({ rounds, seed }: { rounds: number; seed?: number }): Promise<void> {
  const events = mixture({ span_days: 4, flows: 24, strangers: 3 })
  const property = fc.asyncProperty(events, fc.nat(), async (mixed, order) => {
    const [files] = arranged(mixed, order, 1)
    using books = new Books(siteConfig())
    const analysis = await books.run(files)
    const result = await censusOf([join(books.directory, 'run-1')], siteConfig())
    expect(totals(result)).toEqual(totals(analysis as never))
    await expectEqual(books, result, false)
    for (const { records_read, accepted, duplicates, rejected } of result.sources) {
      const refused = Object.values(rejected).reduce((sum, count) => sum + count, 0)
      expect(accepted + duplicates + refused).toBe(records_read)
    }
  })
  await fc.assert(property, { numRuns: rounds, endOnFailure: true, ...(seed === undefined ? {} : { seed }) })
}

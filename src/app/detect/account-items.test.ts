import { expect, test } from 'vitest'
import { readRowsOf } from '../../detectors/names/read-rows.ts'
import type { WorkDraft } from '../../incidents/worklist.ts'
import { hostRoles } from '../../model/site.ts'
import { dayMs } from '../../model/window.ts'
import { type BuiltRow, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { AccountItems } from './account-items.ts'

const names = { text: (id: number) => `a${id}`, peer: (id: number) => `192.0.2.${id}` }
const vaults = { isOpen: () => false, projectOf: (vault: number) => vault, hasProject: () => true }
const accounts = 60
const since = 120
const login = hostRoles.indexOf('login')

/** Sixty accounts with one vault each, and another one now and then; what account 5 does from day 120 on. */
function itemsOf(more: (day: number) => { rows?: Partial<BuiltRow>[]; reads?: number }): WorkDraft[] {
  const items = new AccountItems({ names, vaults })
  return Array.from({ length: since + 20 }, (_, day) => {
    const { rows = [], reads = 0 } = day < since ? {} : more(day)
    const usual = Array.from({ length: accounts }, (_, i) => ({
      ...{ peer: i, host: 1, role: login, account: i + 1, bytes_out: 1e9, peer_asn: 100 + i, tick: 60 },
      vault: (i * 7 + day) % 30 === 0 ? 1000 + 100 * day + i : i + 1,
    }))
    const added = rows.map((row) => ({ peer: 5, host: 1, role: login, account: 5, bytes_out: 1e9, ...row }))
    const read = usual.map(({ account, vault }) => ({ account, vault, host: 1, bytes: 1e9 }))
    const staged = reads > 0 ? [{ account: 5, vault: 5, host: 1, bytes: reads }] : []
    return items.day(dayRowsOf(day, [...usual, ...added]), () => false, readRowsOf(day, [...read, ...staged]))
  }).flat()
}

test('a centre with its habits gives no work', () => {
  expect(itemsOf(() => ({}))).toEqual([])
})

test('one new vault a day is told with how often that was its habit', () => {
  const items = itemsOf((day) => ({ rows: [{ vault: 900_000 + day, peer_asn: 104, tick: 61 }] }))
  const last = items.findLast(({ detector }) => detector === 'slow_access')
  expect(last).toMatchObject({ detector: 'slow_access', subject: 'account:a5', at_ms: (since + 19) * dayMs })
  expect(last?.facts).toMatchObject({ active_days: expect.any(Number), usual_per_active_day: expect.any(Number) })
  expect(last?.text).toMatch(
    /^account a5 drew or read for the first time from \d+ vaults, within \d+ days, [\d.]+ for a day on which it is active, where [\d.]+ were thought to be its habit$/,
  )
})

test('so is what was drawn from other vaults within a week, and from how many before', () => {
  const items = itemsOf((day) => ({ rows: [{ vault: 900_000 + day, peer_asn: 104, tick: 61 }] }))
  const first = items.find(({ detector }) => detector === 'vault_breadth')
  expect(first).toMatchObject({ subject: 'account:a5', facts: { bytes: expect.any(BigInt), most_vaults_before: 1 } })
  expect(first?.text).toMatch(
    /^account a5 drew [\d.]+ GB within \d+ days from \d+ vaults of projects that are not its own; 1 within 7 days was the most before$/,
  )
})

test('two networks at once are told', () => {
  const last = itemsOf(() => ({ rows: [{ vault: 5, peer_asn: 900, tick: 60 }] })).at(-1)
  expect(last).toMatchObject({ detector: 'network_habits', subject: 'account:a5' })
  expect(last?.text).toContain('was in use from several networks at once, or went from one to the next within an hour')
})

test('what is read and does not leave is told a week later, with the most that it ever left before', () => {
  const [first] = itemsOf((day) => ({ reads: day < since + 3 ? 1e12 : 0 }))
  expect(first).toMatchObject({ detector: 'unfollowed_reads', subject: 'account:a5' })
  expect(first.at_ms).toBeLessThanOrEqual((since + 10) * dayMs)
  expect(first.text).toMatch(
    /^account a5 read [\d.]+ [GT]B on hosts at the border within \d+ days that did not leave by it within a week; 0 B was the most before$/,
  )
})

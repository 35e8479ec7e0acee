/**
 * What every store promises of sessions that are told in parts: whoever reads them finds whole ones, and the same whatever
 * came first. Runs against each engine, like the rest of the conformance suite.
 */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Columns } from '../model/columns.ts'
import { NameTable } from '../model/name-table.ts'
import { type ColumnTable, observationTables, sessionParts } from '../model/observation.ts'
import { dayMs } from '../model/window.ts'
import type { Store } from '../store/store.ts'
import { addRow, type RowValues } from './rows.ts'

const t0 = 20_000 * dayMs
const hour = 3_600_000
const { opened, closed } = sessionParts

type Part = RowValues<typeof observationTables.session>
type Transfer = RowValues<typeof observationTables.transfer>

const alice: Part = {
  kind: 'ssh',
  account: 'alice',
  peer: '198.51.100.7',
  peer_port: 50_000,
  host_name: 'login1',
  sid: 7n,
}
const start: Part = { ...alice, part: opened, start_ms: t0, end_ms: Number.NaN }
const end = (ms: number, more: Part = {}): Part => ({ ...alice, part: closed, start_ms: ms, end_ms: ms, ...more })

export function sessionPartsSuite(
  engine: string,
  open: () => Promise<{ store: Store; close: () => Promise<void> }>,
): void {
  describe(`${engine} puts sessions together that are told in parts`, () => {
    let store: Store
    let close: () => Promise<void>

    beforeEach(async () => {
      ;({ store, close } = await open())
    })
    afterEach(() => close())

    async function accept(sessions: readonly Part[], transfers: readonly Transfer[] = [], to = store): Promise<void> {
      await stage(to, 'session', observationTables.session, sessions)
      await stage(to, 'transfer', observationTables.transfer, transfers)
      await to.accept(await to.newRun())
    }

    /** Account, start and end in hours since t0 (null = open), bytes out. */
    async function told(from = store): Promise<[string, number, number | null, number][]> {
      const rows = await from.readContext('session', 0, t0 + 1000 * dayMs, dayMs)
      const texts = await from.nameTexts(rows.map((row) => row.number('account')))
      const hours = (ms: number): number | null => (Number.isNaN(ms) ? null : (ms - t0) / hour)
      return rows
        .map((row): [string, number, number | null, number] => [
          texts.get(row.number('account')) ?? '',
          (row.time('start_ms') - t0) / hour,
          hours(row.time('end_ms')),
          Number(row.count('bytes_out')),
        ])
        .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    }

    test('an opened session ends at its closing, which is no session itself', async () => {
      await accept([start, end(t0 + 80 * hour)])
      expect(await told()).toEqual([['alice', 0, 80, 0]])
      const at = (ms: number): Promise<unknown[]> => store.readContext('session', ms, ms + 1, dayMs)
      expect(await at(t0 + 79 * hour)).toHaveLength(1)
      expect(await at(t0 + 81 * hour)).toHaveLength(0)
    })

    test('without a closing it is open, and ends where the next of the same sid begins', async () => {
      await accept([start])
      expect(await told()).toEqual([['alice', 0, null, 0]])
      await accept([{ ...start, start_ms: t0 + 5 * hour }])
      expect(await told()).toEqual([
        ['alice', 0, 5, 0],
        ['alice', 5, null, 0],
      ])
      await accept([end(t0 + 6 * hour)])
      expect(await told()).toEqual([
        ['alice', 0, 5, 0],
        ['alice', 5, 6, 0],
      ])
    })

    test('one that closes nothing, or belongs to another, changes nothing', async () => {
      await accept([start, end(t0 - hour), end(t0 + hour, { sid: 8n })])
      expect(await told()).toEqual([['alice', 0, null, 0]])
    })

    test('both addresses that one session leased end with it', async () => {
      const vpn: Part = { ...start, kind: 'vpn', assigned: '10.200.0.5' }
      await accept([vpn, { ...vpn, start_ms: t0 + 60_000, assigned: '2001:db8:200::5' }, end(t0 + 2 * hour)])
      expect((await told()).map(([, , until]) => until)).toEqual([2, 2])
    })

    test('of a byte counter that grows the largest counts, once', async () => {
      const interim = (at: number, bytes_out: number): Part => ({ ...start, start_ms: t0 + at, bytes_out })
      const stop: Part = {
        ...start,
        part: sessionParts.whole,
        start_ms: t0 + 1000,
        end_ms: t0 + 3 * hour,
        bytes_out: 900,
      }
      await accept([start, interim(1000, 100), interim(0, 500)])
      expect((await told()).reduce((sum, [, , , bytes]) => sum + bytes, 0)).toBe(500)
      await accept([stop])
      expect((await told()).map(([, , until, bytes]) => [until, bytes]).sort()).toEqual([
        [3, 0],
        [3, 0],
        [3, 0],
        [3, 900],
      ])
    })

    test('a transfer has account and peer of the session that moved it, unless it states its own', async () => {
      const move: Transfer = {
        tool: 'sftp',
        direction: 'out',
        bytes: 5,
        path: '/p',
        start_ms: t0 + hour,
        end_ms: t0 + hour,
        sid: 7n,
      }
      await accept(
        [],
        [move, { ...move, path: '/q', account: 'bob', peer: '203.0.113.1' }, { ...move, path: '/r', sid: 9n }],
      )
      await accept([start, { ...start, account: 'carol', peer: '198.51.100.9', start_ms: t0 + 2 * hour }])
      const rows = await store.readContext('transfer', t0, t0 + dayMs, 0)
      const texts = await store.nameTexts(rows.map((row) => row.number('account')))
      const by = rows.map((row) => [row.text('path'), texts.get(row.number('account')), row.address('peer').lo & 0xffn])
      expect(by.sort()).toEqual([
        ['/p', 'alice', 7n],
        ['/q', 'bob', 1n],
        ['/r', '', 0n],
      ])
    })

    test('a closing that comes later touches the days up to it', async () => {
      await accept([{ ...start, bytes_out: 10 }])
      await store.settle()
      for (const day of await store.dirtyDays())
        await store.book({ from_day: day, to_day: day + 1, additive: false }, noRules, async () => ({}))
      expect(await store.dirtyDays()).toEqual([])
      await accept([end(t0 + 2 * dayMs + hour)])
      await store.settle()
      expect(await store.dirtyDays()).toEqual([20_000, 20_001, 20_002])
    })

    test('what came first decides nothing', { timeout: 60_000 }, async () => {
      const part = fc.record({
        sid: fc.constantFrom(1n, 2n),
        part: fc.constantFrom(sessionParts.whole, opened, closed),
        at: fc.nat(12),
        lasts: fc.nat(5),
        bytes: fc.constantFrom(0, 0, 10, 20),
        assigned: fc.constantFrom(undefined, '10.200.0.5', '10.200.0.6'),
      })
      const parts = fc.array(part, { maxLength: 12 }).map((all) =>
        all.map(({ at, lasts, bytes, ...rest }): Part => {
          const start_ms = t0 + at * hour
          const end_ms = rest.part === opened ? Number.NaN : rest.part === closed ? start_ms : start_ms + lasts * hour
          return { ...alice, ...rest, start_ms, end_ms, bytes_out: rest.part === closed ? 0 : bytes }
        }),
      )
      const cuts = fc.array(fc.nat(12), { maxLength: 3 })
      await fc.assert(
        fc.asyncProperty(parts, cuts, async (rows, at) => {
          const whole = await open()
          const split = await open()
          try {
            await accept(rows, [], whole.store)
            const turned = rows.toReversed()
            const borders = [0, ...[...at].sort((a, b) => a - b), turned.length]
            for (const [i, from] of borders.slice(0, -1).entries())
              await accept(turned.slice(from, borders[i + 1]), [], split.store)
            expect(await told(split.store)).toEqual(await told(whole.store))
          } finally {
            await whole.close()
            await split.close()
          }
        }),
        { numRuns: 6, seed: 20_260_101 },
      )
    })
  })
}

const noRules = { age_unknown_days: 30, novel_days: 30, common_accounts: 5, common_roles: 3, caps: [] }

async function stage<T extends ColumnTable>(
  store: Store,
  type: 'session' | 'transfer',
  table: T,
  rows: readonly RowValues<T>[],
): Promise<void> {
  const names = new NameTable()
  const columns = new Columns(table)
  for (const [i, row] of rows.entries()) addRow(columns, { offset: i, ...row } as RowValues<T>, names)
  await store.stage(type, columns as unknown as Columns, names, await store.sourceId('login.log', 'syslog'))
}

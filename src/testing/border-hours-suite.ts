/** What every store promises of the border's hours: octets of counters and of flows, exact, whatever came first. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { novelty } from '../ledger/tables.ts'
import { Columns } from '../model/columns.ts'
import { flowEventTable } from '../model/flow-event.ts'
import { NameTable } from '../model/name-table.ts'
import { type ColumnTable, observationTables } from '../model/observation.ts'
import { dayMs } from '../model/window.ts'
import type { Store } from '../store/store.ts'
import { addRow, type RowValues } from './rows.ts'

const day = 20_000
const t0 = day * dayMs
const hour = 3_600_000
const framing = 18

type Flow = RowValues<typeof flowEventTable>
type Counter = RowValues<typeof observationTables.counter>

const counter: Counter = { link: 'border1', octets_out: 1000, octets_in: 500, start_ms: t0, end_ms: t0 + hour }
/** With IP bytes of its own, ten packets. */
const flow: Flow = {
  ...{ conn: 1n, start_ms: t0, end_ms: t0 + hour, available_ms: t0 + hour, inside: '10.1.0.11', peer: '198.51.100.7' },
  ...{ bytes_out: 500, wire_bytes_out: 900, packets_out: 10, flags: 8 },
}

export function borderHoursSuite(
  engine: string,
  open: () => Promise<{ store: Store; close: () => Promise<void> }>,
): void {
  describe(`${engine} keeps the hours of the border`, () => {
    let store: Store
    let close: () => Promise<void>

    beforeEach(async () => {
      ;({ store, close } = await open())
    })
    afterEach(() => close())

    async function accept(counters: readonly Counter[], flows: readonly Flow[]): Promise<void> {
      await stage('counter', observationTables.counter, counters)
      await stage('flow', flowEventTable, flows)
      await store.accept(await store.newRun())
    }

    async function stage(
      type: 'counter' | 'flow',
      table: ColumnTable,
      rows: readonly RowValues<ColumnTable>[],
    ): Promise<void> {
      const names = new NameTable()
      const columns = new Columns(table)
      for (const [i, row] of rows.entries()) addRow(columns, { offset: i, ...row } as RowValues<ColumnTable>, names)
      await store.stage(type, columns as unknown as Columns, names, 1)
    }

    /** Books all dirty days, `at_once` of them in one span. */
    async function hours(at_once = 1): Promise<number[][]> {
      for (let days = await store.dirtyDays(); days.length > 0; days = await store.dirtyDays()) {
        const range = { from_day: days[0], to_day: days[0] + at_once, additive: false }
        await store.book(range, { ...novelty, caps: [] }, async () => ({}))
      }
      return (await store.borderHours()).map(({ hour: at, known_day, links, octets_out, flow_octets_out }) => [
        ...[at - day * 24, known_day - day, links, Number(octets_out), Number(flow_octets_out)],
      ])
    }

    test('without counters there are none', async () => {
      await accept([], [flow])
      expect(await hours()).toEqual([])
    })

    test('what interfaces counted beside what flows took, frames included', async () => {
      await accept([counter], [flow, { ...flow, conn: 2n, corroborates: 'tap2' }, { ...flow, conn: 3n, place: 2 }])
      expect(await hours()).toEqual([[0, 0, 1, 1000, 900 + 10 * framing]])
    })

    test('spans are spread over the hours that they touch, to the last octet', async () => {
      const long = { ...counter, octets_out: 1001, start_ms: t0 + 20 * hour, end_ms: t0 + 28 * hour }
      const slow = { ...flow, wire_bytes_out: 1003 - 10 * framing, start_ms: t0 + 21.5 * hour, end_ms: t0 + 25 * hour }
      await accept([long], [{ ...slow, available_ms: t0 + 25 * hour }])
      const cut = await hours()
      expect(cut.reduce((sum, [, , , octets]) => sum + octets, 0)).toBe(1001)
      expect(cut.reduce((sum, [, , , , octets]) => sum + octets, 0)).toBe(1003)
      expect(cut.filter(([at]) => at === 21)[0].slice(-1)).toEqual([143])
      // of hours of the first day all is known on the second
      expect(cut.every(([, known_day]) => known_day === 1)).toBe(true)
      await store.markDirty(day, day + 2)
      expect(await hours(2)).toEqual(cut)
    })

    test('of a connection that was logged while it ran each record counts what it adds, when it is known', async () => {
      const snapshot = (end_h: number, wire: number): Flow => ({
        ...{ ...flow, uid: 5n, packets_out: 0, wire_bytes_out: wire, bytes_out: wire },
        ...{ end_ms: t0 + end_h * hour, available_ms: t0 + end_h * hour },
      })
      const counted = { ...counter, end_ms: t0 + 2 * hour }
      await accept([counted], [snapshot(1, 300), snapshot(2, 400)])
      expect(await hours()).toEqual([
        [0, 0, 1, 500, 300],
        [1, 0, 1, 500, 100],
      ])
    })

    test('a counter that comes later is taken in, one of a link without its hour is no whole link', async () => {
      await accept([counter], [flow])
      await hours()
      await accept(
        [
          { ...counter, link: 'border2', end_ms: t0 + hour / 2 },
          { ...counter, link: 'border3' },
        ],
        [],
      )
      expect(await hours()).toEqual([[0, 0, 2, 3000, 900 + 10 * framing]])
    })

    test('octets that no link carries are cut to what the books can hold', async () => {
      const most = 2n ** 63n - 1n
      const forged = { ...counter, octets_out: most, octets_in: most }
      const heavy = { ...flow, flags: 0, bytes_out: most, packets_out: most, packets_in: most }
      await accept(
        ['a', 'b', 'c'].map((link) => ({ ...forged, link })),
        [heavy, { ...heavy, conn: 2n }],
      )
      expect(await hours()).toEqual([[0, 0, 3, Number(most), Number(most)]])
    })

    test('a counter over days says nothing of an hour', async () => {
      await accept([{ ...counter, end_ms: t0 + 3 * dayMs }], [flow])
      expect(await hours()).toEqual([])
    })
  })
}

/**
 * What every store promises (store/store.ts), as tests that run against each engine. The rules of the ledger are the real
 * ones; everything else is as small as the promise allows.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { vocabulary } from '../app/state.ts'
import { LabelTable } from '../ledger/label-table.ts'
import { readFlowTable } from '../ledger/read-flow.ts'
import { entryTable, type labelTable, novelty } from '../ledger/tables.ts'
import { arrivalTable } from '../model/arrival.ts'
import { Columns, ObservationBatch } from '../model/columns.ts'
import { flowEventTable, probeTable } from '../model/flow-event.ts'
import { NameTable } from '../model/name-table.ts'
import { type ColumnTable, observationTables } from '../model/observation.ts'
import { hostRoles } from '../model/site.ts'
import { dayMs, ticksPerDay } from '../model/window.ts'
import type { BookRules, ContextType, HostOf, Store } from '../store/store.ts'
import { addRow, plainRows, type RowValues } from './rows.ts'

/** What a store is opened with beside a directory of its own. */
export const storeVocabulary = vocabulary
export type OpenStore = (options: typeof storeVocabulary & { directory: string }) => Promise<Store>

type FlowEvent = RowValues<typeof flowEventTable>
type Entry = RowValues<Omit<typeof entryTable, 'label' | 'inside' | 'leased'>> & {
  inside?: string
  leased?: string
  label?: Partial<Record<keyof typeof labelTable, number>>
}

const day = 20_000
const t0 = day * dayMs
const hour = 3_600_000
const ticksPerHour = 6
const rules: BookRules = { ...novelty, caps: [] }
const hostOf: HostOf = ({ hi, lo }) => ({ host: `host-${hi}-${lo}`, role: 3 })

const plainFlow: FlowEvent = {
  start_ms: t0 + hour,
  end_ms: t0 + 2 * hour,
  available_ms: t0 + 2 * hour,
  place: 0,
  inside: '10.1.0.11',
  peer: '198.51.100.7',
  inside_port: 50_000,
  peer_port: 443,
  proto: 6,
  bytes_out: 1000,
  bytes_in: 10,
  bytes_out_lo: 1000,
  bytes_out_hi: 1000,
  packets_out: 8,
}

export function storeSuite(engine: string, open: OpenStore): void {
  describe(`${engine} is a store`, () => {
    let directory: string
    let store: Store

    beforeEach(async () => {
      directory = mkdtempSync(join(tmpdir(), 'weir-store-'))
      store = await open({ directory, ...storeVocabulary })
    })
    afterEach(async () => {
      await store.close()
      rmSync(directory, { recursive: true, force: true })
    })

    async function reopen(): Promise<void> {
      await store.close()
      store = await open({ directory, ...storeVocabulary })
    }

    async function stage<T extends ColumnTable>(
      type: Parameters<Store['stage']>[0],
      table: T,
      rows: readonly RowValues<T>[],
      source: number,
    ): Promise<void> {
      const names = new NameTable()
      const columns = new Columns(table)
      for (const [i, row] of rows.entries()) addRow(columns, { offset: i, ...row } as RowValues<T>, names)
      await store.stage(type, columns as unknown as Columns, names, source)
    }

    /** Flows with hashes of their place in the list, unless they have one. */
    async function stageFlows(flows: readonly FlowEvent[], source = 1): Promise<void> {
      const rows = flows.map((flow, i) => ({ ...plainFlow, conn: 1000n + BigInt(i), ...flow }))
      await stage('flow', flowEventTable, rows, source)
    }

    async function acceptFlows(flows: readonly FlowEvent[], source = 1): Promise<number[]> {
      await stageFlows(flows, source)
      const [{ accepted, duplicates }] = await store.accept(await store.newRun())
      return [accepted, duplicates]
    }

    async function stageContext(
      type: ContextType,
      rows: readonly Record<string, number | bigint | string>[],
    ): Promise<void> {
      await stage(type, observationTables[type] as ColumnTable, rows, 1)
    }

    async function readFlows(from_ms: number, to_ms: number, unbookedOnly = false) {
      const rows: ReturnType<typeof plainRows<typeof readFlowTable>> = []
      for await (const columns of store.readFlows(readFlowTable, from_ms, to_ms, unbookedOnly))
        rows.push(...plainRows(columns))
      return rows.sort(
        (a, b) => Number(a.seg_start_ms) - Number(b.seg_start_ms) || Number(a.bytes_out) - Number(b.bytes_out),
      )
    }

    async function book(
      range: { from_day: number; to_day: number; additive?: boolean },
      entries: readonly Entry[],
      more: Partial<BookRules> = {},
    ): Promise<void> {
      await store.book({ additive: false, ...range }, { ...rules, ...more }, async (add) => {
        const labels = new LabelTable()
        const columns = new Columns(entryTable)
        for (const { inside = '10.1.0.11', leased, label, ...values } of entries) {
          const [id] = await store.internAddresses([halves(inside)], hostOf)
          const leasedId = leased === undefined ? 0 : (await store.internAddresses([halves(leased)], hostOf))[0]
          const fields = { ...labels.at(0), ...label }
          addRow(columns, {
            accounts: 1,
            peer: '198.51.100.7',
            ...values,
            inside: id,
            leased: leasedId,
            label: labels.codeOf(fields),
          })
        }
        await add(columns as unknown as Columns, labels.columns as unknown as Columns)
        return {}
      })
    }

    /** An entry of the day, `at_h` hours into it. */
    const entry = (at_h: number, bytes_out: number | bigint, more: Entry = {}): Entry => ({
      tick: day * ticksPerDay + at_h * ticksPerHour,
      known_tick: day * ticksPerDay + at_h * ticksPerHour,
      fact_tick: day * ticksPerDay + at_h * ticksPerHour,
      bytes_out,
      bytes_out_lo: bytes_out,
      bytes_out_hi: bytes_out,
      flows: 1,
      ...more,
    })

    async function ask(by: string[], rest: Partial<Parameters<Store['query']>[0]> = {}) {
      const { rows, total, answered_from } = await store.query({ by, where: [], ...rest })
      const shown = rows.map((row) => [...by.map((column) => String(row[column])), row.bytes_out])
      return { rows: shown.sort((a, b) => (String(a) < String(b) ? -1 : 1)), total, answered_from }
    }

    describe('names', () => {
      test('are numbers that never change; the empty one is 0', async () => {
        const texts = ['', 'ssl', '漢字', "it's", 'x'.repeat(2000), 'SSL', 'ssl ']
        const ids = [...(await store.internNames(texts))]
        expect(ids[0]).toBe(0)
        expect(new Set(ids).size).toBe(texts.length)
        expect([...(await store.internNames(['ssl', 'new', 'ssl', '']))]).toEqual([
          ids[1],
          expect.any(Number),
          ids[1],
          0,
        ])
        await reopen()
        expect([...(await store.internNames(texts))]).toEqual(ids)
        expect(await store.nameTexts(ids)).toEqual(new Map(ids.map((id, i) => [id, texts[i]])))
        expect(await store.nameTexts([])).toEqual(new Map())
      })

      test('of thousands each has its own', async () => {
        const texts = Array.from({ length: 5000 }, (_, i) => `account-${i}`)
        const ids = await store.internNames(texts)
        expect(new Set(ids).size).toBe(5000)
        expect((await store.nameTexts(ids)).get(ids[4321])).toBe('account-4321')
      })

      test('of addresses: numbers with the host they belong to, which a new configuration may rename', async () => {
        const addresses = ['10.1.0.11', '2001:db8::11', '10.1.0.12'].map(halves)
        const named: HostOf = ({ hi }) => ({ host: hi === 0n ? 'dtn1' : 'dtn6', role: 2 })
        const ids = await store.internAddresses(addresses, named)
        expect(new Set(ids).size).toBe(3)
        expect(ids).not.toContain(0)
        await reopen()
        expect(await store.internAddresses([...addresses].reverse(), named)).toEqual(ids.toReversed())
        await book({ from_day: day, to_day: day + 1 }, [entry(1, 5), entry(1, 7, { inside: '2001:db8::11' })])
        expect((await ask(['day', 'host', 'role', 'inside'])).rows).toEqual([
          [dayText(day), 'dtn1', 'dtn', '10.1.0.11', 5n],
          [dayText(day), 'dtn6', 'dtn', '2001:db8::11', 7n],
        ])
        await store.renameAddresses(() => ({ host: 'moved', role: 0 }))
        expect((await ask(['day', 'host', 'role'])).rows).toEqual([[dayText(day), 'moved', hostRoles[0], 12n]])
      })

      test('of files: the same number whenever one comes again, another for another format', async () => {
        const id = await store.sourceId('/logs/a', 'zeek_conn')
        const others = [await store.sourceId('/logs/b', 'zeek_conn'), await store.sourceId('/logs/a', 'neutral')]
        expect(new Set([id, ...others]).size).toBe(3)
        await reopen()
        expect(await store.sourceId('/logs/a', 'zeek_conn')).toBe(id)
      })
    })

    test('what is noted of the state is kept, the last note of a kind alone', async () => {
      await store.setMeta('networks', 'one')
      await store.setMeta('networks', "two; it's")
      await reopen()
      expect((await store.meta()).get('networks')).toBe("two; it's")
      expect((await store.meta()).get('nothing')).toBeUndefined()
    })

    describe('acceptance', () => {
      test('takes each record once: within a file, over files, over runs', async () => {
        expect(await acceptFlows([{ conn: 1n }, { conn: 2n }, { conn: 1n }])).toEqual([2, 1])
        await stageFlows([{ conn: 2n }, { conn: 3n }], 2)
        await stageFlows([{ conn: 3n }, { conn: 4n }], 3)
        expect(store.staged).toBe(4)
        const accepted = await store.accept(await store.newRun())
        expect(accepted.sort((a, b) => a.source - b.source)).toEqual([
          { source: 2, accepted: 1, duplicates: 1 },
          { source: 3, accepted: 1, duplicates: 1 },
        ])
        expect(store.staged).toBe(0)
        await reopen()
        expect(await acceptFlows([1n, 2n, 3n, 4n].map((conn) => ({ conn })))).toEqual([0, 4])
        expect(await readFlows(t0, t0 + dayMs)).toHaveLength(4)
      })

      test('tells records apart by all that identifies them', async () => {
        const same: FlowEvent = { conn: 1n }
        const others: FlowEvent[] = [
          { conn: 2n },
          { start_ms: t0 + hour + 1 },
          { end_ms: t0 + 2 * hour + 1 },
          { inside: '10.1.0.12' },
          { peer: '198.51.100.8' },
          { inside_port: 1 },
          { peer_port: 1 },
          { proto: 17 },
          { bytes_out: 1001 },
          { bytes_in: 11 },
          { corroborates: 'netflow' },
        ]
        expect(await acceptFlows([same, ...others.map((other) => ({ ...same, ...other }))])).toEqual([12, 0])
        expect(
          await acceptFlows([{ ...same, service: 'ssl', sensor: 'other', available_ms: 5, packets_out: 9 }]),
        ).toEqual([0, 1])
      })

      test('counts records, not rows: a job of many nodes is one', async () => {
        const job = { job_id: '1', account: 'alice', project: 'physics', start_ms: t0, end_ms: t0 + hour }
        await stageContext('job', [
          { ...job, node: 'n1', offset: 7 },
          { ...job, node: 'n2', offset: 7 },
          { ...job, node: 'n2', offset: 9 },
          { ...job, node: 'n3', offset: 11 },
          { ...job, node: 'n2', offset: 11 },
        ])
        expect(await store.accept(await store.newRun())).toEqual([{ source: 1, accepted: 2, duplicates: 1 }])
        expect(await store.readContext('job', t0, t0 + 1, 0)).toHaveLength(3)
      })

      test('of flows without payload: each once', async () => {
        const probe = { conn: 1n, start_ms: t0 }
        await stage('probe', probeTable, [probe, probe, { ...probe, start_ms: t0 + 1 }, { ...probe, conn: 2n }], 1)
        expect(await store.accept(await store.newRun())).toEqual([{ source: 1, accepted: 3, duplicates: 1 }])
        await stage('probe', probeTable, [probe], 2)
        expect(await store.accept(await store.newRun())).toEqual([{ source: 2, accepted: 0, duplicates: 1 }])
      })

      test('of nothing is nothing', async () => {
        expect(await store.accept(await store.newRun())).toEqual([])
        const { names, flow } = new ObservationBatch()
        await store.stage('flow', flow as unknown as Columns, names, 1)
        expect(store.staged).toBe(0)
      })

      test('runs have numbers that grow', async () => {
        const first = await store.newRun()
        await reopen()
        expect(await store.newRun()).toBeGreaterThan(first)
      })
    })

    describe('days to be written', () => {
      test('are those that accepted flows touch, until they are booked', async () => {
        await acceptFlows([{}, { start_ms: t0 + 3 * dayMs, end_ms: t0 + 5 * dayMs }])
        expect(await store.dirtyDays()).toEqual([day, day + 3, day + 4, day + 5])
        await reopen()
        expect(await store.dirtyDays()).toHaveLength(4)
        await book({ from_day: day + 3, to_day: day + 5 }, [])
        expect(await store.dirtyDays()).toEqual([day, day + 5])
        await store.markDirty(day + 4, day + 7)
        expect(await store.dirtyDays()).toEqual([day, day + 4, day + 5, day + 6])
      })

      test('are not touched by duplicates', async () => {
        await acceptFlows([{}])
        await book({ from_day: day, to_day: day + 1 }, [])
        await acceptFlows([{}])
        expect(await store.dirtyDays()).toEqual([])
      })

      test('are those of flows that new logins, leases and jobs may label, all days of each', async () => {
        const [address] = await store.internAddresses([halves('10.2.0.1')], () => ({ host: 'node1.cluster', role: 1 }))
        expect(address).toBeGreaterThan(0)
        await acceptFlows([
          { start_ms: t0 + hour, end_ms: t0 + 2 * dayMs },
          { peer: '10.200.0.5', pool: 1, start_ms: t0 + 4 * dayMs, end_ms: t0 + 4 * dayMs },
          { inside: '10.2.0.1', start_ms: t0 + 6 * dayMs, end_ms: t0 + 6 * dayMs + 1 },
          { start_ms: t0 + 8 * dayMs, end_ms: t0 + 8 * dayMs },
        ])
        await book({ from_day: day, to_day: day + 9 }, [entry(1, 5)])
        const session = {
          kind: 'ssh',
          account: 'alice',
          peer: '198.51.100.7',
          start_ms: t0 + dayMs,
          end_ms: t0 + dayMs + 1,
        }
        const settled = async (type: ContextType, row: Record<string, number | string>): Promise<number[]> => {
          await stageContext(type, [row])
          await store.accept(await store.newRun())
          await store.settle()
          const days = await store.dirtyDays()
          await book({ from_day: day, to_day: day + 9 }, [entry(1, 5)])
          return days.map((each) => each - day)
        }
        expect(await settled('session', session)).toEqual([0, 1, 2])
        expect(await settled('session', { ...session, peer: '198.51.100.8' })).toEqual([])
        const lease = { ip: '10.200.0.5', account: 'alice', start_ms: t0 + 3 * dayMs + hour, end_ms: Number.NaN }
        expect(await settled('lease', lease)).toEqual([4])
        expect(await settled('lease', { ...lease, start_ms: t0 + 2 * dayMs })).toEqual([])
        const job = {
          job_id: '1',
          account: 'a',
          project: 'p',
          node: 'NODE1',
          start_ms: t0 + 6 * dayMs,
          end_ms: t0 + 6 * dayMs,
        }
        expect(await settled('job', job)).toEqual([6])
        expect(await settled('job', { ...job, node: 'node2' })).toEqual([])
      })

      test('hold so many flows', async () => {
        await acceptFlows([{}, {}, { start_ms: t0 + dayMs, end_ms: t0 + 3 * dayMs }])
        expect(await store.flowsPerDay([day, day + 1, day + 2])).toEqual(
          new Map([
            [day, 2],
            [day + 1, 1],
          ]),
        )
        expect(await store.flowsPerDay([])).toEqual(new Map())
      })
    })

    describe('flows read back', () => {
      test('are as they were accepted', async () => {
        const flow: FlowEvent = {
          ...plainFlow,
          conn: 5n,
          uid: 77n,
          sensor: 'zeek',
          service: 'ssl',
          client_fp: 'ja4:x',
          pool: 2,
          bytes_out: 2n ** 53n + 1n,
          bytes_out_lo: 5,
          bytes_out_hi: 2n ** 62n,
          peer: '2001:db9:1:2:3:4:5:6',
        }
        await acceptFlows([flow])
        const [read] = await readFlows(t0, t0 + dayMs)
        const texts = await store.nameTexts([read.sensor, read.service, read.client_fp].map(Number))
        expect({
          ...read,
          sensor: texts.get(Number(read.sensor)),
          service: texts.get(Number(read.service)),
          client_fp: texts.get(Number(read.client_fp)),
        }).toEqual({
          seg_start_ms: flow.start_ms,
          seg_end_ms: flow.end_ms,
          start_ms: flow.start_ms,
          end_ms: flow.end_ms,
          available_ms: flow.available_ms,
          booked_before_ms: 0,
          place: 0,
          sensor: 'zeek',
          inside: '10.1.0.11',
          peer: flow.peer,
          inside_port: 50_000,
          peer_port: 443,
          service: 'ssl',
          pool: 2,
          client_fp: 'ja4:x',
          bytes_out: flow.bytes_out,
          bytes_in: 10n,
          bytes_out_lo: 5n,
          bytes_out_hi: 2n ** 62n,
          packets_out: 8n,
          packets_in: 0n,
          flows: 1n,
        })
      })

      test('are those that touch the span', async () => {
        await acceptFlows([
          { start_ms: t0 - 10, end_ms: t0 - 1 },
          { start_ms: t0 - 10, end_ms: t0, bytes_out: 1 },
          { start_ms: t0 + dayMs - 1, end_ms: t0 + 9 * dayMs, bytes_out: 2 },
          { start_ms: t0 + dayMs, end_ms: t0 + dayMs },
        ])
        expect((await readFlows(t0, t0 + dayMs)).map(({ bytes_out }) => bytes_out)).toEqual([1n, 2n])
      })

      test('of one connection, logged with growing totals, add what is new, in whatever order they came', async () => {
        const snapshot = (end_h: number, bytes_out: number, bytes_in: number): FlowEvent => ({
          conn: 9n,
          uid: 77n,
          end_ms: t0 + end_h * hour,
          bytes_out,
          bytes_out_lo: bytes_out - 1,
          bytes_out_hi: bytes_out + 1,
          bytes_in,
        })
        await acceptFlows([snapshot(4, 900, 5)])
        await acceptFlows([snapshot(2, 100, 0), snapshot(3, 100, 7), { conn: 10n, uid: 78n, bytes_out: 50 }])
        await acceptFlows([snapshot(2.5, 60, 0)])
        const rows = (await readFlows(t0, t0 + dayMs)).filter(({ bytes_out }) => bytes_out !== 50n)
        const shown = rows.map((row) => [
          (Number(row.seg_start_ms) - t0) / hour,
          (Number(row.seg_end_ms) - t0) / hour,
          row.bytes_out,
          row.bytes_in,
          row.bytes_out_lo,
          row.bytes_out_hi,
          row.flows,
        ])
        expect(shown).toEqual([
          [1, 2, 100n, 0n, 99n, 101n, 1n],
          [2, 2.5, 0n, 0n, 0n, 0n, 0n],
          [2.5, 3, 0n, 7n, 0n, 0n, 0n],
          [3, 4, 800n, 0n, 800n, 800n, 0n],
        ])
      })

      test('of one connection seen by a sensor that only corroborates take nothing from the one that counts', async () => {
        const flow: FlowEvent = { conn: 9n, uid: 77n }
        await acceptFlows([{ ...flow, corroborates: 'netflow' }, flow])
        expect((await readFlows(t0, t0 + dayMs)).map(({ bytes_out }) => bytes_out)).toEqual([1000n, 1000n])
      })

      test('tell the sensor’s time that they cover', async () => {
        await acceptFlows([
          { sensor: 'zeek', start_ms: t0 + 2 * hour, end_ms: t0 + 3 * hour },
          { sensor: 'zeek', start_ms: t0 + hour, end_ms: t0 + 30 * hour },
          { sensor: 'zeek', start_ms: t0 + 30 * hour, end_ms: t0 + 31 * hour },
          { sensor: 'other', start_ms: t0 + 5 * hour, end_ms: t0 + 6 * hour },
        ])
        const covered = await store.flowCoverage(t0, t0 + dayMs)
        expect(covered.map(({ from_ms, to_ms }) => [(from_ms - t0) / hour, (to_ms - t0) / hour]).sort()).toEqual([
          [1, 30],
          [5, 6],
        ])
      })
    })

    describe('context read back', () => {
      const session = {
        kind: 'ssh',
        account: 'alice',
        peer: '198.51.100.7',
        peer_port: 50_000,
        host: '10.1.0.1',
        host_name: '',
        gateway: '',
      }

      test('is as it was accepted: names as numbers, absent times NaN', async () => {
        await stageContext('transfer', [
          {
            tool: 'gridftp',
            account: 'alice',
            peer: '2001:db9::7',
            path: "/proj/é/it's",
            bytes: 2n ** 53n + 1n,
            start_ms: t0,
            end_ms: t0 + 5,
          },
        ])
        await stageContext('session', [{ ...session, start_ms: t0, end_ms: Number.NaN }])
        await store.accept(await store.newRun())
        const [transfer] = await store.readContext('transfer', t0, t0 + 1, 0)
        expect((await store.nameTexts([transfer.number('account')])).get(transfer.number('account'))).toBe('alice')
        expect(transfer.text('path')).toBe("/proj/é/it's")
        expect(transfer.count('bytes')).toBe(2n ** 53n + 1n)
        expect(transfer.address('peer')).toEqual(halves('2001:db9::7'))
        expect(transfer.address('host')).toEqual({ hi: 0n, lo: 0n })
        expect(transfer.time('end_ms')).toBe(t0 + 5)
        const [login] = await store.readContext('session', t0, t0 + 1, hour)
        expect(login.time('end_ms')).toBeNaN()
        expect(login.number('peer_port')).toBe(50_000)
      })

      test('is what touches the span; what has no end lasts as long as is asked', async () => {
        const at = (start: number, end: number) => ({ ...session, start_ms: t0 + start, end_ms: t0 + end })
        await stageContext('session', [
          at(-10, -1),
          at(-9, 0),
          at(9, 99),
          at(10, 99),
          at(-8, Number.NaN),
          at(-7, Number.NaN),
        ])
        await store.accept(await store.newRun())
        const starts = (await store.readContext('session', t0, t0 + 10, 7)).map((row) => row.time('start_ms') - t0)
        expect(starts.sort((a, b) => a - b)).toEqual([-9, -7, 9])
      })

      test('of flows that reach beyond the span is found wherever it is', async () => {
        await acceptFlows([{ start_ms: t0 + hour, end_ms: t0 + 5 * dayMs }])
        const at = (start_h: number, more: object = {}) => ({
          ...session,
          start_ms: t0 + start_h * hour,
          end_ms: t0 + (start_h + 1) * hour,
          ...more,
        })
        await stageContext('session', [at(2), at(110), at(150), at(3, { peer: '198.51.100.8' })])
        await stageContext('lease', [{ ip: '198.51.100.7', account: 'a', start_ms: t0 + hour, end_ms: t0 + 2 * hour }])
        await store.accept(await store.newRun())
        const found = async (from_day: number, to_day: number) => {
          const rows = await store.readCrossingContext('session', from_day * dayMs, to_day * dayMs)
          return rows.map((row) => (row.time('start_ms') - t0) / hour).sort((a, b) => a - b)
        }
        expect(await found(day + 2, day + 3)).toEqual([2, 110])
        expect(await found(day, day + 6)).toEqual([])
        expect(await store.readCrossingContext('lease', t0 + 2 * dayMs, t0 + 3 * dayMs)).toHaveLength(1)
        expect(await store.crossingInsides(t0 + 2 * dayMs, t0 + 3 * dayMs)).toEqual([halves('10.1.0.11')])
        expect(await store.crossingInsides(t0, t0 + 6 * dayMs)).toEqual([])
      })
    })

    describe('booking', () => {
      const range = { from_day: day, to_day: day + 1 }

      test('writes what can be asked, by any column and through any table, to the byte', async () => {
        const [alice, cfd, ssl] = await store.internNames(['alice', 'cfd', 'ssl'])
        const giant = 2n ** 53n + 1n
        await book(range, [
          entry(1, giant, { service: ssl, label: { account: alice, vault: cfd } }),
          entry(1, giant, { service: ssl, label: { account: alice, vault: cfd } }),
          entry(5, 3, { label: { account: alice } }),
          entry(5, 4, { inside: '10.1.0.12', peer: '2001:db9:1:2::' }),
        ])
        const total = {
          bytes_out: 2n * giant + 7n,
          bytes_out_lo: 2n * giant + 7n,
          bytes_out_hi: 2n * giant + 7n,
          bytes_in: 0n,
          flows: 4n,
        }
        for (const by of [
          [],
          ['day'],
          ['account'],
          ['hour', 'vault'],
          ['window', 'account', 'vault'],
          ['day', 'peer', 'inside'],
        ])
          expect((await ask(by)).total).toEqual(total)
        expect((await ask(['account'])).rows).toEqual([
          ['', 4n],
          ['alice', 2n * giant + 3n],
        ])
        expect((await ask(['day', 'peer', 'service'])).rows).toEqual([
          [dayText(day), '198.51.100.7', '', 3n],
          [dayText(day), '198.51.100.7', 'ssl', 2n * giant],
          [dayText(day), '2001:db9:1:2::/64', '', 4n],
        ])
        expect((await ask(['hour', 'account', 'vault'])).rows).toEqual([
          [`${dayText(day)}T01:00Z`, 'alice', 'cfd', 2n * giant],
          [`${dayText(day)}T05:00Z`, '', '', 4n],
          [`${dayText(day)}T05:00Z`, 'alice', '', 3n],
        ])
      })

      test('of the same days again replaces, and leaves other days alone', async () => {
        await book({ from_day: day - 1, to_day: day + 1 }, [entry(-5, 100), entry(1, 5)])
        await book(range, [entry(2, 7)])
        expect((await ask(['day'])).rows).toEqual([
          [dayText(day - 1), 100n],
          [dayText(day), 7n],
        ])
        expect((await ask(['window', 'peer'])).rows.map(([, , bytes]) => bytes)).toEqual([100n, 7n])
      })

      test('of days whose detail is gone adds', async () => {
        await book(range, [entry(1, 5)])
        await store.dropDetail(day + 1)
        await book({ from_day: 0, to_day: day + 1, additive: true }, [entry(2, 7), entry(-48, 1)])
        expect((await ask(['day'])).rows).toEqual([
          [dayText(day - 2), 1n],
          [dayText(day), 12n],
        ])
        expect((await ask(['day', 'peer'])).rows.map((row) => row.at(-1))).toEqual([1n, 12n])
      })

      test('posts only what leaves, as sensors that account see it', async () => {
        await book(range, [entry(1, 5), entry(1, 7, { accounts: 0 }), entry(1, 9, { place: 1 })])
        expect((await ask([])).total.bytes_out).toBe(5n)
      })

      test('nets what was reversed: before it was known unlabelled, after it labelled, never twice', async () => {
        const [alice] = await store.internNames(['alice'])
        const later = { posting_only: 1, known_tick: day * ticksPerDay + 100 }
        const undone = { bytes_out: -50, bytes_out_lo: -50, bytes_out_hi: -50, flows: -1 }
        await book(range, [
          entry(1, 50),
          entry(1, 50, { ...later, ...undone }),
          entry(1, 50, { ...later, label: { account: alice } }),
        ])
        for (const by of [['account'], ['day', 'account', 'peer'], ['window', 'account', 'peer']]) {
          const { rows, total } = await ask(by)
          expect(
            rows
              .filter((row) => row.at(-1) !== 0n)
              .map((row) => row.filter((part) => part === 'alice' || part === 50n)),
          ).toEqual([['alice', 50n]])
          expect(total).toMatchObject({ bytes_out: 50n, flows: 1n })
        }
      })

      test('refuses books that do not balance, and then nothing is written', async () => {
        await book(range, [entry(1, 5)])
        await expect(book(range, [entry(1, 50), entry(1, 7, { posting_only: 1 })])).rejects.toThrow(
          'the books do not balance: bytes_out',
        )
        await reopen()
        expect((await ask([])).total.bytes_out).toBe(5n)
      })

      test('that fails half-way leaves everything as it was', async () => {
        await acceptFlows([{}])
        await book(range, [entry(1, 5)])
        await store.markDirty(day, day + 1)
        const broken = store.book({ ...range, additive: false }, rules, () => Promise.reject(new Error('no more')))
        await expect(broken).rejects.toThrow('no more')
        expect((await ask([])).total.bytes_out).toBe(5n)
        expect(await store.dirtyDays()).toEqual([day])
        await book(range, [entry(1, 6)])
        expect((await ask([])).total.bytes_out).toBe(6n)
      })

      test('shows the peer as it really is, and the leased address beside it', async () => {
        const leasedEntry = { peer: '10.200.0.5', outer: '198.51.100.9', leased: '10.200.0.5' }
        await book(range, [entry(1, 5, leasedEntry), entry(1, 7)])
        expect((await ask(['day', 'peer', 'leased_ip'])).rows).toEqual([
          [dayText(day), '198.51.100.7', '', 7n],
          [dayText(day), '198.51.100.9', '10.200.0.5', 5n],
        ])
      })

      test('explains no more than the cap of a day, the first bytes first', async () => {
        const [exp, mirror] = await store.internNames(['EXP-1', 'mirror'])
        const label = { explanation: exp, explained: 2, account: mirror }
        const caps = [{ explanation: exp, max_bytes_per_day: 100n }]
        await book(
          { from_day: day, to_day: day + 2 },
          [entry(1, 70, { label }), entry(2, 60, { label }), entry(3, 5, { label }), entry(30, 101, { label })],
          { caps },
        )
        expect((await ask(['day', 'explained', 'explanation'])).rows).toEqual([
          [dayText(day), 'explained', 'EXP-1', 100n],
          [dayText(day), 'unexplained', 'EXP-1', 35n],
          [dayText(day + 1), 'explained', 'EXP-1', 100n],
          [dayText(day + 1), 'unexplained', 'EXP-1', 1n],
        ])
        // the flow itself stays with what was said of it first
        const moved = (await ask(['hour', 'explained', 'account'])).rows.filter((row) => row.at(-1) !== 0n)
        expect(moved).toEqual([
          [`${dayText(day)}T01:00Z`, 'explained', 'mirror', 70n],
          [`${dayText(day)}T02:00Z`, 'explained', 'mirror', 30n],
          [`${dayText(day)}T02:00Z`, 'unexplained', 'mirror', 30n],
          [`${dayText(day)}T03:00Z`, 'unexplained', 'mirror', 5n],
          [`${dayText(day + 1)}T06:00Z`, 'explained', 'mirror', 100n],
          [`${dayText(day + 1)}T06:00Z`, 'unexplained', 'mirror', 1n],
        ])
      })
    })

    describe('arrivals', () => {
      const firstTick = day * ticksPerDay
      const range = { from_day: day, to_day: day + 1 }
      /** Ticks since the day's first hour: the fact in tick 0, judged at the end of tick 1. */
      const at = (tick: number) => ({ known_tick: firstTick + ticksPerHour + tick })
      const undone = { posting_only: 1, bytes_out: -50, bytes_out_lo: -50, bytes_out_hi: -50, flows: -1 }
      const again = { posting_only: 1 }

      /** Rows as text: tick since the first hour of the day, then the columns asked for, bytes and flows. */
      async function arrived(...columns: (keyof typeof arrivalTable)[]): Promise<string[]> {
        const found: ReturnType<typeof plainRows<typeof arrivalTable>> = []
        for await (const rows of store.readArrivals(0, 2 ** 32 - 1)) found.push(...plainRows(rows))
        const isName = (column: keyof typeof arrivalTable) => arrivalTable[column] === 'name'
        const ids = found.flatMap((row) => columns.filter(isName).map((column) => Number(row[column])))
        const texts = await store.nameTexts(ids)
        return found.map((row) => {
          const shown = columns.map((column) => (isName(column) ? texts.get(Number(row[column])) : row[column]))
          return [Number(row.tick) - firstTick - ticksPerHour, ...shown, row.bytes_out, row.flows].join(' ')
        })
      }

      test('are what leaves, as sensors that account see it, in the tick after the one in which it became known', async () => {
        const [alice, ssl] = await store.internNames(['alice', 'ssl'])
        await book(range, [
          entry(1, 5, { service: ssl, label: { account: alice, peer_asn: 64_500, explained: 2 } }),
          entry(1, 7, { accounts: 0 }),
          entry(1, 9, { place: 1 }),
          entry(1, 0),
          entry(1, 3, { fact_tick: at(30).known_tick, ...at(30) }),
        ])
        const columns = ['inside', 'host', 'role', 'peer', 'service', 'account', 'peer_asn', 'explained'] as const
        const { lo } = halves('10.1.0.11')
        expect(await arrived(...columns)).toEqual([
          `1 10.1.0.11 host-0-${lo} 3 198.51.100.7 ssl alice 64500 2 5 1`,
          `31 10.1.0.11 host-0-${lo} 3 198.51.100.7   0 0 3 1`,
        ])
      })

      test('have the label that was known within a tick of the fact; one that came later changes nothing', async () => {
        const [alice] = await store.internNames(['alice'])
        const named = { ...again, label: { account: alice } }
        const labelledAt = async (tick: number) => {
          await book(range, [
            entry(1, 50),
            entry(1, 50, { ...undone, ...at(tick) }),
            entry(1, 50, { ...named, ...at(tick) }),
          ])
          return arrived('account')
        }
        expect(await labelledAt(1)).toEqual(['1 alice 50 1'])
        expect(await labelledAt(2)).toEqual(['1  50 1'])
      })

      test('of a part that was given a vault in time are two, else one', async () => {
        const [cfd] = await store.internNames(['cfd'])
        const share = (bytes_out: number, tick: number, label = {}) =>
          entry(1, bytes_out, { ...again, ...at(tick), flows: 0, label })
        const labelledAt = async (tick: number) => {
          await book(range, [entry(1, 50), share(-20, tick), share(20, tick, { vault: cfd })])
          return arrived('vault')
        }
        expect(await labelledAt(1)).toEqual(['1  30 1', '1 cfd 20 0'])
        expect(await labelledAt(9)).toEqual(['1  50 1'])
      })

      test('have the peer as it really is, if that was known in time', async () => {
        const leased = { peer: '10.200.0.5' }
        const outer = { ...leased, outer: '198.51.100.9', leased: '10.200.0.5' }
        const knownAt = async (tick: number) => {
          await book(range, [
            entry(1, 50, leased),
            entry(1, 50, { ...leased, ...undone, ...at(tick) }),
            entry(1, 50, { ...outer, ...again, ...at(tick) }),
          ])
          return arrived('peer')
        }
        expect(await knownAt(1)).toEqual(['1 198.51.100.9 50 1'])
        expect(await knownAt(2)).toEqual(['1 10.200.0.5 50 1'])
      })

      test('of a span that is booked again are replaced, those of its neighbours stay', async () => {
        await book({ from_day: day, to_day: day + 2 }, [entry(1, 5), entry(25, 7)])
        await book({ from_day: day + 1, to_day: day + 2 }, [entry(26, 8)])
        expect(await arrived()).toEqual(['1 5 1', '151 8 1'])
        await reopen()
        await book(range, [])
        expect(await arrived()).toEqual(['151 8 1'])
      })

      test('of a record that came a day late go with the day of its event, and stand on the day it came', async () => {
        const late = { fact_tick: at(150).known_tick, ...at(150) }
        await book(range, [entry(1, 5, late), entry(2, 6, late)])
        await book({ from_day: day + 1, to_day: day + 2 }, [entry(26, 8)])
        expect(await store.arrivalDays()).toEqual(new Map([[day + 1, 2]]))
        expect(await arrived()).toEqual(['151 19 3'])
        await book(range, [entry(1, 5)])
        expect(await store.arrivalDays()).toEqual(
          new Map([
            [day, 1],
            [day + 1, 1],
          ]),
        )
      })

      test('stay when the detail of their day goes, and what comes later adds none', async () => {
        await book({ from_day: day, to_day: day + 2 }, [entry(1, 5), entry(25, 7)])
        await store.dropDetail(day + 1)
        await book({ from_day: 0, to_day: day + 1, additive: true }, [entry(2, 70)])
        expect(await arrived()).toEqual(['1 5 1', '145 7 1'])
        await store.dropHistory(day + 1)
        expect(await arrived()).toEqual(['145 7 1'])
      })

      test('are read by tick', async () => {
        await book(range, [entry(1, 5), entry(2, 6), entry(3, 7)])
        const ticks: number[] = []
        for await (const { data, length } of store.readArrivals(firstTick + 7, firstTick + 19))
          ticks.push(...data.tick.subarray(0, length))
        expect(ticks).toEqual([firstTick + 7, firstTick + 13])
      })

      test('come in an order that does not depend on numbers of names and addresses', async () => {
        const write = async (names: readonly string[], insides: readonly string[]) => {
          const ids = new Map([...(await store.internNames(names))].map((id, i) => [names[i], id]))
          await store.internAddresses(insides.map(halves), hostOf)
          const label = (account: string, more: Record<string, number> = {}) => ({
            label: { account: ids.get(account) as number, ...more },
          })
          await book(range, [
            entry(1, 1, { inside: '10.1.0.12' }),
            entry(1, 2, { peer: '2001:db9:1:2::' }),
            entry(1, 3, { peer: '198.51.100.8' }),
            entry(1, 4, label('zoe')),
            entry(1, 5, label('alice', { vault: ids.get('cfd') as number })),
            entry(1, 6, label('alice', { peer_asn: 9 })),
            entry(1, 7, label('alice', { peer_asn: 10 })),
            entry(1, 8, { service: ids.get('ssl') }),
            entry(1, 9, label('alice', { peer_asn: 10, confidence: 90 })),
          ])
          return arrived('inside', 'peer', 'service', 'account', 'vault', 'peer_asn')
        }
        const first = await write(['alice', 'zoe', 'cfd', 'ssl'], ['10.1.0.11', '10.1.0.12'])
        await store.close()
        rmSync(directory, { recursive: true })
        directory = mkdtempSync(join(tmpdir(), 'weir-store-'))
        store = await open({ directory, ...storeVocabulary })
        expect(await write(['ssl', 'cfd', 'zoe', 'alice'], ['10.1.0.12', '10.1.0.11'])).toEqual(first)
        expect(first).toEqual([
          '1 10.1.0.11 198.51.100.7  alice  9 6 1',
          '1 10.1.0.11 198.51.100.7  alice  10 16 2',
          '1 10.1.0.11 198.51.100.7  alice cfd 0 5 1',
          '1 10.1.0.11 198.51.100.7  zoe  0 4 1',
          '1 10.1.0.11 198.51.100.7 ssl   0 8 1',
          '1 10.1.0.11 198.51.100.8    0 3 1',
          '1 10.1.0.11 2001:db9:1:2::    0 2 1',
          '1 10.1.0.12 198.51.100.7    0 1 1',
        ])
      })

      test('of no time are none', async () => {
        expect(await arrived()).toEqual([])
        expect(await store.arrivalDays()).toEqual(new Map())
      })
    })

    describe('time moves on', () => {
      test('small peers of closed days are folded into their network, large ones stay; sums do not change', async () => {
        const peers = ['198.51.100.7', '198.51.100.8', '198.51.101.7', '2001:db9:1:2::', '2001:db9:1:3::']
        await book({ from_day: day, to_day: day + 1 }, [
          ...peers.map((peer, i) => entry(i, 10 + i, { peer })),
          entry(9, 5000, { peer: '198.51.100.9' }),
        ])
        const before = (await ask([])).total
        expect(await store.fold(day + 1, 1000)).toBe(1)
        const folded = [
          [dayText(day), '198.51.100.0/24', 21n],
          [dayText(day), '198.51.100.9', 5000n],
          [dayText(day), '198.51.101.0/24', 12n],
          [dayText(day), '2001:db9:1::/48', 27n],
        ]
        expect((await ask(['day', 'peer'])).rows).toEqual(folded)
        expect((await ask([])).total).toEqual(before)
        expect(await store.fold(day + 1, 1000)).toBe(0)
        // late data reopen the day, and what is there already is not confused with an address
        await store.dropDetail(day + 1)
        await book({ from_day: 0, to_day: day + 1, additive: true }, [
          entry(3, 2000, { peer: '198.51.100.0' }),
          entry(4, 3),
        ])
        expect(await store.fold(day + 1, 1000)).toBe(1)
        folded[0][2] = 24n
        expect((await ask(['day', 'peer'])).rows).toEqual([[dayText(day), '198.51.100.0', 2000n], ...folded])
      })

      test('detail that is gone is still known again, and a long connection goes on from where it was', async () => {
        const snapshot = (end_h: number, bytes_out: number): FlowEvent => ({
          conn: 9n,
          uid: 77n,
          end_ms: t0 + end_h * hour,
          bytes_out,
        })
        await acceptFlows([{ conn: 1n }, snapshot(3, 100)])
        await book({ from_day: day, to_day: day + 1 }, [])
        await store.dropDetail(day + 1)
        await reopen()
        expect(await readFlows(t0, t0 + dayMs)).toEqual([])
        expect(await acceptFlows([{ conn: 1n }, snapshot(3, 100), snapshot(30, 250)])).toEqual([1, 2])
        expect((await readFlows(0, t0 + 9 * dayMs)).map((row) => [row.seg_start_ms, row.bytes_out, row.flows])).toEqual(
          [[t0 + 3 * hour, 150n, 0n]],
        )
        // what counts is not hidden by what only corroborated
        expect(await acceptFlows([{ conn: 1n, corroborates: 'netflow' }])).toEqual([1, 0])
      })

      test('a record that comes late, between others that are booked for good, adds only what is more', async () => {
        const snapshot = (end_h: number, bytes_out: number): FlowEvent => ({
          conn: 9n,
          uid: 77n,
          end_ms: t0 + end_h * hour,
          bytes_out,
          bytes_out_lo: bytes_out,
          bytes_out_hi: bytes_out,
        })
        const late = async (horizon_day: number) => {
          await store.dropDetail(horizon_day)
          await acceptFlows([snapshot(10, 150)])
          return (await readFlows(0, t0 + 9 * dayMs, false)).map((row) => row.bytes_out)
        }
        await acceptFlows([snapshot(3, 100), snapshot(20, 300), snapshot(30, 400)])
        // of the connection 100 + 200 are booked; the record of 30 h reaches over the horizon
        expect((await late(day + 1)).reduce((sum, bytes) => (sum as bigint) + (bytes as bigint), 0n)).toBe(100n)
      })

      test('hours by several columns are asked in vain once their detail is gone; days and single columns are not', async () => {
        await book({ from_day: day, to_day: day + 1 }, [entry(1, 5)])
        await store.dropDetail(day + 1)
        await expect(ask(['hour', 'peer'])).rejects.toMatchObject({ code: 'usage' })
        expect((await ask(['hour', 'peer'], { from_ms: t0 + dayMs })).rows).toEqual([])
        expect((await ask(['hour', 'account'])).total.bytes_out).toBe(5n)
        expect((await ask(['day', 'peer'])).total.bytes_out).toBe(5n)
      })

      test('history beyond its time goes for good', async () => {
        await book({ from_day: day, to_day: day + 2 }, [entry(1, 5), entry(25, 7)])
        await store.dropHistory(day + 1)
        expect((await ask(['day'])).rows).toEqual([[dayText(day + 1), 7n]])
        expect((await ask(['day', 'peer'])).total.bytes_out).toBe(7n)
      })
    })

    describe('questions', () => {
      beforeEach(async () => {
        const [alice] = await store.internNames(['alice'])
        await book({ from_day: day, to_day: day + 1 }, [
          entry(1, 5, { label: { account: alice } }),
          entry(2, 70, { peer: '198.51.100.8' }),
          entry(3, 900, { peer: '2001:db9:1:2::', inside: '10.1.0.12' }),
        ])
      })
      const total = async (column: string, value: string, rest = {}) =>
        (await ask([], { where: [{ column, value }], ...rest })).total.bytes_out

      test('on a value count what has it; the empty value is what has none', async () => {
        expect(await total('account', 'alice')).toBe(5n)
        expect(await total('account', '')).toBe(970n)
        expect(await total('account', 'nobody')).toBe(0n)
        expect(await total('peer', '198.51.100.8')).toBe(70n)
        expect(await total('peer', '198.51.100.0/24')).toBe(75n)
        expect(await total('peer', '2001:db9::/32')).toBe(900n)
        expect(await total('peer', '2001:db9:1:2:3:4:5:6')).toBe(900n)
        expect(await total('inside', '10.1.0.12')).toBe(900n)
        expect(await total('peer_class', 'age_unknown')).toBe(975n)
        expect(await total('explained', 'unexplained')).toBe(975n)
      })

      test('on a span hold from its first moment until before its last', async () => {
        const span = (from_h: number, to_h: number) => ({ from_ms: t0 + from_h * hour, to_ms: t0 + to_h * hour })
        expect((await ask(['hour'], span(1, 2))).total.bytes_out).toBe(5n)
        expect((await ask(['hour', 'peer'], span(2, 4))).total.bytes_out).toBe(970n)
        expect((await ask(['day'], span(24, 48))).rows).toEqual([])
        expect((await ask(['day', 'peer'], span(0, 24))).total.bytes_out).toBe(975n)
      })

      test('on the first N show the largest, and the total of all', async () => {
        const { rows, total: all } = await ask(['day', 'peer'], { top: 1 })
        expect(rows).toEqual([[dayText(day), '2001:db9:1:2::/64', 900n]])
        expect(all.bytes_out).toBe(975n)
      })

      test('that make no sense are refused as such', async () => {
        for (const [column, value] of [
          ['role', 'king'],
          ['peer_class', 'x'],
          ['explained', ''],
          ['peer', 'here'],
          ['peer', "1.1.1.1' OR 1=1"],
          ['peer_asn', 'x'],
          ['day', '2026-01-01'],
        ])
          await expect(total(column, value)).rejects.toMatchObject({ code: 'usage' })
      })
    })
  })
}

function dayText(number: number): string {
  return new Date(number * dayMs).toISOString().slice(0, 10)
}

function halves(text: string): { hi: bigint; lo: bigint } {
  const column = new Columns({ address: 'address' } as const)
  addRow(column, { address: text })
  const { hi, lo } = column.data.address
  return { hi: (BigInt(hi[1]) << 32n) | BigInt(hi[0]), lo: (BigInt(lo[1]) << 32n) | BigInt(lo[0]) }
}

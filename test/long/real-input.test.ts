/**
 * Real logs, counted a second time: these few lines share no code with the sources, and apply the counting rules of the
 * CONTRACT in their own way.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, type TestContext, test, vi } from 'vitest'
import type { Analysis } from '../../src/app/report.ts'
import { needTestData } from '../../src/testing/needs.ts'
import { Books } from '../support/books.ts'

vi.setConfig({ testTimeout: 60_000 })

const office = { site: { networks: ['192.168.1.0/24'] } }
/** Long after all of the logs, so that nothing is ever too young to be kept. */
const now_ms = Date.parse('2026-01-01T00:00:00Z')

function linesOf(path: string): string[] {
  const bytes = readFileSync(path)
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  return (isGzip ? gunzipSync(bytes) : bytes).toString('latin1').split('\n')
}

/** Lines that are neither comment nor blank. A tab-separated record may be a single space. */
function recordsIn(path: string): number {
  const lines = linesOf(path)
  const isTsv = lines.some((line) => line.startsWith('#fields'))
  const isBlank = (line: string) => (isTsv ? line.replace(/\r$/, '') : line.trim()) === ''
  return lines.filter((line) => !isBlank(line) && !line.startsWith('#')).length
}

/** The records of a Zeek log as text by column, the unset ones left out. */
function zeekRecords(path: string): Record<string, string>[] {
  const lines = linesOf(path)
  const names =
    lines
      .find((line) => line.startsWith('#fields'))
      ?.split('\t')
      .slice(1) ?? []
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'))
    .map((values) => Object.fromEntries(names.map((name, i) => [name, values[i]]).filter(([, value]) => value !== '-')))
}

function everyRecordIsAccountedFor(sources: Analysis['sources']): void {
  for (const { path, records_read, accepted, duplicates, rejected } of sources) {
    const refused = Object.values(rejected).reduce((sum, count) => sum + count, 0)
    expect([path, records_read]).toEqual([path, recordsIn(path)])
    expect([path, accepted + duplicates + refused]).toEqual([path, records_read])
  }
}

describe('m57-short: a day of a small office', () => {
  const conn = (context: TestContext) => needTestData(context, 'zeek/m57-short/conn.log')

  /** Rule 1 for this one site, on the text of the address. */
  const isInside = (address: string) => address.startsWith('192.168.1.')
  const isNobody = (address: string) =>
    /^(0\.0\.0\.0|255\.255\.255\.255|127\..*|169\.254\..*|(22[4-9]|23\d)\..*|::1?|fe[89ab].*|ff.*)$/i.test(address)
  const isOutside = (address: string) => !isInside(address) && !isNobody(address)

  interface Counted {
    /** Bytes out by UTC day: what lies before midnight is the floor of its share of the time (rule 4). */
    days: Record<string, bigint>
    host: string
    out: bigint
    in: bigint
    lo: bigint
    flows: bigint
  }

  function counted(records: Record<string, string>[]): Counted[] {
    return records.flatMap((record) => {
      const [orig, resp] = [record['id.orig_h'], record['id.resp_h']]
      const pushed = isInside(orig) && isOutside(resp)
      if (!pushed && !(isInside(resp) && isOutside(orig))) return []
      const [sent, received] = [BigInt(record.orig_bytes ?? 0), BigInt(record.resp_bytes ?? 0)]
      const out = pushed ? sent : received
      const missed = BigInt(record.missed_bytes ?? 0)
      return [
        {
          days: byDay(record, out),
          host: pushed ? orig : resp,
          out,
          in: pushed ? received : sent,
          lo: out > missed ? out - missed : 0n,
          flows: sent + received > 0n ? 1n : 0n,
        },
      ]
    })
  }

  function byDay(record: Record<string, string>, bytes: bigint): Record<string, bigint> {
    const micros = (seconds: string) => BigInt(Math.round(Number(seconds) * 1e6))
    const start = micros(record.ts) / 1000n
    const length = (micros(record.ts) + micros(record.duration ?? '0')) / 1000n - start
    const day = 86_400_000n
    const days: Record<string, bigint> = {}
    let before = 0n
    for (let midnight = (start / day + 1n) * day; ; midnight += day) {
      const passed = midnight - start
      const until = passed >= length ? bytes : (bytes * passed) / length
      days[new Date(Number(midnight - day)).toISOString().slice(0, 10)] = until - before
      if (passed >= length) return days
      before = until
    }
  }

  const total = (rows: readonly Counted[], name: 'out' | 'in' | 'lo' | 'flows') =>
    rows.reduce((sum, row) => sum + row[name], 0n)

  test('what left, came in and was connected is an independent sum, to the byte', async (context) => {
    const path = conn(context)
    const rows = counted(zeekRecords(path))
    using books = new Books(office)
    const { ledger, sources } = await books.analyze([path], now_ms)
    expect(total(rows, 'out')).toBeGreaterThan(500_000n)
    expect(ledger).toMatchObject({
      bytes_out: total(rows, 'out'),
      bytes_in: total(rows, 'in'),
      bytes_out_lo: total(rows, 'lo'),
      flows: total(rows, 'flows'),
    })
    expect(sources).toMatchObject([
      {
        format: 'zeek_conn',
        records_read: 2164,
        accepted: 2164,
        duplicates: 0,
        rejected: {},
        bytes_out: total(rows, 'out'),
        bytes_in: total(rows, 'in'),
      },
    ])
    const hosts = [...new Set(rows.map(({ host }) => host))]
    const byHost = hosts.map((host) => [
      host,
      total(
        rows.filter((row) => row.host === host),
        'out',
      ),
    ])
    expect(await books.bytesOut('host')).toEqual(Object.fromEntries(byHost.filter(([, bytes]) => bytes !== 0n)))
    const days = new Map<string, bigint>()
    for (const row of rows)
      for (const [day, bytes] of Object.entries(row.days)) days.set(day, (days.get(day) ?? 0n) + bytes)
    expect(days.size).toBe(2)
    expect(await books.bytesOut('day')).toEqual(Object.fromEntries(days))
  })

  /** The value of a column as JSON text. */
  function jsonValue(
    name: string,
    value: string,
    types: Record<string, string>,
    ts: 'seconds' | 'iso' | 'millis',
  ): string {
    const type = types[name]
    if (type === 'time') {
      const [seconds, micros] = value.split('.')
      if (ts === 'seconds') return value
      // Zeek's TS_MILLIS writes whole milliseconds
      if (ts === 'millis') return `${seconds}${micros.slice(0, 3)}`
      return `"${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${micros}Z"`
    }
    if (['interval', 'count', 'int', 'port'].includes(type)) return value
    if (type === 'bool') return value === 'T' ? 'true' : 'false'
    if (type.startsWith('set') || type.startsWith('vector'))
      return value === '(empty)' ? '[]' : JSON.stringify(value.split(','))
    return JSON.stringify(value === '(empty)' ? '' : value)
  }

  function jsonTwin(path: string, keys: 'dotted' | 'nested' | 'underscore', ts: 'seconds' | 'iso' | 'millis'): string {
    const typeLine =
      linesOf(path)
        .find((line) => line.startsWith('#types'))
        ?.split('\t')
        .slice(1) ?? []
    const names =
      linesOf(path)
        .find((line) => line.startsWith('#fields'))
        ?.split('\t')
        .slice(1) ?? []
    const types = Object.fromEntries(names.map((name, i) => [name, typeLine[i]]))
    return zeekRecords(path)
      .map((record) => {
        const pair = (name: string, key = name) => `"${key}":${jsonValue(name, record[name], types, ts)}`
        const pairs = Object.keys(record).map((name) => {
          if (!name.startsWith('id.') || keys === 'dotted') return pair(name)
          if (keys === 'underscore') return pair(name, name.replace('.', '_'))
          if (name !== 'id.orig_h') return ''
          const inner = Object.keys(record).filter((each) => each.startsWith('id.'))
          return `"id":{${inner.map((each) => pair(each, each.slice(3))).join(',')}}`
        })
        return `{${pairs.filter((each) => each !== '').join(',')}}\n`
      })
      .join('')
  }

  test('its JSON twins give the same books, row by row, however keys and times are written', async (context) => {
    const path = conn(context)
    using tsv = new Books(office)
    const { ledger } = await tsv.analyze([path], now_ms)
    const expected = await tsv.snapshot()
    const variants = [
      ['dotted', 'seconds'],
      ['nested', 'iso'],
      ['underscore', 'millis'],
    ] as const
    for (const [keys, ts] of variants) {
      using books = new Books(office)
      const twin = jsonTwin(path, keys, ts)
      const run = await books.run({ 'conn.log': twin }, now_ms)
      expect([keys, run.sources[0].format, run.sources[0].accepted]).toEqual([keys, 'zeek_conn', 2164])
      expect(run.ledger).toEqual(ledger)
      const { by_day, ...rest } = await books.snapshot()
      expect(by_day).toEqual(expected.by_day)
      // whole milliseconds lose what decides where the last byte of a tick falls
      if (ts !== 'millis') expect({ by_day, ...rest }).toEqual(expected)
    }
    // and are the same records: what came as TSV is a duplicate in JSON
    const twice = { 'a.json': jsonTwin(path, 'dotted', 'seconds'), 'b.json': jsonTwin(path, 'nested', 'iso') }
    const again = await tsv.run(twice, now_ms)
    expect(again.sources).toMatchObject([
      { accepted: 0, duplicates: 2164, bytes_out: 0n },
      { accepted: 0, duplicates: 2164, bytes_out: 0n },
    ])
    expect(again.ledger).toEqual(ledger)
  })
})

describe('wrccdc: the same events in TSV and in JSON', () => {
  test.for(['ssl.first10k', 'ssh'])('%s: each record of one is a duplicate of the other', async (name, context) => {
    const [tsv, json] = [`tsv/${name}.log.gz`, `json/${name}.json.gz`].map((file) =>
      needTestData(context, `zeek/wrccdc/${file}`),
    )
    using books = new Books(office)
    const one = await books.analyze([tsv], now_ms)
    const two = await books.analyze([json], now_ms)
    everyRecordIsAccountedFor([...one.sources, ...two.sources])
    expect(one.sources[0]).toMatchObject({ accepted: recordsIn(tsv), rejected: {} })
    expect(two.sources[0]).toMatchObject({ accepted: 0, duplicates: recordsIn(json), rejected: {} })
  })
})

describe('every record is accepted, a duplicate or counted with its reason', () => {
  test.for(['zeek/m57-short', 'labelled/otrf-apt29-day1', 'zeek/btest-baseline', 'zeek/zat', 'zeek/wrccdc'])(
    '%s',
    async (name, context) => {
      const folder = needTestData(context, name)
      using books = new Books({ site: { networks: ['10.0.0.0/8', '192.168.0.0/16', '141.142.0.0/16'] } })
      const { sources, passed_over, ledger } = await books.analyze([folder], now_ms)
      expect(sources.length).toBeGreaterThan(4)
      everyRecordIsAccountedFor(sources)
      const files = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
      expect([...sources, ...passed_over].map(({ path }) => path).sort()).toEqual(files.sort())
      // once more: nothing new, and nothing changes
      const again = await books.analyze([folder], now_ms)
      everyRecordIsAccountedFor(again.sources)
      expect(again.sources.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(0)
      expect(again.sources.map(({ rejected }) => rejected)).toEqual(sources.map(({ rejected }) => rejected))
      expect(again.ledger).toEqual(ledger)
    },
  )
})

/** Public logs that nobody here wrote; see the MANIFEST beside them. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { needTestData } from '../../testing/needs.ts'
import { type Row, readSource } from '../../testing/parse-lines.ts'
import { readConnBy, readConnJsonBy } from '../../testing/read-conn-by.ts'
import { connKernel } from './conn-kernel.ts'

function filesUnder(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesUnder(path) : [path]))
}

/** Lines that are neither empty nor comments, counted without the code under test. */
function recordsIn(path: string): number {
  const stored = readFileSync(path)
  const text = (path.endsWith('.gz') ? gunzipSync(stored) : stored).toString('latin1')
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length
}

const sum = (rows: readonly Row[], column: string) => rows.reduce((total, row) => total + (row[column] as bigint), 0n)
const bare = (rows: readonly Row[] = []) => rows.map((row) => ({ ...row, offset: 0 }))

/** A column of a TSV log summed by other means; unset counts as 0. */
function columnSum(path: string, column: string): bigint {
  const lines = readFileSync(path, 'utf8').split('\n')
  const at = (lines.find((line) => line.startsWith('#fields')) as string).split('\t').indexOf(column) - 1
  const values = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split('\t')[at])
  return values.reduce((total, value) => total + (value === '-' ? 0n : BigInt(value)), 0n)
}

test('kernel and plain reader make the same of every conn log', (context) => {
  const kernel = connKernel()
  expect(kernel).toBeDefined()
  const paths = filesUnder(needTestData(context, 'zeek')).filter((path) => /\/conn[^/]*$/.test(path))
  expect(paths.length).toBeGreaterThan(20)
  for (const path of paths) {
    const stored = readFileSync(path)
    const bytes = path.endsWith('.gz') ? gunzipSync(stored) : stored
    const read = bytes[0] === 0x7b ? readConnJsonBy : readConnBy
    expect(read(kernel, bytes), path).toEqual(read(undefined, bytes))
  }
})

test('m57-short: a day of a small office', async (context) => {
  const path = needTestData(context, 'zeek/m57-short/conn.log')
  const { id, format, records_read, rows, rejected } = await readSource(path, ['flow'])
  const flows = rows.flow ?? []
  expect({ id, format, records_read, rejected }).toEqual({
    id: 'zeek_conn_tsv',
    format: 'zeek_conn',
    records_read: 2164,
    rejected: {},
  })
  expect(flows).toHaveLength(2164)
  expect(flows[0]).toMatchObject({
    start_ms: 1258790493773,
    end_ms: 1258790497522,
    src: '192.168.1.104',
    dst: '192.168.1.255',
    src_port: 137,
    proto: 17,
    service: 'dns',
    bytes_src: 350n,
    wire_bytes_src: 546n,
  })
  expect(sum(flows, 'bytes_src')).toBe(columnSum(path, 'orig_bytes'))
  expect(sum(flows, 'bytes_dst')).toBe(columnSum(path, 'resp_bytes'))
  expect(sum(flows, 'missed_bytes')).toBe(columnSum(path, 'missed_bytes'))
  expect(sum(flows, 'wire_bytes_dst')).toBe(columnSum(path, 'resp_ip_bytes'))
  expect(new Set(flows.map((flow) => flow.uid)).size).toBe(2164)
})

test('m57-short: ssl and http join to their connections', async (context) => {
  const conn = await readSource(needTestData(context, 'zeek/m57-short/conn.log'), ['flow'])
  const http = await readSource(needTestData(context, 'zeek/m57-short/http.log'), ['fingerprint'])
  const ssl = await readSource(needTestData(context, 'zeek/m57-short/ssl.log'), ['fingerprint'])
  const uids = new Set(conn.rows.flow?.map((flow) => flow.uid))
  const prints = [...(http.rows.fingerprint ?? []), ...(ssl.rows.fingerprint ?? [])]
  expect(prints).toHaveLength(482 + 7)
  expect(prints.filter((print) => uids.has(print.uid)).length).toBe(prints.length)
  expect(new Set(http.rows.fingerprint?.map((print) => print.content)).size).toBe(482)
})

describe('every record of every log is a row or a counted reason:', () => {
  test.for(['zeek/m57-short', 'zeek/zat', 'zeek/wrccdc', 'labelled/otrf-apt29-day1'])('%s', async (folder, context) => {
    const root = needTestData(context, folder)
    for (const path of filesUnder(root)) {
      if (/LICENSE/.test(path)) continue
      const { id, format, records_read, rows, rejected } = await readSource(path, ['flow', 'fingerprint'])
      const appended = (rows.flow?.length ?? 0) + (rows.fingerprint?.length ?? 0)
      const stream = format.replace('zeek_', '')
      expect(id, path).toMatch(/^zeek_/)
      expect(path.replace(/.*\//, ''), path).toContain(stream)
      expect(records_read, path).toBe(recordsIn(path))
      const used = ['conn', 'ssl', 'ssh', 'http'].includes(stream)
      expect([appended, rejected], path).toEqual(used ? [records_read, {}] : [0, { stream_not_used: records_read }])
    }
  })
})

test('otrf-apt29-day1: connections with underscores in their keys', async (context) => {
  const folder = needTestData(context, 'labelled/otrf-apt29-day1')
  const nashua = await readSource(join(folder, 'NASHUA_conn.log'), ['flow'])
  const scranton = await readSource(join(folder, 'SCRANTON_conn.log'), ['flow'])
  expect([nashua.rows.flow?.length, scranton.rows.flow?.length]).toEqual([479, 134])
  const parsed = readFileSync(join(folder, 'NASHUA_conn.log'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  for (const [i, flow] of (nashua.rows.flow ?? []).entries()) {
    const record = parsed[i]
    expect(flow).toMatchObject({
      start_ms: Math.floor(Math.round(record.ts * 1e6) / 1e3),
      end_ms: Math.floor((Math.round(record.ts * 1e6) + Math.round((record.duration ?? 0) * 1e6)) / 1e3),
      src: record.id_orig_h,
      dst_port: record.id_resp_p,
      service: record.service ?? '',
      bytes_src: BigInt(record.orig_bytes ?? 0),
      bytes_dst: BigInt(record.resp_bytes ?? 0),
    })
  }
})

test.for(['ssl.first10k', 'ssh'])('wrccdc: %s is the same in TSV and in JSON', async (name, context) => {
  const tsv = await readSource(needTestData(context, `zeek/wrccdc/tsv/${name}.log.gz`), ['fingerprint'])
  const json = await readSource(needTestData(context, `zeek/wrccdc/json/${name}.json.gz`), ['fingerprint'])
  expect(tsv.records_read).toBeGreaterThan(20)
  expect(bare(json.rows.fingerprint)).toEqual(bare(tsv.rows.fingerprint))
})

test('btest-baseline: odd logs are read by their header, and what is no log is left alone', async (context) => {
  const folder = needTestData(context, 'zeek/btest-baseline')
  const seen: Record<string, number> = {}
  for (const path of filesUnder(folder)) {
    const text = readFileSync(path, 'latin1')
    const { id, records_read, rows, rejected } = await readSource(path, ['flow', 'fingerprint'])
    const appended = (rows.flow?.length ?? 0) + (rows.fingerprint?.length ?? 0)
    const counted = Object.values(rejected).reduce((a, b) => a + b, 0)
    expect(appended + counted, path).toBe(records_read)
    const stream = /^(?:###.*\n)?#separator .*\n(?:#.*\n)*?#path\W+(\w+)\n/.exec(text)?.[1]
    if (stream === undefined) {
      expect(id, path).toBe('')
      continue
    }
    expect(id, path).toMatch(/_tsv$/)
    expect(records_read, path).toBe(recordsIn(path))
    // BTest replaced the times by X, or there never was one, so no record of these can be taken.
    if (id !== 'zeek_other_tsv') expect(appended, path).toBe(0)
    for (const reason of Object.keys(rejected)) {
      expect(['bad_time', 'time_out_of_range', 'missing_field', 'stream_not_used'], path).toContain(reason)
    }
    seen[stream] = (seen[stream] ?? 0) + 1
  }
  expect(seen).toMatchObject({ conn: 5, ssl: 12, ssh: 8, http: 2 })
})

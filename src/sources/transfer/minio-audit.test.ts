import { expect, test } from 'vitest'
import { needTestData } from '../../testing/needs.ts'
import { parseLines, readSource, rejectedOf, rowsOf } from '../../testing/parse-lines.ts'
import { expectSameHoweverSplit, expectToSurviveDamage } from '../../testing/source-laws.ts'
import { minioAudit } from './minio-audit.ts'

interface Changes {
  api?: Record<string, unknown>
  top?: Record<string, unknown>
}
const line = ({ api = {}, top = {} }: Changes = {}) =>
  JSON.stringify({
    ...{
      version: '1',
      deploymentid: '90e81272',
      time: '2026-08-24T05:13:01.449688982Z',
      event: '',
      trigger: 'incoming',
    },
    requestHeader: { Authorization: 'AWS4-HMAC-SHA256 Credential=AK/2026, Signature=5ec2e7' },
    requestQuery: { 'X-Amz-Signature': '5ec2e7' },
    api: {
      ...{ name: 'GetObject', bucket: 'cfd', object: 'run 7/a.h5', status: 'OK', statusCode: 200 },
      ...{ rx: 100, tx: 5368709120, timeToFirstByte: '1ns', timeToResponse: '2400000000ns' },
      ...api,
    },
    ...{ remotehost: '203.0.113.9', requestID: '17CDC1F4D7E69123', accessKey: 'AK1', parentUser: 'alice', ...top },
  })
const transfers = (...lines: string[]) => rowsOf(parseLines(minioAudit, `${lines.join('\n')}\n`), 'transfer')
const rejects = (...lines: string[]) => rejectedOf(parseLines(minioAudit, `${lines.join('\n')}\n`))

test('the record that MinIO documents is an upload', async (context) => {
  const read = await readSource(needTestData(context, 'object-store/minio-audit.jsonl'), ['transfer'])
  expect([read.id, read.format, read.records_read, read.rejected]).toEqual(['minio_audit', 'minio_audit', 1, {}])
  expect(read.rows.transfer).toEqual([
    expect.objectContaining({
      ...{
        tool: 'minio',
        account: 'minioadmin',
        peer: '127.0.0.1',
        bucket: 'testbucket',
        object: 'hosts',
        bytes: 401n,
      },
      ...{
        direction: 'in',
        start_ms: Date.UTC(2024, 4, 9, 7, 38, 10, 436),
        end_ms: Date.UTC(2024, 4, 9, 7, 38, 10, 449),
      },
      task_id: '17CDC1F4D7E69123',
    }),
  ])
})

test('a download, ending when it was written', () => {
  expect(transfers(line())).toEqual([
    expect.objectContaining({
      ...{ account: 'alice', peer: '203.0.113.9', direction: 'out', bytes: 5368709120n, object: 'run 7/a.h5' },
      ...{ start_ms: Date.UTC(2026, 7, 24, 5, 12, 59, 49), end_ms: Date.UTC(2026, 7, 24, 5, 13, 1, 449), offset: 0 },
    }),
  ])
})

test('older names of the counts and the duration', () => {
  const api = { tx: undefined, outputBytes: 7, timeToResponse: undefined, timeToResponseInNS: '1000000' }
  const [row] = transfers(line({ api, top: { parentUser: undefined } }))
  expect(row).toMatchObject({ bytes: 7n, account: 'AK1', start_ms: Date.UTC(2026, 7, 24, 5, 13, 1, 448) })
})

test('addresses with ports', () => {
  const hosts = ['203.0.113.9:51000', '[2001:db8::1]:51000', '2001:db8::1', '', '::ffff:203.0.113.9']
  expect(transfers(...hosts.map((remotehost) => line({ top: { remotehost } }))).map((row) => row.peer)).toEqual([
    ...['203.0.113.9', '2001:db8::1', '2001:db8::1', '::', '203.0.113.9'],
  ])
  expect(rejects(line({ top: { remotehost: 'client.example.org' } }))).toEqual({ bad_address: 1 })
})

test('other calls, refused and empty ones are not used; broken records are counted', () => {
  const unused = [
    { name: 'ListObjectsV2' },
    { tx: -1 },
    { name: 'CopyObject' },
    { statusCode: 403 },
    { tx: 0 },
    { name: 'toString' },
  ]
  expect(rejects(...unused.map((api) => line({ api })))).toEqual({ stream_not_used: 6 })
  expect(rejects('{', '[]', 'null', '"x"')).toEqual({ malformed: 4 })
  expect(rejects('{}', line({ top: { time: undefined } }))).toEqual({ missing_field: 2 })
  expect(rejects(line({ top: { time: 'yesterday' } }), line({ top: { time: 17 } }))).toEqual({ bad_time: 2 })
  expect(rejects(line({ api: { tx: 1.5 } }), line({ api: { tx: 'many' } }))).toEqual({ bad_count: 2 })
  expect(rejects(line({ api: { tx: -5 } }))).toEqual({ count_out_of_range: 1 })
  expect(rejects('{"__proto__":{"api":{"name":"GetObject"}},"constructor":1}')).toEqual({ missing_field: 1 })
})

test('headers and queries leave no trace', () => {
  const batch = parseLines(
    minioAudit,
    [line(), line({ api: { tx: 1.5 } }), `{"requestHeader":{"Authorization":"5ec2e7"}`].join('\n'),
  )
  expect(batch.records_read).toBe(3)
  const kept = JSON.stringify([rowsOf(batch, 'transfer'), batch.examples, batch.names.texts], (_key, value) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  expect(kept).toContain('run 7/a.h5')
  expect(kept).not.toContain('5ec2e7')
})

test('laws of every source', () => {
  const log = [line(), line({ api: { name: 'PutObject' } }), line({ api: { name: 'X' } }), '{}', ''].join('\n')
  expectToSurviveDamage(minioAudit, log, 300)
  expectSameHoweverSplit(minioAudit, log)
})

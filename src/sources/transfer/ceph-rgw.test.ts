import { expect, test } from 'vitest'
import { parseLines, rejectedOf, rowsOf } from '../../testing/parse-lines.ts'
import { expectSameHoweverSplit, expectToSurviveDamage } from '../../testing/source-laws.ts'
import { cephRgw } from './ceph-rgw.ts'

/** As a public parser's fixture has it, signature and all. */
const record = {
  ...{
    bucket: 'photos',
    time: '2026-08-24T05:13:01.193346Z',
    remote_addr: '10.0.0.4',
    user: 'alice',
    operation: 'get_obj',
  },
  uri: 'GET /photos/a.jpg?X-Amz-Signature=5ec2e7&X-Amz-Credential=AKIA HTTP/1.1',
  ...{ http_status: '200', bytes_sent: 12, total_time: 4, trans_id: 'tx-1' },
}
const line = (more: Record<string, unknown> = {}) => JSON.stringify({ ...record, ...more })
const transfers = (...lines: string[]) => rowsOf(parseLines(cephRgw, `${lines.join('\n')}\n`), 'transfer')
const rejects = (...lines: string[]) => rejectedOf(parseLines(cephRgw, `${lines.join('\n')}\n`))

test('a download whose object only the request line names', () => {
  expect(transfers(line())).toEqual([
    expect.objectContaining({
      ...{
        tool: 'rgw',
        account: 'alice',
        peer: '10.0.0.4',
        bucket: 'photos',
        object: 'a.jpg',
        direction: 'out',
        bytes: 12n,
      },
      ...{
        start_ms: Date.UTC(2026, 7, 24, 5, 13, 1, 193),
        end_ms: Date.UTC(2026, 7, 24, 5, 13, 1, 197),
        task_id: 'tx-1',
      },
    }),
  ])
})

test('the object, wherever the request names it', () => {
  const uris = [
    'GET /photos/run%207/a%2Bb.h5 HTTP/1.1',
    '/photos/b.jpg?versionId=3',
    'GET /c.jpg HTTP/1.1',
    'GET /swift/v1/photos/d/e.jpg HTTP/1.1',
    'GET /swift/v1/AUTH_p1/photos/f.jpg HTTP/1.1',
    'GET http://photos.s3.example.org/g.jpg HTTP/1.1',
    'GET /photos/ HTTP/1.1',
  ]
  expect(transfers(...uris.map((uri) => line({ uri }))).map((row) => row.object)).toEqual([
    ...['run 7/a+b.h5', 'b.jpg', 'c.jpg', 'd/e.jpg', 'f.jpg', 'g.jpg', ''],
  ])
  const tenants = ['GET /photos/h.jpg HTTP/1.1', 'GET /p1:photos/i.jpg HTTP/1.1'].map((uri) => ({ uri, object: '-' }))
  expect(transfers(...tenants.map((more) => line({ ...more, bucket: 'p1/photos' }))).map((row) => row.object)).toEqual([
    ...['h.jpg', 'i.jpg'],
  ])
  expect(transfers(line({ object: 'stated?key' }))[0].object).toBe('stated?key')
})

test('what the socket writes around records', () => {
  const log = `[${line()},\n${line({ trans_id: 'tx-2' })},\n ,${line({ trans_id: 'tx-3' })}\n,\n]\n`
  const batch = parseLines(cephRgw, log)
  expect(rowsOf(batch, 'transfer').map((row) => row.task_id)).toEqual(['tx-1', 'tx-2', 'tx-3'])
  expect([batch.records_read, rejectedOf(batch)]).toEqual([5, { stream_not_used: 2 }])
})

test('uploads, older forms of times and statuses, who it was', () => {
  const put = { operation: 'put_obj', bytes_sent: 0, bytes_received: 77, http_status: 200 }
  expect(transfers(line(put))[0]).toMatchObject({ direction: 'in', bytes: 77n })
  const spaced = line({ time: '2026-08-24 05:13:01.193346Z', total_time: '0.004s', remote_addr: '2001:db8::7' })
  expect(transfers(spaced)[0]).toMatchObject({
    ...{ start_ms: Date.UTC(2026, 7, 24, 5, 13, 1, 193), end_ms: Date.UTC(2026, 7, 24, 5, 13, 1, 193) },
    peer: '2001:db8::7',
  })
  const local = line({ time: undefined, time_local: '2026-08-24T07:13:01.193346+0200' })
  expect(transfers(local)[0].start_ms).toBe(Date.UTC(2026, 7, 24, 5, 13, 1, 193))
  const accounts = [{ user: 'p1$bob' }, { user: 'anonymous' }, { user: '', access_key_id: 'AK1' }, { user: undefined }]
  expect(transfers(...accounts.map(line)).map((row) => row.account)).toEqual(['p1$bob', '', 'AK1', ''])
})

test('other operations, refused and empty ones are not used; broken records are counted', () => {
  const unused = [
    { operation: 'GET' },
    { operation: 'list_bucket' },
    { operation: 'stat_obj' },
    { http_status: '403' },
    { bytes_sent: 0 },
  ]
  expect(rejects(...unused.map(line))).toEqual({ stream_not_used: 5 })
  expect(rejects('{', '[[]]', 'x', line().slice(0, -3))).toEqual({ malformed: 4 })
  expect(rejects('{}', line({ time: undefined }))).toEqual({ missing_field: 2 })
  expect(rejects(line({ time: '24 Aug' }))).toEqual({ bad_time: 1 })
  expect(rejects(line({ remote_addr: 'proxy' }))).toEqual({ bad_address: 1 })
  expect(rejects(line({ bytes_sent: 'x' }), line({ bytes_sent: 1e30 }))).toEqual({ bad_count: 2 })
})

test('no signature is kept', () => {
  const batch = parseLines(cephRgw, [line(), line({ http_status: '403' }), `{"uri":"GET /a?X=5ec2e7`].join('\n'))
  expect(batch.records_read).toBe(3)
  const kept = JSON.stringify([rowsOf(batch, 'transfer'), batch.examples, batch.names.texts], (_key, value) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  expect(kept).toContain('a.jpg')
  expect(kept).not.toMatch(/5ec2e7|AKIA/)
})

test('laws of every source', () => {
  const log = `[${[line(), line({ operation: 'put_obj', bytes_received: 5 }), '{}', line()].join(',\n')}]\n`
  expectToSurviveDamage(cephRgw, log, 300)
  expectSameHoweverSplit(cephRgw, log)
})

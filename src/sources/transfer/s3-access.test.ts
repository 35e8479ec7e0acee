import { describe, expect, test } from 'vitest'
import { parseLines, rejectedOf, rowsOf } from '../../testing/parse-lines.ts'
import { expectSameHoweverSplit, expectToSurviveDamage } from '../../testing/source-laws.ts'
import { accountOf, s3Access } from './s3-access.ts'

/** The sample of the user guide, and a line of 2013, which has 18 fields. */
const versions =
  '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be amzn-s3-demo-bucket1 [06/Feb/2019:00:00:38 +0000] 192.0.2.3 ' +
  '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be 3E57427F3EXAMPLE REST.GET.VERSIONING - ' +
  '"GET /amzn-s3-demo-bucket1?versioning HTTP/1.1" 200 - 113 - 7 - "-" "S3Console/0.4" - ' +
  's9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd2BHfIa6UkFVdtjf5mKR3/eTPFvsiP/XV/VLi31234= SigV4 ECDHE-RSA-AES128-GCM-SHA256 ' +
  'AuthHeader amzn-s3-demo-bucket1.s3.us-west-1.amazonaws.com TLSV1.2 arn:aws:s3:us-west-1:123456789012:accesspoint/example-AP Yes'
const old =
  '2cf7e6b06335c068 media.example.org [24/Mar/2013:10:22:56 +0000] 77.168.122.24 2cf7e6b06335c068 A5A6B08FB9342F4D REST.GET.OBJECT ' +
  '10010160/2013-03-24-0930.mp3 "GET /10010160/2013-03-24-0930.mp3 HTTP/1.1" 200 - 18547033 18547033 17344 58 ' +
  '"http://example.org/" "Mozilla/5.0 (compatible; \\"quoted\\" "more" x)" -'

const changed = ['ip', 'requester', 'op', 'key', 'uri', 'status', 'sent', 'size', 'took'] as const
const line = (more: { [field in (typeof changed)[number]]?: string } = {}) => {
  const of = { ip: '203.0.113.9', requester: 'arn:aws:iam::123456789012:user/alice', op: 'REST.GET.OBJECT', ...more }
  return (
    `owner cfd [24/Aug/2026:05:13:01 +0000] ${of.ip} ${of.requester} REQ1 ${of.op} ${more.key ?? 'run%25207/a%252Bb.h5'} ` +
    `"${more.uri ?? 'GET /run%207/a%2Bb.h5?X-Amz-Signature=5ec2e7&X-Amz-Credential=AKIA HTTP/1.1'}" ${more.status ?? 200} - ` +
    `${more.sent ?? 5368709120} ${more.size ?? 5368709120} ${more.took ?? 61500} 30 "https://x/?X-Amz-Signature=5ec2e7" "aws-cli" - host=`
  )
}
const transfers = (...lines: string[]) => rowsOf(parseLines(s3Access, `${lines.join('\n')}\n`), 'transfer')
const rejects = (...lines: string[]) => rejectedOf(parseLines(s3Access, `${lines.join('\n')}\n`))

test('the guide’s line lists versions; the line of 2013 is a download', () => {
  const batch = parseLines(s3Access, `${versions}\n${old}\n`)
  expect(rejectedOf(batch)).toEqual({ stream_not_used: 1 })
  expect(rowsOf(batch, 'transfer')).toEqual([
    expect.objectContaining({
      ...{ tool: 's3', account: '2cf7e6b06335c068', peer: '77.168.122.24', host: '::', direction: 'out' },
      ...{ bucket: 'media.example.org', object: '10010160/2013-03-24-0930.mp3', path: '', bytes: 18547033n },
      start_ms: Date.UTC(2013, 2, 24, 10, 22, 56),
      end_ms: Date.UTC(2013, 2, 24, 10, 22, 56) + 17344,
      task_id: 'A5A6B08FB9342F4D',
      offset: versions.length + 1,
    }),
  ])
})

test('a key is decoded as often as it was encoded, what is no code stays', () => {
  const keys = ['run%25207/a%252Bb.h5', 'run%207/100%25.h5', 'plain%ZZ%', '%C3%BCbung', '%25C3%25BCbung', 'a%2500b']
  expect(transfers(...keys.map((key) => line({ key }))).map((row) => row.object)).toEqual([
    ...['run 7/a+b.h5', 'run 7/100%.h5', 'plain%ZZ%', 'übung', 'übung', 'a\ufffdb'],
  ])
})

describe('which operations move data over the network:', () => {
  test.each([
    ['REST.GET.OBJECT', 'out'],
    ['WEBSITE.GET.OBJECT', 'out'],
    ['BATCH.GET.OBJECT', 'out'],
    ['REST.PUT.OBJECT', 'in'],
    ['REST.PUT.PART', 'in'],
    ['REST.POST.OBJECT', 'in'],
  ])('%s', (op, direction) => {
    const bytes = direction === 'out' ? 7n : 9n
    expect(transfers(line({ op, sent: '7', size: '9' }))).toEqual([expect.objectContaining({ direction, bytes })])
  })

  test.each([
    ...['REST.COPY.OBJECT_GET', 'REST.COPY.OBJECT', 'REST.GET.OBJECT_TAGGING', 'REST.HEAD.OBJECT', 'REST.GET.BUCKET'],
    ...['REST.POST.UPLOAD', 'BATCH.DELETE.OBJECT', 'S3.EXPIRE.OBJECT', 'REST.GET.ACL', 'SOAP.CreateBucket'],
  ])('not %s', (op) => {
    expect(rejects(line({ op }))).toEqual({ stream_not_used: 1 })
  })
})

test('what was refused, or moved nothing, is no transfer; parts are', () => {
  expect(transfers(line({ status: '206', sent: '5' }))).toHaveLength(1)
  const nothing = [{ status: '403' }, { status: '404' }, { status: '304', sent: '-' }, { sent: '-' }, { sent: '0' }]
  expect(rejects(...nothing.map((more) => line(more)))).toEqual({ stream_not_used: 5 })
})

test('who asked', () => {
  expect(['-', 'Anonymous'].map(accountOf)).toEqual(['', ''])
  expect(accountOf('79a59df900b949e5')).toBe('79a59df900b949e5')
  expect(accountOf('arn:aws:iam::123456789012:user/eng/alice')).toBe('alice')
  expect(accountOf('arn:aws:sts::123456789012:assumed-role/reader/i-0317f6c6')).toBe('i-0317f6c6')
  expect(accountOf('arn:aws:iam::123456789012:root')).toBe('root')
  expect(transfers(line({ ip: '-', requester: '-' }))[0]).toMatchObject({ account: '', peer: '::' })
  expect(transfers(line({ ip: '2001:db8::7' }))[0]).toMatchObject({ account: 'alice', peer: '2001:db8::7' })
})

test('broken lines are counted with their reason', () => {
  expect(rejects(line({ ip: '203.0.113.999' }))).toEqual({ bad_address: 1 })
  expect(rejects(line({ sent: '12x' }))).toEqual({ bad_count: 1 })
  expect(rejects(line({ sent: '9223372036854775808' }))).toEqual({ count_out_of_range: 1 })
  expect(rejects(line({ took: 'long' }), line().replace('Aug', 'Agu'), line().replace('24/', '32/'))).toEqual({
    bad_time: 3,
  })
  expect(rejects(line().replace('2026', '1970'))).toEqual({ time_out_of_range: 1 })
  expect(rejects(line({ uri: 'GET /never ends' }).replace(/" 200.*/, ''), 'a b [x] c', 'prose')).toEqual({
    malformed: 3,
  })
})

test('no signature is kept, neither in a row nor in a sample', () => {
  const batch = parseLines(
    s3Access,
    [line(), line({ status: '403' }), line().slice(0, 150), 'x "GET /?X-Amz-Signature=5ec2e7 HTTP/1.1" 200'].join('\n'),
  )
  expect(batch.records_read).toBe(4)
  expect(batch.examples).toHaveLength(3)
  const kept = JSON.stringify([rowsOf(batch, 'transfer'), batch.examples, batch.names.texts], (_key, value) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  expect(kept).toContain('run 7/a+b.h5')
  expect(kept).not.toMatch(/5ec2e7|AKIA/)
})

test('quotes that never end and thousands of brackets cost no more than their length', () => {
  const start = performance.now()
  const hostile = [`o b ["${'[" '.repeat(80_000)}`, `o b [24/Aug ${'\\"'.repeat(100_000)}`, '%25'.repeat(80_000)]
  expect(rejects(...hostile, line({ key: '%25'.repeat(80_000) }))).toEqual({ malformed: 3 })
  expect(performance.now() - start).toBeLessThan(10_000)
  expect(transfers(line({ key: '%25'.repeat(80_000) }))[0].object).toHaveLength(4096)
}, 60_000)

test('laws of every source', () => {
  const log = [versions, old, line(), line({ op: 'REST.PUT.OBJECT' }), line({ status: '403' }), 'broken', ''].join('\n')
  expectToSurviveDamage(s3Access, log, 300)
  expectSameHoweverSplit(s3Access, log)
})

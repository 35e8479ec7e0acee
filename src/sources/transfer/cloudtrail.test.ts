import { readFileSync } from 'node:fs'
import { inflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { largestDocument } from '../../model/source.ts'
import { needTestData } from '../../testing/needs.ts'
import { bytesOf, parseLines, readSource, rejectedOf, rowsOf } from '../../testing/parse-lines.ts'
import { expectEveryRecordCounted, expectSameHoweverSplit, expectToSurviveDamage } from '../../testing/source-laws.ts'
import { cloudtrailDocument, cloudtrailLines } from './cloudtrail.ts'

const event = (more: Record<string, unknown> = {}) => ({
  eventVersion: '1.11',
  userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::123456789012:user/alice', userName: 'alice', accessKeyId: 'AK1' },
  ...{ eventTime: '2026-08-24T05:13:01Z', eventSource: 's3.amazonaws.com', eventName: 'GetObject' },
  ...{ awsRegion: 'eu-central-1', sourceIPAddress: '203.0.113.9', userAgent: '[aws-cli/2]' },
  requestParameters: { bucketName: 'cfd', key: 'run 7/a%2Bb.h5', 'X-Amz-Signature': '5ec2e7' },
  responseElements: { credentials: { sessionToken: '5ec2e7' } },
  additionalEventData: { bytesTransferredIn: 0, bytesTransferredOut: 5368709120, AuthenticationMethod: 'QueryString' },
  ...{ requestID: 'REQ1', eventID: 'e1', managementEvent: false, eventCategory: 'Data' },
  ...more,
})
const line = (more: Record<string, unknown> = {}) => JSON.stringify(event(more))
const lines = (...all: string[]) => parseLines(cloudtrailLines, `${all.join('\n')}\n`)
const document = (text: string) => parseLines(cloudtrailDocument, text)
const transfers = (...all: string[]) => rowsOf(lines(...all), 'transfer')
const rejects = (...all: string[]) => rejectedOf(lines(...all))

const golden = {
  ...{
    tool: 's3',
    account: 'alice',
    peer: '203.0.113.9',
    host: '::',
    bucket: 'cfd',
    object: 'run 7/a%2Bb.h5',
    path: '',
  },
  ...{ direction: 'out', bytes: 5368709120n, task_id: 'REQ1' },
  ...{ start_ms: Date.UTC(2026, 7, 24, 5, 13, 1), end_ms: Date.UTC(2026, 7, 24, 5, 13, 1) },
}

test('a download, as an event a line and in a document, however that is laid out', () => {
  expect(transfers(line())).toEqual([expect.objectContaining({ ...golden, offset: 0 })])
  const compact = `{"Records":[${line()},${line({ requestID: 'REQ2' })}]}`
  const pretty = JSON.stringify({ Records: [event(), event({ requestID: 'REQ2' })] }, undefined, 2)
  for (const text of [
    compact,
    `${pretty}\n`,
    `{"v":[1,{"Records":7}],"Records":[${line()}]}\n{"Records":[]} ${compact}`,
  ]) {
    const batch = document(text)
    const rows = rowsOf(batch, 'transfer')
    expect(rows[0]).toMatchObject({ ...golden, offset: text.indexOf('{', text.indexOf('Records":') + 9) })
    expect(rows.at(-1)).toMatchObject({
      ...golden,
      task_id: 'REQ2',
      offset: text.lastIndexOf('{', text.lastIndexOf('eventVersion')),
    })
    expect(rejectedOf(batch)).toEqual({})
    expect(batch.records_read).toBe(rows.length)
  }
})

test('the other kinds of callers', () => {
  const issuer = { sessionContext: { sessionIssuer: { userName: 'reader' } } }
  const identities = [
    { type: 'AssumedRole', arn: 'arn:aws:sts::123456789012:assumed-role/reader/i-0317f6c6', ...issuer },
    { type: 'AssumedRole', ...issuer, accessKeyId: 'AK1' },
    { type: 'IAMUser', accessKeyId: 'AK1' },
    { type: 'AWSAccount', accountId: 'ANONYMOUS_PRINCIPAL' },
    undefined,
  ]
  expect(transfers(...identities.map((userIdentity) => line({ userIdentity }))).map((row) => row.account)).toEqual([
    ...['i-0317f6c6', 'reader', 'AK1', '', ''],
  ])
  const sources = ['s3.amazonaws.com', 'AWS Internal', '', '2001:db8::7']
  expect(transfers(...sources.map((sourceIPAddress) => line({ sourceIPAddress }))).map((row) => row.peer)).toEqual([
    ...['::', '::', '::', '2001:db8::7'],
  ])
})

test('uploads come in; all else is not used; broken events are counted', () => {
  const put = { eventName: 'PutObject', additionalEventData: { bytesTransferredIn: 77.0, bytesTransferredOut: 0 } }
  expect(transfers(line(put))[0]).toMatchObject({ direction: 'in', bytes: 77n })
  const unused = [
    ...[{ eventName: 'ListObjects' }, { eventSource: 'ec2.amazonaws.com' }, { eventName: 'CopyObject' }],
    ...[{ errorCode: 'AccessDenied', additionalEventData: { bytesTransferredOut: 0 } }, { additionalEventData: null }],
  ]
  expect(rejects(...unused.map(line))).toEqual({ stream_not_used: 5 })
  expect(rejects('{}', line({ eventTime: undefined }))).toEqual({ missing_field: 2 })
  expect(rejects('{', '17')).toEqual({ malformed: 2 })
  expect(rejects(line({ eventTime: 'now' }), line({ sourceIPAddress: 'somewhere' }))).toEqual({
    bad_time: 1,
    bad_address: 1,
  })
  expect(rejects(line({ additionalEventData: { bytesTransferredOut: 1.5 } }))).toEqual({ bad_count: 1 })
})

test('a document that is damaged keeps what came before the damage, and is one malformed record more', () => {
  const good = `{"Records":[${line()},${line({ eventName: 'ListObjects' })}`
  for (const rest of ['', ',', ',{"eventVersion"', ']', ']}x', ' x', ',]}', ']]}', '}']) {
    const batch = document(good + rest)
    expect([rest, rowsOf(batch, 'transfer').length, rejectedOf(batch)]).toEqual([
      rest,
      1,
      { stream_not_used: 1, malformed: 1 },
    ])
    expect(batch.records_read).toBe(3)
  }
  const elements = document('{"Records":[1,"x",null,[],{}]}')
  expect([elements.records_read, rejectedOf(elements)]).toEqual([5, { malformed: 4, missing_field: 1 }])
  expect(rejectedOf(document('{"Records":{"a":1}}'))).toEqual({})
  expect(rejectedOf(document(`{"Records":[${'['.repeat(100_000)}`))).toEqual({ malformed: 1 })
})

test('no signature and no token is kept', () => {
  const secret = '{"responseElements":{"credentials":{"sessionToken":"5ec2e7"}}}'
  for (const batch of [
    lines(line(), secret, line({ eventName: 'x' }), '{"requestParameters":{"X-Amz-Signature":"5ec2e7"}'),
    document(
      `{"Records":[${line()},${secret},${line({ eventName: 'x' })},{"requestParameters":{"X-Amz-Signature":"5ec2e7"}`,
    ),
  ]) {
    expect(batch.records_read).toBe(4)
    const kept = JSON.stringify([rowsOf(batch, 'transfer'), batch.examples, batch.names.texts], (_key, value) =>
      typeof value === 'bigint' ? String(value) : value,
    )
    expect(kept).toContain('run 7/a%2Bb.h5')
    expect(kept).not.toContain('5ec2e7')
  }
})

test('many MB in one line', () => {
  const many = 20_000
  const text = `{"Records":[${Array(many).fill(line()).join(',')}]}`
  expect(text.length).toBeGreaterThan(10 << 20)
  expect(text.length).toBeLessThan(largestDocument)
  const batch = document(text)
  expect([batch.records_read, batch.transfer.length]).toEqual([many, many])
})

/** The text of the one file in a zip archive (APPNOTE.TXT 4.3: end record, directory entry, local header). */
function onlyFileIn(zip: Buffer): string {
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  expect(zip.readUInt16LE(end + 10)).toBe(1)
  const entry = zip.readUInt32LE(end + 16)
  const local = zip.readUInt32LE(entry + 42)
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
  return inflateRawSync(zip.subarray(start, start + zip.readUInt32LE(entry + 20))).toString()
}

test('otrf-s3-exfil: two reads of ring.txt with a stolen role, among 101 other events', async (context) => {
  const zip = needTestData(context, 'labelled/otrf-s3-exfil/ec2_proxy_s3_exfiltration.zip')
  const log = onlyFileIn(readFileSync(zip))
  const batch = parseLines(cloudtrailLines, log)
  expect([batch.records_read, rejectedOf(batch)]).toEqual([103, { stream_not_used: 101 }])
  const moment = { account: 'i-0317f6c6b66ae9c40', peer: '1.2.3.4', object: 'ring.txt', bytes: 89n, direction: 'out' }
  const bucket = 'mordors3stack-s3bucket-llp2yingx64a'
  expect(rowsOf(batch, 'transfer')).toEqual([
    expect.objectContaining({
      ...moment,
      bucket,
      start_ms: Date.UTC(2020, 8, 14, 1, 2, 34),
      task_id: 'A471D1060ED5FD07',
    }),
    expect.objectContaining({
      ...moment,
      bucket,
      start_ms: Date.UTC(2020, 8, 14, 1, 13, 20),
      task_id: '878DA4604588EC4C',
    }),
  ])
  const head = bytesOf(log).subarray(0, 1 << 16)
  expect(cloudtrailLines.recognise(head, { path: '', clock: { utcOf: Number, yearOf: () => 2020 }, mtime_ms: 0 })).toBe(
    true,
  )
})

test('crowdsec: a login and a look at oneself move nothing', async (context) => {
  const path = needTestData(context, 'vpn-auth/crowdsec/aws-cloudtrail/aws-cloudtrail.log')
  const read = await readSource(path, ['transfer'])
  expect([read.id, read.records_read, read.rejected, read.rows]).toEqual([
    ...['cloudtrail_lines', 2, { stream_not_used: 2 }, {}],
  ])
})

test('laws of every source', () => {
  const all = [line(), line({ eventName: 'PutObject' }), line({ eventName: 'x' }), '{}', ''].join('\n')
  expectToSurviveDamage(cloudtrailLines, all, 200)
  expectSameHoweverSplit(cloudtrailLines, all)
  expectToSurviveDamage(cloudtrailDocument, `{"Records":[${line()},${line({ eventName: 'x' })}],"n":1}`, 300)
  expectEveryRecordCounted(document(`{"Records":[${line()},`))
})

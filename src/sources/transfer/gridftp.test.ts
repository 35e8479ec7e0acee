import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { needTestData } from '../../testing/needs.ts'
import { parseLines, readSource, rejectedOf, rowsOf } from '../../testing/parse-lines.ts'
import { expectSameHoweverSplit, expectToSurviveDamage } from '../../testing/source-laws.ts'
import { gridftp } from './gridftp.ts'
import { gridftpJson, gridftpJsonLines } from './gridftp-json.ts'

const prefix = 'DATE=20260101003102.223249 HOST=dtn1.example.org PROG=globus-gridftp-server NL.EVNT=FTP_INFO'
const line = (
  more: { file?: string; type?: string; dest?: string; end?: string; nbytes?: string; user?: string } = {},
) =>
  `${prefix} START=20260101002953.658868 USER=${more.user ?? 'alice'} FILE=${more.file ?? '/proj/p123/run7.h5'} BUFFER=235104 ` +
  `BLOCK=4194304 NBYTES=${more.nbytes ?? 2147483648} VOLUME=/ STREAMS=4 STRIPES=1 DEST=[${more.dest ?? '203.0.113.9'}] ` +
  `TYPE=${more.type ?? 'RETR'} CODE=226${more.end ?? ' TASKID=0f7ec55a-ab48-11ee-be6c-f11924dc2d22'}`
const transfers = (...lines: string[]) => rowsOf(parseLines(gridftp, `${lines.join('\n')}\n`), 'transfer')
const rejects = (...lines: string[]) => rejectedOf(parseLines(gridftp, `${lines.join('\n')}\n`))

test('a file that left', () => {
  const [row] = transfers(line())
  expect(row).toMatchObject({
    tool: 'gridftp',
    account: 'alice',
    host_name: 'dtn1.example.org',
    host: '::',
    peer: '203.0.113.9',
    path: '/proj/p123/run7.h5',
    direction: 'out',
    bytes: 2147483648n,
    start_ms: Date.UTC(2026, 0, 1, 0, 29, 53, 658),
    end_ms: Date.UTC(2026, 0, 1, 0, 31, 2, 223),
    task_id: '0f7ec55a-ab48-11ee-be6c-f11924dc2d22',
    offset: 0,
  })
})

test('RETR and ERET leave, STOR and its kin come in, lists move no data', () => {
  const types = ['RETR', 'ERET', 'STOR', 'ESTO', 'APPE', 'STOU']
  expect(transfers(...types.map((type) => line({ type }))).map((row) => row.direction)).toEqual([
    ...['out', 'out'],
    ...['in', 'in', 'in', 'in'],
  ])
  expect(rejects(...['LIST', 'NLST', 'MLSD', 'MLSR', 'MLSC', 'CKSM'].map((type) => line({ type })))).toEqual({
    stream_not_used: 5,
    unknown_type: 1,
  })
})

test('gridftp.log: transfers among other lines of the server', () => {
  const log = [
    '[4321] Thu Jan  1 00:29:50 2026 :: Server started in inetd mode.',
    '[4321] Thu Jan  1 00:29:51 2026 :: New connection from: relay.example.net:50123',
    `[4321] Thu Jan  1 00:31:02 2026 :: Transfer stats: ${line()}`,
    '',
    '[4321] Thu Jan  1 00:31:03 2026 :: Closed connection from relay.example.net:50123',
    'Segmentation fault',
  ]
  expect(rejects(...log)).toEqual({ stream_not_used: 3, malformed: 1 })
  const [row] = transfers(...log)
  expect(row).toMatchObject({
    bytes: 2147483648n,
    path: '/proj/p123/run7.h5',
    offset: log[0].length + log[1].length + 2,
  })
})

describe('what a file is called changes nothing:', () => {
  test.each([
    '/proj/my results/run 7.h5',
    '/proj/a BUFFER=1 BLOCK=1 NBYTES=9 VOLUME=/ STREAMS=1 STRIPES=1 DEST=[192.0.2.1] TYPE=STOR CODE=226 TASKID=x',
    '/proj/x USER=root HOST=evil DATE=19990101000000.0 START=19990101000000.0 FILE=/y',
    '/proj/übung/ネットワーク',
    '',
    '=',
    ' ',
    '/proj/:: Transfer stats: DATE=1',
  ])('%j', (file) => {
    const [row] = transfers(line({ file }))
    expect(row).toMatchObject({
      path: file,
      bytes: 2147483648n,
      account: 'alice',
      peer: '203.0.113.9',
      direction: 'out',
    })
    expect(transfers(`[1] Thu Jan  1 00:31:02 2026 :: Transfer stats: ${line({ file })}`)).toHaveLength(1)
  })

  test('in bytes that are no text', () => {
    const bytes = Buffer.from(line({ file: '/a/#/b' }))
    bytes[bytes.indexOf('#')] = 0xff
    const batch = parseLines(gridftp, bytes)
    expect(rowsOf(batch, 'transfer')[0]).toMatchObject({ path: '/a/\uFFFD/b', bytes: 2147483648n })
    expect(transfers(line({ file: '/a/\0/b' }))[0].path).toBe('/a/\uFFFD/b')
  })
})

test('peers: IPv6, mapped, with a number before the bracket, and those that are not stated', () => {
  const peers = ['2001:db8:f::9', '::ffff:192.0.2.7', '0.0.0.0', '::', '']
  expect(transfers(...peers.map((dest) => line({ dest }))).map((row) => row.peer)).toEqual([
    ...['2001:db8:f::9', '192.0.2.7'],
    ...['::', '::', '::'],
  ])
  expect(transfers(line().replace('DEST=[', 'DEST=1['))[0].peer).toBe('203.0.113.9')
  expect(transfers(line().replace('DEST=[203.0.113.9] ', ''))[0].peer).toBe('::')
  expect(rejects(line({ dest: 'relay.example.net' }))).toEqual({ bad_address: 1 })
})

test('the server may name itself by its address, and an account may hold a space', () => {
  expect(transfers(line().replace('dtn1.example.org', '10.1.0.11'))[0]).toMatchObject({
    host: '10.1.0.11',
    host_name: '',
  })
  expect(transfers(line({ user: 'alice smith' }))[0].account).toBe('alice smith')
})

test('files of one task share its sid, in either case; those of no task have none', () => {
  const upper = ' TASKID=0F7EC55A-AB48-11EE-BE6C-F11924DC2D22 retrans=0,0'
  const [a, b, c, d, e] = transfers(
    line(),
    line({ end: upper }),
    line({ end: '' }),
    line({ end: ' TASKID=none' }),
    line({ end: ' TASKID=other' }),
  )
  expect(a.sid).not.toBe(0n)
  expect(b).toMatchObject({ sid: a.sid, task_id: '0F7EC55A-AB48-11EE-BE6C-F11924DC2D22' })
  expect([c.sid, c.task_id, d.sid, d.task_id]).toEqual([0n, '', 0n, ''])
  expect(e.sid).not.toBe(a.sid)
})

test('a code other than 226 does not undo what was moved', () => {
  expect(transfers(line().replace('CODE=226', 'CODE=426'))[0].bytes).toBe(2147483648n)
  expect(transfers(line({ nbytes: '9223372036854775807' }))[0].bytes).toBe(9223372036854775807n)
})

test('old servers print microseconds without their zeros', () => {
  const [row] = transfers(line().replace('20260101003102.223249', '20260101003102.2102'))
  expect(row.end_ms).toBe(Date.UTC(2026, 0, 1, 0, 31, 2, 2))
})

test('what is wrong with a line is counted', () => {
  expect(rejects(line().replace('NBYTES=2147483648 ', ''))).toEqual({ missing_field: 1 })
  expect(rejects(line().replace('START=', 'STARTS='))).toEqual({ missing_field: 1 })
  expect(rejects(line({ nbytes: '-1' }), line({ nbytes: '1e3' }))).toEqual({ count_out_of_range: 1, bad_count: 1 })
  expect(rejects(line().replace('DATE=20260101', 'DATE=20260230'))).toEqual({ bad_time: 1 })
  expect(rejects(line().replace('START=20260101002953', 'START=20260101246099'))).toEqual({ bad_time: 1 })
  expect(rejects(line().replace('START=2026', 'START=2027'))).toEqual({ bad_value: 1 })
  expect(rejects(line().slice(0, 150), 'DATE=', '[', prefix)).toEqual({ malformed: 4 })
})

test('a line of a mebibyte takes no longer than its bytes', () => {
  const began = performance.now()
  const long = line({ file: ' BUFFER'.repeat(150_000) })
  expect(rejects(long, long.replace(' BUFFER=', ' ')), 'read without fault').toEqual({ malformed: 1 })
  expect(performance.now() - began).toBeLessThan(1000)
})

test('real lines of a data transfer node', async (context) => {
  const path = needTestData(context, 'globus/globuslogs.txt.gz')
  const { id, format, records_read, rows, rejected } = await readSource(path, ['transfer'])
  expect({ id, format, records_read, rejected }).toEqual({
    id: 'gridftp',
    format: 'gridftp',
    records_read: 11,
    rejected: {},
  })
  const text = gunzipSync(readFileSync(path)).toString()
  const stated = [...text.matchAll(/ NBYTES=(\d+) /g)].map(([, digits]) => BigInt(digits))
  expect(rows.transfer?.map((row) => row.bytes)).toEqual(stated)
  expect(rows.transfer?.map((row) => row.path)).toEqual(
    [...text.matchAll(/ FILE=(.*) BUFFER=/g)].map(([, file]) => file),
  )
  expect(rows.transfer?.[0]).toMatchObject({
    account: 'glock',
    host_name: 'dtn11.nersc.gov',
    peer: '192.101.102.150',
    direction: 'in',
    bytes: 2753284040n,
    start_ms: Date.UTC(2019, 6, 31, 7, 30, 30, 432),
    end_ms: Date.UTC(2019, 6, 31, 7, 30, 44, 992),
  })
})

describe('JSON of a log shipper', () => {
  const record = {
    DATE: '20260101003102.223249',
    START: '20260101002953.658868',
    HOST: 'dtn1.example.org',
    USER: 'alice',
    FILE: '/proj/p123/run7.h5',
    NBYTES: 2147483648 as number | string,
    DEST: '203.0.113.9',
    TYPE: 'RETR',
    CODE: '226',
    TASKID: '0f7ec55a-ab48-11ee-be6c-f11924dc2d22',
  }
  const parse = (...changes: Partial<typeof record>[]) =>
    parseLines(gridftpJsonLines, changes.map((change) => JSON.stringify({ ...record, ...change })).join('\n'))

  test('says the same as the line', () => {
    const [row] = rowsOf(parse({}), 'transfer')
    expect(row).toEqual(transfers(line())[0])
    const hit = { _id: 'x', _source: record }
    expect(rowsOf(parseLines(gridftpJson, JSON.stringify([[hit]])), 'transfer')).toEqual([{ ...row, offset: 2 }])
    expect(rowsOf(parse({ NBYTES: '5', DEST: '[0.0.0.0]', TASKID: 'none' }), 'transfer')).toMatchObject([
      { bytes: 5n, peer: '::', task_id: '', sid: 0n },
    ])
  })

  test('counts what it cannot take', () => {
    const wrong = [
      { TYPE: 'MLSD' },
      { TYPE: 'X' },
      { DATE: 'now' },
      { NBYTES: 'x' },
      { DEST: 'relay' },
      { FILE: undefined },
    ]
    expect(rejectedOf(parse(...wrong))).toEqual({
      ...{ stream_not_used: 1, unknown_type: 1, bad_time: 1, bad_count: 1, bad_address: 1, missing_field: 1 },
    })
    expectToSurviveDamage(gridftpJsonLines, `${JSON.stringify(record)}\n${JSON.stringify({ _source: record })}\n`)
  })

  test('real documents', async (context) => {
    const path = needTestData(context, 'globus/globuslogs.json.gz')
    const { id, format, records_read, rows, rejected } = await readSource(path, ['transfer'])
    expect([id, format, records_read, rejected]).toEqual(['gridftp_json', 'gridftp', 3, {}])
    expect(rows.transfer?.map(({ bytes, direction, account }) => [bytes, direction, account])).toEqual([
      [2597n, 'out', 'fusera'],
      [3610670n, 'in', 'useroll'],
      [3616802n, 'in', 'useroll'],
    ])
  })
})

const log = `${line()}\n\n[1] Thu Jan  1 00:31:02 2026 :: Transfer stats: ${line({ type: 'STOR', dest: '2001:db8::7' })}\r\n${line({ end: '' })}\n`

test('survives damage', () => {
  expectToSurviveDamage(gridftp, log)
})

test('reads the same however it was split', () => {
  expectSameHoweverSplit(gridftp, log)
})

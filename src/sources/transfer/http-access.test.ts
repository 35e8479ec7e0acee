import { describe, expect, test } from 'vitest'
import { parseLines, rejectedOf, rowsOf } from '../../testing/parse-lines.ts'
import { expectSameHoweverSplit, expectToSurviveDamage } from '../../testing/source-laws.ts'
import { httpAccess } from './http-access.ts'

/** The example of httpd's manual. */
const manual = '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326'
const combined = `${manual} "http://www.example.com/start.html" "Mozilla/4.08 [en] (Win98; I ;Nav)"`
const get = (target: string, who = '203.0.113.9 - alice', rest = '200 1048576') =>
  `${who} [24/Aug/2026:05:13:01 +0200] "GET ${target} HTTP/1.1" ${rest}`
const transfers = (...lines: string[]) => rowsOf(parseLines(httpAccess, `${lines.join('\n')}\n`), 'transfer')
const rejects = (...lines: string[]) => rejectedOf(parseLines(httpAccess, `${lines.join('\n')}\n`))

test.each([manual, combined, `${combined} "198.51.100.1, 10.0.0.1" 0.003 - "x\\"y"`])('%s', (line) => {
  const at_ms = Date.UTC(2000, 9, 10, 20, 55, 36)
  expect(transfers(line)).toEqual([
    expect.objectContaining({
      ...{ tool: 'http', account: 'frank', peer: '127.0.0.1', host: '::', host_name: '', path: '/apache_pb.gif' },
      ...{ direction: 'out', bytes: 2326n, start_ms: at_ms, end_ms: at_ms, bucket: '', object: '', offset: 0 },
    }),
  ])
})

describe('who asked whom:', () => {
  test.each([
    ['data.example.org 203.0.113.9 - alice', { host_name: 'data.example.org', peer: '203.0.113.9', account: 'alice' }],
    ['data.example.org:443 2001:db8::7 - -', { host_name: 'data.example.org', peer: '2001:db8::7', account: '' }],
    ['192.0.2.1:80 203.0.113.9 - bob', { host: '192.0.2.1', host_name: '', peer: '203.0.113.9', account: 'bob' }],
    ['192.0.2.1 203.0.113.9 - bob', { host: '192.0.2.1', peer: '203.0.113.9', account: 'bob' }],
    ['203.0.113.9 - al ice b', { peer: '203.0.113.9', account: 'al ice b', host_name: '' }],
    ['v.example.org 203.0.113.9 - al ice', { peer: '203.0.113.9', account: 'al ice', host_name: 'v.example.org' }],
    ['::ffff:203.0.113.9 id ""', { peer: '203.0.113.9', account: '' }],
  ])('%s', (who, expected) => {
    expect(transfers(get('/a', who))).toEqual([expect.objectContaining(expected)])
  })

  test('a name in place of an address joins nothing', () => {
    expect(rejects(get('/a', 'client.example.org - -'), get('/a', 'v.example.org client.example.org - -'))).toEqual({
      bad_address: 2,
    })
  })
})

describe('paths:', () => {
  test.each([
    ['/pub/my%20file%25.h5?token=5ec2e7', '/pub/my file%.h5'],
    ['http://data.example.org/pub/a;jsessionid=5ec2e7', '/pub/a'],
    ['/pub/../proj/%2e%2e/secret//x', '/secret/x'],
    ['/../../etc', '/etc'],
    ['/a/%zz%', '/a/%zz%'],
    ['/%C3%BCbung/\\xc3\\xbc\\x22q', '/übung/ü"q'],
    ['/a\\"b\\\\c\\td', '/a"b\\c\td'],
    ['/two words', '/two words'],
    ['/', '/'],
  ])('%s', (target, path) => {
    expect(transfers(get(target))[0]).toMatchObject({ tool: 'http', path })
  })

  test.each([
    ['/pun/sys/dashboard/files/fs/proj/cfd/run%207.h5?download=1692', '/proj/cfd/run 7.h5'],
    ['/pun/sys/files/api/v1/fs//home/alice/a', '/home/alice/a'],
    ['/pun/sys/dashboard/files/fs/scratch/../proj/cfd/b', '/proj/cfd/b'],
  ])('of Open OnDemand’s file app: %s', (target, path) => {
    expect(transfers(get(target))[0]).toMatchObject({ tool: 'ondemand', account: 'alice', path })
  })

  test.each(['/pun/sys/dashboard/files/fs', '/pun/sys/dashboard/apps/x', '/x/pun/sys/files/fs/a'])('not %s', (path) => {
    expect(transfers(get(path))[0]).toMatchObject({ tool: 'http', path })
  })
})

test('parts count; uploads, redirects, errors, empty answers and noise are not used', () => {
  expect(transfers(get('/a', undefined, '206 7'))[0].bytes).toBe(7n)
  const rests = ['304 0', '200 -', '200 0', '404 512', '302 12', '401 7'].map((rest) => get('/a', undefined, rest))
  const requests = ['POST /a HTTP/1.1', 'PUT /a HTTP/1.1', 'HEAD /a HTTP/1.1', '-', '\\x16\\x03\\x01', ''].map(
    (request) => manual.replace('GET /apache_pb.gif HTTP/1.0', request),
  )
  expect(rejects(...rests, ...requests)).toEqual({ stream_not_used: 12 })
  expect(transfers(manual.replace(' HTTP/1.0', ''))[0].path).toBe('/apache_pb.gif')
})

test('broken lines are counted', () => {
  expect(
    rejects('prose', '1 2 3', manual.slice(0, 60), manual.replace('200', 'OK'), manual.replace('Oct', 'Okt')),
  ).toEqual({
    malformed: 5,
  })
  expect(rejects(get('/a', '203.0.113.999 - -'))).toEqual({ bad_address: 1 })
  expect(rejects(get('/a', undefined, '200 9223372036854775808'))).toEqual({ count_out_of_range: 1 })
  expect(rejects(manual.replace('2000', '1970'))).toEqual({ time_out_of_range: 1 })
})

test('no query string is kept', () => {
  const batch = parseLines(
    httpAccess,
    [get('/a?sig=5ec2e7'), get('/b?token=5ec2e7', 'client - -'), '1 - - [x] "GET /?k=5ec2e7'].join('\n'),
  )
  expect(batch.examples.map(({ sample }) => sample)).toEqual([
    'client - - [24/Aug/2026:05:13:01 +0200] "GET /b...',
    '1 - - [x] "GET /...',
  ])
  const kept = JSON.stringify([rowsOf(batch, 'transfer'), batch.names.texts], (_key, value) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  expect(kept).toContain('/a')
  expect(kept).not.toContain('5ec2e7')
})

test('a line of the combined form that was cut within its bytes is none of the common form', () => {
  const cut = combined.slice(0, combined.indexOf(' "', combined.indexOf('" 200')) - 2)
  expect(cut).toMatch(/ 200 \d+$/)
  expect(transfers(combined, cut)).toHaveLength(1)
  expect(rejects(combined, cut)).toEqual({ malformed: 1 })
  expect(transfers(cut, cut)).toHaveLength(2)
  expect(transfers(combined, cut, cut, combined)).toHaveLength(3)
})

test('a hostile line costs no more than its length', () => {
  const start = performance.now()
  const long = ['/%2e%2e'.repeat(30_000), '\\x41'.repeat(60_000), '/..'.repeat(80_000), ';'.repeat(240_000)]
  expect(transfers(...long.map((target) => get(target)))).toHaveLength(4)
  expect(rejects(`${'1 '.repeat(100_000)}`, `1 - - ["${'[" '.repeat(80_000)}`)).toEqual({ malformed: 2 })
  expect(performance.now() - start).toBeLessThan(10_000)
}, 60_000)

test('laws of every source', () => {
  const log = [
    manual,
    combined,
    get('/pun/sys/dashboard/files/fs/a?x=1'),
    get('/b', 'v 1.2.3.4 - -'),
    'broken',
    '',
  ].join('\n')
  expectToSurviveDamage(httpAccess, log, 300)
  expectSameHoweverSplit(httpAccess, log)
})

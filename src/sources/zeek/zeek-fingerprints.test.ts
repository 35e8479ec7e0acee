import { describe, expect, test } from 'vitest'
import { parseLines, rejectedOf, rowsOf } from '../../testing/parse-lines.ts'
import { zeekConnTsv } from './zeek-conn-tsv.ts'
import { zeekFingerprintsJson, zeekFingerprintsTsv } from './zeek-fingerprints.ts'

const tsv = (path: string, record: Record<string, string>) =>
  `#separator \\x09\n#path\t${path}\n#fields\t${Object.keys(record).join('\t')}\n${Object.values(record).join('\t')}\n`
const fromTsv = (path: string, record: Record<string, string>) =>
  rowsOf(parseLines(zeekFingerprintsTsv, tsv(path, record)), 'fingerprint')[0]
const fromJson = (path: string, record: Record<string, unknown>) =>
  rowsOf(parseLines(zeekFingerprintsJson, `${JSON.stringify({ _path: path, ...record })}\n`), 'fingerprint')[0]

const base = { ts: '1521911720.615923', uid: 'CmC9kY1X0u9nP78KZc' }
const start_ms = 1521911720615

describe('the client of', () => {
  test('ssl is its ja4, else its ja3', () => {
    expect(fromTsv('ssl', { ...base, ja3: 'e0ff', ja4: 't13d' })).toMatchObject({
      kind: 'ssl',
      client_fp: 'ja4:t13d',
      start_ms,
    })
    expect(fromTsv('ssl', { ...base, ja3: 'e0ff', ja4: '-' }).client_fp).toBe('ja3:e0ff')
    expect(fromTsv('ssl', { ...base, version: 'TLSv13' }).client_fp).toBe('')
  })

  test('ssh is its hassh, else its banner', () => {
    expect(fromTsv('ssh', { ...base, client: 'SSH-2.0-libssh_0.9.6', hassh: 'ab' })).toMatchObject({
      kind: 'ssh',
      client_fp: 'hassh:ab',
    })
    expect(fromTsv('ssh', { ...base, client: 'SSH-2.0-libssh_0.9.6' }).client_fp).toBe('ssh:SSH-2.0-libssh_0.9.6')
  })

  test('http is its user agent', () => {
    expect(fromTsv('http', { ...base, trans_depth: '1', user_agent: 'curl/8.5' })).toMatchObject({
      kind: 'http',
      client_fp: 'ua:curl/8.5',
    })
    expect(fromTsv('http', { ...base, user_agent: '(empty)' }).client_fp).toBe('')
  })
})

test('the uid joins it to the flow of the same connection', () => {
  const conn = {
    ...base,
    'id.orig_h': '10.0.0.1',
    'id.orig_p': '1',
    'id.resp_h': '10.0.0.2',
    'id.resp_p': '2',
    proto: 'tcp',
  }
  const [flow] = rowsOf(parseLines(zeekConnTsv, tsv('conn', conn)), 'flow')
  expect(fromTsv('ssl', base).uid).toBe(flow.uid)
  expect(fromTsv('ssl', { ts: base.ts }).uid).toBe(0n)
})

test('TSV and JSON twins are equal, escapes and odd bytes included', () => {
  const twins: [string, unknown][] = [
    ['Mozilla/5.0 (X11; Linux)', 'Mozilla/5.0 (X11; Linux)'],
    ['a\\x09b', 'a\tb'],
    ['back\\\\slash', 'back\\slash'],
    ['"quoted"', '"quoted"'],
    ['caf\\xc3\\xa9', 'café'],
    ['café', 'café'],
    ['bad\\xff\\xfe', 'bad\\xff\\xfe'],
    ['\\x2d', '-'],
    ['-', undefined],
    ['(empty)', ''],
  ]
  for (const [text, value] of twins) {
    const inTsv = fromTsv('http', { ...base, trans_depth: '3', user_agent: text })
    const inJson = fromJson('http', {
      ts: '2018-03-24T17:15:20.615923Z',
      uid: base.uid,
      trans_depth: 3,
      user_agent: value,
    })
    expect({ ...inJson, offset: 0 }, text).toEqual({ ...inTsv, offset: 0 })
  }
})

test('records that differ have different content, equal ones the same', () => {
  const records: Record<string, string>[] = [
    { ...base, trans_depth: '1', user_agent: 'a' },
    { ...base, trans_depth: '2', user_agent: 'a' },
    { ...base, trans_depth: '1', user_agent: 'b' },
    { ...base, trans_depth: '-', user_agent: '1a' },
    { ...base, uid: 'C2', trans_depth: '1', user_agent: 'a' },
    { ...base, ts: '1521911720.616923', trans_depth: '1', user_agent: 'a' },
  ]
  const contents = records.map((record) => fromTsv('http', record).content)
  expect(new Set([...contents, fromTsv('ssl', base).content, fromTsv('ssh', base).content]).size).toBe(8)
  expect(fromTsv('http', { ...records[0], extra: 'x' }).content).toBe(contents[0])
})

test('bad records are counted', () => {
  const reasons = (text: string) => rejectedOf(parseLines(zeekFingerprintsTsv, text))
  expect(reasons(tsv('ssl', { uid: 'C1' }))).toEqual({ missing_field: 1 })
  expect(reasons(tsv('ssl', { ts: 'x', uid: 'C1' }))).toEqual({ bad_time: 1 })
  expect(reasons(tsv('ssl', { ts: '12.5', uid: 'C1' }))).toEqual({ time_out_of_range: 1 })
  expect(reasons(`${tsv('ssl', base)}one\ttwo\tthree\n`)).toEqual({ malformed: 1 })
  const json = parseLines(zeekFingerprintsJson, '{"_path":"ssl","ts":1521911720.6,"uid":5,"ja3":{"a":1}}\n')
  expect(rowsOf(json, 'fingerprint')).toEqual([expect.objectContaining({ client_fp: '' })])
})

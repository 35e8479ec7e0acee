/**
 * Logs that are damaged, forged or not logs at all: every record is accounted for, every file is named, nothing crashes.
 * One run of the real program over a folder of them; a test for each says what must have come of it.
 */
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { needEngine } from '../src/testing/needs.ts'
import { connHeader, connLine, connLog, newYear_s } from './support/conn-lines.ts'
import { type Analyzed, analysisBy, Folder, runWeir } from './support/weir.ts'

const folder = new Folder()
afterAll(() => folder.remove())

const most = 2n ** 63n - 1n
const log = connLog(100)
const noise = randomBytes(200_000)

function damaged(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy[at] ^= 0xff
  return copy
}

/** The same log with connections of its own, so that files do not know each other's records. */
let logs = 0
function freshLog(count = 100): string {
  const file = ++logs
  return connLog(count, (i) => ({ uid: `C${file}x${i}`, 'id.orig_p': 20_000 + file }))
}
function zipped(): Buffer {
  return gzipSync(freshLog())
}
let lines = 0
/** A line of a connection of its own. */
function line(values: Parameters<typeof connLine>[0] = {}): string {
  return connLine({ uid: `L${++lines}`, ...values })
}

let json: Analyzed
let summary: string

beforeAll(async () => {
  const write = (name: string, content: string | Uint8Array) => folder.file(`logs/${name}`, content)
  write('empty.log', '')
  write('header.log', connHeader)
  write('noise.bin', noise)
  write('text.log', 'Dear diary,\nnothing left the site today.\n'.repeat(20))
  write('tail.gz', gzipSync(freshLog()).subarray(0, 700))
  write('stub.gz', gzipSync(log).subarray(0, 12))
  write('noise.gz', gzipSync(noise))
  const whole = zipped()
  write('checksum.gz', damaged(whole, whole.length - 6))
  write('middle.gz', damaged(gzipSync(freshLog(5_000)), 20_000))
  write('garbage.gz', Buffer.concat([zipped(), Buffer.from('garbage after the end')]))
  write('padded.gz', Buffer.concat([zipped(), Buffer.alloc(512)]))
  const [head, tail] = [freshLog(60), freshLog(40).slice(connHeader.length)]
  write('members.gz', Buffer.concat([gzipSync(head), gzipSync(tail), gzipSync('')]))
  write(
    'types.log',
    connHeader +
      line({ orig_bytes: 'many' }) +
      line({ 'id.orig_p': 'http' }) +
      line({ ts: 'yesterday' }) +
      line({ 'id.orig_h': 'somewhere' }) +
      line({ duration: 'long' }) +
      line({ 'id.resp_p': 65_536 }) +
      'too\tfew\tcolumns\n' +
      line(),
  )
  write(
    'counts.log',
    connHeader +
      line({ orig_bytes: -1 }) +
      line({ orig_bytes: most + 1n }) +
      line({ resp_bytes: '99999999999999999999999' }) +
      line({ orig_bytes: '1e3' }) +
      line({ orig_bytes: '' }) +
      line({ orig_bytes: 9_007_199_254_740_993n }),
  )
  write(
    'times.log',
    connHeader +
      line({ ts: 0 }) +
      line({ ts: '1.5' }) +
      line({ ts: 7_258_118_400 }) +
      line({ ts: -5 }) +
      line({ ts: 'nan' }) +
      line({ ts: '1e308' }) +
      line({ ts: newYear_s * 1000 }) +
      line(),
  )
  write('nul.log', `${connHeader}${line({ uid: 'C\0\0' })}${line({ service: 's\0l' })}${'\0'.repeat(5000)}\n${line()}`)
  write('long.log', `${connHeader}${line()}${'x'.repeat(10_000_000)}\n${line()}${'y'.repeat(10_000_000)}`)
  write('no-newline.log', `${connHeader}${line()}${line().trimEnd()}`)
  write('crlf.log', `${connHeader}${line()}${line()}`.replaceAll('\n', '\r\n'))
  write('icmp.log', connHeader + line({ proto: 'icmp', 'id.orig_p': 8, 'id.resp_p': 0, service: '-' }))
  write(
    'zones.log',
    connHeader +
      line({ 'id.orig_h': 'fe80::1%eth0' }) +
      line({ 'id.orig_h': 'fd00::1', 'id.resp_h': '2001:db8::1%3' }) +
      line({ 'id.orig_h': 'fd00::1', 'id.resp_h': '2001:db8::1' }),
  )
  write(
    'years.log',
    connHeader + line({ duration: 2 * 365 * 86_400, orig_bytes: 730_000 }) + line({ duration: 3 * 365 * 86_400 }),
  )
  const flow = `{"type":"flow","start_ms":${newYear_s}000,"end_ms":${newYear_s}000,"src_ip":"10.0.0.5","src_port":1,`
  const rest = '"dst_ip":"198.51.100.9","dst_port":443,"proto":"tcp","bytes_src":1,"bytes_dst":2}'
  const flows = Array.from({ length: 8 }, (_, i) => `${flow + rest.replace(':443', `:${i}`)}`)
  write('half.ndjson', [...flows, flow, `${flow}"type":7}`, '[1,2]', 'null', '{"type":"flow"}', '{'].join('\n'))
  const ran = await analysisBy([folder.at('logs'), '--state', folder.state(), '--report', folder.at('report')])
  expect(ran.stderr).toBe('')
  expect(ran.code).toBe(0)
  json = ran.json
  summary = readFileSync(folder.at('report', 'summary.txt'), 'utf8')
}, 60_000)

function source(name: string) {
  const found = json.sources.find(({ path }) => path === folder.at('logs', name))
  if (!found) throw new Error(`no source ${name}`)
  const { records_read, accepted, duplicates, rejected, damage } = found
  const refused = Object.values(rejected).reduce((sum, count) => sum + count, 0)
  expect(accepted + duplicates + refused).toBe(records_read)
  return { records_read, accepted, rejected, damage }
}
const reasonFor = (name: string) => json.passed_over.find(({ path }) => path === folder.at('logs', name))?.reason
const noticeOf = (name: string) => json.notices.find(({ id }) => id === `damage-${folder.at('logs', name)}`)?.text

describe('files that are no logs', () => {
  test('are named, with what was looked for', () => {
    const lookedFor = /^no known format \(looked for Zeek conn; .*; syslog .*; neutral events\)$/
    for (const name of ['noise.bin', 'text.log', 'noise.gz'])
      expect([name, reasonFor(name)]).toEqual([name, expect.stringMatching(lookedFor)])
    expect(reasonFor('empty.log')).toBe('empty')
    expect(reasonFor('stub.gz')).toBe('gzip: unexpected end of file')
    expect(json.passed_over).toHaveLength(5)
  })

  test('alone are an error that says the same, and leave the exit code 3', async () => {
    for (const [name, message] of [
      ['text.log', 'no known format (looked for Zeek conn'],
      ['empty.log', 'empty [nothing_readable]'],
    ]) {
      const { code, stdout, stderr } = await runWeir(['analyze', folder.at('logs', name), '--state', folder.state()])
      expect([code, stdout]).toEqual([3, ''])
      expect(stderr).toContain(`${folder.at('logs', name)}: ${message}`)
      expect(stderr.trim().split('\n')).toHaveLength(1)
    }
  })

  test('are told apart from a log without records', () => {
    expect(source('header.log')).toEqual({ records_read: 0, accepted: 0, rejected: {}, damage: undefined })
  })
})

describe('compressed files', () => {
  test('cut off in the middle: what came before counts, and the operator is told', () => {
    const { accepted, rejected, damage } = source('tail.gz')
    expect(accepted).toBeGreaterThan(5)
    expect(accepted).toBeLessThan(100)
    expect(rejected).toEqual({ truncated: 1 })
    expect(damage).toBe('truncated: gzip: unexpected end of file')
    expect(noticeOf('tail.gz')).toContain('what came before is in the books')
    expect(summary).toContain('tail.gz is truncated')
  })

  test('with a wrong checksum, with damage inside, with garbage after the end', () => {
    expect(source('checksum.gz')).toMatchObject({ accepted: 100, damage: 'corrupt: gzip: incorrect data check' })
    expect(source('garbage.gz')).toMatchObject({ accepted: 100, damage: 'corrupt: gzip: incorrect header check' })
    const inside = source('middle.gz')
    expect(inside.damage).toMatch(/^corrupt: gzip: /)
    expect(inside.accepted).toBeGreaterThan(1000)
    expect(inside.accepted).toBeLessThan(5_000)
  })

  test('of several members, or padded with zeros, are sound', () => {
    expect(source('members.gz')).toEqual({ records_read: 100, accepted: 100, rejected: {}, damage: undefined })
    expect(source('padded.gz')).toEqual({ records_read: 100, accepted: 100, rejected: {}, damage: undefined })
  })

  test('zstd, cut off and corrupt', async (context) => {
    const zstd = needEngine(context, 'zstd')
    const bytes = spawnSync(zstd, ['-c', '-q'], { input: freshLog(5_000), maxBuffer: 1e8 }).stdout
    const files = [
      folder.file('zstd/cut.log.zst', bytes.subarray(0, bytes.length >> 1)),
      folder.file('zstd/bad.log.zst', damaged(bytes, bytes.length - 1000)),
      folder.file('zstd/whole.log.zst', bytes),
    ]
    const { code, json } = await analysisBy([...files, '--state', folder.state()])
    const bad = json.sources.find(({ path }) => path === files[1])
    const cut = json.sources.find(({ path }) => path === files[0])
    expect(cut?.damage).toMatch(/^truncated: zstd: /)
    expect(bad?.damage).toMatch(/^(corrupt|truncated): zstd: /)
    expect(json.sources.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(5_000)
    expect(code).toBe(0)
  })
})

describe('records', () => {
  test('of wrong types are counted by reason, with their places', () => {
    expect(source('types.log')).toMatchObject({
      records_read: 8,
      accepted: 1,
      rejected: { bad_count: 1, bad_port: 2, bad_time: 1, bad_address: 1, bad_value: 1, malformed: 1 },
    })
    const examples = json.sources.find(({ path }) => path.endsWith('types.log'))?.examples ?? []
    expect(examples.find(({ reason }) => reason === 'malformed')).toMatchObject({ sample: 'too\\x09few\\x09columns' })
  })

  test('with negative counts and counts of 2^63 and more are refused; 2^53 + 1 is exact', () => {
    expect(source('counts.log')).toMatchObject({
      accepted: 1,
      rejected: { count_out_of_range: 3, bad_count: 2 },
    })
    const report = json.sources.find(({ path }) => path.endsWith('counts.log'))
    expect(report?.bytes_out).toBe(Number(9_007_199_254_740_993n))
  })

  test('of 1970 and 2200, and of no time at all', () => {
    expect(source('times.log')).toMatchObject({ accepted: 1, rejected: { time_out_of_range: 6, bad_time: 1 } })
  })

  test('with NUL bytes, and a line of nothing else', () => {
    expect(source('nul.log')).toMatchObject({ records_read: 4, accepted: 3, rejected: { malformed: 1 } })
  })

  test('of ten megabytes are dropped one by one', () => {
    expect(source('long.log')).toMatchObject({ records_read: 4, accepted: 2, rejected: { line_too_long: 2 } })
  })

  test('without a last newline, with CR LF, of ICMP', () => {
    expect(source('no-newline.log').accepted).toBe(2)
    expect(source('crlf.log').accepted).toBe(2)
    expect(source('icmp.log').accepted).toBe(1)
  })

  test('with an IPv6 zone are no addresses of the site', () => {
    expect(source('zones.log')).toMatchObject({ accepted: 1, rejected: { bad_address: 2 } })
  })

  test('that last two years are spread to the byte, longer ones refused', () => {
    expect(source('years.log')).toMatchObject({ accepted: 1, rejected: { time_out_of_range: 1 } })
    expect(json.sources.find(({ path }) => path.endsWith('years.log'))?.bytes_out).toBe(730_000)
  })

  test('of broken JSON', () => {
    expect(source('half.ndjson')).toMatchObject({
      records_read: 14,
      accepted: 8,
      rejected: { malformed: 4, bad_value: 1, missing_field: 1 },
    })
  })

  test('all add up in the books', () => {
    const sum = json.sources.reduce((total, { bytes_out }) => total + bytes_out, 0)
    expect(json.ledger.bytes_out).toBe(sum)
  })
})

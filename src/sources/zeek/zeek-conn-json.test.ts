import { describe, expect, test } from 'vitest'
import { logClock, utcClock } from '../../model/log-clock.ts'
import { flowFlags } from '../../model/observation.ts'
import { parseLines, rejectedOf, rowsOf } from '../../testing/parse-lines.ts'
import { zeekConnJson } from './zeek-conn-json.ts'
import { zeekConnTsv } from './zeek-conn-tsv.ts'

const record = {
  ts: 1588205198.89971,
  uid: 'CcH8zVkCER7UopU1j',
  'id.orig_h': '10.1.0.7',
  'id.orig_p': 51514,
  'id.resp_h': '198.51.100.9',
  'id.resp_p': 443,
  proto: 'tcp',
  service: 'ssl',
  duration: 0.0015780925750732422,
  orig_bytes: 1000,
  resp_bytes: 2000000000000,
  conn_state: 'SF',
  missed_bytes: 7,
  orig_pkts: 11,
  orig_ip_bytes: 1500,
  resp_pkts: 22,
  resp_ip_bytes: 2500,
}
type Changes = Record<string, unknown>
const line = (changes: Changes = {}) => `${JSON.stringify({ ...record, ...changes })}\n`
const batchOf = (text: string, path = 'conn.log') => parseLines(zeekConnJson, text, path)
const flowOf = (changes: Changes, path?: string) => rowsOf(batchOf(line(changes), path), 'flow')[0]

const twin =
  '#separator \\x09\n#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\t' +
  'orig_bytes\tresp_bytes\tmissed_bytes\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\n' +
  '1588205198.899710\tCcH8zVkCER7UopU1j\t10.1.0.7\t51514\t198.51.100.9\t443\ttcp\tssl\t0.001578\t1000\t2000000000000\t7\t11' +
  '\t1500\t22\t2500\n'

describe('a record', () => {
  test('equals its twin in TSV', () => {
    const [flow] = rowsOf(parseLines(zeekConnTsv, twin), 'flow')
    expect({ ...flowOf({}), offset: 0 }).toEqual({ ...flow, offset: 0 })
    expect(flow).toMatchObject({ start_ms: 1588205198899, end_ms: 1588205198901, flags: flowFlags.wireKnown })
  })

  test('equals itself in every spelling', () => {
    const { 'id.orig_h': h, 'id.orig_p': p, 'id.resp_h': rh, 'id.resp_p': rp, ...rest } = record
    const expected = flowOf({})
    const spellings = [
      { ...rest, id: { orig_h: h, orig_p: p, resp_h: rh, resp_p: rp } },
      { id_orig_h: h, id_orig_p: p, id_resp_h: rh, id_resp_p: rp, ...rest },
      { '@stream': 'conn', '@system': 'test-nsm', ...record },
      { _path: 'conn', _node_name: 'worker-1', ...record },
      { ...record, ts: '2020-04-30T00:06:38.899710Z' },
      { ...record, ts: '2020-04-30T02:06:38.89971+02:00' },
      { ...record, ts: 1588205198899.71 },
      { ...record, ts: '1588205198.89971' },
      { ...record, tunnel_parents: [], label: null, extra: { a: [1, { b: 'x' }] } },
      { ...record, orig_bytes: 1000.5 - 0.5, uid: 'CcH8zVkCER7UopU1j' },
    ]
    for (const spelling of spellings) {
      expect(rowsOf(batchOf(`${JSON.stringify(spelling)}\n`), 'flow'), JSON.stringify(spelling)).toEqual([expected])
    }
    const odd = line().replace('"tcp"', '"\\u0074cp"').replace('1000,', '1.000e3,').replace('"ssl"', '"s\\u0073l"')
    expect(rowsOf(batchOf(odd), 'flow')).toEqual([expected])
  })

  test('may leave out, or set to null, what is optional', () => {
    const absent = {
      uid: undefined,
      service: undefined,
      duration: undefined,
      orig_bytes: undefined,
      resp_bytes: undefined,
    }
    const flow = flowOf({ ...absent, missed_bytes: undefined, orig_ip_bytes: undefined })
    expect(flow).toMatchObject({ uid: 0n, service: '', bytes_src: 0n, flags: 3, end_ms: 1588205198899 })
    expect(
      flowOf({
        uid: null,
        service: null,
        duration: null,
        orig_bytes: null,
        resp_bytes: null,
        missed_bytes: null,
        orig_ip_bytes: null,
      }),
    ).toEqual(flow)
  })

  test('is available when it was written', () => {
    expect(flowOf({ _write_ts: '2020-04-30T00:10:00.5Z' }).available_ms).toBe(Date.UTC(2020, 3, 30, 0, 10, 0, 500))
  })

  test('counts past 2^53 exactly', () => {
    const text = line().replace('2000000000000', '9223372036854775807')
    expect(rowsOf(batchOf(text), 'flow')[0].bytes_dst).toBe(9223372036854775807n)
  })
})

describe('a bad record is counted:', () => {
  test.each([
    ['{"ts":1588205198.9', 'malformed'],
    [line().replace('}', ''), 'malformed'],
    [`${line().trim()} trailing\n`, 'malformed'],
    [line().replace('"tcp"', '"t\\qcp"'), 'malformed'],
    [line().replace('"tcp"', 'tcp'), 'malformed'],
    ['[1]\n', 'malformed'],
    ['\0\0\0\n', 'malformed'],
    ['{}\n', 'missing_field'],
    [line({ ts: undefined }), 'missing_field'],
    [line({ ts: null }), 'missing_field'],
    [line({ 'id.orig_h': undefined }), 'missing_field'],
    [line({ ts: true }), 'bad_time'],
    [line({ ts: { epoch: 1 } }), 'bad_time'],
    [line({ ts: 'yesterday' }), 'bad_time'],
    [line({ ts: 0 }), 'time_out_of_range'],
    [line({ ts: '1969-12-31T23:59:59.6Z' }), 'time_out_of_range'],
    [line({ ts: 7258118400 }), 'time_out_of_range'],
    [line({ _write_ts: 'never' }), 'bad_time'],
    [line({ duration: -1 }), 'bad_value'],
    [line({ duration: [1] }), 'bad_value'],
    [line({ duration: 1e9 }), 'time_out_of_range'],
    [line({ 'id.resp_h': 12 }), 'bad_address'],
    [line({ 'id.resp_h': ['10.0.0.1'] }), 'bad_address'],
    [line({ 'id.resp_p': 443.5 }), 'bad_port'],
    [line({ 'id.resp_p': 70000 }), 'bad_port'],
    [line({ orig_bytes: 1.5 }), 'bad_count'],
    [line({ orig_bytes: [] }), 'bad_count'],
    [line({ orig_bytes: false }), 'bad_count'],
    [line({ orig_bytes: -1 }), 'count_out_of_range'],
    [line({ orig_bytes: 2 ** 63 }), 'count_out_of_range'],
    [line({ _path: 'dns' }), 'stream_not_used'],
  ])('%s is %s', (text, reason) => {
    const batch = batchOf(text)
    expect(rejectedOf(batch)).toEqual({ [reason]: 1 })
    expect([batch.records_read, batch.flow.length]).toEqual([1, 0])
  })
})

describe('the stream is told', () => {
  test('by the record before the file name', () => {
    expect(flowOf({ _path: 'conn' }, 'dns.log')).toBeDefined()
    expect(flowOf({ '@stream': 'conn_long' }, 'dns.log')).toBeDefined()
    expect(flowOf({ _path: 'weird' }, 'conn.log')).toBeUndefined()
  })

  test('by the file name', () => {
    const names = ['conn.log', 'a/b/conn.14:00:00-15:00:00.log.gz', 'NASHUA_conn.log', 'conn.json', 'conn_20240101.log']
    names.push('open_conn.log', 'conn_long.log', 'zeek.conn.ndjson', 'CONN.LOG', 'C:\\logs\\conn.log')
    for (const name of names) expect(flowOf({ conn_state: undefined }, name), name).toBeDefined()
    for (const name of ['dns.log', 'conn/dns.log', 'files.json']) expect(flowOf({}, name), name).toBeUndefined()
  })

  test('by the keys of a connection', () => {
    expect(flowOf({}, 'export.json')).toBeDefined()
    expect(flowOf({}, 'conn_summary.json')).toBeDefined()
    expect(flowOf({ conn_state: undefined }, 'export.json')).toBeUndefined()
  })

  test('record by record in a mixed file', () => {
    const text =
      line({ _path: 'conn' }) +
      line({ _path: 'dns' }) +
      line({ _path: 'ssl', ja3: 'e0ff' }) +
      line({ _path: 'http', user_agent: 'curl/8' }) +
      line({ _path: 'ssh', client: 'SSH-2.0-x' }) +
      line({ _path: 'open_conn' })
    const parser = zeekConnJson.open({ path: 'all.json', clock: utcClock, mtime_ms: Number.NaN })
    const batch = batchOf('')
    const bytes = new TextEncoder().encode(text)
    parser.parse(bytes, 0, bytes.length, 0, batch)
    expect([batch.flow.length, batch.fingerprint.length, rejectedOf(batch)]).toEqual([2, 3, { stream_not_used: 1 }])
    expect(parser.format).toBe('zeek_mixed')
  })
})

test('blank lines, comments and CR LF are no matter', () => {
  const batch = batchOf(
    `### BTest baseline data\n\n   \n\r\n${line().trim()}\r\n  ${line().trim()}  \n${line().trim()}`,
  )
  expect([batch.records_read, batch.flow.length]).toEqual([3, 3])
})

test('a time without zone is local to the source', () => {
  const batch = parseLines(zeekConnJson, '')
  const bytes = new TextEncoder().encode(line({ ts: '2020-04-30T00:06:38' }))
  zeekConnJson
    .open({ path: 'conn.log', clock: logClock({ timezone: 'Etc/GMT+5' }), mtime_ms: Number.NaN })
    .parse(bytes, 0, bytes.length, 0, batch)
  expect(batch.flow.data.start_ms[0]).toBe(Date.UTC(2020, 3, 30, 5, 6, 38))
})

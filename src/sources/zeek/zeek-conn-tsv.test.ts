import { describe, expect, test } from 'vitest'
import { utcClock } from '../../model/log-clock.ts'
import { flowFlags } from '../../model/observation.ts'
import { parseLines, rejectedOf, rowsOf } from '../../testing/parse-lines.ts'
import { zeekConnTsv } from './zeek-conn-tsv.ts'

const columns = [
  ...['ts', 'uid', 'id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p', 'proto', 'service', 'duration', 'orig_bytes'],
  ...['resp_bytes', 'conn_state', 'missed_bytes', 'orig_pkts', 'orig_ip_bytes', 'resp_pkts', 'resp_ip_bytes'],
]
const values: Record<string, string> = {
  ts: '1588205198.899710',
  uid: 'CcH8zVkCER7UopU1j',
  'id.orig_h': '10.1.0.7',
  'id.orig_p': '51514',
  'id.resp_h': '198.51.100.9',
  'id.resp_p': '443',
  proto: 'tcp',
  service: 'ssl',
  duration: '12.345678',
  orig_bytes: '1000',
  resp_bytes: '2000000000000',
  conn_state: 'SF',
  missed_bytes: '7',
  orig_pkts: '11',
  orig_ip_bytes: '1500',
  resp_pkts: '22',
  resp_ip_bytes: '2500',
}

const line = (changes: Record<string, string> = {}, names = columns) =>
  names.map((name) => changes[name] ?? values[name] ?? '-').join('\t')
const header = (names = columns, path = 'conn') =>
  `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\t${path}\n#open\t2020-04-30-00-00-00\n` +
  `#fields\t${names.join('\t')}\n#types\t${names.map(() => 'string').join('\t')}\n`

const flowsOf = (text: string | Uint8Array) => rowsOf(parseLines(zeekConnTsv, text), 'flow')
const flowOf = (changes: Record<string, string>) => flowsOf(`${header()}${line(changes)}\n`)[0]
const rejectionOf = (changes: Record<string, string>) =>
  rejectedOf(parseLines(zeekConnTsv, `${header()}${line(changes)}\n`))

describe('a record', () => {
  test('becomes a flow from originator to responder', () => {
    const [flow] = flowsOf(`${header()}${line()}\n#close\t2020-04-30-01-00-00\n`)
    expect(flow).toMatchObject({
      start_ms: 1588205198899,
      end_ms: 1588205211245,
      available_ms: 1588205211245,
      src: '10.1.0.7',
      src_port: 51514,
      dst: '198.51.100.9',
      dst_port: 443,
      proto: 6,
      service: 'ssl',
      bytes_src: 1000n,
      bytes_dst: 2000000000000n,
      packets_src: 11n,
      packets_dst: 22n,
      wire_bytes_src: 1500n,
      wire_bytes_dst: 2500n,
      missed_bytes: 7n,
      sampling: 1,
      sensor: '',
      client_fp: '',
      flags: flowFlags.wireKnown,
      offset: header().length,
    })
    expect(flow.uid).not.toBe(0n)
  })

  test('may leave out what is optional', () => {
    const unset = { uid: '-', service: '-', duration: '-', orig_bytes: '-', resp_bytes: '-', missed_bytes: '-' }
    expect(flowOf({ ...unset, orig_pkts: '-', resp_pkts: '-', orig_ip_bytes: '-', resp_ip_bytes: '-' })).toMatchObject({
      uid: 0n,
      service: '',
      start_ms: 1588205198899,
      end_ms: 1588205198899,
      bytes_src: 0n,
      bytes_dst: 0n,
      missed_bytes: 0n,
      packets_src: 0n,
      wire_bytes_dst: 0n,
      flags: flowFlags.bytesSrcUnknown | flowFlags.bytesDstUnknown,
    })
    expect(flowOf({ resp_bytes: '-' }).flags).toBe(flowFlags.bytesDstUnknown | flowFlags.wireKnown)
    expect(flowOf({ orig_ip_bytes: '-' }).flags).toBe(0)
    expect(flowOf({ service: '(empty)', uid: '(empty)' })).toMatchObject({ service: '', uid: 0n })
  })

  test('keeps its services in the order in which they stand', () => {
    expect(flowOf({ service: 'gssapi,smb,krb' }).service).toBe('gssapi,smb,krb')
  })

  test('knows its protocol by name, ICMP by the address, and unknown ones by ip_proto', () => {
    const v6 = { 'id.orig_h': '2001:db8::1', 'id.resp_h': '2001:db8::2' }
    expect(['tcp', 'udp', 'sctp', 'icmp'].map((proto) => flowOf({ proto }).proto)).toEqual([6, 17, 132, 1])
    expect(flowOf({ proto: 'icmp', ...v6 }).proto).toBe(58)
    expect(flowOf({ proto: 'unknown_transport' }).proto).toBe(0)
    const names = [...columns, 'ip_proto']
    const flows = flowsOf(
      `${header(names)}${line({ proto: 'unknown_transport', ip_proto: '47' }, names)}\n${line({ ip_proto: '6' }, names)}\n`,
    )
    expect(flows.map((flow) => flow.proto)).toEqual([47, 6])
  })

  test('keeps the type and code that ICMP has for ports', () => {
    const echo = { proto: 'icmp', 'id.orig_p': '8', 'id.resp_p': '0' }
    expect(flowOf(echo)).toMatchObject({ src_port: 8, dst_port: 0 })
  })

  test('is available when it was written, else when it ended', () => {
    const names = ['_write_ts', ...columns]
    const [flow] = flowsOf(`${header(names)}${line({ _write_ts: '1588205300.000000' }, names)}\n`)
    expect(flow).toMatchObject({ end_ms: 1588205211245, available_ms: 1588205300000 })
  })

  test('ends at start plus duration in microseconds, not at the sum of two roundings', () => {
    expect(flowOf({ ts: '1588205198.000999', duration: '0.000001' })).toMatchObject({
      start_ms: 1588205198000,
      end_ms: 1588205198001,
    })
    expect(flowOf({ duration: '1e-06' }).end_ms).toBe(1588205198899)
  })

  test('counts past 2^53 exactly', () => {
    expect(flowOf({ resp_bytes: '9007199254740993' }).bytes_dst).toBe(9007199254740993n)
    expect(flowOf({ resp_bytes: '9223372036854775807' }).bytes_dst).toBe(9223372036854775807n)
  })
})

describe('a bad record is counted:', () => {
  test.each([
    [{ ts: '-' }, 'missing_field'],
    [{ 'id.resp_h': '-' }, 'missing_field'],
    [{ 'id.orig_p': '-' }, 'missing_field'],
    [{ proto: '-' }, 'missing_field'],
    [{ ts: 'XXXXXXXXXX.XXXXXX' }, 'bad_time'],
    [{ ts: '0.000000' }, 'time_out_of_range'],
    [{ ts: '86400.5' }, 'time_out_of_range'],
    [{ ts: '-1418429426.887384' }, 'time_out_of_range'],
    [{ ts: '7258118400.0' }, 'time_out_of_range'],
    [{ ts: '1588205198899' }, 'time_out_of_range'],
    [{ duration: '-0.5' }, 'bad_value'],
    [{ duration: 'long' }, 'bad_value'],
    [{ duration: '99999999.0' }, 'time_out_of_range'],
    [{ ts: '4102444799.0', duration: '2.0' }, 'time_out_of_range'],
    [{ 'id.orig_h': '10.1.0.256' }, 'bad_address'],
    [{ 'id.resp_h': 'host.example' }, 'bad_address'],
    [{ 'id.resp_h': '1:2:3' }, 'bad_address'],
    [{ 'id.resp_h': '10.1.0.\u00007' }, 'bad_address'],
    [{ 'id.orig_p': '65536' }, 'bad_port'],
    [{ 'id.resp_p': '-1' }, 'bad_port'],
    [{ 'id.resp_p': '443/tcp' }, 'bad_port'],
    [{ orig_bytes: '12.5' }, 'bad_count'],
    [{ orig_bytes: 'many' }, 'bad_count'],
    [{ orig_bytes: '-5' }, 'count_out_of_range'],
    [{ resp_bytes: '9223372036854775808' }, 'count_out_of_range'],
    [{ resp_bytes: '18446744073709551615' }, 'count_out_of_range'],
    [{ missed_bytes: 'x' }, 'bad_count'],
    [{ resp_ip_bytes: '' }, 'bad_count'],
    [{ service: 'a\tb' }, 'malformed'],
  ])('%j is %s', (changes, reason) => {
    expect(rejectionOf(changes as Record<string, string>)).toEqual({ [reason]: 1 })
  })

  test('it leaves no trace in the columns, and the next record is whole', () => {
    const batch = parseLines(zeekConnTsv, `${header()}${line({ resp_ip_bytes: 'x' })}\n${line()}\n`)
    expect(batch.records_read).toBe(2)
    expect(rowsOf(batch, 'flow')).toEqual([
      expect.objectContaining({ bytes_src: 1000n, offset: header().length + line({ resp_ip_bytes: 'x' }).length + 1 }),
    ])
    expect(batch.examples).toEqual([
      { reason: 'bad_count', offset: header().length, sample: expect.stringContaining('1588205198.899710\\x09CcH8') },
    ])
  })

  test('a cut line, an empty column list, NUL bytes', () => {
    const cut = `${header()}${line()}\n${line().slice(0, 60)}`
    expect(rejectedOf(parseLines(zeekConnTsv, cut))).toEqual({ malformed: 1 })
    expect(rejectedOf(parseLines(zeekConnTsv, `${header()}\0\0\0\n${line({ uid: 'a\0b' })}\n`))).toEqual({
      malformed: 1,
    })
  })
})

describe('the header', () => {
  test('binds columns by name, in any order and among others', () => {
    const names = ['_node_name', ...[...columns].reverse(), 'label', 'community_id']
    const [flow] = flowsOf(`${header(names)}${line({ _node_name: 'worker-eth0-1' }, names)}\n`)
    const [plain] = flowsOf(`${header()}${line()}\n`)
    expect({ ...flow, offset: 0 }).toEqual({ ...plain, offset: 0 })
  })

  test('may change in the middle of the file', () => {
    const fewer = columns.filter((name) => name !== 'service' && name !== 'orig_bytes')
    const text = `${header()}${line()}\n#fields\t${fewer.join('\t')}\n${line({}, fewer)}\n${line()}\n`
    const batch = parseLines(zeekConnTsv, text)
    expect(rowsOf(batch, 'flow').map(({ service, bytes_src }) => [service, bytes_src])).toEqual([
      ['ssl', 1000n],
      ['', 0n],
    ])
    expect(rejectedOf(batch)).toEqual({ malformed: 1 })
  })

  test('names separator and markers', () => {
    const names = columns.join('||')
    const unset = columns.map((name) => ({ ...values, service: 'NONE', uid: 'EMPTY' })[name]).join('||')
    const text =
      `#separator ||\n#set_separator||,\n#empty_field||EMPTY\n#unset_field||NONE\n#path||conn\n#fields||${names}\n` +
      `${unset}\n${unset.replace('||tcp||', '||tcp|')}\n`
    const batch = parseLines(zeekConnTsv, text)
    expect(rowsOf(batch, 'flow')).toEqual([expect.objectContaining({ service: '', uid: 0n, bytes_src: 1000n })])
    expect(rejectedOf(batch)).toEqual({ malformed: 1 })
  })

  test('of one other byte, and a set marker that is empty', () => {
    const text = `#separator \\x7c\n#unset_field|\n#path|conn\n#fields|${columns.join('|')}\n`
    expect(flowsOf(`${text}${line({ service: '' }).replaceAll('\t', '|')}\n`)).toEqual([
      expect.objectContaining({ service: '', bytes_dst: 2000000000000n }),
    ])
  })

  test('that misses a column makes every record miss it', () => {
    for (const name of ['ts', 'id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p', 'proto']) {
      const names = columns.filter((each) => each !== name)
      const batch = parseLines(zeekConnTsv, `${header(names)}${line({}, names)}\n${line({}, names)}\n`)
      expect(rejectedOf(batch), name).toEqual({ missing_field: 2 })
    }
  })

  test('that comes late leaves earlier records before it', () => {
    const batch = parseLines(zeekConnTsv, `${line()}\n#separator \\x09\n${line()}\n${header()}${line()}\n`)
    expect(batch.records_read).toBe(3)
    expect(rejectedOf(batch)).toEqual({ before_header: 2 })
    expect(batch.flow.length).toBe(1)
  })

  test('without rows gives none', () => {
    const batch = parseLines(zeekConnTsv, `${header()}#close\t2020-04-30-01-00-00\n`)
    expect([batch.records_read, batch.flow.length, batch.rejected.size]).toEqual([0, 0, 0])
  })

  test('of another stream hands its records over', () => {
    const text = `${header()}${line()}\n${header(columns, 'dns')}${line()}\n${header(columns, 'open_conn')}${line()}\n`
    const batch = parseLines(zeekConnTsv, text)
    expect(batch.flow.length).toBe(2)
    expect(rejectedOf(batch)).toEqual({ stream_not_used: 1 })
  })
})

test('line ends may be CR LF, the last may lack, empty lines are no records', () => {
  const text = `${header()}${line()}\n\n${line()}\n`.replaceAll('\n', '\r\n') + line({ resp_ip_bytes: '3' })
  const batch = parseLines(zeekConnTsv, text)
  expect(batch.records_read).toBe(3)
  expect(rowsOf(batch, 'flow').map((flow) => flow.wire_bytes_dst)).toEqual([2500n, 2500n, 3n])
})

test('blocks of one file are one file', () => {
  const parser = zeekConnTsv.open({ path: 'conn.log', clock: utcClock, mtime_ms: Number.NaN })
  const whole = parseLines(zeekConnTsv, `${header()}${line()}\n${line({ uid: 'C2' })}\n`)
  const bytes = new TextEncoder().encode(`${header()}${line()}\n${line({ uid: 'C2' })}\n`)
  const batch = parseLines(zeekConnTsv, '')
  const cut = header().length + line().length + 1
  parser.parse(bytes, 0, header().length, 0, batch)
  parser.parse(bytes.slice(header().length), 0, line().length + 1, header().length, batch)
  parser.parse(bytes, cut, bytes.length, cut, batch)
  expect(rowsOf(batch, 'flow')).toEqual(rowsOf(whole, 'flow'))
  expect(parser.format).toBe('zeek_conn')
})

import { describe, expect, test } from 'vitest'
import { parseLines, rejectedOf, rowsOf } from '../../testing/parse-lines.ts'
import { neutral } from './neutral.ts'
import { type EventType, eventTypes } from './neutral-events.ts'

const start_ms = 1_700_000_000_000
const end_ms = start_ms + 5000

/** One event of each type with every field. */
const full = {
  flow: {
    ...{ start_ms, end_ms, src_ip: '10.0.0.1', src_port: 1234, dst_ip: '198.51.100.2', dst_port: 443, proto: 'tcp' },
    ...{ service: 'ssl', bytes_src: 10, bytes_dst: 20, packets_src: 1, packets_dst: 2, uid: 'C1', sensor: 'border' },
    ...{ sampling: 100, client_fp: 'ja4:x', available_ms: end_ms + 1 },
  },
  session: {
    ...{ kind: 'vpn', account: 'alice', peer_ip: '203.0.113.9', peer_port: 4000, assigned_ip: '10.200.0.7' },
    ...{
      host_ip: '10.0.0.5',
      gateway: 'vpn1',
      start_ms,
      end_ms,
      key_fp: 'SHA256:k',
      client_fp: 'x',
      bytes_out: 7,
      bytes_in: 8,
    },
  },
  transfer: {
    ...{
      tool: 'gridftp',
      account: 'alice',
      host_ip: '10.0.0.5',
      peer_ip: '203.0.113.9',
      path: '/proj/cfd/a b',
      bucket: 'cfd',
    },
    ...{ object: 'k', direction: 'out', bytes: 99, start_ms, end_ms, task_id: 't-1' },
  },
  job: { job_id: '42', account: 'alice', project: 'cfd', nodes: ['cn1', 'cn2'], start_ms, end_ms },
  storage_read: {
    path: '/proj/cfd',
    vault: 'v',
    account: 'alice',
    host_ip: '10.0.0.5',
    job_id: '42',
    bytes: 5,
    start_ms,
    end_ms,
  },
  counter: { link: 'border0', octets_out: 1, octets_in: 2, start_ms, end_ms },
  lease: { ip: '10.200.0.7', account: 'alice', peer_ip: '203.0.113.9', start_ms, end_ms },
  nat: { inside_ip: '10.0.0.1', inside_port: 1, outside_ip: '192.0.2.1', outside_port: 2, start_ms, end_ms },
} as const satisfies Record<EventType, Record<string, unknown>>

const required: Record<EventType, readonly string[]> = {
  flow: ['start_ms', 'end_ms', 'src_ip', 'src_port', 'dst_ip', 'dst_port', 'proto', 'bytes_src', 'bytes_dst'],
  session: ['kind', 'account', 'peer_ip', 'start_ms'],
  transfer: ['tool', 'direction', 'bytes', 'start_ms', 'end_ms'],
  job: ['job_id', 'account', 'project', 'nodes', 'start_ms'],
  storage_read: ['bytes', 'start_ms', 'end_ms'],
  counter: ['link', 'octets_out', 'octets_in', 'start_ms', 'end_ms'],
  lease: ['ip', 'account', 'start_ms'],
  nat: ['inside_ip', 'outside_ip', 'start_ms'],
}

type Changes = Record<string, unknown>
const line = (type: EventType, changes: Changes = {}) => `${JSON.stringify({ type, ...full[type], ...changes })}\n`
const rows = (type: EventType, changes: Changes = {}) => rowsOf(parseLines(neutral, line(type, changes)), type)
const rejection = (type: EventType, changes: Changes) => {
  const batch = parseLines(neutral, line(type, changes))
  expect([batch.records_read, batch.of(type).length]).toEqual([1, 0])
  return [...batch.rejected.keys()].join()
}
const only = (type: EventType, fields: readonly string[]) =>
  Object.fromEntries(
    Object.keys(full[type]).map((name) => [name, fields.includes(name) ? (full[type] as Changes)[name] : undefined]),
  )

describe('every field of', () => {
  test('a flow', () => {
    expect(rows('flow')).toEqual([
      expect.objectContaining({
        ...{
          start_ms,
          end_ms,
          available_ms: end_ms + 1,
          src: '10.0.0.1',
          dst: '198.51.100.2',
          src_port: 1234,
          dst_port: 443,
        },
        ...{
          proto: 6,
          service: 'ssl',
          bytes_src: 10n,
          bytes_dst: 20n,
          packets_src: 1n,
          packets_dst: 2n,
          sampling: 100,
        },
        ...{ sensor: 'border', client_fp: 'ja4:x', wire_bytes_src: 0n, missed_bytes: 0n, flags: 0, offset: 0 },
      }),
    ])
  })

  test('a session', () => {
    expect(rows('session')).toEqual([
      {
        ...{
          kind: 'vpn',
          account: 'alice',
          peer: '203.0.113.9',
          peer_port: 4000,
          assigned: '10.200.0.7',
          host: '10.0.0.5',
        },
        ...{
          host_name: '',
          gateway: 'vpn1',
          start_ms,
          end_ms,
          key_fp: 'SHA256:k',
          client_fp: 'x',
          bytes_out: 7n,
          bytes_in: 8n,
        },
        sid: 0n,
        part: 0,
        offset: 0,
      },
    ])
  })

  test('a transfer', () => {
    expect(rows('transfer')).toEqual([
      {
        ...{
          tool: 'gridftp',
          account: 'alice',
          host: '10.0.0.5',
          host_name: '',
          peer: '203.0.113.9',
          path: '/proj/cfd/a b',
        },
        ...{ bucket: 'cfd', object: 'k', direction: 'out', bytes: 99n, start_ms, end_ms, task_id: 't-1' },
        sid: 0n,
        offset: 0,
      },
    ])
  })

  test('a job, one row per node of one record', () => {
    const batch = parseLines(neutral, line('job'))
    const row = { job_id: '42', account: 'alice', project: 'cfd', start_ms, end_ms, offset: 0 }
    expect(rowsOf(batch, 'job')).toEqual([
      { ...row, node: 'cn1' },
      { ...row, node: 'cn2' },
    ])
    expect(batch.records_read).toBe(1)
  })

  test('the others', () => {
    expect(rows('storage_read')).toEqual([
      {
        path: '/proj/cfd',
        vault: 'v',
        account: 'alice',
        host: '10.0.0.5',
        host_name: '',
        job_id: '42',
        bytes: 5n,
        sid: 0n,
        start_ms,
        end_ms,
        offset: 0,
      },
    ])
    expect(rows('counter')).toEqual([{ link: 'border0', octets_out: 1n, octets_in: 2n, start_ms, end_ms, offset: 0 }])
    expect(rows('lease')).toEqual([
      { ip: '10.200.0.7', account: 'alice', peer: '203.0.113.9', start_ms, end_ms, offset: 0 },
    ])
    expect(rows('nat')).toEqual([
      {
        ...{ inside: '10.0.0.1', inside_port: 1, outside: '192.0.2.1', outside_port: 2, outside_port_last: 0 },
        ...{ start_ms, end_ms, offset: 0 },
      },
    ])
  })
})

describe.each(eventTypes)('%s', (type) => {
  test('needs its required fields and no others', () => {
    const minimum = type === 'storage_read' ? [...required[type], 'vault'] : required[type]
    expect(rows(type, only(type, minimum)).length).toBeGreaterThan(0)
    for (const name of required[type]) {
      expect(rejection(type, { [name]: undefined }), name).toBe('missing_field')
      expect(rejection(type, { [name]: null }), name).toBe('missing_field')
    }
  })

  test('takes every field only in its own JSON type, and within range', () => {
    for (const [name, value] of Object.entries(full[type])) {
      const wrong = typeof value === 'string' ? [[], {}, true] : [[1.5], {}, 'text', false]
      if (typeof value === 'string' && name !== 'job_id' && name !== 'task_id' && name !== 'proto') wrong.push(7)
      const reason = /_ms$/.test(name)
        ? 'bad_time'
        : /_port$/.test(name)
          ? 'bad_port'
          : /ip$/.test(name)
            ? 'bad_address'
            : /^(bytes|packets|octets)/.test(name)
              ? 'bad_count'
              : 'bad_value'
      for (const bad of wrong) {
        expect(rejection(type, { [name]: bad }), `${name} ${JSON.stringify(bad)}`).toBe(reason)
      }
    }
  })

  test('cannot end before it starts, last too long, or lie outside time', () => {
    expect(rejection(type, { end_ms: start_ms - 1 })).toBe('bad_value')
    expect(rejection(type, { end_ms: start_ms + 3 * 366 * 86_400_000 })).toBe('time_out_of_range')
    expect(rejection(type, { start_ms: 0 })).toBe('time_out_of_range')
    expect(rejection(type, { start_ms: 1_700_000_000 })).toBe('time_out_of_range')
    expect(rejection(type, { end_ms: 7_258_118_400_000 })).toBe('time_out_of_range')
    expect(rows(type, { end_ms: start_ms }).length).toBeGreaterThan(0)
  })

  test('may carry keys that this version does not know', () => {
    expect(rows(type, { later: { deep: [1] }, bytes_future: 'x' })).toEqual(rows(type))
  })
})

describe('defaults', () => {
  test('of a flow', () => {
    const [flow] = rows('flow', only('flow', required.flow))
    expect(flow).toMatchObject({
      available_ms: end_ms,
      sampling: 1,
      service: '',
      uid: 0n,
      packets_src: 0n,
      flags: 0,
      sensor: '',
    })
  })

  test('an end that is not stated is open', () => {
    for (const type of ['session', 'job', 'lease', 'nat'] as const) {
      expect(rows(type, { end_ms: undefined })[0].end_ms, type).toBeNaN()
    }
    expect(rows('session', { bytes_out: undefined, bytes_in: undefined })[0]).toMatchObject({
      bytes_out: 0n,
      bytes_in: 0n,
    })
  })
})

describe('values', () => {
  test('protocols go by name or number', () => {
    const proto = (value: unknown, changes = {}) => rows('flow', { proto: value, ...changes })[0].proto
    expect(['tcp', 'UDP', 'sctp', 'gre', 17, 0, 255].map((value) => proto(value))).toEqual([6, 17, 132, 47, 17, 0, 255])
    expect(proto('icmp')).toBe(1)
    expect(proto('icmp', { src_ip: '2001:db8::1', dst_ip: '2001:db8::2' })).toBe(58)
    for (const bad of [256, -1, 6.5, 'hopopt?', '', '6']) expect(rejection('flow', { proto: bad })).toBe('bad_value')
  })

  test('sampling is 1 in N, N at least 1', () => {
    expect(rows('flow', { sampling: 4294967295 })[0].sampling).toBe(4294967295)
    for (const bad of [0, -1, 0.5, 4294967296]) expect(rejection('flow', { sampling: bad })).toBe('bad_value')
  })

  test('counts are exact or refused', () => {
    const text = line('counter').replace('"octets_out":1', '"octets_out":9223372036854775807')
    expect(rowsOf(parseLines(neutral, text), 'counter')[0].octets_out).toBe(9223372036854775807n)
    expect(rejection('counter', { octets_out: 2 ** 63 })).toBe('count_out_of_range')
    expect(rejection('counter', { octets_in: -1 })).toBe('count_out_of_range')
    expect(rejection('counter', { octets_in: 0.5 })).toBe('bad_count')
    expect(rejection('counter', { octets_in: '5' })).toBe('bad_count')
  })

  test('ports are whole and fit', () => {
    for (const bad of [65536, -1, 80.5]) expect(rejection('flow', { dst_port: bad })).toBe('bad_port')
  })

  test('addresses are addresses', () => {
    expect(rows('flow', { src_ip: '2001:DB8:0:0::1' })[0].src).toBe('2001:db8::1')
    for (const bad of ['10.0.0.256', 'host.example', '', '10.0.0.0/8'])
      expect(rejection('flow', { src_ip: bad })).toBe('bad_address')
  })

  test('a host of a session, transfer or storage read may be a name', () => {
    for (const type of ['session', 'transfer', 'storage_read'] as const) {
      expect(rows(type, { host_ip: 'login1.example.org' })[0]).toMatchObject({
        host: '::',
        host_name: 'login1.example.org',
      })
      for (const bad of ['10.0.0.256', 'no host', 'a:b', '10.0.0'])
        expect(rejection(type, { host_ip: bad })).toBe('bad_address')
    }
    expect(rejection('session', { peer_ip: 'evil.example' })).toBe('bad_address')
  })

  test('closed sets are closed', () => {
    expect(['vpn', 'ssh', 'portal', 'globus'].map((kind) => rows('session', { kind })[0].kind)).toHaveLength(4)
    expect(rejection('session', { kind: 'telnet' })).toBe('bad_value')
    expect(rejection('transfer', { direction: 'up' })).toBe('bad_value')
  })

  test('nodes are a list of names', () => {
    expect(rejection('job', { nodes: [] })).toBe('missing_field')
    for (const bad of [['cn1', ''], ['cn1', 2], [['cn1']], [null]])
      expect(rejection('job', { nodes: bad })).toBe('bad_value')
    const odd = parseLines(neutral, line('job').replace('["cn1","cn2"]', '[ "c\\u006e1" , "cn2" ]'))
    expect(rowsOf(odd, 'job').map((row) => row.node)).toEqual(['cn1', 'cn2'])
    const many = Array.from({ length: 5000 }, (_, i) => `cn${i}`)
    expect(rows('job', { nodes: many }).at(-1)).toMatchObject({ node: 'cn4999', job_id: '42' })
  })

  test('identifiers may be numbers, names may not be empty, text may be anything', () => {
    expect(rows('job', { job_id: 977669 })[0].job_id).toBe('977669')
    expect(rejection('lease', { account: '' })).toBe('missing_field')
    expect(rows('transfer', { path: '/a\n"b"\\c/é\u0000' })[0].path).toBe('/a\n"b"\\c/é\ufffd')
    expect(rows('session', { account: 'zoë\tx' })[0].account).toBe('zoë\tx')
  })

  test('a storage read names a path or a vault', () => {
    expect(rows('storage_read', { path: undefined })).toHaveLength(1)
    expect(rows('storage_read', { vault: undefined })).toHaveLength(1)
    expect(rejection('storage_read', { path: undefined, vault: undefined })).toBe('missing_field')
    expect(rejection('storage_read', { path: '', vault: null })).toBe('missing_field')
  })

  test('times may have a fraction, rounded down', () => {
    expect(rows('flow', { start_ms: start_ms + 0.75 })[0].start_ms).toBe(start_ms)
  })
})

test('the type must be there, be text and be known', () => {
  const reasons = (text: string) => rejectedOf(parseLines(neutral, text))
  expect(reasons('{"start_ms":1}\n')).toEqual({ missing_field: 1 })
  expect(reasons('{"type":1}\n')).toEqual({ bad_value: 1 })
  expect(reasons('{"type":"flows"}\n{"type":"FLOW"}\n{"type":""}\n')).toEqual({ unknown_type: 3 })
  expect(reasons('not json\n{"type":"flow"\n[]\n#\n')).toEqual({ malformed: 4 })
})

test('uids join flows of any source', () => {
  expect(rows('flow', { uid: 'C1' })[0].uid).toBe(rows('flow')[0].uid)
  expect(rows('flow', { uid: 'C2' })[0].uid).not.toBe(rows('flow')[0].uid)
  expect(rows('flow', { uid: '' })[0].uid).toBe(0n)
})

test('lines of all types stand side by side; bad ones take nothing with them', () => {
  const text = eventTypes.map((type) => `${line(type)}\n${line(type, { start_ms: 'x' })}`).join('\r\n')
  const batch = parseLines(neutral, text)
  expect(batch.records_read).toBe(16)
  expect(rejectedOf(batch)).toEqual({ bad_time: 8 })
  for (const type of eventTypes) expect(rowsOf(batch, type).map((row) => ({ ...row, offset: 0 }))).toEqual(rows(type))
})

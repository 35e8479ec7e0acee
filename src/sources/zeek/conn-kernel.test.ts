import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { ObservationBatch } from '../../model/columns.ts'
import { bytesOf } from '../../testing/parse-lines.ts'
import { readConnBy } from '../../testing/read-conn-by.ts'
import { ConnKernel, compiledKernel, kernelFile } from './conn-kernel.ts'
import { ZeekHeader } from './zeek-header.ts'

const directory = mkdtempSync(join(tmpdir(), 'weir-kernel-'))
afterAll(() => rmSync(directory, { recursive: true }))

const kernel = new ConnKernel(compiledKernel(kernelFile) as WebAssembly.Module)

const header = (names: readonly string[], unset = '-'): string =>
  `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t${unset}\n#path\tconn\n#fields\t${names.join('\t')}\n`

function expectSame(bytes: Uint8Array, blockBytes?: number): void {
  expect(readConnBy(kernel, bytes, blockBytes)).toEqual(readConnBy(undefined, bytes, blockBytes))
}

/** Values as Zeek writes them, values at the edge of what it may write, and what attackers and broken disks write. */
const times = [
  ...[
    '1588205198.899710',
    '1588205198.8',
    '1588205198',
    '1588205198.8997105',
    '-1.5',
    '1e9',
    '1.5e9',
    'nan',
    '-',
    '',
    '(empty)',
  ],
  ...[
    '631152000.000000',
    '631151999.999999',
    '4102444799.999999',
    '4102444800.000000',
    '99999999999.0',
    '1588205198.',
    '.5',
  ],
  ...['2018-03-24T17:15:20.615923Z', '1588205198,5', ' 1588205198.5', '0001588205198.5'],
]
const durations = [
  ...[
    '-',
    '0.000000',
    '12.345678',
    '0.1',
    '7',
    '1e-06',
    '-1.0',
    '-0.0',
    '63244800.000000',
    '63244800.001000',
    '',
    '(empty)',
  ],
  ...['9999999999.999999', '0.0000005', '1.'],
]
const addresses = [
  ...[
    '10.1.0.7',
    '198.51.100.9',
    '255.255.255.255',
    '0.0.0.0',
    '01.2.3.4',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '1..2.3',
    '1.2.3.',
  ],
  ...[
    '2001:db8::9',
    '::',
    '::1',
    '1::',
    'fe80::1:2:3:4',
    '1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7::',
    '::2:3:4:5:6:7:8',
    '1::2::3',
  ],
  ...[
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
    '2001:DB8::A',
    'fe80::1%eth0',
    '12345::',
    ':1',
    '1:',
    '1:2:3:4:5:6:7',
    '-',
    '',
    '(empty)',
  ],
  ...[
    '2001:0db8:0000:0000:0000:0000:0000:00001',
    '0:0:0:0:0:ffff:c633:6409',
    'g::1',
    '2001:db8::00001',
    '::1:2:3:4:5:6:7:8',
    '[::1]',
    '10.0.0.1 ',
  ],
]
const ports = ['443', '0', '65535', '65536', '00080', '000080', '-1', '8e1', '-', '', '99999', '(empty)']
const counts = [
  ...[
    '0',
    '1000',
    '-',
    '999999999999999',
    '1000000000000000',
    '9223372036854775807',
    '9223372036854775808',
    '-5',
    '1.5',
    '',
  ],
  ...['000000000000012', '0000000000000012', '1e3', '(empty)', '12 '],
]
const protocols = [
  'tcp',
  'udp',
  'icmp',
  'TCP',
  'icmp6',
  'unknown_transport',
  'sctp',
  '6',
  '-',
  '',
  'tc',
  'tcpx',
  'ICMP',
  '(empty)',
]
const services = [
  'ssl',
  '-',
  '',
  '(empty)',
  '(ssl',
  'gssapi,ssl',
  'é',
  '\0',
  'x'.repeat(64),
  'x'.repeat(65),
  'x'.repeat(600),
  'ssh',
]
const uids = ['CcH8zVkCER7UopU1j', 'C1', '', '-', '(empty)', '(C1', 'x', 'xyz', 'é', '\r', 'wxyz']
const unreadValues = ['SF', '-', 'T', '', '(empty)', 'ShADadFf', '\r', 'F']

const columns: Record<string, readonly string[]> = {
  ts: times,
  uid: uids,
  'id.orig_h': addresses,
  'id.orig_p': ports,
  'id.resp_h': addresses,
  'id.resp_p': ports,
  proto: protocols,
  service: services,
  duration: durations,
  orig_bytes: counts,
  resp_bytes: counts,
  conn_state: unreadValues,
  missed_bytes: counts,
  orig_pkts: counts,
  resp_pkts: counts,
  orig_ip_bytes: counts,
  resp_ip_bytes: counts,
}
const names = Object.keys(columns)

/** What lines of three hosts usually hold; strange values come in their places. */
const usualLines: readonly Record<string, string>[] = [
  {},
  {
    'id.orig_h': '2001:db8::9',
    'id.resp_h': 'fe80::1:2:3:4',
    proto: 'icmp',
    duration: '-',
    orig_bytes: '-',
    resp_bytes: '-',
  },
  { 'id.resp_h': '203.0.113.250', proto: 'udp', service: 'dns', uid: 'x', orig_ip_bytes: '-' },
]

/** Nearly always the usual one, so that most lines have one strange value or none. */
const drawn = (name: string, usual: Record<string, string>) =>
  fc
    .tuple(fc.nat(19), fc.constantFrom(...(columns[name] ?? unreadValues)))
    .map(([draw, strange]) => (draw > 0 ? (usual[name] ?? columns[name]?.[0] ?? 'x') : strange))

const lineOf = (bound: readonly string[]) =>
  fc
    .tuple(
      fc.constantFrom(...usualLines).chain((usual) => fc.tuple(...bound.map((name) => drawn(name, usual)))),
      fc.oneof(
        { weight: 30, arbitrary: fc.constant('\n') },
        fc.constantFrom('\r\n', '\n\n', '\textra\n', '\n#close\tnow\n', '\n \n'),
      ),
    )
    .map(([values, end]) => values.join('\t') + end)

const headers = fc.oneof(
  { weight: 3, arbitrary: fc.constant(names) },
  fc.shuffledSubarray(names, { minLength: 6 }),
  fc.shuffledSubarray([...names, 'service', 'orig_bytes', 'tunnel_parents', 'ip_proto', '_write_ts', 'vlan']),
)

const log = fc
  .array(
    headers.chain((bound) =>
      fc
        .tuple(fc.constantFrom('-', '-', '-', '(none)', '0'), fc.array(lineOf(bound), { maxLength: 60 }))
        .map(([unset, lines]) => header(bound, unset) + lines.join('')),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .chain((parts) => fc.nat(5).map((cut) => (cut === 0 ? parts.join('').slice(0, -1) : parts.join(''))))

describe('rows, counts and rejections are those of the plain reader', () => {
  test('whatever a log holds, and however it is cut into blocks', () => {
    fc.assert(
      fc.property(log, fc.constantFrom(1, 100, 1000, 1 << 20), (text, blockBytes) =>
        expectSame(bytesOf(text), blockBytes),
      ),
      { numRuns: 300 },
    )
  })

  test('where any byte was changed', () => {
    const usual = bytesOf(header(names) + `${names.map((name) => columns[name][0]).join('\t')}\n`.repeat(12))
    const change = fc.tuple(
      fc.nat(usual.length - 1),
      fc.oneof(fc.nat(255), fc.constantFrom(0x09, 0x0a, 0x0d, 0x23, 0x2d, 0x3a)),
    )
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const bytes = usual.slice()
        for (const [at, byte] of changes) bytes[at] = byte
        expectSame(bytes)
      }),
      { numRuns: 600 },
    )
  })

  test('each strange value by itself, in each column of each usual line', () => {
    for (const usual of usualLines)
      for (const name of names)
        for (const value of columns[name]) {
          const values = names.map((each) => (each === name ? value : (usual[each] ?? columns[each][0])))
          expectSame(bytesOf(`${header(names)}${values.join('\t')}\n`))
        }
  })

  test('with more rows than it makes at once, and more services than it numbers', () => {
    const line = (i: number): string =>
      `${names.map((name) => (name === 'service' ? `s${i % 1500}` : name === 'uid' ? `C${i}` : columns[name][0])).join('\t')}\n`
    expectSame(bytesOf(header(names) + Array.from({ length: 9000 }, (_, i) => line(i)).join('')))
    const exactly = `${header(names)}${line(0).repeat(4096)}#close\tnow\n${line(1)}`
    expectSame(bytesOf(exactly))
  })
})

test('it reads by itself what Zeek writes by itself', () => {
  const text = [
    [
      '1588205198.899710',
      'CcH8zVkCER7UopU1j',
      '10.1.0.7',
      '51514',
      '198.51.100.9',
      '443',
      'tcp',
      'ssl',
      '12.345678',
      '1000',
      '20',
      'SF',
    ],
    ['1588205199.000001', 'CxB', '2001:db8::9', '51514', '2001:db8:0:1::a', '53', 'udp', '-', '-', '-', '-', 'S0'],
    ['1588205199.000002', 'CxC', 'fe80::1', '8', 'ff02::1', '0', 'icmp', '-', '0.000000', '0', '-', 'OTH'],
  ]
    .map((line) => `${line.join('\t')}\n`)
    .join('')
  const zeekHeader = new ZeekHeader()
  const fields = bytesOf(`#fields\t${names.slice(0, 12).join('\t')}`)
  zeekHeader.read(fields, 0, fields.length)
  expect(kernel.configure(zeekHeader)).toBe(true)
  const batch = new ObservationBatch()
  const bytes = bytesOf(text)
  kernel.begin(bytes, 0, bytes.length, 0)
  expect(kernel.read(0, batch)).toBe(bytes.length)
  expect(batch).toMatchObject({ records_read: 3, flow: { length: 3 } })
})

describe('a file that is not the one that was built', () => {
  test('is refused with the reason, and the plain reader reads on', () => {
    const path = join(directory, 'kernel.wasm')
    expect(compiledKernel(path)).toMatch('no such file')
    copyFileSync(kernelFile, path)
    expect(compiledKernel(path)).not.toBeTypeOf('string')
    const bytes = readFileSync(path)
    bytes[bytes.length >> 1] ^= 1
    writeFileSync(path, bytes)
    expect(compiledKernel(path)).toBe('its file is not the one that was built')
    expect(
      readConnBy(undefined, bytesOf(`${header(names)}${names.map((name) => columns[name][0]).join('\t')}\n`)).flows,
    ).toHaveLength(1)
  })
})

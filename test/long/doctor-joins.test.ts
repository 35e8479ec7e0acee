/**
 * `weir doctor` on joins: which records met a flow, by kind and by log, against a site whose every flow has a known owner;
 * records that met none, clocks in the wrong zone, accounts in doubt, hosts that no log speaks of.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Diagnosis, doctor } from '../../src/app/doctor/doctor.ts'
import { doctorText } from '../../src/cli/doctor-text.ts'
import { Books, type ConfigText, configOf } from '../support/books.ts'
import { config, day, days, hour, type SiteLogs, simulate, type TrueFlow, t0 } from '../support/truth/truth-site.ts'

const now_ms = t0 + (days + 1) * day
const timeout = 120_000
type Joins = NonNullable<Diagnosis['joins']>
type BlindSpots = NonNullable<Diagnosis['blind_spots']>
type Files = Parameters<Books['run']>[0]

function ask(books: Books, of: ConfigText): Promise<Diagnosis> {
  return doctor({ directory: books.state, config: configOf(of), now_ms })
}
const statementOf = ({ findings }: Diagnosis, id: string): string =>
  findings.find((finding) => finding.id === id)?.statement ?? `no ${id}, but ${findings.map((finding) => finding.id)}`
const useOf = ({ use }: Joins, kind: string) => use.filter((each) => each.kind === kind)
const bytesOf = (flows: readonly TrueFlow[], kind: TrueFlow['kind']): bigint =>
  BigInt(flows.filter((flow) => flow.kind === kind).reduce((sum, { bytes_out }) => sum + bytes_out, 0))
const count = (text: string, part: string): number => text.split(part).length - 1

describe('of a site with RADIUS, sshd, Slurm, GridFTP and a NAT', () => {
  let site: SiteLogs
  let books: Books
  let diagnosis: Diagnosis
  let joins: Joins
  beforeAll(async () => {
    site = simulate(20_260_302, 0.4)
    books = new Books(config)
    await books.run(site.logs, now_ms)
    diagnosis = await ask(books, config)
    joins = diagnosis.joins as Joins
  }, timeout)
  afterAll(() => books[Symbol.dispose]())
  const textOf = (part: string): string =>
    Object.entries(site.logs)
      .filter(([name]) => name.includes(part))
      .map(([, text]) => text)
      .join('')

  test('every record met its flow, in whichever log it stands, and flows are counted once', () => {
    const jobs = new Set(site.flows.filter(({ kind }) => kind === 'job').map(({ unit }) => unit))
    const [leases, logins] = [count(textOf('radius'), '= Start'), count(textOf('syslog'), 'Accepted publickey')]
    const [transfers, bindings] = [count(textOf('gridftp'), 'DATE='), count(textOf('nat'), '[NEW]')]
    expect(joins.use.map(({ unmatched, without_address, ...use }) => use)).toEqual([
      use('vpn session', 'radius_detail', leases, leases, bytesOf(site.flows, 'vpn')),
      use('ssh session', 'syslog', logins, logins, bytesOf(site.flows, 'ssh')),
      use('outgoing transfer', 'gridftp', transfers, transfers, bytesOf(site.flows, 'gridftp')),
      // of jobs that shared a node, one may have sent for the other
      expect.objectContaining({ kind: 'job', format: 'slurm_sacct', records: count(textOf('slurm'), '\n') - 1 }),
      use('NAT binding', 'nat_log', bindings, bindings, bytesOf(site.flows, 'job')),
    ])
    const [job] = useOf(joins, 'job')
    expect(job.used).toBeGreaterThanOrEqual(jobs.size)
    expect(job.used).toBeLessThan(jobs.size * 1.6)
    expect([job.bytes_out, job.without_address]).toEqual([bytesOf(site.flows, 'job'), 0])
    // most jobs speak to nobody outside: no reason for a finding
    expect(diagnosis.findings.filter(({ id }) => id.startsWith('unused-'))).toEqual([])
  })

  test('the clock that is two hours ahead is told once, and the seconds beside it apart', () => {
    expect(joins.clocks).toEqual([
      { format: 'syslog', host: 'login2', hours: -2, paths: [expect.stringMatching(/login2\/auth\.log$/)] },
    ])
    expect(statementOf(diagnosis, 'clock-syslog-login2')).toBe(
      'the clock of login2 (syslog) is 2 h ahead: its times are read 2 h earlier',
    )
    const step = diagnosis.findings.find(({ id }) => id === 'clock-syslog-login2')?.next_step
    expect(step).toMatch(/^state its zone: sensors: \[\{id: …, match: \S*login2\/auth\.log, timezone: …\}\]$/)
    const told = diagnosis.findings.map(({ statement }) => statement).filter((text) => text.includes('the clock of'))
    expect(told.filter((text) => text.includes('login2'))).toHaveLength(1)
    expect(told.filter((text) => text.includes('login1'))).toEqual([
      expect.stringMatching(/^the clock of login1 in \S+ is 4\.0 s behind the sensor's \(median of \d+ logins\)$/),
    ])
    const skew = Object.fromEntries(joins.skew.map(({ host, skew_ms }) => [host, skew_ms]))
    expect(Math.abs(skew.login1 + 4000)).toBeLessThan(600)
    // it writes local time, 1.5 s late
    expect(Math.abs(skew.login2 - 1500)).toBeLessThan(600)
    expect(joins.skew.map(({ apart }) => apart)).toEqual([0, 0])
  })

  test('accounts in doubt are named in pairs, as the books have them', async () => {
    const rows = await books.answer(['account', 'candidate', 'runner_up', 'candidates', 'confidence'])
    const doubtful = rows.filter(({ key: [account, , , , confidence] }) => account === '' && Number(confidence) > 0)
    expect(joins.doubtful.bytes_out).toBe(doubtful.reduce((sum, { sums }) => sum + sums.bytes_out, 0n))
    const pairs = new Map<string, bigint>()
    for (const { key, sums } of doubtful) {
      const pair = key.slice(1, 4).join(' ')
      pairs.set(pair, (pairs.get(pair) ?? 0n) + sums.bytes_out)
    }
    expect(joins.doubtful.pairs.length).toBe(Math.min(10, pairs.size))
    for (const { candidate, runner_up, candidates, bytes_out } of joins.doubtful.pairs)
      expect([candidate, bytes_out]).toEqual([candidate, pairs.get(`${candidate} ${runner_up} ${candidates}`)])
    const amounts = joins.doubtful.pairs.map(({ bytes_out }) => bytes_out)
    expect(amounts).toEqual([...amounts].sort((a, b) => (a < b ? 1 : -1)))
    const [most] = joins.doubtful.pairs.filter(({ candidate, runner_up }) => candidate !== '' && runner_up !== '')
    expect(statementOf(diagnosis, 'doubtful_account')).toContain(`of it of ${most.candidate} or ${most.runner_up}`)
  })

  test('logs of everything that has a role leave no host unwatched', () => {
    expect(diagnosis.blind_spots).toMatchObject({ unwatched: [], suspected_nat: [] })
  })

  test('on the screen each kind has its log', () => {
    expect(doctorText(diagnosis)).toMatch(
      /(\d+) of \1 vpn sessions \(radius_detail\) · (\d+) of \2 ssh sessions \(syslog\)/,
    )
  })
})

const use = (kind: string, format: string, records: number, used: number, bytes_out: bigint) => ({
  ...{ kind, format, records, used, bytes_out },
})

describe('when a sensor sees only half of the border', () => {
  let books: Books
  let diagnosis: Diagnosis
  let site: SiteLogs
  beforeAll(async () => {
    site = simulate(11, 0.3)
    const half = site.logs['zeek/conn.log'].split('\n').filter((line) => !/\t10\.1\.0\.(1|11)\t/.test(line))
    const { 'slurm/sacct.txt': _, 'nat/conntrack.log': __, ...logs } = site.logs
    books = new Books(config)
    await books.run({ ...logs, 'zeek/conn.log': half.join('\n') }, now_ms)
    diagnosis = await ask(books, config)
  }, timeout)
  afterAll(() => books[Symbol.dispose]())

  test('what met no flow is counted by log, and the latest three are shown', () => {
    const joins = diagnosis.joins as Joins
    const [ssh] = useOf(joins, 'ssh session')
    const accepted = (host: string) => count(site.logs[`syslog/${host}/auth.log`], 'Accepted publickey')
    expect([ssh.records, ssh.used]).toEqual([accepted('login1') + accepted('login2'), accepted('login2')])
    const last = site.logs['syslog/login1/auth.log']
      .split('\n')
      .filter((line) => line.includes('Accepted'))
      .slice(-3)
    const said = last.map((line) => /for (\S+) from (\S+) port (\d+)/.exec(line) as RegExpExecArray).reverse()
    expect(ssh.unmatched.map(({ account, peer, host }) => [account, peer, host])).toEqual(
      said.map(([, account, peer, port]) => [account, `${peer}:${port}`, 'login1']),
    )
    expect(ssh.unmatched.map(({ start_ms }) => new Date(start_ms).toISOString().slice(11, 19))).toEqual(
      last.map((line) => line.slice(7, 15)).reverse(),
    )
    const [, account, peer, port] = said[0]
    expect(statementOf(diagnosis, 'unused-ssh session-syslog')).toMatch(
      new RegExp(
        `(\\d+) of ${ssh.records} ssh session records of syslog meet (no|a) flow; the last: \\S+ \\S+ ${account} from ${peer}:${port} at login1$`,
      ),
    )
    expect(useOf(joins, 'outgoing transfer')).toMatchObject([{ used: 0, bytes_out: 0n, format: 'gridftp' }])
    expect(useOf(joins, 'outgoing transfer')[0].unmatched).toHaveLength(3)
  })
})

describe('special records', () => {
  const site = {
    networks: ['10.0.0.0/8', '192.0.2.0/24', '2001:db8::/32'],
    vpn_pools: [{ gateway: 'vpn1', networks: ['2001:db8:99::/48'] }],
  }
  const hosts = [
    { name: 'login1', addresses: ['10.1.0.1', '10.1.1.1'], role: 'login' },
    { name: 'login9', addresses: ['10.1.0.9'], role: 'login' },
    { name: 'dtn1', addresses: ['10.1.0.11'], role: 'dtn' },
    { name: 'cn1', addresses: ['10.2.0.1', '10.2.1.1'], role: 'compute' },
    { name: 'vpn1', addresses: ['10.1.0.4'], role: 'vpn' },
    { name: 'nat', addresses: ['192.0.2.10'], role: 'other' },
  ]
  const peer = '198.51.100.7'
  const at = (ms: number, length = 1000) => ({ start_ms: t0 + ms, end_ms: t0 + ms + length })
  const flow = (more: object) => ({
    ...{ type: 'flow', src_ip: peer, src_port: 40_000, dst_ip: '10.1.0.1', dst_port: 22, proto: 'tcp' },
    ...{ bytes_src: 10, bytes_dst: 1000, ...at(0) },
    ...more,
  })
  const outgoing = (src_ip: string, src_port: number, more: object) =>
    flow({ src_ip, src_port, dst_ip: peer, dst_port: 443, bytes_src: 1000, bytes_dst: 10, ...more })
  const login = (more: object) => ({ type: 'session', kind: 'ssh', account: 'alice', peer_ip: peer, ...at(0), ...more })
  const job = (more: object) => ({
    type: 'job',
    job_id: '1',
    account: 'a',
    project: 'p',
    nodes: ['cn1.example.org'],
    ...more,
  })
  const nat = (more: object) => ({
    type: 'nat',
    inside_ip: '10.2.1.1',
    outside_ip: '192.0.2.10',
    start_ms: t0,
    ...more,
  })
  async function joinsOf(files: Files): Promise<Joins> {
    using books = new Books({ site, hosts })
    await books.run(files, now_ms)
    return (await ask(books, { site, hosts })).joins as Joins
  }
  const shown = ({ use }: Joins) =>
    use.map(({ kind, records, used, bytes_out }) => `${kind}: ${used} of ${records}, ${bytes_out} B`)

  test('a host is the same by any of its addresses, and another host is not', async () => {
    const joins = await joinsOf({
      'a.ndjson': [
        ...[flow({}), login({ host_ip: '10.1.1.1' }), login({ host_ip: '10.1.0.9' }), login({ account: 'bob' })],
      ],
    })
    expect(shown(joins)).toEqual(['ssh session: 2 of 3, 1000 B'])
    expect(joins.use[0].unmatched).toEqual([{ start_ms: t0, account: 'alice', peer, host: '10.1.0.9' }])
  })

  test('what came from inside meets no flow at the border, and is not asked to', async () => {
    const inside = ['10.9.9.9', '127.0.0.1', '::1', 'fe80::1', '2001:db8:1::1'].map((peer_ip) => login({ peer_ip }))
    expect(shown(await joinsOf({ 'a.ndjson': [flow({}), ...inside] }))).toEqual([])
    const leased = login({ peer_ip: '2001:db8:99::5' })
    expect(shown(await joinsOf({ 'a.ndjson': [flow({}), leased] }))).toEqual(['ssh session: 0 of 1, 0 B'])
  })

  test('a long session is met by a flow long after it began, and not by one after its end', async () => {
    const long = login({ ...at(0, 10 * hour) })
    const brief = login({ account: 'bob', ...at(hour, 60_000) })
    const joins = await joinsOf({ 'a.ndjson': [flow(at(9 * hour)), long, brief] })
    expect(shown(joins)).toEqual(['ssh session: 1 of 2, 1000 B'])
    expect(joins.use[0].unmatched).toMatchObject([{ account: 'bob' }])
  })

  test('a growing connection counts once, by its last record', async () => {
    const growing = [1, 2, 3].map((n) => flow({ uid: 'long', bytes_dst: n * 1000, ...at(0, n * hour) }))
    expect(shown(await joinsOf({ 'a.ndjson': [...growing, login({})] }))).toEqual(['ssh session: 1 of 1, 3000 B'])
  })

  test('jobs are found behind a NAT, by single ports, blocks of ports and whole addresses', async () => {
    const block = 'Mar  2 00:00:00 cgn1 JSERVICES_NAT_PORT_BLOCK_ALLOC: 10.2.1.1 -> 192.0.2.10:4992-5055\n'
    const bindings: Files[] = [
      { 'nat.ndjson': [nat({ outside_port: 5000 })] },
      { 'nat.ndjson': [nat({})] },
      { 'nat.log': block },
    ]
    for (const nats of bindings) {
      const joins = await joinsOf({
        ...nats,
        'a.ndjson': [outgoing('192.0.2.10', 5000, at(hour)), job(at(0, 2 * hour))],
      })
      expect(shown(joins)).toEqual(['job: 1 of 1, 1000 B', 'NAT binding: 1 of 1, 1000 B'])
    }
  })

  test('a binding ends where the next of its port begins', async () => {
    const files = {
      'a.ndjson': [
        outgoing('192.0.2.10', 5000, at(2 * hour)),
        ...[nat({ outside_port: 5000 }), nat({ outside_port: 5000, inside_ip: '10.2.0.7', start_ms: t0 + hour })],
        job(at(0, 3 * hour)),
      ],
    }
    const joins = await joinsOf(files)
    expect(shown(joins)).toEqual(['job: 0 of 1, 0 B', 'NAT binding: 1 of 2, 1000 B'])
    expect(joins.use[1].unmatched).toEqual([{ start_ms: t0, account: '', peer: '192.0.2.10:5000', host: '10.2.1.1' }])
  })

  test('an IPv6 prefix is leased whole', async () => {
    const lease = { type: 'lease', ip: '2001:db8:99:7::', account: 'alice', ...at(0, hour) }
    const files = { 'a.ndjson': [flow({ src_ip: '2001:db8:99:7::abcd', dst_ip: '2001:db8:1::1' }), lease] }
    expect(shown(await joinsOf(files))).toEqual(['lease: 1 of 1, 1000 B'])
  })

  test('nodes without an address are told, jobs that send nothing are not', async () => {
    using books = new Books({ site, hosts })
    const jobs = Array.from({ length: 12 }, (_, i) => job({ job_id: `${i}`, ...at(i * hour), nodes: ['cn1', 'gpu7'] }))
    await books.run({ 'a.ndjson': [outgoing('10.2.0.1', 1, {}), ...jobs] }, now_ms)
    const diagnosis = await ask(books, { site, hosts })
    expect(diagnosis.joins?.use).toMatchObject([{ kind: 'job', records: 24, used: 1, without_address: 12 }])
    expect(statementOf(diagnosis, 'unused-job-neutral')).toMatch(
      /^12 of 24 job records of neutral are on nodes whose address is not known; the last: /,
    )
  })

  test('hosts of a role without the log that names what they send', async () => {
    using books = new Books({ site, hosts })
    const sent = [
      flow({}),
      flow({ dst_ip: '10.1.0.9', bytes_dst: 5000 }),
      flow({ dst_ip: '10.1.0.11', dst_port: 2811 }),
    ]
    const others = [outgoing('10.2.0.1', 1, {}), outgoing('10.1.0.4', 1, {})]
    await books.run({ 'a.ndjson': [...sent, ...others, login({ host_ip: '10.1.1.1' })] }, now_ms)
    const diagnosis = await ask(books, { site, hosts })
    const { unwatched } = diagnosis.blind_spots as BlindSpots
    expect(
      unwatched.map(({ role, missing, hosts, bytes_out }) => [role, missing, hosts.map(({ host }) => host), bytes_out]),
    ).toEqual([
      ['login', 'logins', ['login9'], 5000n],
      ['dtn', 'transfers', ['dtn1'], 1000n],
      ['compute', 'jobs', ['cn1'], 1000n],
      ['vpn', 'leases', ['vpn1'], 1000n],
    ])
    expect(statementOf(diagnosis, 'unwatched-login')).toBe(
      'no logins of login9 (login) have come in, which sent 5.00 kB',
    )
  })

  test('an address that calls very many peers may be a NAT, until its bindings come in', async () => {
    using books = new Books({ site, hosts })
    const busy = Array.from({ length: 1200 }, (_, i) =>
      outgoing('192.0.2.77', 2000 + i, { dst_ip: `198.51.${i >> 8}.${i & 255}` }),
    )
    await books.run({ 'a.ndjson': [...busy, outgoing('10.2.0.1', 1, {})] }, now_ms)
    const diagnosis = await ask(books, { site, hosts })
    const [suspect, ...rest] = (diagnosis.blind_spots as BlindSpots).suspected_nat
    expect([suspect.address, suspect.bytes_out, rest]).toEqual(['192.0.2.77', 1_200_000n, []])
    expect(Math.abs(suspect.peers - 1200)).toBeLessThan(200)
    expect(statementOf(diagnosis, 'suspected_nat')).toContain('is no configured host: is it a NAT or a proxy?')
    await books.run({ 'b.ndjson': [nat({ outside_ip: '192.0.2.77', outside_port: 2000 })] }, now_ms)
    expect((await ask(books, { site, hosts })).blind_spots?.suspected_nat).toEqual([])
  })
})

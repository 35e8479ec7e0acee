/**
 * OpenSSH as Debian ships it: several people move files at the same time, from addresses that they share, over both
 * protocols of the internet, with every client. What sshd logged names the right one for every byte.
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { Folder } from '../support/weir.ts'
import { type AnsweringBooks, booksOf, flowLines } from './support/books-of.ts'
import { capture, type FlowEvent } from './support/capture.ts'
import { needStage } from './support/need-stage.ts'
import { asPerson, type Framing, framings, host, logFile, startLoginNode, timezone } from './support/openssh.ts'
import { Stage } from './support/stage.ts'

const stranger = '198.51.100.66'
const login1 = { name: host, addresses: ['10.1.0.5', 'fd00:1::5'] }
const clients = [
  { name: 'peer1', addresses: ['198.51.100.7', '2001:db8:9::7'] },
  { name: 'peer2', addresses: ['198.51.100.9', '2001:db8:9::9'] },
  { name: 'stranger', addresses: [stranger] },
]

const config = `
site:
  timezone: ${timezone}
  networks: [10.1.0.0/16, "fd00:1::/64"]
hosts:
  - {name: login1, addresses: [10.1.0.5, "fd00:1::5"], role: login}
vaults:
  - {id: cfd-archive, paths: [/srv/proj/cfd], project: cfd}
  - {id: open-climate, paths: [/srv/proj/open], project: climate}
`

interface Move {
  account: string
  client: string
  /** Of login1. */
  address: string
  tool: 'scp' | 'scp -O' | 'sftp' | 'rsync'
  path: string
  bytes: number
}

/** All at once; no two of one size, so that no exchange of two adds up. */
const moves: Move[] = [
  { account: 'alice', client: 'peer1', address: '10.1.0.5', tool: 'scp', path: '/srv/proj/cfd/mesh', bytes: 3_000_017 },
  {
    account: 'bob',
    client: 'peer1',
    address: '10.1.0.5',
    tool: 'rsync',
    path: '/srv/proj/open/rain',
    bytes: 2_100_043,
  },
  {
    account: 'alice',
    client: 'peer1',
    address: '10.1.0.5',
    tool: 'scp -O',
    path: '/srv/proj/cfd/wing',
    bytes: 1_500_007,
  },
  { account: 'bob', client: 'peer2', address: '10.1.0.5', tool: 'sftp', path: '/srv/proj/cfd/a b', bytes: 4_200_071 },
  {
    account: 'alice',
    client: 'peer2',
    address: '10.1.0.5',
    tool: 'rsync',
    path: '/srv/proj/cfd/tail',
    bytes: 1_900_009,
  },
  {
    account: 'alice',
    client: 'peer2',
    address: 'fd00:1::5',
    tool: 'sftp',
    path: '/srv/proj/open/sun',
    bytes: 2_700_031,
  },
  { account: 'bob', client: 'peer1', address: 'fd00:1::5', tool: 'scp', path: '/srv/proj/open/wind', bytes: 1_300_021 },
]
const isLogged = ({ tool }: Move): boolean => tool === 'scp' || tool === 'sftp'
const vaultOf = ({ path }: Move): string => (path.startsWith('/srv/proj/cfd/') ? 'cfd-archive' : 'open-climate')

interface Scene {
  flows: FlowEvent[]
  logs: Record<Framing, string>
}

const folder = new Folder()
afterAll(() => folder.remove())

/** What happened is the same for all tests: it happens once. */
let happened: Promise<Scene> | undefined
const scene = (): Promise<Scene> => (happened ??= happen())

async function happen(): Promise<Scene> {
  const stage = await Stage.open([login1, ...clients])
  try {
    await startLoginNode(stage, ['alice', 'bob'], Object.fromEntries(moves.map(({ path, bytes }) => [path, bytes])))
    const seen = await capture(stage, host)
    const failed = ['ssh', ...asPerson(stage, 'bob'), 'alice@10.1.0.5', 'true']
    const upload = ['scp', ...asPerson(stage, 'bob'), `${stage.folder}/files/0`, 'bob@10.1.0.5:upload']
    const [refused] = await Promise.all([
      stage.run('stranger', failed, { anyEnd: true }),
      stage.run('peer1', upload),
      ...moves.map((move, i) => pull(stage, move, `${stage.folder}/pulled-${i}`)),
    ])
    expect([refused.code, refused.stderr.trim()]).toEqual([255, 'alice@10.1.0.5: Permission denied (publickey).'])
    const flows = await seen.flows()
    const log = (framing: Framing): string => readFileSync(logFile(stage, framing), 'utf8')
    return { flows, logs: { traditional: log('traditional'), iso: log('iso'), rfc5424: log('rfc5424') } }
  } finally {
    await stage.close()
  }
}

async function pull(stage: Stage, { account, client, address, tool, path, bytes }: Move, to: string): Promise<void> {
  mkdirSync(to)
  const ssh = asPerson(stage, account)
  const from = `${account}@${address.includes(':') ? `[${address}]` : address}:${path}`
  const commands: Record<Move['tool'], string[]> = {
    scp: ['scp', ...ssh, from, `${to}/file`],
    'scp -O': ['scp', '-O', ...ssh, from, `${to}/file`],
    // sftp parts its arguments at blanks once more
    sftp: ['sftp', ...ssh, from.replaceAll(' ', '\\ '), `${to}/file`],
    rsync: ['rsync', '-e', `ssh ${ssh.join(' ')}`, from, `${to}/file`],
  }
  await stage.run(client, commands[tool])
  expect([path, readFileSync(`${to}/file`).length]).toEqual([path, bytes])
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const sumBy = (of: readonly Move[], key: (move: Move) => string): Record<string, number> =>
  Object.fromEntries(
    [...new Set(of.map(key))].map((name) => [
      name,
      sum(of.filter((move) => key(move) === name).map(({ bytes }) => bytes)),
    ]),
  )

/** As the books know the peer: of IPv6 by its network. */
const peerOf = ({ client, address }: Move): string =>
  address.includes(':') ? '2001:db8:9::/64' : clients.filter(({ name }) => name === client)[0].addresses[0]

/** The books of each framing, made once. */
const made = new Map<Framing, Promise<AnsweringBooks>>()
async function booksBy(framing: Framing): Promise<AnsweringBooks> {
  const { flows, logs } = await scene()
  const books =
    made.get(framing) ?? booksOf(folder, config, { 'flows.ndjson': flowLines(flows), 'auth.log': logs[framing] })
  made.set(framing, books)
  return books
}

describe.each(Object.keys(framings) as Framing[])('openssh, syslog framing %s', (framing) => {
  const limit = { timeout: 60_000 }
  const programs = ['sshd', 'ssh', 'scp', 'sftp', 'ssh-keygen', 'rsync', 'rsyslogd']

  test('every byte is named after the one who moved it', limit, async (context) => {
    needStage(context, ...programs)
    const [{ flows }, books] = await Promise.all([scene(), booksBy(framing)])
    expect(flows).toHaveLength(moves.length + 2)
    const out = sum(flows.map((flow) => flow.bytes_dst))
    expect(books.json.ledger).toMatchObject({ bytes_out: out, flows: flows.length })

    const refused = sum(flows.filter((flow) => flow.src_ip === stranger).map((flow) => flow.bytes_dst))
    const { [` ${stranger}`]: unnamed, ...named } = await books.bytesOut('account', 'peer')
    expect(unnamed).toBe(refused)
    const moved = sumBy(moves, (move) => `${move.account} ${peerOf(move)}`)
    expect(Object.keys(named).sort()).toEqual(Object.keys(moved).sort())
    for (const [who, bytes] of Object.entries(moved)) {
      expect(named[who], who).toBeGreaterThanOrEqual(bytes)
      expect(named[who], who).toBeLessThan(bytes * 1.1)
    }
    expect(books.json.ledger.attributed_share.account).toBeCloseTo(1 - refused / out, 6)
  })

  test('what sftp-server logged says from which vault, to the byte', limit, async (context) => {
    needStage(context, ...programs)
    const books = await booksBy(framing)
    const byVault = Object.entries(await books.bytesOut('account', 'vault')).filter(([key]) => !key.endsWith(' '))
    const logged = moves.filter(isLogged)
    expect(Object.fromEntries(byVault)).toEqual(sumBy(logged, (move) => `${move.account} ${vaultOf(move)}`))
  })

  test('where no flow was seen, what sftp-server logged is in the books', limit, async (context) => {
    needStage(context, ...programs)
    const { logs } = await scene()
    const books = await booksOf(folder, config, { 'auth.log': logs[framing] })
    const who = (move: Move): string => `${move.account} ${vaultOf(move)} ${peerOf(move)} ${host}`
    const told = await books.bytesOut('account', 'vault', 'peer', 'host')
    expect(told).toEqual(sumBy(moves.filter(isLogged), who))
  })
})

/**
 * OpenSSH connections that are not one login, one file: several clients over one connection, a transfer that was broken
 * off, a name with everything that names may hold.
 */
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { Folder } from '../support/weir.ts'
import { type AnsweringBooks, booksOf, flowLines } from './support/books-of.ts'
import { capture, type FlowEvent } from './support/capture.ts'
import { needStage } from './support/need-stage.ts'
import { asPerson, host, logFile, startLoginNode, timezone } from './support/openssh.ts'
import { Stage, until } from './support/stage.ts'

const address = '10.1.0.5'
const login1 = { name: host, addresses: [address] }
const clients = [
  { name: 'peer1', addresses: ['198.51.100.7'] },
  { name: 'peer2', addresses: ['198.51.100.9'] },
  { name: 'peer3', addresses: ['198.51.100.11'] },
]
const [sharer, stopper, odd] = ['alice', 'bob', 'eve.o-neil_2']

const config = `
site:
  timezone: ${timezone}
  networks: [10.1.0.0/16]
hosts:
  - {name: login1, addresses: [${address}], role: login}
vaults:
  - {id: cfd-archive, paths: [/srv/proj/cfd], project: cfd}
  - {id: open-climate, paths: [/srv/proj/open], project: climate}
`
const files = { '/srv/proj/cfd/mesh': 2_000_003, '/srv/proj/open/rain': 1_100_009, '/srv/proj/cfd/wing': 900_001 }
const [mesh, rain, wing] = Object.keys(files)
const bytesOf = files as Readonly<Record<string, number>>

interface Scene {
  flows: FlowEvent[]
  log: string
}

const folder = new Folder()
afterAll(() => folder.remove())

let happened: Promise<Scene> | undefined
const scene = (): Promise<Scene> => (happened ??= happen())

async function happen(): Promise<Scene> {
  const stage = await Stage.open([login1, ...clients])
  try {
    await startLoginNode(stage, [sharer, stopper, odd], files)
    const seen = await capture(stage, host)
    const log = (): string => readFileSync(logFile(stage, 'traditional'), 'utf8')
    await Promise.all([shareConnection(stage), breakOff(stage), takeWith(stage, 'peer3', 'scp', odd, wing)])
    await until(() => log().includes(`forced close "${mesh}"`), 'the end of what was broken off')
    return { flows: await seen.flows(), log: log() }
  } finally {
    await stage.close()
  }
}

function takeWith(
  stage: Stage,
  from: string,
  tool: string,
  account: string,
  path: string,
  more: readonly string[] = [],
) {
  return stage.run(from, [tool, ...asPerson(stage, account), ...more, `${account}@${address}:${path}`, '/dev/null'])
}

/** A login, and over its connection two clients that log what they move and one that does not. */
async function shareConnection(stage: Stage): Promise<void> {
  const shared = ['-o', `ControlPath=${stage.folder}/shared`]
  const master = ['ssh', ...asPerson(stage, sharer), ...shared, '-M', '-N', `${sharer}@${address}`]
  const login = await stage.start('peer1', master, async () => {
    const check = ['ssh', ...asPerson(stage, sharer), ...shared, '-O', 'check', `${sharer}@${address}`]
    return (await stage.run('peer1', check, { anyEnd: true })).code === 0
  })
  await takeWith(stage, 'peer1', 'scp', sharer, mesh, shared)
  await takeWith(stage, 'peer1', 'sftp', sharer, rain, shared)
  await takeWith(stage, 'peer1', 'scp', sharer, wing, [...shared, '-O'])
  await login.stop()
}

/** Half a megabyte a second, until it is stopped. */
async function breakOff(stage: Stage): Promise<void> {
  const slow = [
    'scp',
    ...asPerson(stage, stopper),
    '-l',
    '4000',
    `${stopper}@${address}:${mesh}`,
    `${stage.folder}/part`,
  ]
  const client = await stage.start('peer2', slow, () => readsSome(`${stage.folder}/part`))
  await client.stop('KILL')
}

function readsSome(path: string): boolean {
  try {
    return readFileSync(path).length > 300_000
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

let made: Promise<AnsweringBooks> | undefined
async function booksOfScene(): Promise<AnsweringBooks> {
  const { flows, log } = await scene()
  made ??= booksOf(folder, config, { 'flows.ndjson': flowLines(flows), 'auth.log': log })
  return made
}
const sentTo = async (peer: string): Promise<number[]> =>
  (await scene()).flows.filter(({ src_ip }) => src_ip === peer).map(({ bytes_dst }) => bytes_dst)

describe('openssh connections', () => {
  const limit = { timeout: 60_000 }
  const programs = ['sshd', 'ssh', 'scp', 'sftp', 'ssh-keygen', 'rsyslogd']

  test('one login names what several clients move over its connection', limit, async (context) => {
    needStage(context, ...programs)
    const books = await booksOfScene()
    const sent = await sentTo('198.51.100.7')
    expect(sent).toHaveLength(1)
    const told = await books.bytesOut('account', 'peer', 'vault')
    expect(told).toMatchObject({
      [`${sharer} 198.51.100.7 cfd-archive`]: bytesOf[mesh],
      [`${sharer} 198.51.100.7 open-climate`]: bytesOf[rain],
      [`${sharer} 198.51.100.7 `]: sent[0] - bytesOf[mesh] - bytesOf[rain],
    })
    expect(told[`${sharer} 198.51.100.7 `]).toBeGreaterThan(bytesOf[wing])
  })

  test('a transfer that was broken off counts as far as it went', limit, async (context) => {
    needStage(context, ...programs)
    const books = await booksOfScene()
    const [sent] = await sentTo('198.51.100.9')
    expect(sent).toBeGreaterThan(300_000)
    expect(sent).toBeLessThan(bytesOf[mesh])
    const told = Object.entries(await books.bytesOut('account', 'vault')).filter(([key]) => key.startsWith(stopper))
    expect(told.reduce((sum, [, bytes]) => sum + bytes, 0)).toBe(sent)
    const ofVault = Object.fromEntries(told)[`${stopper} cfd-archive`]
    // the server has read a little ahead, or what it has read was not all sent
    expect(ofVault).toBeGreaterThan(0.9 * sent)
  })

  test('an account keeps its whole name', limit, async (context) => {
    needStage(context, ...programs)
    const books = await booksOfScene()
    const told = await books.bytesOut('account', 'peer', 'vault')
    expect(told[`${odd} 198.51.100.11 cfd-archive`]).toBe(bytesOf[wing])
  })
})

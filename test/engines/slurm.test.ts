/**
 * Slurm: jobs of two people send data out from the nodes that they were given, one after the other and side by side. What
 * sacct prints names account and project for the flows of each node at each time.
 */
import { afterAll, describe, expect, test } from 'vitest'
import { Folder } from '../support/weir.ts'
import { booksOf, flowLines } from './support/books-of.ts'
import { capture, type FlowEvent } from './support/capture.ts'
import { needStage } from './support/need-stage.ts'
import { Cluster, controller, nodes, timezone } from './support/slurm.ts'
import { Stage } from './support/stage.ts'
import { giving, startWeb } from './support/web.ts'

const outside = { name: 'archive', addresses: ['198.51.100.7'] }
const [archive] = outside.addresses

const config = `
site:
  timezone: ${timezone}
  networks: [10.1.0.0/16]
hosts:
  - {name: cn001, addresses: [10.1.2.1], role: compute}
  - {name: cn002, addresses: [10.1.2.2], role: compute}
`

const alice = { name: 'alice', uid: 20_001, project: 'cfd' }
const bob = { name: 'bob', uid: 20_002, project: 'climate' }

/** Bytes that each sent, from each node. */
const sent = { both: 1_500_007, bobFirst: 2_100_013, aliceSecond: 1_200_011, nobody: 900_001 }

/** As accounting teams export it, the least that serves, and as JSON. */
const wide = [
  ...[
    'JobID',
    'JobIDRaw',
    'Cluster',
    'Partition',
    'QOS',
    'Account',
    'Group',
    'GID',
    'User',
    'UID',
    'Submit',
    'Eligible',
  ],
  ...['Start', 'End', 'Elapsed', 'ExitCode', 'State', 'NNodes', 'NCPUS', 'ReqCPUS', 'ReqMem', 'ReqTRES', 'AllocTRES'],
  ...['Timelimit', 'NodeList', 'JobName'],
]
const forms = {
  wide: ['--parsable2', `--format=${wide.join()}`],
  narrow: ['--parsable', '--format=JobIDRaw,User,Account,NodeList,Start,End,State'],
  json: ['--json'],
} as const
type Form = keyof typeof forms

interface Scene {
  flows: FlowEvent[]
  sacct: Record<Form, string>
}

const folder = new Folder()
afterAll(() => folder.remove())

let happened: Promise<Scene> | undefined
const scene = (): Promise<Scene> => (happened ??= happen())

async function happen(): Promise<Scene> {
  const stage = await Stage.open([controller, ...nodes, outside])
  try {
    await startWeb(stage, outside.name)
    const cluster = new Cluster(stage)
    await cluster.start([alice, bob])
    const seen = await capture(stage, outside.name)
    const give = (bytes: number): string => giving(stage, archive, bytes)
    // Slurm tells time in whole seconds: none of the jobs begins in the second in which another sends
    await cluster.run({ person: alice, nodes: ['cn001', 'cn002'], script: `srun ${give(sent.both)}; sleep 1.2` })
    await Promise.all([
      cluster.run({ person: bob, nodes: ['cn001'], script: `sleep 1; ${give(sent.bobFirst)}; sleep 1.2` }),
      cluster.run({ person: alice, nodes: ['cn002'], script: `sleep 1; ${give(sent.aliceSecond)}; sleep 1.2` }),
    ])
    await stage.sh('cn002', `sleep 1.2; ${give(sent.nobody)}`)
    const sacct = {
      wide: await cluster.sacct(...forms.wide),
      narrow: await cluster.sacct(...forms.narrow),
      json: await cluster.sacct(...forms.json),
    }
    return { flows: await seen.flows(), sacct }
  } finally {
    await stage.close()
  }
}

function expectAbout(bytes: number | undefined, moved: number, what: string): void {
  expect(bytes, what).toBeGreaterThanOrEqual(moved)
  expect(bytes, what).toBeLessThan(moved * 1.1)
}

describe.each(Object.keys(forms) as Form[])('slurm, sacct %s', (form) => {
  test('the job names account and project of what its nodes send', { timeout: 60_000 }, async (context) => {
    needStage(context, 'munged', 'mariadbd', 'mariadb-install-db', 'slurmdbd', 'slurmctld', 'slurmd', 'sbatch', 'sacct')
    const { flows, sacct } = await scene()
    expect(flows).toHaveLength(5)
    const books = await booksOf(folder, config, { 'flows.ndjson': flowLines(flows), 'sacct.txt': sacct[form] })
    const named = await books.bytesOut('account', 'project', 'host')
    expect(Object.keys(named).sort()).toEqual(['  cn002', 'alice cfd cn001', 'alice cfd cn002', 'bob climate cn001'])
    expectAbout(named['alice cfd cn001'], sent.both, 'the job on both nodes')
    expectAbout(named['alice cfd cn002'], sent.both + sent.aliceSecond, 'two jobs on one node')
    expectAbout(named['bob climate cn001'], sent.bobFirst, 'the job after another')
    expectAbout(named['  cn002'], sent.nobody, 'after the last job')
    const out = flows.reduce((total, flow) => total + flow.bytes_src, 0)
    expect(Object.values(named).reduce((total, bytes) => total + bytes, 0)).toBe(out)
  })
})

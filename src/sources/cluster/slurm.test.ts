import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { logClock } from '../../model/log-clock.ts'
import { needTestData } from '../../testing/needs.ts'
import { parseLines, readSource, rejectedOf, rowsOf } from '../../testing/parse-lines.ts'
import { expectSameHoweverSplit, expectToSurviveDamage } from '../../testing/source-laws.ts'
import { slurmJson } from './slurm-json.ts'
import { slurmSacct } from './slurm-sacct.ts'

const jobsOf = (text: string) => rowsOf(parseLines(slurmSacct, text), 'job')
const rejectsOf = (text: string) => rejectedOf(parseLines(slurmSacct, text))
const header = 'JobID|JobIDRaw|User|Account|NodeList|Start|End|State|WorkDir|SubmitLine'
const line = (
  more: Partial<Record<'id' | 'user' | 'account' | 'nodes' | 'start' | 'end' | 'state' | 'line', string>> = {},
) =>
  [
    ...[more.id ?? '8812345_7', more.id ?? '8812352', more.user ?? 'alice', more.account ?? 'p123'],
    ...[more.nodes ?? 'cn[0101-0103]', more.start ?? '2026-01-01T00:00:00', more.end ?? '2026-01-01T04:00:00'],
    ...[more.state ?? 'COMPLETED', '/proj/p123', more.line ?? 'sbatch train.sh'],
  ].join('|')
const withHeader = (...lines: string[]) => `${[header, ...lines].join('\n')}\n`

test('a job is a row on each of its nodes', () => {
  const text = withHeader(line())
  const row = {
    job_id: '8812352',
    account: 'alice',
    project: 'p123',
    start_ms: Date.UTC(2026, 0, 1),
    end_ms: Date.UTC(2026, 0, 1, 4),
    offset: header.length + 1,
  }
  expect(jobsOf(text)).toEqual(['cn0101', 'cn0102', 'cn0103'].map((node) => ({ ...row, node })))
  expect(parseLines(slurmSacct, text).records_read).toBe(1)
})

test('columns are bound by name, whichever there are, with or without a last separator', () => {
  const text = 'nodelist|Start|account|JOBID|Comment|End|\nn1|2026-01-01T00:00:00|p1|5|a|b|c|2026-01-01T01:00:00|\n'
  expect(jobsOf(text)).toMatchObject([
    { job_id: '5', project: 'p1', account: '', node: 'n1', end_ms: Date.UTC(2026, 0, 1, 1) },
  ])
  expect(jobsOf('JobID|UID|NodeList|Start\n5|1001|n1|2026-01-01T00:00:00\n')).toMatchObject([
    { account: 'uid:1001', end_ms: Number.NaN },
  ])
  expect(jobsOf(`${withHeader(line())}NodeList|JobID|User|Start\nn9|9|bob|2026-01-01T00:00:00\n`).at(-1)).toMatchObject(
    {
      node: 'n9',
      account: 'bob',
    },
  )
})

test('without a header the known sets of columns are told by their shape', () => {
  const recommended =
    '8812345|s7|alice|p123|main|normal|cn[0101-0102]|2026-01-01T00:00:00|Unknown|RUNNING|/proj|sbatch a | b'
  const short =
    '8812345|alice|p123|gpu|normal|cn0101|2026-01-01T00:00:00|2026-01-01T04:00:00|CANCELLED by 0|/proj|sbatch'
  expect(
    jobsOf(`${recommended}\n${short}\n${short}|\n`).map(({ node, account, project }) => [node, account, project]),
  ).toEqual(['cn0101', 'cn0102', 'cn0101', 'cn0101'].map((node) => [node, 'alice', 'p123']))
  expect(rejectsOf('8812345|alice|cn0101\n')).toEqual({ malformed: 1 })
})

test('with generic resources the node list is a column further', () => {
  const values =
    'j j c p q acc g 1 alice 2 t t 2026-01-01T00:00:00 2026-01-01T01:00:00 01:00:00 0:0 COMPLETED 1 1 1 1 gres tres atres'
  const text = `${values.replaceAll('j', '77').split(' ').join('|')}|1-00:00:00|cn05|name\n`
  expect(jobsOf(text)).toMatchObject([{ node: 'cn05', job_id: '77', account: 'alice', project: 'acc' }])
})

test('steps, and jobs that never ran, are not used', () => {
  const never = [
    line({ nodes: 'None assigned' }),
    line({ start: 'Unknown' }),
    line({ start: 'None' }),
    line({ nodes: '' }),
  ]
  const steps = ['8812345.batch', '8812345.extern', '8812345.0', '8812345_7.batch', '5+0.extern'].map((id) =>
    line({ id, user: '', account: '' }),
  )
  expect(rejectsOf(withHeader(...never, ...steps))).toEqual({ stream_not_used: 9 })
  expect(
    jobsOf(withHeader(line({ state: 'CANCELLED by 1001' }), line({ id: '5+1' }), line({ end: 'Unknown' }))),
  ).toHaveLength(9)
})

test('separators in free text change nothing; where they may hide a value the line is refused', () => {
  expect(jobsOf(withHeader(line({ line: 'sbatch --wrap "a | b || c"' })))).toHaveLength(3)
  expect(jobsOf('JobName|JobID|User|NodeList|Start\na|root|5|alice|n1|2026-01-01T00:00:00\n')).toMatchObject([
    { job_id: '5', account: 'alice' },
  ])
  const between = 'JobName|JobID|User|NodeList|Start|Comment\na|5|alice|n1|2026-01-01T00:00:00|x'
  expect(rejectsOf(`${between}\na|b|5|alice|n1|2026-01-01T00:00:00|x\n`)).toEqual({ malformed: 1 })
  expect(rejectsOf('JobID|User|NodeList|Start\n5|alice|n1|2026-01-01T00:00:00|x\n5|alice|n1\n')).toEqual({
    malformed: 2,
  })
})

test('times are those of the clock, unless they say otherwise', () => {
  const clock = logClock({ timezone: 'America/Denver' })
  const starts = ['2026-07-01T00:00:00', '2026-07-01T00:00:00+02:00', '1782864000'].map((start) =>
    line({ start, end: 'Unknown' }),
  )
  const rows = rowsOf(parseLines(slurmSacct, withHeader(...starts), 'x', { clock }), 'job')
  expect(rows.filter((row) => row.node === 'cn0101').map((row) => row.start_ms)).toEqual([
    Date.UTC(2026, 6, 1, 6),
    Date.UTC(2026, 5, 30, 22),
    1_782_864_000_000,
  ])
})

test('what is wrong with a line is counted', () => {
  expect(rejectsOf(withHeader(line({ user: '', account: '' }), line({ id: '' })))).toEqual({ missing_field: 2 })
  expect(rejectsOf(withHeader(line({ start: 'now' }), line({ end: '2026-13-01T00:00:00' })))).toEqual({ bad_time: 2 })
  expect(rejectsOf(withHeader(line({ end: '2025-01-01T00:00:00' }), line({ nodes: 'cn[1-200000]' })))).toEqual({
    bad_value: 2,
  })
  expect(rejectsOf(withHeader(line({ end: '2029-01-01T00:00:00' }), line({ id: 'abc' })))).toEqual({
    time_out_of_range: 1,
    malformed: 1,
  })
})

test('no sample shows what a job was called or told', () => {
  const texts = [
    withHeader(line({ id: '5.0', line: 'psql -p hunter2' }), line({ start: 'x', line: 'hunter2' })),
    'SubmitLine|JobID|User|NodeList|Start\nhunter2|5.0|alice|n1|x\nhunter2\n',
    '5.0|alice|p123|gpu|normal|cn0101|2026-01-01T00:00:00|Unknown|RUNNING|/proj|hunter2\n5|alice|p123|gpu|normal|n|hunter2\n',
  ]
  const samples = texts.flatMap((text) => parseLines(slurmSacct, text).examples.map((example) => example.sample))
  expect(samples).toHaveLength(6)
  expect(samples.join('\n')).not.toContain('hunter2')
  expect(samples[0]).toBe('5.0|5.0|alice|p123|cn[0101-0103]|2026-01-01T00:00:00|2026-01-01T04:00:00|COMPLETED')
})

describe('sacct --json', () => {
  const job = {
    job_id: 8812352,
    account: 'p123',
    association: { account: 'p123', cluster: 'main', user: 'alice' },
    user: 'alice',
    nodes: 'cn[0101-0102]',
    state: { current: ['COMPLETED'] },
    time: { start: 1_767_225_600, end: 1_767_240_000, elapsed: 14_400 },
  }
  const parse = (...jobs: unknown[]) =>
    parseLines(slurmJson, JSON.stringify({ meta: { plugin: {} }, jobs, errors: [] }))

  test('is the same', () => {
    expect(rowsOf(parse(job), 'job')).toMatchObject([
      { job_id: '8812352', account: 'alice', project: 'p123', node: 'cn0101', start_ms: Date.UTC(2026, 0, 1) },
      { node: 'cn0102', end_ms: Date.UTC(2026, 0, 1, 4) },
    ])
    const wrapped = { ...job, user: '', time: { start: { set: true, infinite: false, number: 1_767_225_600 }, end: 0 } }
    expect(rowsOf(parse(wrapped), 'job')[1]).toMatchObject({
      account: 'alice',
      start_ms: Date.UTC(2026, 0, 1),
      end_ms: Number.NaN,
    })
  })

  test('jobs that never ran are not used; faults are counted', () => {
    expect(
      rejectedOf(parse({ ...job, time: { start: 0, end: 0 } }, { ...job, nodes: 'None assigned' }, {}, 5)),
    ).toEqual({
      stream_not_used: 2,
      missing_field: 1,
      malformed: 1,
    })
    expectToSurviveDamage(slurmJson, JSON.stringify({ jobs: [job, { ...job, job_id: 5 }] }))
  })
})

test('real accounting of a university cluster', async (context) => {
  const path = needTestData(context, 'slurm/phillips.log')
  const { id, format, records_read, rows, rejected } = await readSource(path, ['job'])
  const lines = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((text) => text.split('|'))
  const ran = lines.filter((values) => values[24] !== 'None assigned')
  expect({ id, format, records_read, rejected }).toEqual({
    id: 'slurm_sacct',
    format: 'slurm_sacct',
    records_read: 4285,
    rejected: { stream_not_used: 239 },
  })
  const jobs = rows.job ?? []
  expect(new Set(jobs.map((row) => row.offset)).size).toBe(ran.length)
  expect(jobs).toHaveLength(ran.reduce((sum, values) => sum + Number(values[17]), 0))
  const nodes = new Map<string, number>()
  for (const { job_id } of jobs) nodes.set(String(job_id), (nodes.get(String(job_id)) ?? 0) + 1)
  for (const values of ran) expect(nodes.get(values[1]), values[24]).toBe(Number(values[17]))
  expect(jobs[0]).toEqual({
    job_id: '163485',
    account: 'noror',
    project: 'chaff',
    node: 'cpn-f11-31',
    start_ms: Date.UTC(2016, 11, 22, 7, 15, 13),
    end_ms: Date.UTC(2017, 0, 1, 20, 42, 19),
    offset: 0,
  })
  const last = ran[ran.length - 1]
  expect(jobs.at(-1)).toMatchObject({ job_id: last[1], account: last[8], end_ms: Date.parse(`${last[13]}Z`) })
})

test('one job on nine nodes', async (context) => {
  const { rows } = await readSource(needTestData(context, 'slurm/robertson-filter-test.log'), ['job'])
  expect(rows.job?.map((row) => row.node)).toEqual(
    [
      'k10-37-02',
      'k14-12-01',
      'k14-37-02',
      'k16-01-01',
      'k16-24-01',
      'k16-26-02',
      'k16-28-02',
      'k16-37-01',
      'k16-40-02',
    ].map((name) => `cpn-${name}`),
  )
})

test('a dump that names neither user nor project is left alone', async (context) => {
  expect((await readSource(needTestData(context, 'slurm/pytokio-sample.slurm'), ['job'])).id).toBe('')
})

test('survives damage and splits', () => {
  const text = withHeader(line(), line({ nodes: 'a[1-2]b[3,5]' }), line({ id: '5.batch' }), '', line({ start: 'None' }))
  expectToSurviveDamage(slurmSacct, text)
  expectSameHoweverSplit(slurmSacct, text)
})

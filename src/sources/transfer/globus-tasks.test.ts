import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { needTestData } from '../../testing/needs.ts'
import { parseLines, readSource, rejectedOf, rowsOf } from '../../testing/parse-lines.ts'
import { expectSameHoweverSplit, expectToSurviveDamage } from '../../testing/source-laws.ts'
import { globusTaskCsv, globusTaskLines, globusTasks } from './globus-tasks.ts'
import { gridftp } from './gridftp.ts'

const task = {
  DATA_TYPE: 'task',
  task_id: '0f7ec55a-ab48-11ee-be6c-f11924dc2d22',
  type: 'TRANSFER',
  status: 'SUCCEEDED',
  request_time: '2026-01-01T00:29:50+00:00',
  completion_time: '2026-01-01T00:31:05+00:00' as string | null,
  owner_string: 'alice@example.edu' as string | null,
  username: 'u_xyz',
  bytes_transferred: 2147483648,
  label: null,
}
const sessionsOf = (value: unknown) => rowsOf(parseLines(globusTasks, JSON.stringify(value, null, 1)), 'session')
const rejectsOf = (value: unknown) => rejectedOf(parseLines(globusTasks, JSON.stringify(value)))

test('a task is a session of its owner, without bytes of its own', () => {
  expect(sessionsOf(task)).toMatchObject([
    {
      kind: 'globus',
      account: 'alice@example.edu',
      start_ms: Date.UTC(2026, 0, 1, 0, 29, 50),
      end_ms: Date.UTC(2026, 0, 1, 0, 31, 5),
      part: 0,
      bytes_out: 0n,
      peer: '::',
    },
  ])
  expect(rowsOf(parseLines(globusTasks, JSON.stringify(task)), 'transfer')).toEqual([])
})

test('the files that a GridFTP server logged for it share its sid', () => {
  const line =
    'DATE=20260101003102.223249 HOST=dtn1 PROG=globus-gridftp-server NL.EVNT=FTP_INFO START=20260101002953.658868 USER=alice ' +
    'FILE=/a BUFFER=1 BLOCK=1 NBYTES=1 VOLUME=/ STREAMS=4 STRIPES=1 DEST=[203.0.113.9] TYPE=RETR CODE=226 TASKID='
  const [transfer] = rowsOf(parseLines(gridftp, `${line}${task.task_id.toUpperCase()}\n`), 'transfer')
  expect(sessionsOf(task)[0].sid).toBe(transfer.sid)
})

test('in whatever wrapping', () => {
  const other = { ...task, task_id: 'other', owner_string: 'bob@example.edu' }
  for (const wrapped of [[task, other], { DATA: [task, other], length: 2 }, [{ DATA: [task] }, { DATA: [other] }]]) {
    const rows = sessionsOf(wrapped)
    expect(rows.map((row) => row.account)).toEqual(['alice@example.edu', 'bob@example.edu'])
    expect(rows[1].offset).toBeGreaterThan(Number(rows[0].offset))
  }
  expect(sessionsOf({ DATA: [] })).toEqual([])
})

test('a task that runs on is opened; who asked is told by what there is', () => {
  expect(sessionsOf({ ...task, status: 'ACTIVE', completion_time: null })).toMatchObject([
    { part: 1, end_ms: Number.NaN },
  ])
  expect(sessionsOf({ ...task, owner_string: null })[0].account).toBe('u_xyz')
  expect(rejectsOf({ ...task, owner_string: null, username: null, owner_id: null })).toEqual({ missing_field: 1 })
})

test('deletions and unknown states are not used, faults are counted', () => {
  expect(
    rejectsOf([
      { ...task, type: 'DELETE' },
      { ...task, status: 'CANCELING' },
    ]),
  ).toEqual({ stream_not_used: 2 })
  expect(
    rejectsOf([
      { ...task, task_id: '' },
      { ...task, request_time: null },
    ]),
  ).toEqual({ missing_field: 2 })
  expect(
    rejectsOf([
      { ...task, request_time: 'today' },
      { ...task, completion_time: 'soon' },
    ]),
  ).toEqual({ bad_time: 2 })
  expect(rejectsOf([{ ...task, completion_time: '2025-01-01T00:00:00+00:00' }])).toEqual({ bad_value: 1 })
  expect(rejectsOf([1, 'task', null, [[[[task]]]]])).toEqual({ malformed: 4 })
  expect(rejectedOf(parseLines(globusTasks, '{"DATA":[{"task_id":'))).toEqual({ malformed: 1 })
})

describe('JSON lines', () => {
  const text = `${JSON.stringify(task)}\n\n${JSON.stringify({ DATA: [task, { ...task, task_id: 'x' }] })}\nnonsense\n`

  test('of tasks and of answers', () => {
    const batch = parseLines(globusTaskLines, text)
    expect(rowsOf(batch, 'session').map((row) => row.offset)).toEqual([
      0,
      text.indexOf('{"DATA_TYPE"', 5),
      text.lastIndexOf('{"DATA_TYPE"'),
    ])
    expect([batch.records_read, rejectedOf(batch)]).toEqual([4, { malformed: 1 }])
  })

  test('survive damage and splits', () => {
    expectToSurviveDamage(globusTaskLines, text)
    expectSameHoweverSplit(globusTaskLines, text)
  })
})

describe('CSV', () => {
  const header = 'label,task_id,type,status,request_time,completion_time,owner_string,bytes_transferred'
  const first = `"a ""big"", odd\nlabel",T1,TRANSFER,SUCCEEDED,2026-01-01 00:29:50,2026-01-01T00:31:05+00:00,alice@example.edu,5`
  const text = `${header}\r\n${first}\r\n5" disk,T2,TRANSFER,ACTIVE,2026-01-01T01:00:00Z,,bob@example.edu,7\n`

  test('binds by header, in any order and over lines', () => {
    const batch = parseLines(globusTaskCsv, text)
    expect(rejectedOf(batch)).toEqual({})
    expect(rowsOf(batch, 'session')).toMatchObject([
      { account: 'alice@example.edu', start_ms: Date.UTC(2026, 0, 1, 0, 29, 50), part: 0, offset: header.length + 2 },
      { account: 'bob@example.edu', start_ms: Date.UTC(2026, 0, 1, 1), end_ms: Number.NaN, part: 1 },
    ])
    expect(rowsOf(batch, 'session')[0].sid).toBe(sessionsOf({ ...task, task_id: 't1' })[0].sid)
  })

  test('counts what it cannot take', () => {
    expect(rejectedOf(parseLines(globusTaskCsv, `T0,x\n${text}too,few\n`))).toEqual({ before_header: 1, malformed: 1 })
    const open = parseLines(globusTaskCsv, `${header}\n"never closed,T1\nT2\n`)
    expect([open.records_read, rejectedOf(open)]).toEqual([1, { malformed: 1 }])
    const long = parseLines(globusTaskCsv, `${header}\n"${'x\n'.repeat(70_000)}${text}`)
    expect(rowsOf(long, 'session')).toHaveLength(2)
  })

  test('survives damage and splits', () => {
    expectToSurviveDamage(globusTaskCsv, text)
    expectSameHoweverSplit(globusTaskCsv, text)
  })
})

test('documents survive damage', () => {
  expectToSurviveDamage(
    globusTasks,
    JSON.stringify({ DATA_TYPE: 'task_list', DATA: [task, { ...task, type: 'DELETE' }] }),
  )
})

test.for(['task_list', 'endpoint_manager_task_list'])('what the API answers: %s', async (name, context) => {
  const path = needTestData(context, `globus/globus-sdk_${name}.json`)
  const { id, format, records_read, rows, rejected } = await readSource(path, ['session', 'transfer'])
  const [{ DATA }] = JSON.parse(readFileSync(path, 'utf8'))
  expect({ id, format, records_read, rejected }).toEqual({
    id: 'globus_tasks_json',
    format: 'globus_tasks',
    records_read: DATA.length,
    rejected: {},
  })
  expect(rows.transfer).toBeUndefined()
  expect(rows.session).toMatchObject([
    {
      kind: 'globus',
      account: DATA[0].owner_string ?? DATA[0].username,
      start_ms: Date.parse(DATA[0].request_time),
      end_ms: Date.parse(DATA[0].completion_time),
    },
  ])
})

test('other answers of the API are not used, or not ours', async (context) => {
  const paths = await readSource(
    needTestData(context, 'globus/globus-sdk_endpoint_manager_task_successful_transfers.json'),
    ['session'],
  )
  expect([paths.format, paths.rejected]).toEqual(['globus_tasks', { stream_not_used: 1 }])
  for (const name of ['get_endpoint', 'submit_transfer']) {
    expect((await readSource(needTestData(context, `globus/globus-sdk_${name}.json`), ['session'])).id).toBe('')
  }
})

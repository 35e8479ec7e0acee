import { describe, expect, test } from 'vitest'
import { ObservationBatch } from '../../model/columns.ts'
import { utcClock } from '../../model/log-clock.ts'
import { bytesOf, parseLines, rejectedOf, rowsOf } from '../../testing/parse-lines.ts'
import { expectSameHoweverSplit, expectToSurviveDamage } from '../../testing/source-laws.ts'
import { lustreChangelog } from './lustre-changelog.ts'
import { lustreJobStats } from './lustre-job-stats.ts'

const entry = (job_id: string, sum: string | number, more = '  snapshot_time:   1767225660\n') =>
  `- job_id:          ${job_id}\n${more}` +
  `  read_bytes:      { samples:         256, unit: bytes, min:    4096, max: 4194304, sum: ${String(sum).padStart(15)} }\n` +
  '  write_bytes:     { samples:           1, unit: bytes, min:       7, max:       7, sum:               7 }\n' +
  '  getattr:         { samples:           0, unit:  reqs }\n'
const header = (name = 'obdfilter.scratch-OST0003') => `${name}.job_stats=\njob_stats:\n`
const reads = (text: string) => rowsOf(parseLines(lustreJobStats, text), 'storage_read')
const rejects = (text: string) => rejectedOf(parseLines(lustreJobStats, text))

test('what a job read of a target until the snapshot', () => {
  expect(reads(header() + entry('8812345', 1073741824))).toMatchObject([
    {
      path: 'lustre:scratch',
      job_id: '8812345',
      account: '',
      bytes: 1073741824n,
      start_ms: Date.UTC(2026, 0, 1, 0, 1),
      end_ms: Date.UTC(2026, 0, 1, 0, 1),
      offset: header().length,
    },
  ])
})

test('newer servers state the start, in nanoseconds, and a histogram', () => {
  const times =
    '  snapshot_time:   1767225660.564289438 secs.nsecs\n  start_time:      1767225600.250000000 secs.nsecs\n  elapsed_time:    60.314289438 secs.nsecs\n'
  const text = `${header()}${entry('cp.0', '9223372036854775807, sumsq: 99, hist: { 4K: 1, 1M: 2 }', times)}`
  expect(reads(text)).toMatchObject([
    { bytes: 9223372036854775807n, start_ms: Date.UTC(2026, 0, 1) + 250, end_ms: Date.UTC(2026, 0, 1, 0, 1) + 564 },
  ])
})

test('who it was, by the usual settings of jobid_name', () => {
  const ids = [
    '8812345',
    'rsync.12345',
    '8812345:12345:cn0101',
    'u12345.g500',
    '"backup script.12345"',
    '8812345.0',
    'kworker',
  ]
  const rows = reads(header() + ids.map((id) => entry(id, 5)).join(''))
  expect(rows.map(({ job_id, account }) => [job_id, account])).toEqual([
    ['8812345', ''],
    ['rsync.12345', 'uid:12345'],
    ['8812345', 'uid:12345'],
    ['u12345.g500', 'uid:12345'],
    ['backup script.12345', 'uid:12345'],
    ['8812345.0', ''],
    ['kworker', ''],
  ])
})

test('a counter keeps its sid from snapshot to snapshot; another target, job or start has its own', () => {
  const at = (start: number, snapshot: number) => `  snapshot_time: ${snapshot}\n  start_time: ${start}\n`
  const [a, again, otherStart, otherJob, otherTarget] = reads(
    header() +
      entry('1', 5, at(1767225600, 1767225660)) +
      entry('1', 9, at(1767225600, 1767225720)) +
      entry('1', 2, at(1767225700, 1767225720)) +
      entry('2', 5, at(1767225600, 1767225660)) +
      header('mdt.scratch-MDT0000') +
      entry('1', 5, at(1767225600, 1767225660)),
  )
  expect(again.sid).toBe(a.sid)
  expect(new Set([0n, a.sid, otherStart.sid, otherJob.sid, otherTarget.sid]).size).toBe(5)
  expect(otherTarget.path).toBe('lustre:scratch')
})

test('entries that read nothing are not used; what is wrong is counted', () => {
  const withoutRead = '- job_id: 5\n  snapshot_time: 1767225660\n  open: { samples: 3, unit: usecs, sum: 5 }\n'
  expect(rejects(header() + entry('1', 0) + withoutRead)).toEqual({ stream_not_used: 2 })
  expect(
    rejects(`${header()}- job_id: 5\n  snapshot_time: 1767225660\n  read_bytes: { samples: 0, unit: bytes }\n`),
  ).toEqual({
    stream_not_used: 1,
  })
  expect(rejects(header() + entry('', 5) + entry('1', 5, ''))).toEqual({ missing_field: 2 })
  expect(rejects(header() + entry('1', 'many') + entry('1', '9223372036854775808'))).toEqual({
    bad_count: 1,
    count_out_of_range: 1,
  })
  expect(rejects(header() + entry('1', 5, '  snapshot_time: now\n'))).toEqual({ bad_time: 1 })
  expect(rejects(`${header()}oops\n${entry('1', 5)}oops: again\n`)).toEqual({ malformed: 2 })
})

test('a list without a header belongs to no file system that is known', () => {
  const text = `${header()}${entry('1', 5)}job_stats:\n${entry('2', 5)}obdfilter.a-OST0000.job_stats=job_stats:\n${header('obdfilter.b-OST0000')}${entry('3', 5)}`
  expect(reads(text).map((row) => [row.path, row.job_id])).toEqual([
    ['lustre:scratch', '1'],
    ['lustre:b', '3'],
  ])
  expect(rejects(text)).toEqual({ missing_field: 1 })
})

test('the last entry of an input that broke off is not taken for whole', () => {
  const batch = new ObservationBatch()
  const bytes = bytesOf(header() + entry('1', 5) + entry('2', 5))
  const parser = lustreJobStats.open({ path: 'x', clock: utcClock, mtime_ms: Number.NaN })
  parser.parse(bytes, 0, bytes.length, 0, batch)
  parser.finish?.(batch, true)
  expect([rowsOf(batch, 'storage_read').length, rejectedOf(batch)]).toEqual([1, { truncated: 1 }])
})

describe('changelog', () => {
  const lines = [
    '3 01CREAT 04:27:54.551053189 2024.08.20 0x0 t=[0x2000013a1:0x4:0x0] j=cp.0 ef=0xf u=0:0 nid=0@lo p=[0x2000013a1:0x3:0x0] file with t=[',
    'scratch-MDT0000.1234567 10OPEN  00:31:01.109203918 2026.01.01 0x242 t=[0x200000401:0x3:0x0] j=rsync.12345 ef=0x7 u=12345:5000',
  ]

  test('is known, and holds no bytes', () => {
    expect(rejectedOf(parseLines(lustreChangelog, `${lines.join('\n')}\n\n4 nonsense\n`))).toEqual({
      stream_not_used: 2,
      malformed: 1,
    })
  })

  test('survives damage', () => {
    expectToSurviveDamage(lustreChangelog, lines.join('\n'))
  })
})

test('job statistics survive damage and splits', () => {
  const text = header() + entry('1', 5) + entry('cp.0', 0) + header('mdt.x-MDT0001') + entry('"a b.7"', 7)
  expectToSurviveDamage(lustreJobStats, text)
  expectSameHoweverSplit(lustreJobStats, text)
})

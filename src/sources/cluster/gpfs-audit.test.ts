import { expect, test } from 'vitest'
import { parseLines, rejectedOf, rowsOf } from '../../testing/parse-lines.ts'
import { expectSameHoweverSplit, expectToSurviveDamage } from '../../testing/source-laws.ts'
import { gpfsAudit } from './gpfs-audit.ts'

const record = {
  LWE_JSON: '0.0.3',
  path: '/gpfs/p123/run7.h5',
  nodeName: 'cn0101',
  fsName: 'gpfs',
  event: 'CLOSE',
  fileSize: '2147483648',
  eventTime: '2026-01-01_00:31:02.869+0000',
  clientUserId: '12345',
  clientGroupId: '5000',
  processId: '29880',
  bytesRead: '2147483648' as string | number | null,
  bytesWritten: '0',
  nfsClientIp: '',
}
const text = (...changes: Partial<typeof record>[]) =>
  changes.map((change) => `${JSON.stringify({ ...record, ...change })}\n`).join('')
const reads = (...changes: Partial<typeof record>[]) => rowsOf(parseLines(gpfsAudit, text(...changes)), 'storage_read')
const rejects = (...changes: Partial<typeof record>[]) => rejectedOf(parseLines(gpfsAudit, text(...changes)))

test('what was read of a file until it was closed', () => {
  expect(reads({})).toMatchObject([
    {
      path: '/gpfs/p123/run7.h5',
      account: 'uid:12345',
      host: '::',
      bytes: 2147483648n,
      sid: 0n,
      start_ms: Date.UTC(2026, 0, 1, 0, 31, 2, 869),
      end_ms: Date.UTC(2026, 0, 1, 0, 31, 2, 869),
      offset: 0,
    },
  ])
})

test('zones, clients over NFS, numbers without quotes, users that are not known', () => {
  const [zoned, nfs, bare, unknown, odd] = reads(
    { eventTime: '2026-01-01_01:31:02.869+0100' },
    { nfsClientIp: '2001:db8::7' },
    { bytesRead: 5 },
    { clientUserId: '_NULL_' },
    { path: '/gpfs/\u00fcber/"a"\\b\n' },
  )
  expect(zoned.start_ms).toBe(Date.UTC(2026, 0, 1, 0, 31, 2, 869))
  expect([nfs.host, bare.bytes, unknown.account, odd.path]).toEqual(['2001:db8::7', 5n, '', '/gpfs/\u00fcber/"a"\\b\n'])
})

test('events that read nothing are not used; what is wrong is counted', () => {
  expect(rejects({ event: 'OPEN', bytesRead: '0' }, { bytesRead: null }, { event: 'UNLINK', bytesRead: '' })).toEqual({
    stream_not_used: 3,
  })
  expect(rejects({ bytesRead: 'many' }, { bytesRead: '9223372036854775808' })).toEqual({
    bad_count: 1,
    count_out_of_range: 1,
  })
  expect(rejects({ eventTime: '2026-01-01T00:31:02' }, { eventTime: '2026-02-30_00:31:02+0000' })).toEqual({
    bad_time: 2,
  })
  expect(rejects({ nfsClientIp: 'client' })).toEqual({ bad_address: 1 })
  expect(rejectedOf(parseLines(gpfsAudit, '{"event":"CLOSE"}\n{"LWE_JSON"\n\n[]\n'))).toEqual({
    missing_field: 1,
    malformed: 2,
  })
})

test('survives damage and splits', () => {
  const log = text({}, { event: 'OPEN', bytesRead: '0' }, { path: '/a\\b' })
  expectToSurviveDamage(gpfsAudit, log)
  expectSameHoweverSplit(gpfsAudit, log)
})

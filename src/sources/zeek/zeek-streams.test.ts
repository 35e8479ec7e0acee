import { expect, test } from 'vitest'
import { formatOfStream, joinFormats, streamOfFileName, useOf } from './zeek-streams.ts'

test('file names tell their stream', () => {
  const names: Record<string, string | undefined> = {
    'conn.log': 'conn',
    'conn_long.log': 'conn_long',
    'NASHUA_smb_files.log': 'smb_files',
    'logs/2024-01-01/known_hosts.00:00:00-01:00:00.log.gz': 'known_hosts',
    'ssl.first10k.json.gz': 'ssl',
    'tor_ssl.log': 'ssl',
    'http-20240101-120000.json': 'http',
    'corelight.conn.json': 'conn',
    'weird_stats.log': 'weird_stats',
    'connections.json': undefined,
    'http_errors.log': undefined,
    'conn_summary.log': undefined,
    'notes.txt': undefined,
    'conn/export.json': undefined,
    '': undefined,
  }
  for (const [name, stream] of Object.entries(names)) expect(streamOfFileName(name), name).toBe(stream)
})

test('connections under any name are used as such', () => {
  expect(['conn', 'conn_long', 'long_conn', 'open_conn'].map(useOf)).toEqual(Array(4).fill('conn'))
  expect(['dns', '', 'toString', 'Conn'].map(useOf)).toEqual(Array(4).fill('other'))
})

test('formats are named after streams whose names can be trusted', () => {
  expect(['dns', 'my_stream', '', 'a b', '../x', 'x'.repeat(80)].map(formatOfStream)).toEqual([
    'zeek_dns',
    'zeek_my_stream',
    ...Array(4).fill('zeek_other'),
  ])
  expect(joinFormats('', 'zeek_dns')).toBe('zeek_dns')
  expect(joinFormats('zeek_dns', 'zeek_dns')).toBe('zeek_dns')
  expect(joinFormats('zeek_dns', 'zeek_conn')).toBe('zeek_mixed')
  expect(joinFormats('zeek_mixed', 'zeek_dns')).toBe('zeek_mixed')
})

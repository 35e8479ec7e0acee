import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { sourceFormats } from '../../sources/index.ts'
import { discover } from '../discover.ts'
import { flowFormats, planReading } from './reading-plan.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-plan-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('conn logs come second, all others first; the first flows tell of what time the logs are', async () => {
  const head = '#separator \\x09\n#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\n'
  const line = (ts: number): string => `${ts}\tC1\t10.0.0.1\t1\t192.0.2.1\t2\ttcp\n`
  writeFileSync(join(folder, 'a-conn.log'), `${head}${line(1_770_000_000)}`)
  writeFileSync(join(folder, 'b.ndjson'), '{"type":"lease","ip":"10.9.0.1","account":"a","start_ms":1770000000000}\n')
  writeFileSync(join(folder, 'c-conn.log'), `${head}${line(1_760_000_000)}${line(1_760_000_100)}`)
  writeFileSync(join(folder, 'd.txt'), 'nobody knows\n')
  const plan = await planReading(discover([folder]).files)
  const names = (files: { path: string }[]): string[] => files.map(({ path }) => path.slice(folder.length + 1))
  expect([names(plan.context), names(plan.flows)]).toEqual([
    ['b.ndjson', 'd.txt'],
    ['a-conn.log', 'c-conn.log'],
  ])
  expect(plan.dated_span).toEqual({ from_ms: 1_760_000_000_000, to_ms: 1_770_000_000_000 })
})

test('every format that is said to hold flows alone is one that there is', () => {
  const known = new Set(sourceFormats.map(({ id }) => id))
  expect([...flowFormats].filter((id) => !known.has(id))).toEqual([])
})

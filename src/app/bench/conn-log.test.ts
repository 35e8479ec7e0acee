import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { writeConnLog } from './conn-log.ts'
import { parseAll } from './reading.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-conn-log-'))
afterAll(() => rmSync(folder, { recursive: true }))

const at = (name: string): string => join(folder, name)
const small = { rows: 300, days: 2 }

test('the same arguments give the same file, other seeds another', () => {
  const texts = [1, 1, 2].map((seed, i) => {
    writeConnLog(at(`${i}.log`), { ...small, seed })
    return readFileSync(at(`${i}.log`), 'utf8')
  })
  expect(texts[0]).toBe(texts[1])
  expect(texts[0]).not.toBe(texts[2])
})

test('what it says it wrote is what stands there', () => {
  const { rows, lines, bytes, bytes_out } = writeConnLog(at('told.log'), small)
  const text = readFileSync(at('told.log'), 'utf8')
  const fields = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'))
  expect(rows).toBe(fields.length)
  expect(lines).toBe(text.split('\n').length - 1)
  expect(bytes).toBe(Buffer.byteLength(text))
  const left = fields.map(([, , orig, , , , , , , sent, received]) => (orig.startsWith('10.') ? sent : received))
  expect(bytes_out).toBe(left.reduce((sum, each) => sum + BigInt(each), 0n))
})

test('as JSON it holds the same connections', async () => {
  writeConnLog(at('tsv.log'), small)
  const { bytes_out } = writeConnLog(at('json.log'), { ...small, form: 'json' })
  expect(bytes_out).toBe(writeConnLog(at('again.log'), small).bytes_out)
  const [first] = readFileSync(at('json.log'), 'utf8').split('\n')
  const fields = readFileSync(at('tsv.log'), 'utf8')
    .split('\n')
    .find((line) => line !== '' && !line.startsWith('#'))
    ?.split('\t')
  const conn = JSON.parse(first)
  expect([conn.uid, conn['id.orig_h'], String(conn.orig_bytes)]).toEqual([fields?.[1], fields?.[2], fields?.[9]])
  for (const name of ['tsv.log', 'json.log']) expect((await parseAll(at(name))).records).toBe(small.rows)
})

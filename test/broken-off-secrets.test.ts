/** Files that break off in the midst of a key or a password: the piece is counted and nothing of it is shown. */
import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { analysisBy, Folder } from './support/weir.ts'

const folder = new Folder()
afterAll(() => folder.remove())

const key = (): string => randomBytes(32).toString('base64')

/** What is left of the compressed text when it breaks off at the end of `text`: its last line is a piece. */
function brokenOff(text: string): Buffer {
  const noise = randomBytes(100_000).toString('base64')
  const zipped = gzipSync(text + noise, { level: 0 })
  return zipped.subarray(0, 10 + 5 + text.length)
}

test('no key, password or typed name', async () => {
  const [own, secret] = [key(), key()]
  const peer = `wg0\t${key()}\t(none)\t203.0.113.9:51515\t10.8.0.6/32\t1767225500\t1\t2\toff\n`
  folder.file('logs/wg.gz', brokenOff(`1767225600\n${peer.repeat(400)}wg0\t${secret}\t${own}`))
  const record = 'Thu Jan  1 00:00:00 2026\n\tAcct-Status-Type = Start\n\tUser-Name = "a"\n\tAcct-Session-Id = "1"\n\n'
  folder.file('logs/detail.gz', brokenOff(`${record.repeat(200)}\tMS-CHAP-Response = 0xhunter2`))
  const line = 'Jan  1 2026 00:00:00 login1 CRON[1]: x\n'
  folder.file('logs/auth.gz', brokenOff(`${line.repeat(400)}Jan  1 2026 00:00:00 login1 sshd[1]: Invalid user hunter2`))
  const { json, stdout, stderr } = await analysisBy([folder.at('logs'), '--state', folder.state()])
  const truncated = json.sources.map(({ format, rejected }) => [format, rejected.truncated])
  expect(Object.fromEntries(truncated)).toEqual({ syslog: 1, radius_detail: 1, wireguard_dump: 1 })
  const samples = json.sources.flatMap(({ examples }) => examples).filter(({ reason }) => reason === 'truncated')
  expect(samples.map(({ sample }) => sample)).toEqual(Array(3).fill('(not shown)'))
  for (const text of [stdout, stderr]) {
    expect(text).not.toContain('hunter2')
    expect(text).not.toContain(secret.slice(0, 8))
  }
})

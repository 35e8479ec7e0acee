/** The compiled reader and the plain one, as a user meets them: the same books, and a word where the slower one was at work. */
import { afterAll, expect, test } from 'vitest'
import { connHeader, connLine, newYear_s } from './support/conn-lines.ts'
import { analysisBy, Folder } from './support/weir.ts'

const lines = Array.from({ length: 400 }, (_, i) =>
  connLine({
    uid: `C${i}`,
    ts: newYear_s + 60 * i,
    orig_bytes: 1000 + i,
    'id.resp_h': i % 7 === 0 ? '2001:db8::7' : '198.51.100.7',
  }),
)

const folder = new Folder()
afterAll(() => folder.remove())

test('without kernels the books are the same, and analyze says that it was slower', async () => {
  const log = folder.file('conn.log', connHeader + lines.join(''))
  const analysisWith = async (env: Record<string, string>) => {
    const { stderr, json } = await analysisBy([log, '--state', folder.state()], { env })
    return { stderr, ledger: json.ledger, sources: json.sources, not_egress: json.not_egress }
  }
  const fast = await analysisWith({})
  const plain = await analysisWith({ WEIR_KERNELS: 'off' })
  expect(plain).toEqual({ ...fast, stderr: plain.stderr })
  expect(fast.stderr).not.toMatch('slowly')
  expect(plain.stderr).toMatch(
    "Zeek's conn.log was read more slowly than it can be, with the same result: WEIR_KERNELS=off",
  )
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ObservationBatch } from '../../model/columns.ts'
import { bytesOf } from '../../testing/parse-lines.ts'
import { readConnJsonBy } from '../../testing/read-conn-by.ts'
import { columns, drawn, names, usualLines } from '../../testing/strange-conn-values.ts'
import { ConnKernel, compiledKernel, kernelFile } from './conn-kernel.ts'

const kernel = new ConnKernel(compiledKernel(kernelFile) as WebAssembly.Module)

function expectSame(bytes: Uint8Array, options?: { blockBytes?: number; path?: string }): void {
  expect(readConnJsonBy(kernel, bytes, options)).toEqual(readConnJsonBy(undefined, bytes, options))
}

const texts = new Set(['uid', 'id.orig_h', 'id.resp_h', 'proto', 'service', 'conn_state'])
const encoded = (name: string, value: string): string => (texts.has(name) ? JSON.stringify(value) : value)

/** As Zeek writes it: what is unset is left out. */
function lineOf(values: Record<string, string>, more = '"_path":"conn"'): string {
  const members = Object.entries(values).filter(([, value]) => value !== '-')
  return `{${[more, ...members.map(([name, value]) => `"${name}":${encoded(name, value)}`)].join(',')}}\n`
}
const usual = (i: number): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, usualLines[i][name] ?? columns[name][0]]))

/** What may stand in the place of any value: right, wrong, or of another kind than is wanted. */
const strangeValues = [
  ...['null', 'true', 'false', 'nul', 'truely', '0', '-0', '1e3', '1.0', '1.', '01', '-1', '1588205198899', '.5', '+1'],
  ...['""', '"-"', '"a', 'a"', '"\\u0063onn"', '"\\n"', '"\\x"', '"\t"', '"é"', '"\u007f"', '"1588205198.5"', '"conn"'],
  ...['[]', '[1,"a",{"ts":1}]', '{}', '{"orig_h":"10.1.0.9"}', '[', '{', '', ' ', '"2018-03-24T17:15:20.615923Z"'],
  ...[
    '123456789012345678901234567890',
    '1588205198.8997105',
    '99999999999.5',
    '0.000000499',
    '"a long text, and a longer one"',
  ],
]
const strangeNames = [
  ...[
    '_path',
    '@stream',
    '_write_ts',
    'id',
    'id_orig_h',
    'id.orig_h',
    'id_resp_p',
    'ip_proto',
    'local_orig',
    'history',
  ],
  ...['ts', 'Ts', 't\\u0073', 'resp_ip_bytes', 'resp_ip_bytes_', 'a_name_of_more_than_sixteen_bytes', '', 'é'],
]
const strangeMember = fc
  .tuple(fc.constantFrom(...strangeNames), fc.constantFrom(...strangeValues, '"conn"', '"dns"', '"conn_long"'))
  .map(([name, value]) => `"${name}":${value}`)

const members = fc
  .constantFrom(...usualLines)
  .chain((of) =>
    fc
      .tuple(...names.map((name) => drawn(name, of).map((value) => ({ name, value }))))
      .map((all) =>
        all.filter(({ value }) => value !== '-').map(({ name, value }) => `"${name}":${encoded(name, value)}`),
      ),
  )
/** Usually as Zeek writes them; else with something strange among the members, in another order, or with spaces. */
const anyLine = fc
  .tuple(
    members,
    fc.oneof({ weight: 6, arbitrary: fc.constant([]) }, fc.array(strangeMember, { maxLength: 3 })),
    fc.constantFrom('"_path":"conn"', '"_path":"conn"', '', '"_path":"dns"', '"@stream":"conn"', '"_path":"conn_long"'),
    fc.nat(30),
    fc.oneof(
      { weight: 30, arbitrary: fc.constant('}\n') },
      fc.constantFrom('}\r\n', '}\n\n', '} \n', '}x\n', '\n', '}}\n'),
    ),
    fc.nat(12),
  )
  .map(([all, strange, path, at, end, odd]) => {
    const list = [path, ...all.slice(0, at), ...strange, ...all.slice(at)].filter((member) => member !== '')
    if (odd === 0) list.reverse()
    return `${odd === 1 ? ' {' : odd === 2 ? '#{' : '{'}${list.join(odd === 3 ? ', ' : odd === 4 ? ',,' : ',')}${end}`
  })

const log = fc
  .tuple(fc.array(anyLine, { maxLength: 80 }), fc.nat(5))
  .map(([lines, cut]) => (cut === 0 ? lines.join('').slice(0, -1) : lines.join('')))

describe('rows, counts, rejections and format are those of the plain reader', () => {
  test('whatever a log holds, whatever its name, and however it is cut into blocks', () => {
    const path = fc.constantFrom('conn.log', 'conn.log', 'zeek.json', 'dns.log', 'conn_long.log')
    fc.assert(
      fc.property(log, fc.constantFrom(1, 100, 1000, 1 << 20), path, (text, blockBytes, name) =>
        expectSame(bytesOf(text), { blockBytes, path: name }),
      ),
      { numRuns: 400 },
    )
  })

  test('where any byte was changed', () => {
    const bytes = bytesOf([0, 1, 2, 0, 1, 2].map((i) => lineOf(usual(i))).join(''))
    const byte = fc.oneof(fc.nat(255), fc.constantFrom(...[...bytesOf('{}[]",:\\\n\r -.0eE')]))
    const change = fc.tuple(fc.nat(bytes.length - 1), byte)
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const changed = bytes.slice()
        for (const [at, to] of changes) changed[at] = to
        expectSame(changed)
      }),
      { numRuns: 1000 },
    )
  })

  test('of records that tell their stream, by whatever member, and of those that do not', () => {
    const { conn_state, ...shapeless } = usual(0)
    for (const path of ['conn.log', 'zeek.json', 'dns.log'])
      for (const told of ['', '"_path":"dns"', '"@stream":"dns"', '"@stream":"conn"', '"_path":"dns","@stream":"conn"'])
        for (const values of [usual(0), shapeless])
          expectSame(bytesOf(lineOf(values, told).replace('{,', '{')), { path })
  })

  test('a log that ends anywhere', () => {
    const bytes = bytesOf(lineOf(usual(0)) + lineOf(usual(1)))
    for (let end = 0; end <= bytes.length; end++) expectSame(bytes.slice(0, end))
  })

  test('each strange value by itself, for each member of each usual line', () => {
    for (let i = 0; i < usualLines.length; i++)
      for (const name of names) {
        for (const value of columns[name]) expectSame(bytesOf(lineOf({ ...usual(i), [name]: value })))
        for (const value of strangeValues) {
          const line = lineOf(usual(i), `"_path":"conn","${name}":${value}`)
          expectSame(bytesOf(line))
          expectSame(bytesOf(`${line.slice(0, -2)},"${name}":${value}}\n`))
        }
      }
  })

  test('with more rows than it makes at once, more services than it numbers, and a block longer than its room', () => {
    const line = (i: number): string => lineOf({ ...usual(0), service: `s${i % 1500}`, uid: `C${i}` })
    const text = Array.from({ length: 9000 }, (_, i) => line(i)).join('')
    expectSame(bytesOf(text))
    expectSame(bytesOf(text), { blockBytes: 1 << 22 })
    expectSame(bytesOf(line(0).repeat(4096) + line(1)))
  })

  test('where what is read of a line that has no room looks whole', () => {
    const padded = (length: number): string => {
      const bare = lineOf(usual(0), `"_path":"conn","note":""`).trimEnd()
      return bare.replace('"note":"', `"note":"${'x'.repeat(length - bare.length)}`)
    }
    for (const length of [-1, 0, 1].map((more) => (1 << 20) + 1 + more)) {
      const text = `${padded(length)} trailing\n${lineOf(usual(1))}`
      expect(text.indexOf(' trailing')).toBe(length)
      expectSame(bytesOf(text), { blockBytes: 1 << 22 })
    }
  })
})

test.each([
  ['conn.log', ''],
  ['zeek.json', '"_path":"conn"'],
])('it reads by itself what Zeek writes by itself: %s', (path, told) => {
  const text = [0, 1, 2]
    .map((i) => lineOf({ ...usual(i), _write_ts: '1588205300.5' }, told).replace('{,', '{'))
    .join('')
  const bytes = bytesOf(text)
  const batch = new ObservationBatch()
  kernel.begin(bytes, 0, bytes.length, 0)
  expect(kernel.readJson(0, batch, path === 'conn.log')).toBe(bytes.length)
  expect(batch.flow.length).toBe(3)
  expectSame(bytes, { path })
})

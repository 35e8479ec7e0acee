import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { ObservationBatch } from '../../model/columns.ts'
import { bytesOf } from '../../testing/parse-lines.ts'
import { readConnBy } from '../../testing/read-conn-by.ts'
import { columns, drawn, names, usualLines } from '../../testing/strange-conn-values.ts'
import { ConnKernel, compiledKernel, kernelFile } from './conn-kernel.ts'
import { ZeekHeader } from './zeek-header.ts'

const directory = mkdtempSync(join(tmpdir(), 'weir-kernel-'))
afterAll(() => rmSync(directory, { recursive: true }))

const kernel = new ConnKernel(compiledKernel(kernelFile) as WebAssembly.Module)

const header = (names: readonly string[], unset = '-'): string =>
  `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t${unset}\n#path\tconn\n#fields\t${names.join('\t')}\n`

function expectSame(bytes: Uint8Array, blockBytes?: number): void {
  expect(readConnBy(kernel, bytes, blockBytes)).toEqual(readConnBy(undefined, bytes, blockBytes))
}

const lineOf = (bound: readonly string[]) =>
  fc
    .tuple(
      fc.constantFrom(...usualLines).chain((usual) => fc.tuple(...bound.map((name) => drawn(name, usual)))),
      fc.oneof(
        { weight: 30, arbitrary: fc.constant('\n') },
        fc.constantFrom('\r\n', '\n\n', '\textra\n', '\n#close\tnow\n', '\n \n'),
      ),
    )
    .map(([values, end]) => values.join('\t') + end)

const headers = fc.oneof(
  { weight: 3, arbitrary: fc.constant(names) },
  fc.shuffledSubarray(names, { minLength: 6 }),
  fc.shuffledSubarray([...names, 'service', 'orig_bytes', 'tunnel_parents', 'ip_proto', 'vlan']),
)

const log = fc
  .array(
    headers.chain((bound) =>
      fc
        .tuple(fc.constantFrom('-', '-', '-', '(none)', '0'), fc.array(lineOf(bound), { maxLength: 60 }))
        .map(([unset, lines]) => header(bound, unset) + lines.join('')),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .chain((parts) => fc.nat(5).map((cut) => (cut === 0 ? parts.join('').slice(0, -1) : parts.join(''))))

describe('rows, counts and rejections are those of the plain reader', () => {
  test('whatever a log holds, and however it is cut into blocks', () => {
    fc.assert(
      fc.property(log, fc.constantFrom(1, 100, 1000, 1 << 20), (text, blockBytes) =>
        expectSame(bytesOf(text), blockBytes),
      ),
      { numRuns: 300 },
    )
  })

  test('where any byte was changed', () => {
    const usual = bytesOf(header(names) + `${names.map((name) => columns[name][0]).join('\t')}\n`.repeat(12))
    const change = fc.tuple(
      fc.nat(usual.length - 1),
      fc.oneof(fc.nat(255), fc.constantFrom(0x09, 0x0a, 0x0d, 0x23, 0x2d, 0x3a)),
    )
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const bytes = usual.slice()
        for (const [at, byte] of changes) bytes[at] = byte
        expectSame(bytes)
      }),
      { numRuns: 600 },
    )
  })

  test('each strange value by itself, in each column of each usual line', () => {
    for (const usual of usualLines)
      for (const name of names)
        for (const value of columns[name]) {
          const values = names.map((each) => (each === name ? value : (usual[each] ?? columns[each][0])))
          expectSame(bytesOf(`${header(names)}${values.join('\t')}\n`))
        }
  })

  test('with more rows than it makes at once, and more services than it numbers', () => {
    const line = (i: number): string =>
      `${names.map((name) => (name === 'service' ? `s${i % 1500}` : name === 'uid' ? `C${i}` : columns[name][0])).join('\t')}\n`
    expectSame(bytesOf(header(names) + Array.from({ length: 9000 }, (_, i) => line(i)).join('')))
    const exactly = `${header(names)}${line(0).repeat(4096)}#close\tnow\n${line(1)}`
    expectSame(bytesOf(exactly))
  })
})

test('it reads by itself what Zeek writes by itself', () => {
  const text = [
    [
      '1588205198.899710',
      'CcH8zVkCER7UopU1j',
      '10.1.0.7',
      '51514',
      '198.51.100.9',
      '443',
      'tcp',
      'ssl',
      '12.345678',
      '1000',
      '20',
      'SF',
    ],
    ['1588205199.000001', 'CxB', '2001:db8::9', '51514', '2001:db8:0:1::a', '53', 'udp', '-', '-', '-', '-', 'S0'],
    ['1588205199.000002', 'CxC', 'fe80::1', '8', 'ff02::1', '0', 'icmp', '-', '0.000000', '0', '-', 'OTH'],
  ]
    .map((line) => `${line.join('\t')}\n`)
    .join('')
  const zeekHeader = new ZeekHeader()
  const fields = bytesOf(`#fields\t${names.slice(0, 12).join('\t')}`)
  zeekHeader.read(fields, 0, fields.length)
  expect(kernel.configureTsv(zeekHeader)).toBe(true)
  const batch = new ObservationBatch()
  const bytes = bytesOf(text)
  kernel.begin(bytes, 0, bytes.length, 0)
  expect(kernel.readTsv(0, batch)).toBe(bytes.length)
  expect(batch).toMatchObject({ records_read: 3, flow: { length: 3 } })
})

describe('a file that is not the one that was built', () => {
  test('is refused with the reason, and the plain reader reads on', () => {
    const path = join(directory, 'kernel.wasm')
    expect(compiledKernel(path)).toMatch('no such file')
    copyFileSync(kernelFile, path)
    expect(compiledKernel(path)).not.toBeTypeOf('string')
    const bytes = readFileSync(path)
    bytes[bytes.length >> 1] ^= 1
    writeFileSync(path, bytes)
    expect(compiledKernel(path)).toBe('its file is not the one that was built')
    expect(
      readConnBy(undefined, bytesOf(`${header(names)}${names.map((name) => columns[name][0]).join('\t')}\n`)).flows,
    ).toHaveLength(1)
  })
})

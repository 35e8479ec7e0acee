import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesOf } from '../../testing/parse-lines.ts'
import { valueKinds } from './field-spans.ts'
import { JsonScanner } from './json-scan.ts'

fc.configureGlobal({ seed: 20_260_101 })

const fields = [['a'], ['id.orig_h', 'id_orig_h'], ['count'], ['x.y.z'], ['']]
const [a, origHost, count, deep, empty] = fields.keys()
const scanner = new JsonScanner(fields)
const encoded = (text: string | Uint8Array) => (typeof text === 'string' ? bytesOf(text) : text)
const accepts = (text: string | Uint8Array) => scanner.scan(encoded(text), 0, encoded(text).length)

/** The field's text, undefined if absent; the line is embedded in others, so that reading beyond it would show. */
function value(text: string, field: number): string | undefined {
  const before = bytesOf('{"a":"before"}\n')
  const line = bytesOf(text)
  const all = bytesOf(`{"a":"before"}\n${text}\n{"a":"after"}\n`)
  expect(scanner.scan(all, before.length, before.length + line.length)).toBe(true)
  return scanner.spans.has(field) ? scanner.spans.text(field) : undefined
}

describe('members', () => {
  test('are found by name, wherever they stand', () => {
    expect(value('{"b":[1,{"a":2}],"a":"x"}', a)).toBe('x')
    expect(value(' { "a" : 12.5e3 , "b" : null } ', a)).toBe('12.5e3')
    expect(value('{"aa":1,"A":2,"b":{"a":3}}', a)).toBeUndefined()
    expect(value('{"":"nameless"}', empty)).toBe('nameless')
    expect(value('{}', a)).toBeUndefined()
  })

  test('flat, with underscores and nested are one field', () => {
    for (const line of [
      '{"id.orig_h":"10.0.0.1"}',
      '{"id_orig_h":"10.0.0.1"}',
      '{"id":{"orig_p":1,"orig_h":"10.0.0.1"},"a":1}',
      '{"i\\u0064":{"orig\\u005fh":"10.0.0.1"}}',
    ]) {
      expect(value(line, origHost), line).toBe('10.0.0.1')
    }
    expect(value('{"x":{"y":{"z":"d"}}}', deep)).toBe('d')
    expect(value('{"x.y":{"z":"d"}}', deep)).toBe('d')
    expect(value('{"x":{"q":{"z":"d"}},"y":{"z":"e"}}', deep)).toBeUndefined()
    expect(value(`{"${'k'.repeat(300)}":{"a":1},"a":2}`, a)).toBe('2')
  })

  test('of null are absent, and of two of the same name the last holds', () => {
    expect(value('{"a":null}', a)).toBeUndefined()
    expect(value('{"a":1,"a":2}', a)).toBe('2')
    expect(value('{"a":1,"a":null}', a)).toBeUndefined()
    expect(value('{"id.orig_h":"x","id":{"orig_h":"y"}}', origHost)).toBe('y')
  })

  test('keep their kind', () => {
    const kinds: [string, number][] = [
      ['"t"', valueKinds.text],
      ['"\\n"', valueKinds.text],
      ['-1', valueKinds.number],
      ['true', valueKinds.yes],
      ['false', valueKinds.no],
      ['{"b":1}', valueKinds.object],
      ['[]', valueKinds.array],
    ]
    for (const [text, kind] of kinds) {
      expect(accepts(`{"a":${text}}`)).toBe(true)
      expect(scanner.spans.kind[a], text).toBe(kind)
    }
  })

  test('are unescaped, in keys and in values', () => {
    expect(value('{"\\u0061":"q\\"\\\\\\/\\b\\f\\n\\r\\t"}', a)).toBe('q"\\/\b\f\n\r\t')
    expect(value('{"a":"\\u00e9\\u20ac\\ud83d\\ude00"}', a)).toBe('é€😀')
    expect(value('{"a":"\\ud83d-\\ude00"}', a)).toBe('\ufffd-\ufffd')
    expect(value('{"a":"\\u0000"}', a)).toBe('\ufffd')
    expect(value('{"b":"\\"a\\":1","count":7}', count)).toBe('7')
    expect(value('{"a":"x\\ny","count":18446744073709551615}', count)).toBe('18446744073709551615')
  })
})

describe('text that is not one object', () => {
  test.each([
    '',
    ' ',
    '{',
    '}',
    '[]',
    '1',
    '"a"',
    'null',
    '{"a"}',
    '{"a":}',
    '{"a":1',
    '{"a":1,}',
    '{,}',
    '{"a":1}}',
    '{"a":1} x',
    '{"a":1}{"a":2}',
    '{a:1}',
    "{'a':1}",
    '{"a":b}',
    '{"a":tru}',
    '{"a":nul',
    '{"a":01}',
    '{"a":1.}',
    '{"a":.5}',
    '{"a":+1}',
    '{"a":-}',
    '{"a":1e}',
    '{"a":0x1}',
    '{"a":NaN}',
    '{"a":"\\x41"}',
    '{"a":"\\u12g4"}',
    '{"a":"\\u123"}',
    '{"a":"\\',
    '{"a":"\\"}',
    '{"a":"',
    '{"a":"x\ty"}',
    '{"a":"x\0"}',
    '{"a":[1,]}',
    '{"a":[1 2]}',
    '{"a":[1}',
    '{"a":[',
    '{"a" 1}',
    '{"a":1 "b":2}',
    '{"a"::1}',
    '\0{"a":1}',
    '{"a":1}\0',
    '{"a":{"b":1}',
    '{"a":[{"b":1,}]}',
    '{"\n":1}',
  ])('%j is refused', (text) => {
    expect(accepts(text)).toBe(false)
  })

  test('nesting ends at 16 levels', () => {
    const objects = (n: number) => `${'{"x":'.repeat(n)}1${'}'.repeat(n)}`
    const arrays = (n: number) => `{"x":${'['.repeat(n)}${']'.repeat(n)}}`
    const mixed = (n: number) => `{"x":${'[{"y":'.repeat(n)}1${'}]'.repeat(n)}}`
    expect([objects(16), arrays(15), mixed(7)].map(accepts)).toEqual([true, true, true])
    expect([objects(17), arrays(16), mixed(8)].map(accepts)).toEqual([false, false, false])
    expect([objects(200_000), arrays(200_000)].map(accepts)).toEqual([false, false])
  })

  test('bytes that are not UTF-8 pass inside strings', () => {
    expect(accepts(Uint8Array.of(...bytesOf('{"a":"'), 0xff, 0xc3, ...bytesOf('"}')))).toBe(true)
  })

  test('long hostile lines cost no more than their length', () => {
    const begun = performance.now()
    for (const part of ['\\"', '\\u0041', '[', '{"a":', '"a":1,', '1', 'a', '\\\\']) {
      const line = part.repeat(Math.ceil(1e6 / part.length))
      for (const frame of [line, `{"a":"${line}`, `{"a":"${line}"}`, `{${line}`, `{"${line}":1}`, `{"a":${line}`])
        accepts(frame)
    }
    expect(performance.now() - begun).toBeLessThan(5000)
  })
})

test('it accepts exactly the objects that JSON.parse accepts, and reads the same values', () => {
  const lines = fc.json({ maxDepth: 4, noUnicodeString: false }).map((json) => `{"b":${json},"a":"q\\u00fc","count":3}`)
  fc.assert(
    fc.property(lines, fc.nat(), fc.nat(255), (line, at, byte) => {
      expect(value(line, a)).toBe('qü')
      const bytes = bytesOf(line)
      bytes[at % bytes.length] = byte
      // One changed byte may break UTF-8, which JSON.parse never sees, and may make a line break.
      const text = new TextDecoder().decode(bytes)
      if (text.includes('\ufffd')) return
      let parsed: unknown
      try {
        parsed = JSON.parse(text)
      } catch {
        parsed = undefined
      }
      expect(accepts(bytes), text).toBe(typeof parsed === 'object' && parsed !== null)
    }),
    { numRuns: 2000 },
  )
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesOf } from '../testing/parse-lines.ts'
import { NameTable } from './name-table.ts'

fc.configureGlobal({ seed: 20_260_101 })

describe('names', () => {
  test('the empty text is code 0, and equal texts have equal codes', () => {
    const names = new NameTable()
    expect(names.codeOf('')).toBe(0)
    expect(names.codeOf('ssl')).toBe(1)
    expect(names.codeOf('ssh')).toBe(2)
    expect(names.codeOf('ssl')).toBe(1)
    expect(names.texts).toEqual(['', 'ssl', 'ssh'])
    const bytes = bytesOf('xsshx')
    expect(names.codeOfBytes(bytes, 1, 4)).toBe(2)
    expect(names.codeOfBytes(bytes, 2, 2)).toBe(0)
    expect(names.size).toBe(3)
  })

  test('a code is the place of its text, for any texts and however many', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '\0', '漢', '\ud800', '😀'), maxLength: 4 }), {
          maxLength: 40,
        }),
        (texts) => {
          const names = new NameTable()
          const codes = texts.map((text) => names.codeOf(text))
          const shown = texts.map((text) => new TextDecoder().decode(bytesOf(text)).replaceAll('\0', '\ufffd'))
          expect(codes.map((code) => names.texts[code])).toEqual(shown)
          expect(new Set(codes).size).toBe(new Set(texts.map((text) => bytesOf(text).join())).size)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('what other programs would not show does not make one name another', () => {
    const names = new NameTable()
    const codes = ['alice', '\ufeffalice', 'alice\0', 'al\ufeffice'].map((text) => names.codeOf(text))
    expect(codes.map((code) => names.texts[code])).toEqual(['alice', '\ufffdalice', 'alice\ufffd', 'al\ufeffice'])
  })

  test('thousands of names are all found again', () => {
    const names = new NameTable()
    const codes = Array.from({ length: 5000 }, (_, i) => names.codeOf(`account-${i}`))
    expect(codes).toEqual(Array.from({ length: 5000 }, (_, i) => i + 1))
    for (const i of [0, 511, 512, 4999]) expect(names.codeOf(`account-${i}`)).toBe(i + 1)
  })

  test('the bytes are copied: a buffer used again does not change a name', () => {
    const names = new NameTable()
    const buffer = bytesOf('alice')
    const code = names.codeOfBytes(buffer, 0, 5)
    buffer.fill(0x62)
    expect(names.codeOf('alice')).toBe(code)
    expect(names.texts[code]).toBe('alice')
  })

  test('bytes that are no text, and NUL, which no database takes, are replaced', () => {
    const names = new NameTable()
    expect(names.texts[names.codeOfBytes(Uint8Array.of(0x61, 0xff, 0x62), 0, 3)]).toBe('a\ufffdb')
    expect(names.texts[names.codeOf('a\0b')]).toBe('a\ufffdb')
  })

  test('a name longer than any honest one is cut', () => {
    const names = new NameTable()
    const code = names.codeOf('x'.repeat(10_000))
    expect(names.texts[code]).toBe('x'.repeat(512))
    expect(names.codeOf('x'.repeat(512))).toBe(code)
  })
})

describe('between blocks', () => {
  test('few names are kept, with their codes', () => {
    const names = new NameTable()
    const code = names.codeOf('ssl')
    names.trim()
    expect([names.codeOf('ssl'), names.generation]).toEqual([code, 0])
  })

  test('too many names are forgotten, and whoever cached codes can tell', () => {
    const names = new NameTable()
    for (let i = 0; i < 65_535; i++) names.codeOf(`n${i}`)
    names.trim()
    expect([names.size, names.generation]).toEqual([65_536, 0])
    names.codeOf('one more')
    names.trim()
    expect([names.size, names.generation, names.texts]).toEqual([1, 1, ['']])
    expect(names.codeOf('ssl')).toBe(1)
    expect(names.codeOf('n5')).toBe(2)
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesOf } from '../../testing/parse-lines.ts'
import { type LineBlockOptions, lineBlocks } from './line-blocks.ts'

fc.configureGlobal({ seed: 20_260_101 })

async function* chunked(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length]
    yield bytes.slice(at, at + size)
    at += size
  }
}

interface Piece {
  text: string
  offset: number
  reason: string | undefined
}

async function piecesOf(text: string | Uint8Array, options: LineBlockOptions = {}, sizes = [1000]): Promise<Piece[]> {
  const bytes = typeof text === 'string' ? bytesOf(text) : text
  const pieces: Piece[] = []
  for await (const { bytes: block, start, end, offset, reason } of lineBlocks(chunked(bytes, sizes), options)) {
    pieces.push({ text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(block.slice(start, end)), offset, reason })
  }
  return pieces
}

test('blocks hold whole lines and know their place', async () => {
  const pieces = await piecesOf('one\ntwo\nthree\nfour', { block_bytes: 6 }, [3])
  expect(pieces).toEqual([
    { text: 'one\n', offset: 0, reason: undefined },
    { text: 'two\n', offset: 4, reason: undefined },
    { text: 'three\n', offset: 8, reason: undefined },
    { text: 'four', offset: 14, reason: undefined },
  ])
})

test('nothing gives nothing, one newline gives one empty line', async () => {
  expect(await piecesOf('')).toEqual([])
  expect(await piecesOf('\n')).toEqual([{ text: '\n', offset: 0, reason: undefined }])
})

test('a byte order mark at the beginning is passed over, elsewhere it is text', async () => {
  expect(await piecesOf('\ufeff#a\n\ufeffb\n')).toEqual([{ text: '#a\n\ufeffb\n', offset: 3, reason: undefined }])
})

describe('a line longer than the limit', () => {
  test('is one notice with its beginning, and reading goes on after it', async () => {
    const long = 'x'.repeat(10_000_000)
    const pieces = await piecesOf(`before\n${long}\nafter\n`, {}, [65_536])
    expect(pieces).toEqual([
      { text: 'before\n', offset: 0, reason: undefined },
      { text: 'x'.repeat(256), offset: 7, reason: 'line_too_long' },
      { text: 'after\n', offset: 10_000_008, reason: undefined },
    ])
  })

  test('begins one byte past it', async () => {
    const options = { line_bytes: 8 }
    expect(await piecesOf('12345678\nx\n', options)).toEqual([
      { text: '12345678\n', offset: 0, reason: undefined },
      { text: 'x\n', offset: 9, reason: undefined },
    ])
    expect(await piecesOf('123456789\nx', options)).toEqual([
      { text: '123456789', offset: 0, reason: 'line_too_long' },
      { text: 'x', offset: 10, reason: undefined },
    ])
    expect(await piecesOf('12345678', options)).toEqual([{ text: '12345678', offset: 0, reason: undefined }])
    expect(await piecesOf('x\n123456789', options)).toEqual([
      { text: 'x\n', offset: 0, reason: undefined },
      { text: '123456789', offset: 2, reason: 'line_too_long' },
    ])
  })
})

describe('a last line without newline', () => {
  test('is a line if the input is complete, and a piece of one if it broke off', async () => {
    expect(await piecesOf('a\nb', { broke_off: () => false })).toEqual([{ text: 'a\nb', offset: 0, reason: undefined }])
    expect(await piecesOf('a\nb', { broke_off: () => true })).toEqual([
      { text: 'a\n', offset: 0, reason: undefined },
      { text: 'b', offset: 2, reason: 'truncated' },
    ])
    expect(await piecesOf('b', { broke_off: () => true })).toEqual([{ text: 'b', offset: 0, reason: 'truncated' }])
    expect(await piecesOf('a\n', { broke_off: () => true })).toEqual([{ text: 'a\n', offset: 0, reason: undefined }])
  })
})

test('lines, offsets and notices do not depend on how the input was chunked', async () => {
  const line = fc.string({ maxLength: 30, unit: fc.constantFrom('a', 'é', '\0', '\r') })
  const lines = fc.array(line, { maxLength: 40 })
  const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(lines, sizes, fc.integer({ min: 1, max: 64 }), async (texts, chunkSizes, block_bytes) => {
      const text = texts.join('\n')
      const line_bytes = 20
      const seen = new Map<number, string>()
      for (const piece of await piecesOf(text, { block_bytes, line_bytes }, chunkSizes)) {
        let offset = piece.offset
        if (piece.reason) seen.set(offset, piece.reason)
        else {
          for (const each of piece.text.split(/(?<=\n)/)) {
            if (each !== '') seen.set(offset, each)
            offset += bytesOf(each).length
          }
        }
      }
      const expected = new Map<number, string>()
      let offset = 0
      for (const each of text.split(/(?<=\n)/)) {
        const length = bytesOf(each.replace(/\n$/, '')).length
        if (each !== '') expected.set(offset, length > line_bytes ? 'line_too_long' : each)
        offset += bytesOf(each).length
      }
      expect(seen).toEqual(expected)
    }),
  )
})

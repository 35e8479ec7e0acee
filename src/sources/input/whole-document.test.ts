import { expect, test } from 'vitest'
import { bytesOf } from '../../testing/parse-lines.ts'
import { wholeDocument } from './whole-document.ts'

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  const reused = new Uint8Array(64)
  for (const text of texts) {
    const bytes = bytesOf(text)
    reused.set(bytes)
    yield reused.subarray(0, bytes.length)
  }
}

async function read(chunks: AsyncIterable<Uint8Array>, brokeOff = false, largest?: number): Promise<unknown[]> {
  const blocks: unknown[] = []
  for await (const { reason, bytes, start, end, offset } of wholeDocument(chunks, () => brokeOff, largest)) {
    blocks.push({ reason, text: Buffer.from(bytes.subarray(start, end)).toString(), offset })
  }
  return blocks
}

test('a document comes whole, however it was cut', async () => {
  expect(await read(pieces('{"a":', '[1,\n', '2]}\n'))).toEqual([
    { reason: undefined, text: '{"a":[1,\n2]}\n', offset: 0 },
  ])
  expect(await read(pieces('\ufeff{}'))).toEqual([{ reason: undefined, text: '{}', offset: 3 }])
  expect(await read(pieces())).toEqual([])
})

test('one that broke off or is too large is one bad record with its beginning', async () => {
  expect(await read(pieces('{"a":', '[1'), true)).toEqual([{ reason: 'truncated', text: '{"a":[1', offset: 0 }])
  expect(await read(pieces('{"a":', '[1,2]}'), false, 8)).toEqual([
    { reason: 'line_too_long', text: '{"a":', offset: 0 },
  ])
})

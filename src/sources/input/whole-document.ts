/** An input that is one value (a JSON document) as a single block; memory is bounded by `largestDocument`. */
import { largestDocument } from '../../model/source.ts'
import type { LineBlock } from './line-blocks.ts'

const sampleBytes = 256

/** One block with the whole input; a notice in its place if it is too large, or broke off. Nothing for an empty input. */
export async function* wholeDocument(
  chunks: AsyncIterable<Uint8Array>,
  brokeOff: () => boolean,
  largest = largestDocument,
): AsyncGenerator<LineBlock, void, undefined> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    // what is too large is read to its end all the same, so that damage is found, but not kept
    if (size <= largest || parts.length === 0) parts.push(chunk.slice())
  }
  if (size === 0) return
  const bytes = size <= largest ? Buffer.concat(parts) : parts[0]
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  const reason = brokeOff() ? 'truncated' : size > largest ? 'line_too_long' : undefined
  const end = reason === undefined ? bytes.length : Math.min(bytes.length, mark + sampleBytes)
  yield { reason, bytes, start: mark, end, offset: mark }
}

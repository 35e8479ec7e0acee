/**
 * Decompressed chunks, however they fall, as blocks of whole lines for the parsers. Memory stays at one block: a line
 * longer than the limit is dropped as one rejected record, and reading goes on after its newline. Where lines end up
 * does not depend on how the input was chunked. Line ends stay in the block (the parsers strip CR LF); a byte order mark
 * at the beginning does not.
 */
import type { RejectReason } from '../../model/observation.ts'

export interface LineBlock {
  /** Set for a single record that cannot be parsed: its beginning is in bytes[start, end). */
  reason: Extract<RejectReason, 'line_too_long' | 'truncated'> | undefined
  /** Valid until the next block is asked for. */
  bytes: Uint8Array
  start: number
  end: number
  /** Place of bytes[start] in the decompressed input. */
  offset: number
}

export interface LineBlockOptions {
  /** Blocks are cut at the first chance from this size on. */
  block_bytes?: number
  /** Longer lines, their line end not counted, are dropped. */
  line_bytes?: number
  /**
   * Asked once the chunks have ended: whether the input broke off, so that a last line without newline is not a record
   * but a piece of one.
   */
  broke_off?: () => boolean
}

const defaultBytes = 1 << 20
const sampleBytes = 256
const newline = 0x0a

export async function* lineBlocks(
  chunks: AsyncIterable<Uint8Array>,
  options: LineBlockOptions = {},
): AsyncGenerator<LineBlock, void, undefined> {
  const longest = options.line_bytes ?? defaultBytes
  const blockBytes = Math.min(options.block_bytes ?? defaultBytes, longest)
  // A line and its newline fit exactly: a full buffer without a newline is a line that is too long.
  const buffer = new Uint8Array(longest + 1)
  let filled = 0
  let newlineAt = -1
  let bufferOffset = 0
  /** The beginning of the line being dropped, and how much of the input it has taken. */
  let dropped: Uint8Array | undefined
  let droppedBytes = 0
  let begun = false

  for await (let chunk of chunks) {
    if (!begun && chunk.length > 0) {
      begun = true
      const mark = chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? 3 : 0
      chunk = chunk.subarray(mark)
      bufferOffset = mark
    }
    for (let taken = 0; taken < chunk.length; ) {
      if (dropped !== undefined) {
        const at = chunk.indexOf(newline, taken)
        droppedBytes += (at < 0 ? chunk.length : at + 1) - taken
        taken = at < 0 ? chunk.length : at + 1
        if (at < 0) continue
        yield notice('line_too_long', dropped, bufferOffset)
        bufferOffset += droppedBytes
        dropped = undefined
        continue
      }
      const part = chunk.subarray(taken, taken + buffer.length - filled)
      buffer.set(part, filled)
      const at = part.lastIndexOf(newline)
      if (at >= 0) newlineAt = filled + at
      filled += part.length
      taken += part.length
      if (newlineAt >= 0 && (filled >= blockBytes || filled === buffer.length)) {
        const end = newlineAt + 1
        yield { reason: undefined, bytes: buffer, start: 0, end, offset: bufferOffset }
        buffer.copyWithin(0, end, filled)
        filled -= end
        bufferOffset += end
        newlineAt = -1
      } else if (filled === buffer.length) {
        dropped = buffer.slice(0, sampleBytes)
        droppedBytes = filled
        filled = 0
      }
    }
  }

  if (dropped !== undefined) yield notice('line_too_long', dropped, bufferOffset)
  if (filled === 0) return
  const wholeEnd = options.broke_off?.() ? newlineAt + 1 : filled
  if (wholeEnd > 0) yield { reason: undefined, bytes: buffer, start: 0, end: wholeEnd, offset: bufferOffset }
  if (wholeEnd < filled) yield notice('truncated', buffer.slice(wholeEnd, filled), bufferOffset + wholeEnd)
}

function notice(reason: LineBlock['reason'], beginning: Uint8Array, offset: number): LineBlock {
  return { reason, bytes: beginning, start: 0, end: Math.min(beginning.length, sampleBytes), offset }
}

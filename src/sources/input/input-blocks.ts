/** What a format's parser is given: blocks of whole lines, or the file as one value. */
import type { SourceFormat } from '../../model/source.ts'
import { type LineBlock, type LineBlockOptions, lineBlocks } from './line-blocks.ts'
import { wholeDocument } from './whole-document.ts'

export function inputBlocks(
  { unit }: Pick<SourceFormat, 'unit'>,
  chunks: AsyncIterable<Uint8Array>,
  options: LineBlockOptions = {},
): AsyncGenerator<LineBlock, void, undefined> {
  return unit === 'document' ? wholeDocument(chunks, options.broke_off ?? (() => false)) : lineBlocks(chunks, options)
}

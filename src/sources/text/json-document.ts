/**
 * Formats whose file is one JSON value: a list of records, an object that holds the list under a known key, several of
 * those, or one record alone. Every record keeps its own place in the file.
 */
import type { ObservationBatch } from '../../model/columns.ts'
import type { RejectReason } from '../../model/observation.ts'
import type { SourceParser } from '../../model/source.ts'
import { rejectGuarded } from './guarded-lines.ts'
import { type JsonObject, jsonObject } from './json-members.ts'
import { backslash, quote, skipSpace, stringEnd, valueEnd } from './json-text.ts'
import { textOf } from './text-lines.ts'

/** Takes one record: appends to the batch or says why not. */
export type TakeRecord = (record: JsonObject, offset: number, batch: ObservationBatch) => RejectReason | undefined

const deepest = 32
/** Lists in lists: an array of API answers, each with its array of records. */
const deepestList = 3
const sampleBytes = 256
const openBrace = 0x7b
const openBracket = 0x5b
const comma = 0x2c
const newline = 0x0a

/** A document that is not well formed is one malformed record. `listKey` names the member that holds the records. */
export class JsonDocumentParser implements SourceParser {
  readonly format: string
  readonly #listKey: string
  readonly #take: TakeRecord

  constructor(format: string, listKey: string, take: TakeRecord) {
    this.format = format
    this.#listKey = listKey
    this.#take = take
  }

  parse(bytes: Uint8Array, start: number, end: number, offset: number, batch: ObservationBatch): void {
    const first = skipSpace(bytes, start, end)
    if (first >= end) return
    const last = valueEnd(bytes, first, end, deepest)
    if (last < 0 || skipSpace(bytes, last, end) < end) {
      batch.records_read++
      rejectGuarded(
        batch,
        'malformed',
        offset + first - start,
        textOf(bytes, first, Math.min(end, first + sampleBytes)),
      )
    } else this.#value(bytes, first, last, offset - start, 0, batch)
  }

  /** A well-formed value; `shift` added to a place in `bytes` gives its place in the file. */
  #value(bytes: Uint8Array, start: number, end: number, shift: number, lists: number, batch: ObservationBatch): void {
    const list =
      bytes[start] === openBrace
        ? memberAt(bytes, start, end, this.#listKey)
        : bytes[start] === openBracket
          ? start
          : -1
    if (list >= 0 && bytes[list] === openBracket && lists < deepestList) {
      eachElement(bytes, list, end, (from, to) => this.#value(bytes, from, to, shift, lists + 1, batch))
      return
    }
    batch.records_read++
    const record = bytes[start] === openBrace ? jsonObject(textOf(bytes, start, end)) : undefined
    const reason = record === undefined ? 'malformed' : this.#take(record, shift + start, batch)
    const sample = textOf(bytes, start, Math.min(end, start + sampleBytes))
    if (reason !== undefined) rejectGuarded(batch, reason, shift + start, sample)
  }
}

/** Each line is a document of its own. */
export class JsonLinesParser implements SourceParser {
  readonly format: string
  readonly #document: JsonDocumentParser

  constructor(format: string, listKey: string, take: TakeRecord) {
    this.format = format
    this.#document = new JsonDocumentParser(format, listKey, take)
  }

  parse(bytes: Uint8Array, start: number, end: number, offset: number, batch: ObservationBatch): void {
    for (let at = start; at < end; ) {
      const found = bytes.indexOf(newline, at)
      const next = found < 0 || found > end ? end : found
      this.#document.parse(bytes, at, next, offset + at - start, batch)
      at = next + 1
    }
  }
}

/** The place of each element of the well-formed array that opens at `open`. */
function eachElement(bytes: Uint8Array, open: number, end: number, take: (from: number, to: number) => void): void {
  let i = skipSpace(bytes, open + 1, end)
  while (bytes[i] !== 0x5d) {
    const to = valueEnd(bytes, i, end, deepest)
    take(i, to)
    i = skipSpace(bytes, to, end)
    if (bytes[i] === comma) i = skipSpace(bytes, i + 1, end)
  }
}

/** Where the value of a member of the well-formed object at `open` begins; −1 if it has none of that name. */
function memberAt(bytes: Uint8Array, open: number, end: number, key: string): number {
  let found = -1
  let i = skipSpace(bytes, open + 1, end)
  while (bytes[i] === quote) {
    const keyEnd = stringEnd(bytes, i, end)
    const value = skipSpace(bytes, skipSpace(bytes, keyEnd, end) + 1, end)
    if (isPlain(bytes, i + 1, keyEnd - 1, key)) found = value
    i = skipSpace(bytes, valueEnd(bytes, value, end, deepest), end)
    if (bytes[i] === comma) i = skipSpace(bytes, i + 1, end)
  }
  return found
}

function isPlain(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false
  return true
}

/**
 * How a file that holds JSON begins: with a first line that is a value and is followed by another (`lines`), or with one
 * value that is long or goes over several lines (`document`). Undefined if it is neither an object nor an array.
 */
export function jsonShape(head: Uint8Array): 'lines' | 'document' | undefined {
  const first = skipSpace(head, 0, head.length)
  if (head[first] !== openBrace && head[first] !== openBracket) return undefined
  const lineEnd = head.indexOf(newline, first)
  if (lineEnd < 0) return 'document'
  const end = valueEnd(head, first, lineEnd, deepest)
  const isWhole = end >= 0 && skipSpace(head, end, lineEnd) === lineEnd
  const next = skipSpace(head, lineEnd, head.length)
  return isWhole && head[next] === openBrace ? 'lines' : 'document'
}

/** Whether the text of `head` names all these members, at whatever depth. For recognising a document by its beginning. */
export function namesMembers(head: Uint8Array, names: readonly string[]): boolean {
  const text = textOf(head, 0, head.length)
  return names.every((name) => namesMember(text, name))
}

function namesMember(text: string, name: string): boolean {
  const quoted = `"${name}"`
  for (let at = text.indexOf(quoted); at >= 0; at = text.indexOf(quoted, at + quoted.length)) {
    let after = at + quoted.length
    while (after < text.length && text.charCodeAt(after) <= 0x20) after++
    if (text[after] === ':' && text.charCodeAt(at - 1) !== backslash) return true
  }
  return false
}

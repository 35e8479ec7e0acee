/**
 * Finds known members of one JSON object on one line, as byte ranges, without building it.
 * It accepts what RFC 8259 accepts and nothing else, with three deliberate differences: text need not be valid UTF-8 (logs
 * quote the network), nesting ends at 16 levels, and only an object counts as a record. Members of nested objects are
 * found by their path with dots (`id.orig_h`); of a repeated member the last one holds, as in JSON.parse.
 * One pass, linear in the line; never throws; allocates nothing unless a wanted string holds escapes.
 */
import { FieldSpans, valueKinds } from './field-spans.ts'
import { numberEnd, quote, skipSpace, stringEnd, stringStops, unescapeInto, valueEnd } from './json-text.ts'

const deepest = 16
const slotCount = 512

interface Spelling {
  bytes: Uint8Array
  field: number
}

export class JsonScanner {
  readonly spans: FieldSpans
  #bytes: Uint8Array = new Uint8Array(0)
  #end = 0
  #escapedValues = 0
  /** Path of the object being walked, with its last dot; each level owns a longer prefix of it. */
  readonly #path = new Uint8Array(256)
  readonly #key = new Uint8Array(256)
  #copy: Uint8Array = new Uint8Array(4096)
  readonly #slots: (Spelling | undefined)[] = new Array(slotCount).fill(undefined)

  /** `fields[n]` lists the spellings of field n; nested members are spelled with dots. */
  constructor(fields: readonly (readonly string[])[]) {
    this.spans = new FieldSpans(fields.length)
    fields.forEach((spellings, field) => {
      for (const spelling of spellings) this.#register(new TextEncoder().encode(spelling), field)
    })
  }

  #register(bytes: Uint8Array, field: number): void {
    let slot = this.#slotOf(0, bytes, 0, bytes.length)
    while (this.#slots[slot]) slot = (slot + 1) % slotCount
    this.#slots[slot] = { bytes, field }
  }

  /**
   * Whether bytes[start, end) is one well-formed object. Then `spans` holds its known members, null ones as absent.
   * If not, `spans` holds those found before the fault, which is only of use for guessing what a cut line was.
   */
  scan(bytes: Uint8Array, start: number, end: number): boolean {
    this.spans.bytes = bytes
    this.spans.start.fill(-1)
    this.#bytes = bytes
    this.#end = end
    this.#escapedValues = 0
    const open = skipSpace(bytes, start, end)
    if (open >= end || bytes[open] !== 0x7b) return false
    const close = this.#object(open, 1, 0)
    if (close < 0 || skipSpace(bytes, close, end) !== end) return false
    if (this.#escapedValues > 0) this.#resolveEscapes(start, end)
    return true
  }

  /** Walks the object that opens at `i`; the place after its brace, or −1. A `pathLength` below 0 matches nothing. */
  #object(i: number, depth: number, pathLength: number): number {
    const bytes = this.#bytes
    const end = this.#end
    if (depth > deepest) return -1
    i = skipSpace(bytes, i + 1, end)
    if (i < end && bytes[i] === 0x7d) return i + 1
    for (;;) {
      if (i >= end || bytes[i] !== quote) return -1
      const keyStart = ++i
      while (i < end && stringStops[bytes[i]] === 0) i++
      let key = bytes
      let from = keyStart
      let to = i
      if (i >= end || bytes[i] !== quote) {
        i = stringEnd(bytes, keyStart - 1, end) - 1
        if (i < 0) return -1
        key = this.#key
        from = 0
        to = i - keyStart > key.length ? -1 : unescapeInto(bytes, keyStart, i, key, 0)
      }
      const field = pathLength < 0 || to < 0 ? -1 : this.#find(pathLength, key, from, to)
      i++
      if (bytes[i] !== 0x3a || i >= end) {
        i = skipSpace(bytes, i, end)
        if (i >= end || bytes[i] !== 0x3a) return -1
      }
      i++
      if (bytes[i] <= 0x20) i = skipSpace(bytes, i, end)
      if (i >= end) return -1
      const valueStart = i
      const first = bytes[i]
      if (first === quote) {
        i++
        while (i < end && stringStops[bytes[i]] === 0) i++
        if (i < end && bytes[i] === quote) {
          if (field >= 0) this.#keep(field, valueStart + 1, i, valueKinds.text)
          i++
        } else {
          i = stringEnd(bytes, valueStart, end)
          if (i < 0) return -1
          if (field >= 0) {
            this.#keep(field, valueStart + 1, i - 1, valueKinds.escaped)
            this.#escapedValues++
          }
        }
      } else if (first === 0x2d || (first >= 0x30 && first <= 0x39)) {
        i = numberEnd(bytes, i, end)
        if (i < 0) return -1
        if (field >= 0) this.#keep(field, valueStart, i, valueKinds.number)
      } else if (first === 0x7b) {
        i = this.#object(i, depth + 1, to < 0 ? -1 : this.#enter(pathLength, key, from, to))
        if (i < 0) return -1
        if (field >= 0) this.#keep(field, valueStart, i, valueKinds.object)
      } else {
        i = valueEnd(bytes, i, end, deepest - depth)
        if (i < 0) return -1
        if (field >= 0) this.#keepOther(field, valueStart, i, first)
      }
      if (bytes[i] <= 0x20) i = skipSpace(bytes, i, end)
      if (i >= end) return -1
      if (bytes[i] === 0x7d) return i + 1
      if (bytes[i] !== 0x2c) return -1
      i++
      if (bytes[i] <= 0x20) i = skipSpace(bytes, i, end)
    }
  }

  #keep(field: number, start: number, end: number, kind: number): void {
    this.spans.start[field] = start
    this.spans.end[field] = end
    this.spans.kind[field] = kind
  }

  #keepOther(field: number, start: number, end: number, first: number): void {
    if (first === 0x5b) this.#keep(field, start, end, valueKinds.array)
    else if (first === 0x74) this.#keep(field, start, end, valueKinds.yes)
    else if (first === 0x66) this.#keep(field, start, end, valueKinds.no)
    else this.spans.start[field] = -1
  }

  /** Appends a key and a dot to the path; the new length, or −1 where it fits no known name. */
  #enter(pathLength: number, key: Uint8Array, from: number, to: number): number {
    if (pathLength < 0 || pathLength + to - from >= this.#path.length) return -1
    for (let i = from; i < to; i++) this.#path[pathLength++] = key[i]
    this.#path[pathLength++] = 0x2e
    return pathLength
  }

  #find(pathLength: number, key: Uint8Array, from: number, to: number): number {
    for (let slot = this.#slotOf(pathLength, key, from, to); ; slot = (slot + 1) % slotCount) {
      const known = this.#slots[slot]
      if (known === undefined) return -1
      if (this.#spells(known.bytes, pathLength, key, from, to)) return known.field
    }
  }

  /** Where to look for path and key: by the length of both and three of their characters. */
  #slotOf(pathLength: number, key: Uint8Array, from: number, to: number): number {
    const length = pathLength + to - from
    if (length === 0) return 0
    const first = pathLength > 0 ? this.#path[0] : key[from]
    const last = to > from ? key[to - 1] : 0x2e
    const sixth = to - from >= 6 ? key[to - 6] : length >= 6 ? this.#path[length - 6] : 0
    return (length * 53 + first * 7 + last * 31 + sixth * 131) % slotCount
  }

  #spells(name: Uint8Array, pathLength: number, key: Uint8Array, from: number, to: number): boolean {
    if (name.length !== pathLength + to - from) return false
    for (let i = 0; i < pathLength; i++) if (name[i] !== this.#path[i]) return false
    for (let i = from; i < to; i++) if (name[pathLength + i - from] !== key[i]) return false
    return true
  }

  /** Moves the spans to a copy of the line in which the wanted strings are plain; unescaped text is never longer. */
  #resolveEscapes(start: number, end: number): void {
    const spans = this.spans
    const length = end - start
    if (this.#copy.length < length) this.#copy = new Uint8Array(length * 2)
    this.#copy.set(this.#bytes.subarray(start, end))
    spans.bytes = this.#copy
    for (let field = 0; field < spans.start.length; field++) {
      if (spans.start[field] < 0) continue
      spans.start[field] -= start
      spans.end[field] -= start
      if (spans.kind[field] !== valueKinds.escaped) continue
      spans.kind[field] = valueKinds.text
      spans.end[field] = unescapeInto(this.#copy, spans.start[field], spans.end[field], this.#copy, spans.start[field])
    }
  }
}

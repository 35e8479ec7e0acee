/**
 * The values of one record as byte ranges, by field number: what the TSV splitter and the JSON scanner both produce and
 * the row builders read, so that a format's meaning is written once. One object is reused for all records.
 */

/** `text` and `number` are what they look like; `yes` and `no` are JSON's booleans; an absent field has start −1. */
export const valueKinds = { text: 1, number: 2, yes: 3, no: 4, object: 5, array: 6, escaped: 7 } as const

export class FieldSpans {
  /** Where the ranges lie. It may be a copy of the record with its escapes resolved. */
  bytes: Uint8Array = new Uint8Array(0)
  readonly start: Int32Array
  readonly end: Int32Array
  readonly kind: Uint8Array

  constructor(fields: number) {
    this.start = new Int32Array(fields).fill(-1)
    this.end = new Int32Array(fields)
    this.kind = new Uint8Array(fields).fill(valueKinds.text)
  }

  has(field: number): boolean {
    return this.start[field] >= 0
  }

  /** Whether the field holds exactly this ASCII text. */
  is(field: number, text: string): boolean {
    const from = this.start[field]
    if (from < 0 || this.kind[field] !== valueKinds.text || this.end[field] - from !== text.length) return false
    for (let i = 0; i < text.length; i++) if (this.bytes[from + i] !== text.charCodeAt(i)) return false
    return true
  }

  /** The field decoded; '' when absent. Allocates: not for the per-record path of flows. */
  text(field: number): string {
    const from = this.start[field]
    return from < 0 ? '' : decoder.decode(this.bytes.subarray(from, this.end[field])).replaceAll('\0', '\uFFFD')
  }
}

const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })

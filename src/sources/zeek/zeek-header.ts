/**
 * The `#` lines of a Zeek TSV file: separator, markers for unset and empty, stream, columns. They hold until the next
 * header, which may come at any line of a concatenated file; a `#separator` line starts afresh. Unknown lines, such as
 * BTest's `### BTest baseline…`, are comments.
 */
import { hexDigit } from '../text/json-text.ts'
import { zeekFieldOf, zeekFields } from './zeek-fields.ts'

const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })
const encoder = new TextEncoder()
const tab = Uint8Array.of(0x09)
const mostColumns = 4096

export class ZeekHeader {
  separator: Uint8Array = tab
  unset: Uint8Array = encoder.encode('-')
  empty: Uint8Array = encoder.encode('(empty)')
  /** '' until a `#path` line. */
  path = ''
  /** Whether `#separator` was seen: nothing but Zeek writes it. */
  hasSeparator = false
  /** Columns of the records that follow; 0 until a `#fields` line. */
  columns = 0
  columnNames: readonly string[] = []
  /** For each column its field number, or the number after the last field for columns that Weir does not read. */
  plan: Int32Array = new Int32Array(0)

  /** Takes in one line that begins with `#`, without its line end. */
  read(bytes: Uint8Array, start: number, end: number): void {
    if (startsWith(bytes, start, end, '#separator ')) {
      this.#restart()
      const separator = unescapeHex(bytes, start + '#separator '.length, end)
      const usable = separator.length > 0 && separator.length <= 16 && !separator.some(cannotSeparate)
      this.separator = usable ? separator : tab
      this.hasSeparator ||= usable
      return
    }
    const values = this.#split(bytes, start, end)
    if (values.length < 2) return
    const value = values[1]
    if (values[0] === '#path') this.path = value
    else if (values[0] === '#unset_field') this.unset = encoder.encode(value)
    else if (values[0] === '#empty_field') this.empty = encoder.encode(value)
    else if (values[0] === '#fields') this.#bind(values.slice(1, mostColumns))
  }

  #restart(): void {
    this.unset = encoder.encode('-')
    this.empty = encoder.encode('(empty)')
    this.path = ''
    this.columns = 0
    this.columnNames = []
  }

  #bind(names: string[]): void {
    this.columnNames = names
    this.columns = names.length
    this.plan = Int32Array.from(names, (name) => {
      const field = zeekFieldOf(name)
      return field < 0 ? zeekFields.length : field
    })
  }

  #split(bytes: Uint8Array, start: number, end: number): string[] {
    return decoder.decode(bytes.subarray(start, end)).split(decoder.decode(this.separator))
  }

  /** How many columns a line has under this separator. */
  widthOf(bytes: Uint8Array, start: number, end: number): number {
    return this.#split(bytes, start, end).length
  }
}

function cannotSeparate(byte: number): boolean {
  return byte === 0x0a || byte === 0x0d || /[0-9a-z]/i.test(String.fromCharCode(byte))
}

function startsWith(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  if (end - start < text.length) return false
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false
  return true
}

/** The bytes with `\xHH` resolved. */
export function unescapeHex(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const to = new Uint8Array(Math.max(0, end - start))
  return to.slice(0, unescapeHexInto(bytes, start, end, to, 0))
}

/** The same into `to` from `at` on, which may be the source itself; the place after the last byte. */
export function unescapeHexInto(bytes: Uint8Array, start: number, end: number, to: Uint8Array, at: number): number {
  for (let i = start; i < end; ) {
    if (bytes[i] === 0x5c && bytes[i + 1] === 0x78 && i + 3 < end) {
      const high = hexDigit(bytes[i + 2])
      const low = hexDigit(bytes[i + 3])
      if (high >= 0 && low >= 0) {
        to[at++] = high * 16 + low
        i += 4
        continue
      }
    }
    to[at++] = bytes[i++]
  }
  return at
}

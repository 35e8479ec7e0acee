/** Lines of tab-separated values, under a header that the host has read. */
import { append, beginRows, clearSpans, ends, input, mostRows, newline, plan, rowCount, starts } from './conn-record'

const tab: u8 = 0x09
const carriageReturn: u8 = 0x0d
const hash: u8 = 0x23

let columns: i32 = 0
let unset: u8 = 0

/** Columns of the records that follow (their fields are in `plan`), and the byte that stands for unset. */
export function configureTsv(columns_: i32, unset_: u8): void {
  columns = columns_
  unset = unset_
}

/**
 * Reads lines of input[from, to); `offset` is the place of input[from] in the file. Returns the beginning of the line that it did
 * not take, such as a header's; `to` if it took them all.
 */
export function scanTsv(from: i32, to: i32, offset: f64, seed: u32): i32 {
  beginRows(seed)
  if (load<u8>(input + from) === hash) return from
  clearSpans()
  let line = from
  let valueStart = from
  let column = 0
  const tabs = i8x16.splat(tab)
  const newlines = i8x16.splat(newline)
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(input + at)
    let mask = i8x16.bitmask(v128.or(i8x16.eq(bytes, tabs), i8x16.eq(bytes, newlines)))
    if (to - at < 16) mask &= (1 << (to - at)) - 1
    while (mask !== 0) {
      const i = at + ctz(mask)
      mask &= mask - 1
      if (column < columns) {
        const field = <usize>load<u8>(plan + column)
        const isUnset = i - valueStart === 1 && load<u8>(input + valueStart) === unset
        store<i32>(starts + (field << 2), isUnset ? -1 : valueStart)
        store<i32>(ends + (field << 2), i)
      }
      column++
      valueStart = i + 1
      if (load<u8>(input + i) !== newline) continue
      if (i > line) {
        if (column !== columns || load<u8>(input + i - 1) === carriageReturn) return line
        if (!append(offset + <f64>(line - from))) return line
      }
      line = valueStart
      column = 0
      if (rowCount() === mostRows || (line < to && load<u8>(input + line) === hash)) return line
    }
  }
  return line
}

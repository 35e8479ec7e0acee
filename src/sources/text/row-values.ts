/** Values of text formats into the columns of a row: from strings, with the reason when one cannot be taken. */
import { type AddressColumn, parseAddress, storeParsed } from '../../model/address.ts'
import { parseCount } from '../../model/count.ts'
import type { RejectReason } from '../../model/observation.ts'
import { parsePort, writeUid } from './connection-id.ts'
import { durationProblem, timeProblem } from './time-text.ts'

const scratch = Buffer.alloc(4096)

/** The bytes of a short text in a buffer that is used again; their number, −1 if it is longer than any value can be. */
function scratchBytes(text: string): number {
  return text.length * 3 > scratch.length ? -1 : scratch.write(text)
}

/** Whether `text` was an address (IPv4, IPv6, mapped, in brackets or not, with or without a zone index). */
export function setAddress(column: AddressColumn, row: number, text: string): boolean {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text
  const zone = bare.indexOf('%')
  const length = scratchBytes(zone < 0 ? bare : bare.slice(0, zone))
  if (length < 0 || !parseAddress(scratch, 0, length)) return false
  storeParsed(column, row)
  return true
}

/** Undefined, or why the decimal digits are no count. */
export function setCountText(words: Uint32Array, row: number, digits: string): RejectReason | undefined {
  const length = scratchBytes(digits)
  const status = length < 0 ? 'bad_count' : parseCount(scratch, 0, length, words, row)
  return status === 'ok' ? undefined : status
}

/** A port, −1 if it is none. */
export function portOf(digits: string): number {
  const length = scratchBytes(digits)
  return length < 0 ? -1 : parsePort(scratch, 0, length)
}

/** The hash of what identifies a session (or a counter): equal for equal parts, in whatever file they come. */
export function setSid(words: Uint32Array, row: number, ...parts: readonly (string | number)[]): void {
  const bytes = Buffer.from(parts.join('\0'))
  writeUid(bytes, 0, bytes.length, words, row)
}

/** Why a record of this span cannot be taken; an end that is NaN is open. */
export function spanProblem(start_ms: number, end_ms: number): RejectReason | undefined {
  return (
    timeProblem(start_ms) ??
    (Number.isNaN(end_ms) ? undefined : (timeProblem(end_ms) ?? durationProblem(start_ms, end_ms)))
  )
}

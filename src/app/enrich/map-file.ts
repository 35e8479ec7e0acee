/** Reads the file of a map as text and tells its format, from its content and not from its name. */
import { readFileSync, statSync } from 'node:fs'
import { AppError } from '../../model/errors.ts'

/** A directory of a hundred thousand people is a tenth of this. */
const largestBytes = 256 * 1024 * 1024

export type MapFormat = 'csv' | 'ldif' | 'json'

export interface MapFile {
  file: string
  format: MapFormat
  text: string
}

/** Throws `config_invalid` if it cannot be read, is too large, or is no text; `key` is the setting that named it. */
export function readMapFile(file: string, key: string): MapFile {
  let bytes: Buffer
  try {
    const { size } = statSync(file)
    if (size > largestBytes) throw new Error(`it has ${size} bytes, and at most ${largestBytes} are read`)
    bytes = readFileSync(file)
  } catch (cause) {
    throw new AppError('config_invalid', `${key}: ${file} cannot be read: ${(cause as Error).message}`, { cause })
  }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new AppError('config_invalid', `${key}: ${file} is no text in UTF-8`, { cause })
  }
  return { file, format: formatOf(text), text }
}

function formatOf(text: string): MapFormat {
  const first = firstLine(text)
  if (/^[[{]/.test(first)) return 'json'
  return /^(?:version|dn):/i.test(first) ? 'ldif' : 'csv'
}

/** The first line that is neither blank nor a comment, without blanks around it; '' if there is none. */
export function firstLine(text: string): string {
  for (let from = 0; from < text.length; ) {
    const newline = text.indexOf('\n', from)
    const end = newline < 0 ? text.length : newline
    const line = text.slice(from, end).trim()
    if (line !== '' && !line.startsWith('#')) return line
    from = end + 1
  }
  return ''
}

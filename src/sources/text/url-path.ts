/**
 * What URLs of logs say of files, and never what they say of secrets: paths without query strings, which may carry
 * signatures and tokens.
 */
import { posix } from 'node:path'

/** `%XX` resolved, as UTF-8; a percent sign that begins no such pair stays as it is. */
export function percentDecoded(text: string): string {
  if (!text.includes('%')) return text
  const from = Buffer.from(text)
  const to = Buffer.allocUnsafe(from.length)
  let length = 0
  for (let i = 0; i < from.length; i++) {
    const pair = from[i] === 0x25 ? pairAt(from, i + 1) : -1
    to[length++] = pair < 0 ? from[i] : pair
    if (pair >= 0) i += 2
  }
  return to.toString('utf8', 0, length)
}

/** The byte that two hexadecimal digits at `i` spell, −1 if they are not. */
function pairAt(bytes: Uint8Array, i: number): number {
  const high = hexDigit(bytes[i])
  const low = hexDigit(bytes[i + 1])
  return high < 0 || low < 0 ? -1 : high * 16 + low
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

const scheme = /^[a-z][a-z0-9+.-]{0,15}:\/\/[^/?#]*/i
const parameters = /[?#]|;(?:jsessionid|phpsessid|sid)=/i

/** The path of a request target, still encoded: without scheme and host, query, fragment and session ids. */
export function targetPath(target: string): string {
  const path = target.replace(scheme, '')
  const end = path.search(parameters)
  return end < 0 ? path : path.slice(0, end)
}

/**
 * The file that a web server looks for: the path decoded, with `.`, `..` and doubled slashes resolved, so that no detour
 * hides which folder it lies in. Always absolute.
 */
export function filePath(encodedPath: string): string {
  const path = percentDecoded(encodedPath)
  return path.startsWith('/') && !path.includes('//') && !path.includes('/.') ? path : posix.normalize(`/${path}`)
}

export interface RequestLine {
  method: string
  target: string
}

const protocol = /^HTTP\/\d(?:\.\d)?$/

/** `GET /path HTTP/1.1` in its parts, spaces in the target allowed; HTTP/0.9 has no version. */
export function requestLine(text: string): RequestLine | undefined {
  const first = text.indexOf(' ')
  if (first <= 0) return undefined
  const last = text.lastIndexOf(' ')
  const versioned = last > first && protocol.test(text.slice(last + 1))
  return { method: text.slice(0, first), target: text.slice(first + 1, versioned ? last : text.length) }
}

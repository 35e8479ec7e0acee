/**
 * The grammar of JSON (RFC 8259) over bytes. Each `…End` function takes the place where something begins and gives the
 * place after it, or −1 if it is not well formed before `end`.
 */
export const quote = 0x22
export const backslash = 0x5c

/** 1 for the bytes that end a run of plain text in a string: the quote, the backslash, control characters. */
export const stringStops = new Uint8Array(256)
stringStops.fill(1, 0, 0x20)
stringStops[quote] = 1
stringStops[backslash] = 1

/** The first place at or after `i` that is not white space. */
export function skipSpace(bytes: Uint8Array, i: number, end: number): number {
  while (i < end) {
    const byte = bytes[i]
    if (byte > 0x20 || (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d && byte !== 0x0a)) break
    i++
  }
  return i
}

export function stringEnd(bytes: Uint8Array, i: number, end: number): number {
  for (i++; ; ) {
    while (i < end && stringStops[bytes[i]] === 0) i++
    if (i >= end || bytes[i] < 0x20) return -1
    if (bytes[i] === quote) return i + 1
    i = escapeEnd(bytes, i, end)
    if (i < 0) return -1
  }
}

/** The place after the escape whose backslash is at `i`; −1 if there is no such escape. */
export function escapeEnd(bytes: Uint8Array, i: number, end: number): number {
  switch (bytes[i + 1]) {
    case 0x22:
    case 0x5c:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return i + 2 <= end ? i + 2 : -1
    case 0x75:
      return i + 6 <= end && hex4(bytes, i + 2) >= 0 ? i + 6 : -1
    default:
      return -1
  }
}

export function numberEnd(bytes: Uint8Array, i: number, end: number): number {
  if (bytes[i] === 0x2d) i++
  const first = i
  i = digitsEnd(bytes, i, end)
  if (i === first || (bytes[first] === 0x30 && i > first + 1)) return -1
  if (i < end && bytes[i] === 0x2e) {
    const fraction = ++i
    i = digitsEnd(bytes, i, end)
    if (i === fraction) return -1
  }
  if (i < end && (bytes[i] | 0x20) === 0x65) {
    i++
    if (i < end && (bytes[i] === 0x2b || bytes[i] === 0x2d)) i++
    const exponent = i
    i = digitsEnd(bytes, i, end)
    if (i === exponent) return -1
  }
  return i
}

function digitsEnd(bytes: Uint8Array, i: number, end: number): number {
  while (i < end && bytes[i] >= 0x30 && bytes[i] <= 0x39) i++
  return i
}

/** Any value; `levels` is how many arrays or objects may still open. */
export function valueEnd(bytes: Uint8Array, i: number, end: number, levels: number): number {
  if (i >= end) return -1
  switch (bytes[i]) {
    case quote:
      return stringEnd(bytes, i, end)
    case 0x7b:
      return levels > 0 ? membersEnd(bytes, i, end, levels) : -1
    case 0x5b:
      return levels > 0 ? elementsEnd(bytes, i, end, levels) : -1
    case 0x74:
      return wordEnd(bytes, i, end, 'true')
    case 0x66:
      return wordEnd(bytes, i, end, 'false')
    case 0x6e:
      return wordEnd(bytes, i, end, 'null')
    default:
      return numberEnd(bytes, i, end)
  }
}

function wordEnd(bytes: Uint8Array, i: number, end: number, word: string): number {
  if (i + word.length > end) return -1
  for (let k = 0; k < word.length; k++) if (bytes[i + k] !== word.charCodeAt(k)) return -1
  return i + word.length
}

function elementsEnd(bytes: Uint8Array, i: number, end: number, levels: number): number {
  i = skipSpace(bytes, i + 1, end)
  if (i < end && bytes[i] === 0x5d) return i + 1
  for (;;) {
    i = valueEnd(bytes, i, end, levels - 1)
    if (i < 0) return -1
    i = skipSpace(bytes, i, end)
    if (i >= end) return -1
    if (bytes[i] === 0x5d) return i + 1
    if (bytes[i] !== 0x2c) return -1
    i = skipSpace(bytes, i + 1, end)
  }
}

function membersEnd(bytes: Uint8Array, i: number, end: number, levels: number): number {
  i = skipSpace(bytes, i + 1, end)
  if (i < end && bytes[i] === 0x7d) return i + 1
  for (;;) {
    if (i >= end || bytes[i] !== quote) return -1
    i = stringEnd(bytes, i, end)
    if (i < 0) return -1
    i = skipSpace(bytes, i, end)
    if (i >= end || bytes[i] !== 0x3a) return -1
    i = valueEnd(bytes, skipSpace(bytes, i + 1, end), end, levels - 1)
    if (i < 0) return -1
    i = skipSpace(bytes, i, end)
    if (i >= end) return -1
    if (bytes[i] === 0x7d) return i + 1
    if (bytes[i] !== 0x2c) return -1
    i = skipSpace(bytes, i + 1, end)
  }
}

/**
 * Resolves the escapes of the well-formed string content [start, end) into `to` from `at` on; the place after the text.
 * The result is UTF-8 and never longer than the source, so source and target may be the same place. Lone surrogates
 * become U+FFFD.
 */
export function unescapeInto(bytes: Uint8Array, start: number, end: number, to: Uint8Array, at: number): number {
  for (let i = start; i < end; ) {
    if (bytes[i] !== backslash) {
      to[at++] = bytes[i++]
      continue
    }
    const letter = bytes[i + 1]
    if (letter !== 0x75) {
      to[at++] = plainOf(letter)
      i += 2
      continue
    }
    let point = hex4(bytes, i + 2)
    i += 6
    if (point >= 0xd800 && point <= 0xdfff) {
      const pair = point < 0xdc00 && i + 6 <= end && bytes[i] === backslash && bytes[i + 1] === 0x75
      const low = pair ? hex4(bytes, i + 2) : -1
      if (low >= 0xdc00 && low <= 0xdfff) {
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00)
        i += 6
      } else point = 0xfffd
    }
    at = putCodePoint(to, at, point)
  }
  return at
}

function plainOf(letter: number): number {
  switch (letter) {
    case 0x62:
      return 0x08
    case 0x66:
      return 0x0c
    case 0x6e:
      return 0x0a
    case 0x72:
      return 0x0d
    case 0x74:
      return 0x09
    default:
      return letter
  }
}

function putCodePoint(to: Uint8Array, at: number, point: number): number {
  if (point < 0x80) to[at++] = point
  else {
    if (point < 0x800) to[at++] = 0xc0 | (point >> 6)
    else {
      if (point < 0x10000) to[at++] = 0xe0 | (point >> 12)
      else {
        to[at++] = 0xf0 | (point >> 18)
        to[at++] = 0x80 | ((point >> 12) & 63)
      }
      to[at++] = 0x80 | ((point >> 6) & 63)
    }
    to[at++] = 0x80 | (point & 63)
  }
  return at
}

/** Four hexadecimal digits; −1 if they are not. */
function hex4(bytes: Uint8Array, at: number): number {
  let value = 0
  for (let i = at; i < at + 4; i++) {
    const digit = hexDigit(bytes[i])
    if (digit < 0) return -1
    value = value * 16 + digit
  }
  return value
}

export function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

/**
 * Text as OpenSSH writes it to syslog: `strnvis` with VIS_CSTYLE, VIS_NL, VIS_TAB and VIS_OCTAL, so that a backslash is
 * doubled, control characters are `\n`, `\t` … and every byte outside ASCII is `\ooo`; quotation marks stay as they are.
 * Source: openssh-portable log.c and openbsd-compat/vis.c.
 */
const letters: Readonly<Record<string, number>> = {
  ...{ n: 0x0a, r: 0x0d, b: 0x08, a: 0x07, v: 0x0b, t: 0x09, f: 0x0c, s: 0x20 },
  ...{ '\\': 0x5c, '"': 0x22 },
}

const backslash = 0x5c

/** The text before it was written; escapes that are none stay, and NUL, which no path has, becomes U+FFFD. */
export function unvis(text: string): string {
  if (!text.includes('\\')) return text
  const from = Buffer.from(text)
  const to = Buffer.alloc(from.length)
  let length = 0
  for (let i = 0; i < from.length; ) {
    const letter = from[i] === backslash ? letters[String.fromCharCode(from[i + 1])] : undefined
    const octal = from[i] === backslash ? octalAt(from, i + 1) : -1
    if (octal >= 0) {
      to[length++] = octal
      i += 4
    } else if (letter !== undefined) {
      to[length++] = letter
      i += 2
    } else if (from[i] === backslash && from[i + 1] === 0x30) {
      to[length++] = 0
      i += 2
    } else to[length++] = from[i++]
  }
  return to.toString('utf8', 0, length).replaceAll('\0', '\uFFFD')
}

/** Three octal digits below 256, −1 if they are not. */
function octalAt(bytes: Uint8Array, at: number): number {
  let value = 0
  for (let i = at; i < at + 3; i++) {
    const digit = bytes[i] - 0x30
    if (!(digit >= 0 && digit <= 7)) return -1
    value = value * 8 + digit
  }
  return value <= 255 ? value : -1
}

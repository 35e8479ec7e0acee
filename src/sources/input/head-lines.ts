/**
 * Judging a file by its first lines. Blank lines and lines that start with `#` say nothing; the last line may be cut off
 * by the end of the head and is asked only if it is the only one.
 */
import { skipSpace } from '../text/json-text.ts'

const newline = 0x0a
const hash = 0x23
const linesAsked = 100

/**
 * Whether at least one of the first lines is `mine`, and half of those asked. `cut` tells that the line is incomplete.
 */
export function mostLinesAre(
  head: Uint8Array,
  mine: (bytes: Uint8Array, start: number, end: number, cut: boolean) => boolean,
): boolean {
  let asked = 0
  let found = 0
  for (let line = 0; line < head.length && asked < linesAsked; ) {
    const at = head.indexOf(newline, line)
    const lineEnd = at < 0 ? head.length : at
    const start = skipSpace(head, line, lineEnd)
    if (start < lineEnd && head[line] !== hash) {
      const whole = mine(head, start, lineEnd, false)
      if (whole || at >= 0 || asked === 0) {
        asked++
        if (whole || (at < 0 && mine(head, start, lineEnd, true))) found++
      }
    }
    line = lineEnd + 1
  }
  return found > 0 && found * 2 >= asked
}

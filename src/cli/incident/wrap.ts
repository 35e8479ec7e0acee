/** Prose in lines of a terminal: broken at spaces, a longer word stands alone. Text of logs is made plain first. */
import { oneLine } from '../text.ts'

export const lineWidth = 100

export function wrap(text: string, margin = '', width = lineWidth): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of oneLine(text).split(' ')) {
    if (line !== '' && margin.length + line.length + 1 + word.length > width) {
      lines.push(margin + line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, margin + line]
}

/**
 * Texts as parts of GitHub-flavoured Markdown, so that a name of a log stays text: no markup, no HTML, no link made of a
 * bare address of the web, no mention of anybody.
 */
import { oneLine } from '../text.ts'

export function md(text: string): string {
  return oneLine(text)
    .replaceAll(/[\\`*[\]<>|~&]/g, (char) =>
      char === '<' || char === '>' || char === '&' ? entity(char) : `\\${char}`,
    )
    .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replaceAll(/:\/\/|@/g, (text) => entity(text[0]) + text.slice(1))
    .replaceAll(/\bwww\./gi, (text) => text.slice(0, 3) + entity('.'))
    .replace(/^([-+=#])/, '\\$1')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
}

/** A span of code holds anything but line breaks; its fence is longer than any run of backticks in it. */
export function mdCode(text: string): string {
  const line = oneLine(text)
  const runs = [...line.matchAll(/`+/g)].map(([run]) => run.length)
  const fence = '`'.repeat(Math.max(0, ...runs) + 1)
  const room = line.startsWith('`') || line.endsWith('`') || line === '' ? ' ' : ''
  return `${fence}${room}${line}${room}${fence}`
}

/** Within a table a span of code still has to escape its bars. */
export function mdCodeCell(text: string): string {
  return mdCode(text).replaceAll('|', '\\|')
}

export function mdTable(
  heads: readonly { title: string; right?: boolean }[],
  rows: readonly (readonly string[])[],
): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    line(heads.map(({ title }) => title)),
    line(heads.map(({ right }) => (right ? '---:' : '---'))),
    ...rows.map(line),
  ]
}

function entity(char: string): string {
  return `&#${char.charCodeAt(0)};`
}

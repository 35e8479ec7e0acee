/** What is wrong in a configuration, and where. */
import type { z } from 'zod'
import type { Path } from './checks.ts'
import { closest } from './suggestion.ts'

export interface ConfigProblem {
  file: string
  line: number
  col: number
  /** `vaults[0].id`; the whole file is the empty text. */
  path: string
  /** "expected …, received …", or what stands in the way of reading the file at all. */
  message: string
}

/** `weir.yaml:4:11 sensors[0].match — expected text, received number 3` */
export function formatProblem({ file, line, col, path, message }: ConfigProblem): string {
  return `${file}:${line}:${col} ${path === '' ? '' : `${path} `}— ${message}`
}

const kinds: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
}

/** What a value is, in a few words: `'10.0.0.1'`, `number 3`, `a list`, `nothing`. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 60)}…` : value}'`
  if (typeof value === 'number' || typeof value === 'bigint') return `number ${value}`
  return typeof value === 'object' ? 'a mapping' : String(value)
}

/** The sentence for one finding of the schema; `received` is the value at its path, `known` the keys of its mapping. */
export function messageOf(issue: z.core.$ZodIssue, received: unknown): string {
  return `expected ${expectedBy(issue, received)}, received ${describeValue(received)}`
}

function expectedBy(issue: z.core.$ZodIssue, received: unknown): string {
  switch (issue.code) {
    case 'invalid_type': {
      const kind = kinds[issue.expected] ?? issue.expected
      const quotes = issue.expected === 'string' && (typeof received === 'number' || typeof received === 'boolean')
      return quotes ? `${kind} (in quotes)` : kind
    }
    case 'invalid_value': {
      const values = issue.values.map(String)
      const near = typeof received === 'string' ? closest(received, values) : undefined
      return `one of ${values.join(', ')}${near ? ` (did you mean ${near}?)` : ''}`
    }
    case 'too_small':
      if (issue.origin === 'array') return 'at least one entry'
      if (issue.origin === 'string') return 'text'
      return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`
    case 'too_big':
      return `at most ${issue.maximum}`
    default:
      return issue.message
  }
}

export function unknownKeyMessage(key: string, known: readonly string[]): string {
  const shown = key.length > 60 ? `${key.slice(0, 60)}…` : key
  const near = closest(key, known)
  return `unknown key '${shown}', ${near ? `did you mean '${near}'?` : `known here: ${known.join(', ')}`}`
}

/** In the order of the file. */
export function sortProblems(problems: ConfigProblem[]): ConfigProblem[] {
  return problems.sort((a, b) => a.line - b.line || a.col - b.col)
}

/** The value at a path of anything. */
export function valueAtPath(raw: unknown, path: Path): unknown {
  let value = raw
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string | number, unknown>)[step]
  }
  return value
}

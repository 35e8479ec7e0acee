/** A YAML text with the way back: from a path in its value to the line and column where that was written. */
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLError,
} from 'yaml'
import type { Path } from './checks.ts'

export interface Position {
  line: number
  col: number
}

export interface YamlSource {
  value: unknown
  /** What YAML itself has to say against the text; with `unreadable`, the value is not to be relied on. */
  errors: (Position & { message: string })[]
  unreadable: boolean
  /** Where the value at the path stands; of what is missing, where the nearest mapping or list around it stands. */
  positionOf(path: Path): Position
  /** Where the key stands in the mapping at the path. */
  positionOfKey(path: Path, key: string): Position
}

/** One slip can make the parser complain thousands of times. */
const mostErrors = 20

/** Never throws: what the parser cannot survive (nesting past the stack, aliases without end) is an error at 1:1. */
export function readYaml(text: string): YamlSource {
  const lines = new LineCounter()
  const at = (offset: number | undefined): Position => {
    const { line, col } = lines.linePos(offset ?? 0)
    return { line: Math.max(1, line), col: Math.max(1, col) }
  }
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true })
    const errors = [...document.errors, ...document.warnings].slice(0, mostErrors)
    const unreadable = document.errors.some(({ code }) => code !== 'DUPLICATE_KEY')
    return {
      value: unreadable ? undefined : document.toJS(),
      errors: errors.map((error) => ({ ...at(error.pos[0]), message: messageOf(error, text) })),
      unreadable,
      positionOf: (path) => at(nodeAt(document, path)?.range?.[0]),
      positionOfKey: (path, key) => at(keyNode(nodeAt(document, path), key)?.range?.[0]),
    }
  } catch (error) {
    const start = { line: 1, col: 1 }
    const message = `not valid YAML: ${error instanceof Error ? error.message : error}`
    return {
      value: undefined,
      errors: [{ ...start, message }],
      unreadable: true,
      positionOf: () => start,
      positionOfKey: () => start,
    }
  }
}

function messageOf(error: YAMLError, text: string): string {
  if (error.code !== 'DUPLICATE_KEY') return `not valid YAML: ${error.message}`
  const key = /^[^:\s]*/.exec(text.slice(error.pos[0], error.pos[0] + 80))?.[0]
  return `expected every key once, received '${key}' again`
}

/** The node at a path, through aliases; where the path ends early, the last node on it. */
function nodeAt(document: Document, path: Path): Node | undefined {
  let node = resolve(document, document.contents)
  for (const step of path) {
    const next = isMap(node) || isSeq(node) ? resolve(document, node.get(step, true)) : undefined
    if (!next) return node
    node = next
  }
  return node
}

function resolve(document: Document, node: unknown): Node | undefined {
  if (isAlias(node)) return node.resolve(document)
  return isMap(node) || isSeq(node) || isScalar(node) ? node : undefined
}

function keyNode(node: Node | undefined, key: string): Node | undefined {
  if (!isMap(node)) return node
  const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key)
  return (pair?.key as Node | undefined) ?? node
}

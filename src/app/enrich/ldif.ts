/**
 * LDIF as directories export it (RFC 2849, content records): folded lines, base64 values, comments, `version: 1`.
 * Files of changes are refused: they do not say what is, but what to do. Values by URL (`attr:< file://…`, as of
 * photographs) are never followed: they are empty, like values that are no text. Attribute names come out in lower case, without options such as `;lang-de`.
 */
import { AppError } from '../../model/errors.ts'
import type { MapProblems } from './map-problems.ts'

export interface LdifEntry {
  dn: string
  /** Line of its `dn:`, from 1. */
  line: number
  attributes: Map<string, string[]>
}

interface LogicalLine {
  text: string
  line: number
}

const decoder = new TextDecoder('utf-8', { fatal: true })

export function* ldifEntries(text: string, file: string, problems: MapProblems): Generator<LdifEntry> {
  let record: LogicalLine[] = []
  for (const logical of logicalLines(text)) {
    if (logical.text !== '') {
      record.push(logical)
      continue
    }
    const entry = entryOf(record, file, problems)
    if (entry) yield entry
    record = []
  }
  const last = entryOf(record, file, problems)
  if (last) yield last
}

/** Unfolded, without comments; an empty one stands for the end of a record. */
function* logicalLines(text: string): Generator<LogicalLine> {
  const parts: string[] = []
  let start = 0
  let line = 0
  for (let from = 0; from <= text.length; ) {
    const end = text.indexOf('\n', from)
    const physical = text.slice(from, end < 0 ? text.length : end).replace(/\r$/, '')
    from = end < 0 ? text.length + 1 : end + 1
    line++
    if (physical.startsWith(' ') && parts.length > 0) {
      parts.push(physical.slice(1))
      continue
    }
    if (parts.length > 0 && !parts[0].startsWith('#')) yield { text: parts.join(''), line: start }
    parts.length = 0
    if (physical === '') yield { text: '', line }
    else parts.push(physical)
    start = line
  }
  if (parts.length > 0 && !parts[0].startsWith('#')) yield { text: parts.join(''), line: start }
}

function entryOf(lines: readonly LogicalLine[], file: string, problems: MapProblems): LdifEntry | undefined {
  const stated = lines[0] && /^version:\s*\d+\s*$/i.test(lines[0].text) ? lines.slice(1) : lines
  if (stated.length === 0) return undefined
  const attributes = new Map<string, string[]>()
  let dn = ''
  for (const [i, { text, line }] of stated.entries()) {
    const colon = text.indexOf(':')
    const attribute = text.slice(0, Math.max(colon, 0)).split(';')[0].toLowerCase()
    if (attribute === 'changetype')
      throw new AppError(
        'config_invalid',
        `${file}:${line}: changetype: this is a list of changes, not of what is there: export it with ldapsearch -LLL`,
      )
    const value = colon < 1 ? 'no attribute' : decodedValue(text.slice(colon + 1))
    if (typeof value === 'string' || (i === 0 && attribute !== 'dn')) {
      const reason = typeof value === 'string' ? value : 'a record that does not begin with dn:'
      problems.add(file, `line ${line}`, reason)
      return undefined
    }
    if (i === 0) dn = value.text
    else if (value.text !== '') attributes.set(attribute, [...(attributes.get(attribute) ?? []), value.text])
  }
  return { dn, line: stated[0].line, attributes }
}

/** What follows the colon, decoded; a text says what is wrong with it. */
function decodedValue(rest: string): { text: string } | string {
  if (rest.startsWith('<')) return { text: '' }
  if (!rest.startsWith(':')) return { text: rest.replace(/^ +/, '') }
  const base64 = rest.slice(1).trim()
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 === 1) return 'a value that is no base64'
  const bytes = Buffer.from(base64, 'base64')
  try {
    return { text: decoder.decode(bytes) }
  } catch {
    // photographs, keys: nothing that could be a name
    return { text: '' }
  }
}

/** The value of the first part of a distinguished name, unescaped (RFC 4514): `cfd` of `cn=cfd,ou=groups,dc=example`. */
export function firstRdnValue(dn: string): string {
  const equals = dn.indexOf('=')
  if (equals < 1) return ''
  const plain = /^[^,+\\]*/.exec(dn.slice(equals + 1))?.[0] ?? ''
  if (dn[equals + 1 + plain.length] !== '\\') return plain.trim()
  const bytes: Buffer[] = []
  for (let i = equals + 1; i < dn.length && dn[i] !== ',' && dn[i] !== '+'; i++) {
    if (dn[i] !== '\\') bytes.push(Buffer.from(String.fromCodePoint(dn.codePointAt(i) as number)))
    else if (/^[0-9a-f]{2}/i.test(dn.slice(i + 1, i + 3))) {
      bytes.push(Buffer.from(dn.slice(i + 1, i + 3), 'hex'))
      i += 2
    } else bytes.push(Buffer.from(dn[++i] ?? ''))
    if ((dn.codePointAt(i) as number) > 0xffff) i++
  }
  return Buffer.concat(bytes).toString('utf8').trim()
}

/**
 * The kinds of value that the configuration is made of. A failed check says what was expected, as the rest of the
 * sentence "expected …, received …"; texts come out in canonical form.
 */
import { z } from 'zod'
import { addressWords, formatAddress, isIPv4 } from '../model/address.ts'
import { formatNetwork, maskWords, parseNetwork } from '../model/network.ts'

/** Text that people and other programs use as a name: no blanks around it, no control characters. */
export const name = z.string().superRefine((text, context) => {
  if (!/^[^\s\p{C}](?:[^\p{Cc}]*[^\s\p{C}])?$/u.test(text)) {
    context.addIssue({ code: 'custom', message: 'text without blanks around it or control characters' })
  }
})

/** A count of bytes. JavaScript and YAML keep whole numbers exact up to 2^53 − 1, some 9 PB. */
export const byteCount = z.int().min(0)

/** A CIDR network as canonical text; a single address counts as the network that holds only itself. */
export const network = z
  .string()
  .transform((text, context) => {
    const parsed = parseNetwork(text)
    if (parsed) return formatNetwork(parsed)
    context.addIssue({ code: 'custom', message: expectedNetwork(text) })
    return z.NEVER
  })
  .meta({ title: 'network or address' })

/** A network of ours: with its length written out, and leaving something outside. */
export const siteNetwork = z
  .string()
  .transform((text, context) => {
    const parsed = parseNetwork(text)
    if (parsed && text.includes('/') && !/\/0+$/.test(text)) return formatNetwork(parsed)
    const message = parsed
      ? text.includes('/')
        ? 'a network that leaves something outside'
        : `a network with its length, such as ${formatNetwork(parsed)}`
      : expectedNetwork(text)
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  })
  .meta({ title: 'network' })

/** What would have been right: for host bits that are set, the network that was meant. */
function expectedNetwork(text: string): string {
  const form = 'a network such as 10.0.0.0/8 or 2001:db8::/32'
  const match = /^(.*)\/(\d{1,3})$/.exec(text)
  const words = match && addressWords(match[1])
  if (!words) return form
  const v4 = isIPv4(words[0], words[1], words[2]) && !text.includes(':')
  const length = Number(match[2])
  if (length > (v4 ? 32 : 128)) return `a length of at most ${v4 ? 32 : 128}`
  const bits = v4 ? length + 96 : length
  return `${formatNetwork({ words: maskWords(words, bits), bits })} (no bit set after the first ${length})`
}

/** One IP address as canonical text (RFC 5952). */
export const address = z
  .string()
  .transform((text, context) => {
    const words = addressWords(text)
    if (words) return formatAddress(words[0], words[1], words[2], words[3])
    context.addIssue({ code: 'custom', message: 'an address such as 10.1.0.11 or 2001:db8::1' })
    return z.NEVER
  })
  .meta({ title: 'address' })

/** An IANA time zone, as far as this Node.js knows them. */
export const timezone = z
  .string()
  .superRefine((text, context) => {
    try {
      new Intl.DateTimeFormat('en', { timeZone: text })
    } catch {
      context.addIssue({ code: 'custom', message: 'an IANA time zone such as UTC or Europe/Zurich' })
    }
  })
  .meta({ title: 'time zone' })

const momentForm = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/

/** A date (of UTC) or an ISO 8601 time with its zone; stays text. */
export const moment = z
  .string()
  .superRefine((text, context) => {
    if (Number.isNaN(startOf(text))) {
      context.addIssue({
        code: 'custom',
        message: 'a date such as 2026-01-31, or a time with its zone such as 2026-01-31T18:00:00Z',
      })
    }
  })
  .meta({ title: 'date or time' })

/** The beginning of a moment in epoch ms: a date begins at its midnight UTC. NaN if it is none, 30 February included. */
function startOf(text: string): number {
  const match = momentForm.exec(text)
  if (!match) return Number.NaN
  const day_ms = Date.parse(`${match[1]}T00:00:00Z`)
  if (Number.isNaN(day_ms) || new Date(day_ms).toISOString().slice(0, 10) !== match[1]) return Number.NaN
  return Date.parse(text)
}

/**
 * The half-open interval [start_ms, end_ms) that `from` and `until` mean: a date as `until` includes that whole day,
 * a time ends it exactly. A missing bound is infinite.
 */
export function periodOf({ from, until }: { from?: string; until?: string }): { start_ms: number; end_ms: number } {
  const start_ms = from === undefined ? Number.NEGATIVE_INFINITY : startOf(from)
  if (until === undefined) return { start_ms, end_ms: Number.POSITIVE_INFINITY }
  return { start_ms, end_ms: startOf(until) + (until.includes('T') ? 0 : 86_400_000) }
}

/**
 * Ids that stay the same through updates, merges and replays: a day and a hash of what never changes later.
 * The hash is FNV-1a (Fowler, Noll, Vo; 32 bit) over UTF-8; it tells apart what shares a day and keeps no secret.
 */

export interface Origin {
  kind: 'campaign' | 'fast_theft'
  first_evidence_ms: number
  detected_at_ms: number
  /** Pool or key of the stream of evidence that led at detection. */
  leading_subject: string
}

/** `INC-2026-03-24-7f3a`; longer where an incident told earlier has that id already. */
export function stableId(origin: Origin, taken?: ReadonlySet<string>): string {
  const { kind, first_evidence_ms, detected_at_ms, leading_subject } = origin
  return idWith(`INC-${dayText(first_evidence_ms)}`, [kind, String(detected_at_ms), leading_subject], taken)
}

/** `prefix` and 4 hexadecimal digits of the hash of `parts`, 8 if that is taken, then counted on. */
export function idWith(prefix: string, parts: readonly string[], taken?: ReadonlySet<string>): string {
  // the lengths keep ['ab', 'c'] apart from ['a', 'bc']
  const hash = fnv1a(parts.map((part) => `${part.length}:${part}`).join(''))
  const digits = hash.toString(16).padStart(8, '0')
  const ids = [`${prefix}-${digits.slice(4)}`, `${prefix}-${digits}`]
  const free = ids.find((id) => !taken?.has(id))
  if (free !== undefined) return free
  let n = 2
  while (taken?.has(`${ids[1]}-${n}`)) n++
  return `${ids[1]}-${n}`
}

export function dayText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

export function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}

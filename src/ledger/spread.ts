/**
 * A flow's bytes over its ticks, pro rata by cumulative floor (CONTRACT, counting rule 4): what lies before time t is
 * floor(total · elapsed / duration), and a tick gets the difference of its two ends. The parts add up to the total
 * exactly, for any total below 2^63 and any cut.
 */
const safe = Number.MAX_SAFE_INTEGER

/**
 * floor(total · elapsed / duration) where `total` is the pair words[2·i], words[2·i + 1]; clamped to 0 … total.
 * Exact in float64 while the product is a safe integer (a correctly rounded quotient of integers below 2^53 never
 * reaches the next whole number), in BigInt otherwise.
 */
export function cumulative(words: Uint32Array, i: number, elapsed_ms: number, duration_ms: number): number | bigint {
  const high = words[2 * i + 1]
  if (elapsed_ms <= 0) return 0
  if (high < 0x200000) {
    const total = high * 4294967296 + words[2 * i]
    if (elapsed_ms >= duration_ms) return total
    const product = total * elapsed_ms
    if (product <= safe) return Math.floor(product / duration_ms)
  }
  const total = (BigInt(high) << 32n) | BigInt(words[2 * i])
  if (elapsed_ms >= duration_ms) return total
  return (total * BigInt(elapsed_ms)) / BigInt(duration_ms)
}

/** The share of the span [from, to) of a flow that lasts `duration_ms`, both measured from its start. */
export function shareOf(
  words: Uint32Array,
  i: number,
  from_ms: number,
  to_ms: number,
  duration_ms: number,
): number | bigint {
  const after = cumulative(words, i, to_ms, duration_ms)
  const before = cumulative(words, i, from_ms, duration_ms)
  if (typeof after === 'number' && typeof before === 'number') return after - before
  return BigInt(after) - BigInt(before)
}

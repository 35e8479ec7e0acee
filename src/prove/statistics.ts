/** What measured counts say, and how little few of them say. */

export interface Bounds {
  low: number
  high: number
}

const z95 = 1.959963984540054

/**
 * Wilson's 95 % interval of a share, `found` of `tried`; 0 to 1 of nothing.
 * Source: Wilson, Probable inference, the law of succession, and statistical inference (JASA, 1927).
 */
export function wilson(found: number, tried: number): Bounds {
  if (tried === 0) return { low: 0, high: 1 }
  const share = found / tried
  const z2 = z95 * z95
  const centre = (share + z2 / (2 * tried)) / (1 + z2 / tried)
  const half = (z95 * Math.sqrt((share * (1 - share)) / tried + z2 / (4 * tried * tried))) / (1 + z2 / tried)
  return { low: found === 0 ? 0 : centre - half, high: found === tried ? 1 : centre + half }
}

/**
 * Exact 95 % interval of the mean of a Poisson count.
 * Source: Garwood, Fiducial limits for the Poisson distribution (Biometrika, 1936).
 */
export function poissonBounds(count: number): Bounds {
  const most = count + 10 * Math.sqrt(count + 1) + 10
  return {
    low: count === 0 ? 0 : bisect((mean) => 1 - atMost(count - 1, mean) >= 0.025, 0, most),
    high: bisect((mean) => atMost(count, mean) <= 0.025, 0, most),
  }
}

/** P(X ≤ count) of a Poisson variable. */
function atMost(count: number, mean: number): number {
  let term = Math.exp(-mean)
  let sum = term
  for (let k = 1; k <= count; k++) {
    term *= mean / k
    sum += term
  }
  return sum
}

/** Where `isBeyond` begins to hold. */
function bisect(isBeyond: (at: number) => boolean, from: number, to: number): number {
  let [low, high] = [from, to]
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (isBeyond(middle)) high = middle
    else low = middle
  }
  return high
}

/** The smallest value that at least `share` of all are not above; null if that is infinite or there are none. */
export function quantileOf(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  return found === undefined || !Number.isFinite(found) ? null : found
}

export const floorPower = 0.8

/**
 * The share at which the power reaches 0.8, between the first share that does and the one before it, straight in the logarithm of
 * the share. `is_at_most`: the smallest share that was tried does already. Undefined: none does.
 */
export function floorShare(
  points: readonly { share: number; power: number }[],
): { share: number; is_at_most: boolean } | undefined {
  const sorted = [...points].sort((a, b) => a.share - b.share)
  const first = sorted.findIndex(({ power }) => power >= floorPower)
  if (first < 0) return undefined
  if (first === 0) return { share: sorted[0].share, is_at_most: true }
  const [below, above] = [sorted[first - 1], sorted[first]]
  const part = (floorPower - below.power) / (above.power - below.power)
  return { share: below.share * (above.share / below.share) ** part, is_at_most: false }
}

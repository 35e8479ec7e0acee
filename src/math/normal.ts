/** The standard normal distribution: its quantile and its distribution function, both dimensionless. */

/** Numerator and denominator, highest power first. */
type Ratio = readonly [readonly number[], readonly number[]]

const centre: Ratio = [
  [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
    133.14166789178438, 3.3871328727963665,
  ],
  [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
    42.31333070160091, 1,
  ],
]
const shoulder: Ratio = [
  [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1,
  ],
]
const tail: Ratio = [
  [
    2.0103343992922881e-7, 0.000027115555687434876, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
    1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  [
    2.0442631033899397e-15, 1.421511758316446e-7, 0.000018463183175100548, 0.0007868691311456133, 0.014875361290850615,
    0.1369298809227358, 0.599832206555888, 1,
  ],
]

/**
 * The z below which a standard normal variable falls with probability `p`; −∞ at 0, ∞ at 1, NaN outside.
 * Relative error about 1e-15. The score of an upper tail is `-normalQuantile(p)`: `1 - p` would lose its digits.
 * Source: M. J. Wichura, Algorithm AS 241: The Percentage Points of the Normal Distribution (1988), PPND16.
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) return q * ratio(centre, 0.180625 - q * q)
  const nearer = q < 0 ? p : 1 - p
  if (!(nearer > 0)) return nearer === 0 ? (q < 0 ? -Infinity : Infinity) : Number.NaN
  const r = Math.sqrt(-Math.log(nearer))
  const z = r <= 5 ? ratio(shoulder, r - 1.6) : ratio(tail, r - 5)
  return q < 0 ? -z : z
}

const body: Ratio = [
  [
    0, 0.0352624965998911, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931,
    220.206867912376,
  ],
  [
    0.0883883476483184, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831,
    793.826512519948, 440.413735824752,
  ],
]

/**
 * Probability that a standard normal variable is below `z`. Relative error below 1e-12 down to −37.
 * Source: J. F. Hart et al., Computer Approximations (1968), as given by G. West, Better approximations to cumulative
 * normal functions (2005); beyond ±4, Laplace's continued fraction.
 */
export function normalCdf(z: number): number {
  const x = Math.abs(z)
  const density = Math.exp((-x * x) / 2)
  const upper = x < 4 ? density * ratio(body, x) : (density * fraction(x)) / Math.sqrt(2 * Math.PI)
  return z > 0 ? 1 - upper : upper
}

/** Mills' ratio as a continued fraction, from its 60th step inwards: exact from 4 on. */
function fraction(x: number): number {
  let rest = 0
  for (let n = 60; n >= 1; n--) rest = n / (x + rest)
  return 1 / (x + rest)
}

function ratio([above, below]: Ratio, x: number): number {
  let numerator = 0
  let denominator = 0
  for (let i = 0; i < above.length; i++) {
    numerator = numerator * x + above[i]
    denominator = denominator * x + below[i]
  }
  return numerator / denominator
}

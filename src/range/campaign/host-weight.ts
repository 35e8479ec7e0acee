/**
 * How much a thief leans on a host: on services by the root of how busy they usually are, so that none stands out by what it sends
 * and none is left out; on all other hosts evenly. Visitors choose service i of n as floor(n·u·v) of two uniform numbers.
 */
import type { Centre } from '../centre/centre.ts'
import type { CentreHost } from '../centre/hosts.ts'
import { ln } from '../portable-math.ts'

export function hostWeight(host: CentreHost, { hosts }: Pick<Centre, 'hosts'>): number {
  const i = hosts.service.indexOf(host)
  if (i < 0) return 1
  const n = hosts.service.length
  return Math.sqrt(n * (below((i + 1) / n) - below(i / n)))
}

/** Probability that a product of two uniform numbers is at most x. */
function below(x: number): number {
  return x <= 0 ? 0 : x * (1 - ln(x))
}

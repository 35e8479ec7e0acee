/**
 * Sizes of ordinary flows in bytes: mixtures of lognormals [weight, sigma, median].
 * Parameters: flow-models, agh_2015, mixtures/{tcp,udp}/size/flows.json, © their authors, MIT licence; fitted to 4.0e9 flows of
 * a university. P. Jurkiewicz, G. Rzym, P. Boryło, Flow length and size distributions in campus Internet traffic, Computer
 * Communications 167 (2021) 15–30. No data of theirs is here, only these numbers, rounded to five digits.
 */
import { exp } from '../portable-math.ts'
import { type Stream, Weighted } from '../stream.ts'

type Lognormals = readonly (readonly [weight: number, sigma: number, median: number])[]

export const flowSizeMixtures: Readonly<Record<'tcp' | 'udp', Lognormals>> = {
  tcp: [
    [0.35622, 0.39072, 97.449],
    [0.24596, 0.80906, 309.4],
    [0.29937, 1.0768, 2126.7],
    [0.08065, 1.3083, 25_681],
    [0.015039, 1.3514, 416_681],
    [0.0020747, 1.0825, 5_602_172],
    [0.00068263, 1.0191, 53_432_349],
    [0.0000082327, 1.1905, 514_468_039],
  ],
  udp: [
    [0.63683, 0.30606, 119.19],
    [0.20281, 0.22637, 319.18],
    [0.1253, 0.58929, 630.2],
    [0.027699, 0.75959, 3216.4],
    [0.0059318, 1.1418, 29_017],
    [0.0011888, 1.3011, 650_546],
    [0.00018538, 1.7089, 12_790_970],
    [0.000053496, 1.2758, 22_546_731],
    [0.000000099718, 0.52444, 21_229_598_019],
  ],
}
/** The smallest size in those records. */
const smallest = 64

const choice = {
  tcp: new Weighted(flowSizeMixtures.tcp.map(([weight]) => weight)),
  udp: new Weighted(flowSizeMixtures.udp.map(([weight]) => weight)),
}

/** Whole bytes, both ways together. */
export function flowSize(stream: Stream, proto: 'tcp' | 'udp'): number {
  const [, sigma, median] = flowSizeMixtures[proto][choice[proto].draw(stream)]
  return Math.max(smallest, Math.round(median * exp(sigma * stream.normal())))
}

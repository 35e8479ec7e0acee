import { expect, test } from 'vitest'
import { exp } from '../portable-math.ts'
import { Stream } from '../stream.ts'
import { flowSize, flowSizeMixtures } from './flow-sizes.ts'

/** Means that the model's authors give for the records that they fitted. */
const published = { tcp: 112_531, udp: 17_898 }

test('mixtures have weights that add up, and the mean of the records they were fitted to', () => {
  for (const proto of ['tcp', 'udp'] as const) {
    const mixture = flowSizeMixtures[proto]
    expect(mixture.reduce((sum, [weight]) => sum + weight, 0)).toBeCloseTo(1, 3)
    const mean = mixture.reduce((sum, [weight, sigma, median]) => sum + weight * median * exp((sigma * sigma) / 2), 0)
    expect(mean / published[proto]).toBeGreaterThan(0.8)
    expect(mean / published[proto]).toBeLessThan(1.25)
  }
})

test('most drawn flows are small, and few carry most of the bytes', () => {
  const stream = new Stream(3, 'sizes')
  const sizes = Array.from({ length: 20_000 }, () => flowSize(stream, 'tcp')).sort((a, b) => b - a)
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  expect(sizes[10_000]).toBeLessThan(2000)
  expect(sum(sizes.slice(0, 200))).toBeGreaterThan(0.7 * sum(sizes))
  expect(sizes.at(-1)).toBeGreaterThanOrEqual(64)
})

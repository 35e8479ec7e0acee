import { describe, expect, test } from 'vitest'
import { addressWords } from '../../model/address.ts'
import { formatNetwork } from '../../model/network.ts'
import { sampleOf } from '../../testing/sample-of.ts'
import { cover, distinct, proposeNetworks } from './networks.ts'

const words = (text: string): Uint32Array => addressWords(text) as Uint32Array

/** Networks proposed for flows `[from, to]`; each a flow with payload both ways. */
function networksOf(pairs: readonly (readonly [string, string])[]): string[] {
  const sample = sampleOf({ flows: pairs.map(([src, dst]) => ({ src, dst })) })
  return proposeNetworks(sample, new Set(), []).networks.map(({ network }) => formatNetwork(network))
}

/** Every inside address with every outside one. */
const all = (inside: readonly string[], outside: readonly string[]) =>
  inside.flatMap((host) => outside.map((peer): [string, string] => [peer, host]))
const world = ['203.0.113.5', '198.51.100.7', '192.0.2.9', '100.20.3.4', '4.4.4.4', '80.81.82.83', '2.3.4.5']

describe('private networks', () => {
  test('are proposed as narrow as they are seen', () => {
    expect(networksOf(all(['192.168.1.7', '192.168.1.8'], world))).toEqual(['192.168.1.0/24'])
    expect(networksOf(all(['10.1.1.1', '10.9.1.1'], world))).toEqual(['10.1.1.0/24', '10.9.1.0/24'])
  })

  test('are joined where three subnets share one: /24s to a /16, /16s to the block', () => {
    expect(networksOf(all(['10.1.1.1', '10.1.2.1', '10.1.200.1'], world))).toEqual(['10.1.0.0/16'])
    const many = ['10.1', '10.2', '10.3'].flatMap((net) => ['1.1', '2.1', '3.1'].map((rest) => `${net}.${rest}`))
    expect(networksOf(all(many, world))).toEqual(['10.0.0.0/8'])
    expect(networksOf(all(['192.168.1.1', '192.168.2.1', '192.168.3.1'], world))).toEqual(['192.168.0.0/16'])
    expect(networksOf(all(['fd00:1:2:3::1', 'fd00:1:2:4::1'], ['2a00:1::1']))).toEqual(['fd00:1:2::/48'])
  })

  test('say that the rest of the block was not seen', () => {
    const sample = sampleOf({ flows: [{ src: '203.0.113.5', dst: '192.168.1.7' }] })
    const [{ because }] = proposeNetworks(sample, new Set(), []).networks
    expect(because.join('\n')).toContain('nothing else of 192.168.0.0/16 was seen')
  })

  test('are not widened by addresses that only were asked and never answered', () => {
    const scan = Array.from({ length: 40 }, (_, i) => ({ src: '10.1.1.1', dst: `10.${i}.9.9`, bytes_dst: 0 }))
    const sample = sampleOf({ flows: [{ src: '10.1.1.1', dst: '4.4.4.4' }, ...scan] })
    expect(proposeNetworks(sample, new Set(), []).networks.map(({ network }) => formatNetwork(network))).toEqual([
      '10.1.1.0/24',
    ])
  })

  test('that never talk to the outside are marked', () => {
    const { networks } = proposeNetworks(
      sampleOf({
        flows: [
          { src: '10.1.1.1', dst: '4.4.4.4' },
          { src: '10.1.1.1', dst: '172.20.0.1' },
        ],
      }),
      new Set(),
      [],
    )
    expect(networks.map(({ because }) => because.some((line) => line.includes('leave it out')))).toEqual([false, true])
  })
})

describe('public networks', () => {
  test('are inside if the flows are around them', () => {
    expect(networksOf(all(['129.1.3.4', '129.1.3.5'], world))).toEqual(['129.1.3.0/24'])
    expect(
      networksOf(all(['2a02:17:3:1::1', '2a02:17:3:2::9'], ['2a00:1::1', '2a01:2::1', '2a03:9::1', '2c0f:1::2'])),
    ).toEqual(['2a02:17:3::/48'])
  })

  test('are found beside private ones', () => {
    const flows = [...all(['10.1.1.1'], world), ...all(['129.1.3.4', '129.1.90.5'], world)]
    expect(networksOf(flows).sort()).toEqual(['10.1.1.0/24', '129.1.3.0/24', '129.1.90.0/24'])
  })

  test('may be several: each is the centre of its own flows', () => {
    const flows = [
      ...all(['129.1.3.4'], world),
      ...all(['131.7.3.4'], world.slice(1)),
      ['129.1.3.4', '131.7.3.4'] as const,
    ]
    expect(networksOf(flows).sort()).toEqual(['129.1.3.0/24', '131.7.3.0/24'])
  })

  test('are not guessed where both ends look alike', () => {
    expect(networksOf([['129.1.3.4', '4.4.4.4']])).toEqual([])
    expect(networksOf(all(['129.1.3.4'], world.slice(0, 2)))).toEqual([])
  })

  test('are not proposed for a popular service of private clients', () => {
    const clients = Array.from({ length: 50 }, (_, i) => `10.1.1.${i + 1}`)
    expect(networksOf(all(clients, ['142.250.1.1', '142.250.1.2']))).toEqual(['10.1.1.0/24'])
  })
})

describe('addresses that are neither', () => {
  test('multicast, link-local and leased ones are left out', () => {
    const sample = sampleOf({
      flows: [
        { src: '10.1.1.1', dst: '4.4.4.4' },
        { src: '10.1.1.1', dst: '224.0.0.251' },
        { src: '169.254.1.1', dst: '10.1.1.1' },
        { src: 'fe80::1', dst: 'ff02::fb' },
        { src: '10.99.0.5', dst: '10.1.1.1' },
      ],
    })
    const leased = new Set([sample.book.words.findIndex((each) => each.join() === words('10.99.0.5').join())])
    const pool = { words: words('10.99.0.0'), bits: 120 }
    const { networks, covered, flows } = proposeNetworks(sample, leased, [pool])
    expect(networks.map(({ network }) => formatNetwork(network))).toEqual(['10.1.1.0/24'])
    expect([covered, flows]).toEqual([2, 2])
  })
})

test('prefixes cover what was seen, not much more', () => {
  const coverOf = (...thirds: number[]) =>
    cover(
      distinct(
        thirds.map((third) => words(`129.1.${third}.9`)),
        120,
      ),
      112,
    ).map(formatNetwork)
  expect(coverOf(7)).toEqual(['129.1.7.0/24'])
  expect(coverOf(4, 5, 6)).toEqual(['129.1.4.0/22'])
  expect(coverOf(0, 200)).toEqual(['129.1.0.0/24', '129.1.200.0/24'])
  expect(coverOf(...Array.from({ length: 14 }, (_, i) => i * 17))).toEqual(['129.1.0.0/16'])
  // too many crumbs: the whole, rather than a list that nobody reads
  expect(coverOf(1, 30, 60, 120, 200)).toEqual(['129.1.0.0/16'])
})

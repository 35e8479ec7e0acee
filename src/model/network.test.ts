import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, test } from 'vitest'
import { addressWords, formatAddress } from './address.ts'
import { formatNetwork, maskOf, maskWords, type Network, NetworkTable, parseNetwork } from './network.ts'

fc.configureGlobal({ seed: 20_260_101 })

function network(text: string): Network {
  const parsed = parseNetwork(text)
  if (!parsed) throw new Error(`${text} is no network`)
  return parsed
}

describe('reading a network', () => {
  test.each([
    ['10.0.0.0/8', 104],
    ['192.0.2.1', 128],
    ['0.0.0.0/0', 96],
    ['192.0.2.128/25', 121],
    ['2001:db8::/32', 32],
    ['::/0', 0],
    ['2001:db8::1', 128],
    ['2001:db8::1/128', 128],
  ])('%s has %i bits', (text, bits) => {
    expect(network(text).bits).toBe(bits)
  })

  test('the mapped form counts its prefix from the left of 128 bits', () => {
    expect(network('::ffff:10.0.0.0/104')).toEqual(network('10.0.0.0/8'))
  })

  test.each([
    ...['10.0.0.1/8', '192.0.2.128/24', '2001:db8::1/64', '10.0.0.0/33', '2001:db8::/129', '10.0.0.0/-1', '10.0.0.0/'],
    ...['10.0.0.0/8/8', '10.0.0.0/ 8', '10.0.0.0/8 ', '10.0.0.0/1e1', '10.0.0/8', '/8', '', 'inside', '10.0.0.0/0008'],
  ])('%j is none', (text) => {
    expect(parseNetwork(text)).toBeUndefined()
  })

  test('what is written is read back', () => {
    const word = fc.oneof(fc.constantFrom(0, 0xffffffff), fc.integer({ min: 0, max: 0xffffffff }))
    const v6 = fc.tuple(word, word, word, word, fc.integer({ min: 0, max: 128 }))
    const v4 = fc.tuple(word, fc.integer({ min: 96, max: 128 })).map(([w3, bits]) => [0, 0, 0xffff, w3, bits])
    fc.assert(
      fc.property(fc.oneof(v4, v6), ([w0, w1, w2, w3, bits]) => {
        const written = { words: maskWords(Uint32Array.of(w0, w1, w2, w3), bits), bits }
        fc.pre(bits >= 96 || written.words[0] !== 0 || written.words[1] !== 0 || written.words[2] !== 0xffff)
        expect(parseNetwork(formatNetwork(written))).toEqual(written)
      }),
    )
  })
})

test('a mask has so many leading ones, none or all beyond the word', () => {
  expect(maskOf(-32)).toBe(0)
  expect(maskOf(0)).toBe(0)
  expect(maskOf(1)).toBe(0x80000000)
  expect(maskOf(31)).toBe(0xfffffffe)
  expect(maskOf(32)).toBe(0xffffffff)
  expect(maskOf(96)).toBe(0xffffffff)
})

describe('the table of networks', () => {
  const tableOf = (...texts: string[]) =>
    new NetworkTable(texts.map((text, value) => ({ network: network(text), value })))
  const find = (table: NetworkTable, text: string) => {
    const [w0, w1, w2, w3] = addressWords(text) as Uint32Array
    return table.find(w0, w1, w2, w3)
  }

  test('the longest prefix wins, in whatever order they were given', () => {
    const table = tableOf('10.0.0.0/8', '10.1.2.0/24', '10.1.0.0/16', '0.0.0.0/0', '2001:db8::/32', '10.1.2.3')
    expect(find(table, '10.1.2.3')).toBe(5)
    expect(table.matchedBits).toBe(128)
    expect(find(table, '10.1.2.4')).toBe(1)
    expect(find(table, '10.1.3.4')).toBe(2)
    expect(find(table, '10.9.9.9')).toBe(0)
    expect(find(table, '192.0.2.1')).toBe(3)
    expect(table.matchedBits).toBe(96)
    expect(find(table, '2001:db8:ffff::1')).toBe(4)
    expect(find(table, '2001:db9::1')).toBe(-1)
    expect(table.matchedBits).toBe(-1)
  })

  test('of equal networks the first given wins', () => {
    expect(find(tableOf('10.0.0.0/8', '10.0.0.0/8'), '10.0.0.1')).toBe(0)
  })

  test('an empty table holds nothing', () => {
    expect(find(tableOf(), '10.0.0.1')).toBe(-1)
  })

  test('agrees with another library on random networks and addresses', () => {
    // few bits vary, so that prefixes nest and match
    const nested = (bits: number) => fc.integer({ min: 0, max: 3 }).map((low) => (bits | (low * 0x01010101)) >>> 0)
    const v4 = fc.record({ w: nested(0x0a000000), bits: fc.integer({ min: 0, max: 32 }) }).map(({ w, bits }) => ({
      words: Uint32Array.of(0, 0, 0xffff, (w & maskOf(bits)) >>> 0),
      bits: 96 + bits,
    }))
    const v6 = fc
      .record({ w: nested(0x20010db8), x: nested(0), bits: fc.integer({ min: 0, max: 128 }) })
      .map(({ w, x, bits }) => ({ words: maskWords(Uint32Array.of(w, x, w, x), bits), bits }))
    const address = fc.oneof(
      nested(0x0a000000).map((w) => [0, 0, 0xffff, w]),
      fc.tuple(nested(0x20010db8), nested(0)).map(([w, x]) => [w, x, w, x]),
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(v4, v6), { maxLength: 12 }), address, (networks, [w0, w1, w2, w3]) => {
        const table = new NetworkTable(networks.map((each, value) => ({ network: each, value })))
        const found = table.find(w0, w1, w2, w3)
        const holds = (each: Network) =>
          mapped(formatAddress(w0, w1, w2, w3)).match(mapped(formatAddress(...wordsOf(each))), each.bits)
        const longest = Math.max(-1, ...networks.filter(holds).map(({ bits }) => bits))
        expect(table.matchedBits).toBe(longest)
        expect(found).toBe(networks.findIndex((each) => each.bits === longest && holds(each)))
      }),
      { numRuns: 400 },
    )
  })
})

const wordsOf = ({ words }: Network) => [...words] as [number, number, number, number]

function mapped(text: string): ipaddr.IPv6 {
  const address = ipaddr.parse(text)
  return address instanceof ipaddr.IPv4 ? address.toIPv4MappedAddress() : address
}

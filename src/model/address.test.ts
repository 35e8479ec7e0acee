import { isIPv4 as isIPv4Text, isIPv6 as isIPv6Text } from 'node:net'
import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, test } from 'vitest'
import { bytesOf } from '../testing/parse-lines.ts'
import {
  addressAt,
  addressWords,
  formatAddress,
  formatHalves,
  isIPv4,
  parseAddress,
  parsed,
  storeParsed,
} from './address.ts'

fc.configureGlobal({ seed: 20_260_101 })

const word = fc.oneof(
  fc.constantFrom(0, 1, 0xffff, 0x10000, 0x80000000, 0xffffffff),
  fc.integer({ min: 0, max: 0xffffffff }),
)
const words = fc.tuple(word, word, word, word)

const wordsOf = (text: string) => [...(addressWords(text) ?? [])]

/** The oracle's reading: 16 bytes, an IPv4 address as ::ffff:a.b.c.d. */
function oracleWords(text: string): number[] {
  // the library takes the deprecated ::a.b.c.d (RFC 4291 §2.5.5.1) for ::ffff:a.b.c.d, so it gets that one with a group more
  const plain = text.replace(/^::(?=\d+\.)/, '::0:')
  const address = isIPv4Text(text) ? ipaddr.IPv4.parse(text).toIPv4MappedAddress() : ipaddr.IPv6.parse(plain)
  const { parts } = address
  return [0, 2, 4, 6].map((i) => parts[i] * 65_536 + parts[i + 1])
}

describe('reading', () => {
  test.each([
    ['0.0.0.0', [0, 0, 0xffff, 0]],
    ['255.255.255.255', [0, 0, 0xffff, 0xffffffff]],
    ['10.1.0.7', [0, 0, 0xffff, 0x0a010007]],
    ['::', [0, 0, 0, 0]],
    ['::1', [0, 0, 0, 1]],
    ['1::', [0x10000, 0, 0, 0]],
    ['2001:db8::8a2e:370:7334', [0x20010db8, 0, 0x8a2e, 0x03707334]],
    ['2001:DB8:0:0:0:0:0:1', [0x20010db8, 0, 0, 1]],
    ['::ffff:192.0.2.1', [0, 0, 0xffff, 0xc0000201]],
    ['64:ff9b::192.0.2.33', [0x64ff9b, 0, 0, 0xc0000221]],
    ['1:2:3:4:5:6:7::', [0x10002, 0x30004, 0x50006, 0x70000]],
    ['::2:3:4:5:6:7:8', [0x2, 0x30004, 0x50006, 0x70008]],
  ])('%s', (text, expected) => {
    expect(wordsOf(text)).toEqual(expected)
  })

  test.each([
    ...['', ' ', '1', '1.2.3', '1.2.3.4.5', '1.2.3.', '.1.2.3', '1..2.3', '256.1.1.1', '01.2.3.4', '1.2.3.04'],
    ...['1.2.3.4 ', ' 1.2.3.4', '1.2.3.4/24', '0x1.2.3.4', '-1.2.3.4', '1.2.3.-4', '1,2,3,4', '4294967295'],
    ...[
      ':',
      ':::',
      '1:',
      ':1',
      '1::2::3',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '1:2:3:4:5:6:7:8::',
      '::1:2:3:4:5:6:7:8',
    ],
    ...[
      '12345::',
      'g::',
      'fe80::1%eth0',
      '[::1]',
      '::1.2.3',
      '::1.2.3.4.5',
      '1.2.3.4::',
      '1:2:3:4:5:6:7:1.2.3.4',
      '::1.2.3.4:5',
    ],
    ...['::256.1.1.1', '1:2:3:4:5::6:7:8:9', 'conn', '-', '(empty)'],
  ])('%j is no address', (text) => {
    expect(addressWords(text)).toBeUndefined()
  })

  test('every form of an address gives the words that another library reads', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        expect(wordsOf(text)).toEqual(oracleWords(text))
        expect(wordsOf(text.toUpperCase())).toEqual(oracleWords(text))
      }),
      { numRuns: 400 },
    )
  })

  test('whatever text is taken is an address, and no address is refused', () => {
    const letters = fc.constantFrom(...'0123456789abfAF:.', '::', '1.', '255')
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 24 }), (parts) => {
        const text = parts.join('')
        const isAddress = isIPv4Text(text) || isIPv6Text(text)
        expect(wordsOf(text)).toEqual(isAddress ? oracleWords(text) : [])
      }),
      { numRuns: 1500 },
    )
  })

  test('reads only what lies between start and end', () => {
    const bytes = bytesOf('9192.0.2.19::1f')
    expect(parseAddress(bytes, 1, 10)).toBe(true)
    expect([...parsed]).toEqual([0, 0, 0xffff, 0xc0000201])
    expect(parseAddress(bytes, 11, 14)).toBe(true)
    expect([...parsed]).toEqual([0, 0, 0, 1])
    expect(parseAddress(bytes, 3, 3)).toBe(false)
  })

  test('an address of the last call does not shine through the next', () => {
    expect(wordsOf('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')).toEqual([0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff])
    expect(wordsOf('::1')).toEqual([0, 0, 0, 1])
  })
})

describe('writing', () => {
  test.each([
    [[0, 0, 0xffff, 0xc0000201], '192.0.2.1'],
    [[0, 0, 0, 0], '::'],
    [[0, 0, 0, 1], '::1'],
    [[0x20010db8, 0, 0, 0], '2001:db8::'],
    // RFC 5952 §4.2.2: one group of zeros is not shortened; §4.2.3: the longest run is, of equals the first
    [[0x20010db8, 0x00000001, 0x00010001, 0x00010001], '2001:db8:0:1:1:1:1:1'],
    [[0x20010000, 0x00000001, 0x00000000, 0x00000001], '2001:0:0:1::1'],
    [[0x20010db8, 0, 0x00010000, 0x00000001], '2001:db8::1:0:0:1'],
  ])('%j is %s', (parts, text) => {
    expect(formatAddress(parts[0], parts[1], parts[2], parts[3])).toBe(text)
  })

  test('is RFC 5952, as another library writes it', () => {
    fc.assert(
      fc.property(words, (parts) => {
        const text = formatAddress(...parts)
        const bytes = parts.flatMap((part) => [part >>> 24, (part >>> 16) & 255, (part >>> 8) & 255, part & 255])
        const v6 = new ipaddr.IPv6(bytes)
        expect(text).toBe(v6.isIPv4MappedAddress() ? v6.toIPv4Address().toString() : v6.toRFC5952String())
        expect(wordsOf(text)).toEqual(parts)
      }),
      { numRuns: 500 },
    )
  })
})

describe('in columns', () => {
  test('an address comes back from its column as halves, and as text', () => {
    const column = { hi: new Uint32Array(6), lo: new Uint32Array(6) }
    addressWords('2001:db8:1:2:3:4:5:6')
    parseAddress(bytesOf('2001:db8:1:2:3:4:5:6'), 0, 20)
    storeParsed(column, 1)
    expect(addressAt(column, 0)).toEqual({ hi: 0n, lo: 0n })
    expect(addressAt(column, 1)).toEqual({ hi: 0x20010db800010002n, lo: 0x0003000400050006n })
    expect(addressAt(column, 2)).toEqual({ hi: 0n, lo: 0n })
    expect(formatHalves(0x20010db800010002n, 0x0003000400050006n)).toBe('2001:db8:1:2:3:4:5:6')
    // the memory of a half is that of a little-endian 64-bit integer, which is what the store copies
    expect(new BigUint64Array(column.hi.buffer)[1]).toBe(0x20010db800010002n)
  })

  test('IPv4 is what lies in ::ffff:0:0/96', () => {
    expect(isIPv4(0, 0, 0xffff)).toBe(true)
    expect(isIPv4(0, 0, 0)).toBe(false)
    expect(isIPv4(0, 1, 0xffff)).toBe(false)
    expect(isIPv4(1, 0, 0xffff)).toBe(false)
  })
})

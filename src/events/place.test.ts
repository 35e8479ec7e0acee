import { describe, expect, test } from 'vitest'
import { addressWords } from '../model/address.ts'
import { parseNetwork } from '../model/network.ts'
import type { VpnPool } from '../model/site.ts'
import { ends, PlaceTable } from './place.ts'

const networks = (...texts: string[]) =>
  texts.map((text) => {
    const network = parseNetwork(text)
    if (!network) throw new Error(`${text} is no network`)
    return network
  })
const pool = (gateway: string, ...texts: string[]): VpnPool => ({
  gateway,
  networks: networks(...texts),
  inner_flows: 'observed',
  tunnel_ports: [],
})

function endOf(table: PlaceTable, text: string): string {
  const [w0, w1, w2, w3] = addressWords(text) as Uint32Array
  const end = table.endOf(w0, w1, w2, w3)
  return Object.keys(ends).find((name) => ends[name as keyof typeof ends] === end) as string
}

describe('where an address is', () => {
  const table = new PlaceTable({
    networks: networks('10.0.0.0/8', '192.0.2.0/24', '2001:db8::/32', '10.200.64.0/24'),
    vpn_pools: [pool('vpn1', '10.200.0.0/16', '2001:db8:200::/48'), pool('vpn2', '192.0.2.0/24', '203.0.113.0/24')],
  })

  test.each([
    ['10.0.0.1', 'inside'],
    ['10.255.255.255', 'inside'],
    ['2001:db8::1', 'inside'],
    ['9.255.255.255', 'outside'],
    ['11.0.0.0', 'outside'],
    ['2001:db9::1', 'outside'],
    ['8.8.8.8', 'outside'],
    // private and shared space that nobody configured is outside like any other
    ['192.168.1.1', 'outside'],
    ['100.64.0.1', 'outside'],
    ['fc00::1', 'outside'],
  ])('%s is %s', (address, place) => {
    expect(endOf(table, address)).toBe(place)
  })

  test('a pool wins over the longer-known network that holds it', () => {
    expect(endOf(table, '10.200.0.1')).toBe('leased')
    expect(table.pool).toBe(0)
    expect(endOf(table, '2001:db8:200::9')).toBe('leased')
  })

  test('a pool wins over an equally long network', () => {
    expect(endOf(table, '192.0.2.7')).toBe('leased')
    expect(table.pool).toBe(1)
  })

  test('a network longer than the pool wins: servers in the pool stay inside', () => {
    expect(endOf(table, '10.200.64.7')).toBe('inside')
    expect(endOf(table, '10.200.65.7')).toBe('leased')
  })

  test('a pool outside all networks is leased too', () => {
    expect(endOf(table, '203.0.113.9')).toBe('leased')
    expect(table.pool).toBe(1)
  })

  test.each([
    ...['0.0.0.0', '127.0.0.1', '127.255.255.255', '169.254.1.1', '224.0.0.1', '239.255.255.255', '255.255.255.255'],
    ...['::', '::1', 'fe80::1', 'febf::1', 'ff02::1', 'ff0e::db8:1'],
  ])('%s is never outside', (address) => {
    expect(endOf(table, address)).toBe('special')
  })

  test.each([
    '0.0.0.1',
    '126.255.255.255',
    '169.253.1.1',
    '169.255.0.0',
    '223.255.255.255',
    '255.255.255.254',
    '::2',
    'fec0::1',
    'feff::1',
  ])('%s, beside a special block, is outside', (address) => {
    expect(endOf(table, address)).toBe('outside')
  })

  test('a special block that the site calls its own is inside', () => {
    const own = new PlaceTable({ networks: networks('169.254.0.0/16', '239.1.0.0/16'), vpn_pools: [] })
    expect(endOf(own, '169.254.7.7')).toBe('inside')
    expect(endOf(own, '239.1.2.3')).toBe('inside')
    expect(endOf(own, '239.2.2.3')).toBe('special')
  })

  test('a site of the whole address space has no outside', () => {
    const all = new PlaceTable({ networks: networks('0.0.0.0/0', '::/0'), vpn_pools: [] })
    expect(endOf(all, '8.8.8.8')).toBe('inside')
    expect(endOf(all, '2001:db9::1')).toBe('inside')
  })
})

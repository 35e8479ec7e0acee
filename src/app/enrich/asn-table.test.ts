import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { addressWords } from '../../model/address.ts'
import { Columns } from '../../model/columns.ts'
import { type Network, parseNetwork } from '../../model/network.ts'
import { mmdb } from '../../testing/mmdb.ts'
import { needTestData } from '../../testing/needs.ts'
import { AddressDatabase } from './address-database.ts'
import { AsnTable } from './asn-table.ts'
import { CountryTable } from './country-table.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-mmdb-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function written(bytes: Buffer, name = 'test.mmdb'): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}
const asnTable = (path: string) => new AsnTable(AddressDatabase.open(path, 'enrich.asn_db'))
const countryTable = (path: string) => new CountryTable(AddressDatabase.open(path, 'enrich.geo_db'))

type Halves = [bigint, bigint]
const halvesOf = (words: Uint32Array): Halves => [
  (BigInt(words[0]) << 32n) | BigInt(words[1]),
  (BigInt(words[2]) << 32n) | BigInt(words[3]),
]
const halves = (text: string): Halves => halvesOf(addressWords(text) as Uint32Array)

/** First and last address of a network. */
function endsOf({ words, bits }: Network): Uint32Array[] {
  const last = words.map((word, i) => {
    const kept = Math.min(32, Math.max(0, bits - 32 * i))
    return kept === 32 ? word : (word | (0xffffffff >>> kept)) >>> 0
  })
  return [words, last]
}

interface Golden {
  network: Network
  data: Record<string, unknown>
}

function goldenOf(file: string): Golden[] {
  const entries = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, unknown>>[]
  return entries.flatMap((entry) =>
    Object.entries(entry).map(([text, data]) => ({ network: parseNetwork(text) as Network, data })),
  )
}

const within = (words: Uint32Array, { words: first, bits }: Network): boolean =>
  first.every((word, i) => {
    const kept = Math.min(32, Math.max(0, bits - 32 * i))
    return kept === 0 || word >>> (32 - kept) === words[i] >>> (32 - kept)
  })

/** The longest network of the source that holds the address: what the database must answer. */
function expected(golden: readonly Golden[], words: Uint32Array): Record<string, unknown> {
  const holding = golden.filter(({ network }) => within(words, network))
  return holding.sort((a, b) => b.network.bits - a.network.bits)[0].data
}

describe('databases made by others', () => {
  test('every network of the ASN source, at both ends, IPv4 and IPv6', (context) => {
    const golden = goldenOf(needTestData(context, 'intel/geoip/GeoLite2-ASN-Test.json'))
    const table = asnTable(needTestData(context, 'intel/geoip/GeoLite2-ASN-Test.mmdb'))
    const asked = golden.flatMap(({ network }) => endsOf(network))
    const answers = asked.map((words) => table.asnOf(...halvesOf(words)))
    expect(answers).toEqual(asked.map((words) => expected(golden, words).autonomous_system_number ?? 0))
    const isV4 = asked.filter((words) => words[2] === 0xffff && words[1] === 0 && words[0] === 0).length
    expect([asked.length > 700, isV4 > 300, asked.length - isV4 > 300]).toEqual([true, true, true])
    const column = new Columns({ address: 'address' } as const)
    for (const words of asked) {
      const row = column.row()
      column.data.address.hi.set([words[1], words[0]], 2 * row)
      column.data.address.lo.set([words[3], words[2]], 2 * row)
    }
    expect(asked.map((_, row) => table.asnAt(column.data.address, row))).toEqual(answers)
    for (const { data } of golden) {
      const named = golden.filter((each) => each.data.autonomous_system_number === data.autonomous_system_number)
      const names = named.map((each) => each.data.autonomous_system_organization ?? '')
      expect(names).toContain(table.nameOf(Number(data.autonomous_system_number)))
    }
    expect([table.nameOf(1221), table.nameOf(4_000_000_000)]).toEqual(['Telstra Pty Ltd', ''])
  })

  test('every network of the city source', (context) => {
    const golden = goldenOf(needTestData(context, 'intel/geoip/GeoLite2-City-Test.json'))
    const table = countryTable(needTestData(context, 'intel/geoip/GeoLite2-City-Test.mmdb'))
    const asked = golden.flatMap(({ network }) => endsOf(network))
    const countries = asked.map((words) => (expected(golden, words).country as { iso_code?: string })?.iso_code ?? '')
    expect(asked.map((words) => table.countryOf(...halvesOf(words)))).toEqual(countries)
    expect(new Set(countries).size).toBeGreaterThan(10)
  })

  test('the ISP database has numbers too; one of countries, cities or nothing known has none', (context) => {
    const isp = asnTable(needTestData(context, 'intel/geoip/GeoIP2-ISP-Test.mmdb'))
    expect([isp.asnOf(...halves('1.128.0.1')), isp.nameOf(1221)]).toEqual([1221, 'Telstra Pty Ltd'])
    for (const type of ['Country', 'City']) {
      const path = needTestData(context, `intel/geoip/GeoLite2-${type}-Test.mmdb`)
      const reason = `${path} holds no numbers of autonomous systems: its type is 'GeoLite2-${type}'`
      expect(() => asnTable(path)).toThrow(reason)
    }
    expect(() => countryTable(needTestData(context, 'intel/geoip/GeoLite2-ASN-Test.mmdb'))).toThrow(
      'holds no countries',
    )
  })

  test('a tree that points past its records is damage, told with the name of the file', (context) => {
    const path = needTestData(context, 'intel/geoip/MaxMind-DB-test-broken-pointers-24.mmdb')
    expect(() => asnTable(path)).toThrow(
      expect.objectContaining({
        code: 'config_invalid',
        message: `${path} is no sound MaxMind DB: node 36 of its search tree points outside of its records`,
      }),
    )
  })
})

describe('a database of one’s own', () => {
  const values = {
    '198.51.100.0/24': { autonomous_system_number: 64500, autonomous_system_organization: 'One\nLine' },
    '198.51.100.128/25': { autonomous_system_number: 4_200_000_000 },
    '203.0.113.0/24': { asn: 'AS64501', as_name: 'Other form' },
    '2001:db8:5::/48': { autonomous_system_number: 64500, autonomous_system_organization: 'One\nLine' },
    '192.0.2.0/24': { autonomous_system_number: 0 },
  }
  const answers = {
    '198.51.100.7': 64500,
    '198.51.100.200': 4_200_000_000,
    '203.0.113.255': 64501,
    '2001:db8:5:ffff::1': 64500,
    '2001:db8:6::1': 0,
    '192.0.2.1': 0,
    '8.8.8.8': 0,
    '::': 0,
  }

  test.each([24, 28, 32] as const)('with pointers of %i bits', (record_size) => {
    const table = asnTable(written(mmdb(values, 'Own', record_size)))
    const found = Object.keys(answers).map((text) => [text, table.asnOf(...halves(text))])
    expect(Object.fromEntries(found)).toEqual(answers)
    expect([64500, 64501, 4_200_000_000, 0].map((asn) => table.nameOf(asn))).toEqual(['One Line', 'Other form', '', ''])
  })

  test('countries in three forms, and what is none', () => {
    const table = countryTable(
      written(
        mmdb({
          '198.51.100.0/24': { country: { iso_code: 'CH' } },
          '203.0.113.0/24': { country_code: 'de' },
          '192.0.2.0/24': { country: 'FR' },
          '2001:db8::/32': { registered_country: { iso_code: 'US' } },
        }),
      ),
    )
    const asked = ['198.51.100.1', '203.0.113.1', '192.0.2.1', '2001:db8::1', '8.8.8.8', '198.51.100.2']
    expect(asked.map((text) => table.countryOf(...halves(text)))).toEqual(['CH', 'DE', 'FR', '', '', 'CH'])
  })

  test('its hash is that of its content, wherever it lies', () => {
    const [one, same] = [written(mmdb(values), 'one.mmdb'), written(mmdb(values), 'same.mmdb')]
    const other = written(mmdb({ ...values, '192.0.2.0/24': { autonomous_system_number: 1 } }), 'other.mmdb')
    expect(asnTable(one).content_hash).toBe(asnTable(same).content_hash)
    expect(asnTable(one).content_hash).not.toBe(asnTable(other).content_hash)
  })
})

describe('files that are no sound database', () => {
  const sound = mmdb({ '198.51.100.0/24': { autonomous_system_number: 64500 } })

  test('a file that is not there', () => {
    const path = join(folder, 'missing.mmdb')
    expect(() => asnTable(path)).toThrow(`enrich.asn_db: ${path} cannot be read: ENOENT`)
  })

  test('half a download, text, and nothing', () => {
    for (const bytes of [sound.subarray(0, sound.length - 200), Buffer.from('<html>404</html>'), Buffer.alloc(0)])
      expect(() => asnTable(written(bytes))).toThrow(/test\.mmdb is no sound MaxMind DB: it does not end like/)
  })

  test('bytes lost in the middle', () => {
    const lost = Buffer.concat([sound.subarray(0, 100), sound.subarray(400)])
    expect(() => asnTable(written(lost))).toThrow('is no sound MaxMind DB')
  })

  test('whatever byte is changed, the file is refused or answers with a number', () => {
    for (let at = 0; at < sound.length; at++) {
      const changed = Buffer.from(sound)
      changed[at] ^= 0xff
      try {
        const asn = asnTable(written(changed)).asnOf(...halves('198.51.100.7'))
        expect(Number.isInteger(asn) && asn >= 0 && asn <= 0xffffffff).toBe(true)
      } catch (error) {
        expect(error).toMatchObject({ code: 'config_invalid', message: expect.stringContaining('test.mmdb') })
      }
    }
  })
})

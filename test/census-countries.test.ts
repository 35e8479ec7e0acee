/** With the operator's own databases a census says from which countries and networks of others an account was used. */
import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { mmdb } from '../src/testing/mmdb.ts'
import { censusOf } from './support/census-equals.ts'
import { Folder, runWeir } from './support/weir.ts'

const folder = new Folder()
afterAll(() => folder.remove())

const login = (account: string, peer_ip: string): object => {
  return { type: 'session', kind: 'ssh', account, peer_ip, start_ms: 1_772_409_600_000, end_ms: 1_772_409_660_000 }
}
const logins = [
  ...[
    login('ana', '198.51.100.7'),
    login('ana', '203.0.113.9'),
    login('ana', '2001:db9::7'),
    login('ana', '192.0.2.1'),
  ],
  login('ben', '198.51.100.8'),
]
const log = folder.file('logs/events.ndjson', logins.map((each) => `${JSON.stringify(each)}\n`).join(''))
const countries = { '198.51.100.0/24': 'CH', '203.0.113.0/24': 'FR', '2001:db9::/32': 'CH' }
const geo_db = folder.file(
  'country.mmdb',
  mmdb(
    Object.fromEntries(Object.entries(countries).map(([network, iso_code]) => [network, { country: { iso_code } }])),
    'Test-Country',
  ),
)
const systems = { '198.51.100.0/24': 64_500, '203.0.113.0/24': 64_501, '2001:db9::/32': 64_500 }
const asn_db = folder.file(
  'asn.mmdb',
  mmdb(
    Object.fromEntries(
      Object.entries(systems).map(([network, autonomous_system_number]) => [network, { autonomous_system_number }]),
    ),
  ),
)
const site = { networks: ['10.0.0.0/8'] }

test('what no database knows is left out', async () => {
  const { accounts } = await censusOf([log], { site, enrich: { geo_db, asn_db } })
  expect(accounts.rows.map(({ account, networks, countries, asns }) => [account, networks, countries, asns])).toEqual([
    ['ana', 4, ['CH', 'FR'], 2],
    ['ben', 1, ['CH'], 1],
  ])
})

test('without databases nothing is said of countries', async () => {
  const [row] = (await censusOf([log], { site })).accounts.rows
  expect(Object.keys(row)).not.toContain('countries')
  expect(Object.keys(row)).not.toContain('asns')
})

test('the screen and the page show them beside the account', async () => {
  const config = folder.file('weir.yaml', `site: {networks: [10.0.0.0/8]}\nenrich: {geo_db: ${geo_db}}\n`)
  const page = folder.at('page.html')
  const { stdout } = await runWeir(['census', log, '--config', config, '--html', page, '--no-progress'])
  expect(stdout).toMatch(/networks +addresses +sessions +account +countries\n +4 +4 +4 +ana +CH FR\n/)
  expect(readFileSync(page, 'utf8')).toContain('CH FR')
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import type { Config } from './config-schema.ts'
import { loadConfig } from './load-config.ts'
import { formatProblem } from './problem.ts'

function load(text: string): Config {
  const { ok, problems } = loadConfig(text, 'weir.yaml')
  if (!ok) throw new Error(problems?.map(formatProblem).join('\n'))
  return ok
}

const problemsOf = (text: string) => (loadConfig(text, 'weir.yaml').problems ?? []).map(formatProblem)
const site = 'site: {networks: [10.0.0.0/8]}\n'

describe('a sound file', () => {
  test('the example of the contract', () => {
    const { ok, problems, ...rest } = loadConfig(contractExample, 'weir.yaml')
    expect(problems).toBeUndefined()
    expect(ok?.site).toEqual({
      name: 'Example Centre',
      timezone: 'UTC',
      networks: ['10.0.0.0/8', '192.0.2.0/24', '2001:db8::/32'],
      vpn_pools: [
        {
          gateway: 'vpn1',
          networks: ['10.200.0.0/16'],
          inner_flows: 'observed',
          tunnel_ports: [443, 500, 1194, 1701, 4500, 4501, 51820],
        },
      ],
    })
    expect(ok?.vaults[0].size_bytes).toBe(2_000_000_000_000_000)
    expect(ok?.expectations[0]).toMatchObject({ peers: ['198.51.100.0/24'], asns: [64500], from: '2026-01-01' })
    expect(ok?.sensors[0].accounts).toBe(true)
    expect(rest).toEqual({
      remarks: [
        {
          file: 'weir.yaml',
          line: 11,
          col: 26,
          path: 'expectations[0].vaults[0]',
          message: "no vault 'open-climate' is configured: this holds only for logs that name it themselves",
        },
      ],
    })
  })

  test('only site.networks is required, everything else has a default', () => {
    expect(load(site)).toEqual({
      site: { name: 'site', timezone: 'UTC', networks: ['10.0.0.0/8'], vpn_pools: [] },
      hosts: [],
      sensors: [],
      vaults: [],
      expectations: [],
      calendar: [],
      protected: { addresses: [], accounts: [] },
      budget: { false_incidents_per_year: 1, growth_per_month: 0.02 },
      retention: { flows_days: 30, named_days: 180, pseudonymous_days: 800 },
      enrich: { identities: [], projects: [], vaults: [] },
    })
  })

  test('networks, addresses and paths come out in canonical form', () => {
    const config = load(`
site: {networks: ["2001:DB8:0:0::/32"]}
hosts: [{name: a, addresses: ["2001:0db8::0001"]}]
vaults: [{id: v, paths: [/proj//cfd/, /]}]
expectations: [{id: e, peers: [198.51.100.7], vaults: [v]}]
`)
    expect(config.site.networks).toEqual(['2001:db8::/32'])
    expect(config.hosts[0].addresses).toEqual(['2001:db8::1'])
    expect(config.vaults[0].paths).toEqual(['/proj/cfd', '/'])
    expect(config.expectations[0].peers).toEqual(['198.51.100.7/32'])
  })

  test('a pool may overlap the networks of the site', () => {
    const config = load('site: {networks: [10.0.0.0/8], vpn_pools: [{gateway: g, networks: [10.0.0.0/8]}]}')
    expect(config.site.vpn_pools[0].networks).toEqual(['10.0.0.0/8'])
  })

  test('anchors and aliases are YAML like any other', () => {
    expect(
      load('site: {networks: &n [10.0.0.0/8], vpn_pools: [{gateway: g, networks: *n}]}').site.vpn_pools,
    ).toHaveLength(1)
  })
})

describe('which sensor accounts', () => {
  const accounting = (...sensors: string[]) =>
    load(`${site}sensors: [${sensors.map((sensor) => `{match: x, ${sensor}}`).join(', ')}]`)
      .sensors.filter((sensor) => sensor.accounts)
      .map((sensor) => sensor.id)

  test('the first listed one of each segment', () => {
    expect(accounting('id: a', 'id: b', 'id: c, segment: dmz')).toEqual(['a', 'c'])
  })

  test('the one that says so, wherever it is listed', () => {
    expect(accounting('id: a', 'id: b, accounts: true')).toEqual(['b'])
  })

  test('the next one if the first says no, none if all say no', () => {
    expect(accounting('id: a, accounts: false', 'id: b', 'id: c')).toEqual(['b'])
    expect(accounting('id: a, accounts: false')).toEqual([])
  })
})

describe('unknown keys', () => {
  test('are named with the key that was meant, at any depth, at their own place', () => {
    expect(problemsOf('site:\n  networks: [10.0.0.0/8]\n  vpn_pool: []\n')).toEqual([
      "weir.yaml:3:3 site — unknown key 'vpn_pool', did you mean 'vpn_pools'?",
    ])
    expect(problemsOf(`${site}vaults:\n  - {id: v, path: [/a]}`)).toEqual([
      "weir.yaml:3:13 vaults[0] — unknown key 'path', did you mean 'paths'?",
    ])
  })

  test('are named with the known ones if none is near', () => {
    expect(problemsOf(`${site}enrich: {whois: x}`)).toEqual([
      "weir.yaml:2:10 enrich — unknown key 'whois', known here: asn_db, geo_db, identities, projects, vaults",
    ])
  })

  test('cannot reach into the prototype', () => {
    expect(problemsOf(`${site}__proto__: {hosts: 1}`)).toEqual([
      expect.stringMatching(/^weir.yaml:2:1 — unknown key '__proto__', known here: site, /),
    ])
  })
})

describe('YAML itself', () => {
  test('a syntax error has its place', () => {
    expect(problemsOf('site:\n  networks: [10.0.0.0/8\nhosts: []\n')[0]).toMatch(/^weir.yaml:3:1 — not valid YAML: /)
  })

  test('a key given twice, beside other problems', () => {
    expect(problemsOf('site: {networks: [10.0.0.0/8], name: a, name: b}\nhost: []\n')).toEqual([
      "weir.yaml:1:41 — expected every key once, received 'name' again",
      "weir.yaml:2:1 — unknown key 'host', did you mean 'hosts'?",
    ])
  })

  test('aliases that multiply and nesting past the stack are problems, not crashes', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    for (let i = 1; i < 12; i++)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      )
    expect(problemsOf(lines.join('\n'))[0]).toContain('not valid YAML')
    expect(problemsOf('['.repeat(50_000)).length).toBeLessThanOrEqual(20)
    expect(problemsOf('site: &s {vpn_pools: [*s], networks: *s}').length).toBeGreaterThan(0)
  })

  test('two documents in one file are a problem', () => {
    expect(problemsOf(`${site}---\n${site}`)[0]).toContain('not valid YAML')
  })
})

describe('problems across entries', () => {
  test('all are found at once, in the order of the file', () => {
    expect(
      problemsOf(`site:
  networks: [10.0.0.0/8]
  vpn_pools:
    - {gateway: a, networks: [10.1.0.0/16]}
    - {gateway: b, networks: [10.1.0.0/16]}
hosts:
  - {name: a, addresses: [10.0.0.1], colour: red}
  - {name: b, addresses: [10.0.0.2]}
  - {name: b, addresses: [10.0.0.2, 10.0.0.3]}
sensors:
  - {id: zeek, match: 'z/**', accounts: true}
  - {id: zeek, match: 'y/**'}
  - {id: router, match: 'r/**', accounts: true}
vaults:
  - {id: v, paths: [/a/]}
  - {id: v, paths: [/b, /a], buckets: [c]}
  - {id: w, buckets: [c], size_bytes: 0}
expectations:
  - {id: e, vaults: [v]}
  - {id: e, peers: [192.0.2.1]}
  - {id: f, asns: [1], vaults: [w], from: 2026-05-02, until: 2026-05-01}
calendar: [{from: 2026-05-02, until: 2026-05-01, kind: deadline}]
retention: {flows_days: 200, pseudonymous_days: 100}
`),
    ).toEqual([
      "weir.yaml:5:31 site.vpn_pools[1].networks[0] — expected a network of one pool, received '10.1.0.0/16', which is at site.vpn_pools[0].networks[0] too",
      "weir.yaml:7:38 hosts[0] — unknown key 'colour', known here: name, addresses, role",
      "weir.yaml:9:12 hosts[2].name — expected a name of its own, received 'b', which is at hosts[1].name too",
      "weir.yaml:9:27 hosts[2].addresses[0] — expected an address of one host, received '10.0.0.2', which is at hosts[1].addresses[0] too",
      "weir.yaml:12:10 sensors[1].id — expected an id of its own, received 'zeek', which is at sensors[0].id too",
      "weir.yaml:13:43 sensors[2].accounts — expected one accounting sensor on segment 'border', received 'router' beside 'zeek' (sensors[0])",
      "weir.yaml:16:10 vaults[1].id — expected an id of its own, received 'v', which is at vaults[0].id too",
      "weir.yaml:16:25 vaults[1].paths[1] — expected a path prefix of one vault, received '/a', which is at vaults[0].paths[0] too",
      'weir.yaml:17:39 vaults[2].size_bytes — expected at least 1, received number 0',
      'weir.yaml:19:5 expectations[0] — expected peers or asns, received neither',
      'weir.yaml:20:5 expectations[1] — expected vaults or accounts, received neither',
      "weir.yaml:20:10 expectations[1].id — expected an id of its own, received 'e', which is at expectations[0].id too",
      "weir.yaml:21:62 expectations[2].until — expected a time after from (2026-05-02), received '2026-05-01'",
      "weir.yaml:22:38 calendar[0].until — expected a time after from (2026-05-02), received '2026-05-01'",
      'weir.yaml:23:12 retention — expected named_days of at most pseudonymous_days (100), received 180',
      'weir.yaml:23:25 retention.flows_days — expected flows_days of at most named_days (180), received 200',
    ])
  })

  test('two buckets of one name in two vaults', () => {
    expect(problemsOf(`${site}vaults: [{id: a, buckets: [x]}, {id: b, buckets: [x]}]`)).toEqual([
      "weir.yaml:2:51 vaults[1].buckets[0] — expected a bucket of one vault, received 'x', which is at vaults[0].buckets[0] too",
    ])
  })

  test('a vault id that is nearly one of ours is an error, a wholly other one a remark', () => {
    const text = (id: string) =>
      `${site}vaults: [{id: cfd-archive}]\nexpectations: [{id: e, asns: [1], vaults: [${id}]}]`
    expect(problemsOf(text('cfd-archiv'))).toEqual([
      "weir.yaml:3:44 expectations[0].vaults[0] — expected the id of a vault, received 'cfd-archiv', did you mean 'cfd-archive'?",
    ])
    expect(loadConfig(text('open-climate'), 'weir.yaml').problems).toBeUndefined()
  })

  test('with vaults in other files, which a check does not read, no vault id is an error', () => {
    const text = `${site}vaults: [{id: cfd}]\nexpectations: [{id: e, asns: [1], vaults: [cfd2]}]\nenrich: {vaults: [v.csv]}`
    const loaded = loadConfig(text, 'weir.yaml')
    expect(loaded.ok?.enrich.vaults).toEqual(['v.csv'])
    expect(loaded.ok && loaded.remarks.map(formatProblem)).toEqual([
      "weir.yaml:3:44 expectations[0].vaults[0] — no vault 'cfd2' in this file: this holds if a file of enrich.vaults has it",
    ])
  })

  test('a day from and until is a whole day, not an empty period', () => {
    expect(load(`${site}calendar: [{from: 2026-05-01, until: 2026-05-01, kind: deadline}]`).calendar).toHaveLength(1)
  })
})

describe('any text whatever', () => {
  test('is a configuration or a list of problems with places', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (text) => {
        const loaded = loadConfig(text, 'f')
        if (loaded.ok) return
        expect(loaded.problems.length).toBeGreaterThan(0)
        for (const { line, col } of loaded.problems) expect(Math.min(line, col)).toBeGreaterThanOrEqual(1)
      }),
      { numRuns: 300 },
    )
  })

  test('so is anything of a likely shape', () => {
    const keys = [
      'site',
      'networks',
      'vpn_pools',
      'hosts',
      'sensors',
      'vaults',
      'expectations',
      'id',
      'calendar',
      'from',
    ]
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom('10.0.0.0/8', 1, null, 'a', true),
        tie('list'),
        tie('map'),
      ),
      list: fc.array(tie('value'), { maxLength: 3 }),
      map: fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 4 }),
    }))
    fc.assert(
      fc.property(value, (content) => {
        loadConfig(stringify(content), 'f')
      }),
      { numRuns: 300 },
    )
  })

  test('and so is a sound file with a few characters changed', () => {
    fc.assert(
      fc.property(fc.nat(contractExample.length), fc.nat(5), fc.string({ maxLength: 4 }), (start, count, text) => {
        loadConfig(contractExample.slice(0, start) + text + contractExample.slice(start + count), 'f')
      }),
      { numRuns: 200 },
    )
  })
})

const contractExample = `site:
  name: Example Centre
  timezone: UTC
  networks: [10.0.0.0/8, 192.0.2.0/24, "2001:db8::/32"]
  vpn_pools: [{gateway: vpn1, networks: [10.200.0.0/16], inner_flows: observed}]
hosts:   [{name: dtn1, addresses: [10.1.0.11], role: dtn}]
sensors: [{id: zeek-border, match: 'zeek/**', segment: border, accounts: true, timezone: UTC}]
vaults:
  - {id: cfd-archive, paths: [/proj/cfd], buckets: [cfd], project: cfd, client_org: aero-lab, sensitivity: high, size_bytes: 2000000000000000, budget_bytes_per_30d: 5000000000000}
expectations:
  - {id: EXP-7, vaults: [open-climate], peers: [198.51.100.0/24], asns: [64500], accounts: [svc-mirror], max_bytes_per_day: 50000000000000, from: 2026-01-01, until: 2026-12-31, ticket: CHG-123}
calendar: [{from: 2026-12-24, until: 2027-01-02, kind: holiday}]
protected: {addresses: [10.0.0.53], accounts: [emergency]}
budget: {false_incidents_per_year: 1}
retention: {flows_days: 30, named_days: 180, pseudonymous_days: 800}
enrich: {asn_db: path.mmdb, geo_db: path.mmdb}
`

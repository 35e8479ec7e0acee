/** Whatever stands in the logs, the proposal is a sound configuration that says exactly that, and nothing breaks out of it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalisePath } from '../../attribution/vault-map.ts'
import { loadConfig } from '../../config/load-config.ts'
import { sampleOf } from '../../testing/sample-of.ts'
import { nameOf, proposalOf } from './propose-config.ts'
import { proposalYaml } from './yaml.ts'

const flows = ['203.0.113.5', '198.51.100.7', '192.0.2.9'].map((src) => ({
  ...{ src, dst: '10.1.1.1', src_port: 5000, dst_port: 22, service: 'ssh', bytes_src: 50_000 },
}))

function configOf(sample: ReturnType<typeof sampleOf>) {
  const proposal = proposalOf(sample)
  const text = proposalYaml(proposal, sample)
  const loaded = loadConfig(text, 'weir.yaml')
  expect(loaded.problems, text).toBeUndefined()
  if (!loaded.ok) throw new Error(text)
  return { text, proposal, config: loaded.ok }
}

const nasty = [
  ...[
    'a: b',
    '- x',
    '#x',
    'x # y',
    '"',
    "'",
    '{a}',
    '[b]',
    '&a',
    '*a',
    '!t',
    '|',
    '>',
    '%',
    '@',
    '`',
    'null',
    'true',
    '~',
    '1e3',
    '0x1',
  ],
  ...[
    '2026-03-09',
    '=',
    '<<',
    'a\nsite: {networks: [0.0.0.0/0]}',
    'a\r\nb',
    'a\u2028b',
    '\u0085',
    '\ufeff',
    '\u202e',
    '\u0000',
    '?',
    ',',
  ],
]
const text = fc.oneof(
  fc.constantFrom(...nasty),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ maxLength: 20 }),
)

test('names and paths come through as they are', () => {
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 1, maxLength: 8 }),
      fc.array(text, { maxLength: 6 }),
      text,
      text,
      (steps, buckets, gateway, host) => {
        const sample = sampleOf({
          flows,
          transfers: [
            ...steps.map((step) => ({ path: `/proj/${step}/file.h5` })),
            ...buckets.map((bucket) => ({ bucket })),
          ],
          sessions: [
            { kind: 'vpn', gateway, assigned: '10.99.0.5', peer: '203.0.113.5' },
            { kind: 'ssh', host_name: host, peer: '203.0.113.5', peer_port: 5000 },
          ],
          places: [
            { directory: `logs/${host}`, files: 1 },
            { directory: `logs/${gateway}/x`, files: 1 },
          ],
        })
        const { proposal, config } = configOf(sample)
        expect(config.vaults.map(({ id, paths, buckets }) => ({ id, paths, buckets }))).toEqual(
          proposal.vaults.vaults.map(({ id, paths, buckets }) => ({ id, paths: paths.map(normalisePath), buckets })),
        )
        expect(config.site.vpn_pools.map(({ gateway: name }) => name)).toEqual([nameOf(gateway) ?? 'vpn'])
        expect(config.site.networks).toEqual(['10.1.1.0/24'])
        expect(config.sensors.map(({ match }) => match)).toEqual(proposal.sensors.map(({ match }) => match))
        expect(config.hosts.map(({ name }) => name)).toEqual(proposal.hosts.hosts.map(({ name }) => name))
      },
    ),
    { numRuns: 150 },
  )
})

test('comments stay comments: nothing of a log can end their line or drive a terminal', () => {
  const path = '/proj/x\nvaults: []\u001b[31m/y.h5'
  const sample = sampleOf({
    flows,
    transfers: [{ path }],
    sessions: [{ host_name: 'a\n- b', peer: '203.0.113.5', peer_port: 5000 }],
  })
  const { text: yaml, config } = configOf(sample)
  expect(config.vaults).toHaveLength(1)
  expect(yaml).not.toMatch(/^vaults: \[\]/m)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
  expect(yaml).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
})

test('every entry says what it rests on', () => {
  const { text: yaml } = configOf(sampleOf({ flows, transfers: [{ path: '/proj/cfd/a.h5', bytes: 12_345_678n }] }))
  expect(yaml).toContain(`    # 1 address sends from here; 3 flows, 3 of them with an outside end, 450 kB
    # private; nothing else of 10.0.0.0/8 was seen: widen this if that is yours too
    - 10.1.1.0/24
`)
  expect(yaml).toContain(`  # 1 record of transfers or reads, 12.3 MB
  - {id: cfd, paths: [/proj/cfd]}
`)
})

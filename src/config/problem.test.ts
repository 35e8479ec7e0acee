import { describe, expect, test } from 'vitest'
import { loadConfig } from './load-config.ts'
import { formatProblem } from './problem.ts'

const problemsOf = (text: string) => (loadConfig(text, 'weir.yaml').problems ?? []).map(formatProblem)
const site = 'site: {networks: [10.0.0.0/8]}\n'

describe('problems of one value', () => {
  const cases: [what: string, text: string, problem: string][] = [
    ['an empty file', '', 'weir.yaml:1:1 — expected a mapping, received nothing'],
    ['a list', '- a', 'weir.yaml:1:1 — expected a mapping, received a list'],
    ['no site', 'hosts: []', 'weir.yaml:1:1 site — expected a mapping, received nothing'],
    ['no networks', 'site:\n  name: x', 'weir.yaml:2:3 site.networks — expected a list, received nothing'],
    [
      'an empty list of networks',
      'site: {networks: []}',
      'weir.yaml:1:18 site.networks — expected at least one entry, received an empty list',
    ],
    [
      'host bits',
      'site: {networks: [10.1.2.3/8]}',
      "weir.yaml:1:19 site.networks[0] — expected 10.0.0.0/8 (no bit set after the first 8), received '10.1.2.3/8'",
    ],
    [
      'host bits of IPv6',
      'site: {networks: ["2001:db8::1/32"]}',
      "weir.yaml:1:19 site.networks[0] — expected 2001:db8::/32 (no bit set after the first 32), received '2001:db8::1/32'",
    ],
    [
      'a length past the end',
      'site: {networks: [10.0.0.0/33]}',
      "weir.yaml:1:19 site.networks[0] — expected a length of at most 32, received '10.0.0.0/33'",
    ],
    [
      'no length',
      'site: {networks: [10.0.0.0]}',
      "weir.yaml:1:19 site.networks[0] — expected a network with its length, such as 10.0.0.0/32, received '10.0.0.0'",
    ],
    [
      'everything inside',
      'site: {networks: ["::/0"]}',
      "weir.yaml:1:19 site.networks[0] — expected a network that leaves something outside, received '::/0'",
    ],
    [
      'no network at all',
      'site: {networks: [lan]}',
      "weir.yaml:1:19 site.networks[0] — expected a network such as 10.0.0.0/8 or 2001:db8::/32, received 'lan'",
    ],
    [
      'a wrong time zone',
      'site: {networks: [10.0.0.0/8], timezone: Mars/Olympus}',
      "weir.yaml:1:42 site.timezone — expected an IANA time zone such as UTC or Europe/Zurich, received 'Mars/Olympus'",
    ],
    [
      'a wrong address',
      `${site}hosts: [{name: a, addresses: [10.0.0.256]}]`,
      "weir.yaml:2:31 hosts[0].addresses[0] — expected an address such as 10.1.0.11 or 2001:db8::1, received '10.0.0.256'",
    ],
    [
      'a wrong role',
      `${site}hosts: [{name: a, addresses: [10.0.0.1], role: logn}]`,
      'weir.yaml:2:48 hosts[0].role — expected one of login, compute, dtn, portal, storage, vpn, service, other ' +
        "(did you mean login?), received 'logn'",
    ],
    [
      'a number for text',
      `${site}protected: {accounts: [1001]}`,
      'weir.yaml:2:24 protected.accounts[0] — expected text (in quotes), received number 1001',
    ],
    [
      'blanks around a name',
      `${site}protected: {accounts: [" x"]}`,
      "weir.yaml:2:24 protected.accounts[0] — expected text without blanks around it or control characters, received ' x'",
    ],
    [
      'a fraction of a byte',
      `${site}vaults: [{id: v, size_bytes: 1.5}]`,
      'weir.yaml:2:30 vaults[0].size_bytes — expected a whole number, received number 1.5',
    ],
    [
      'more bytes than YAML keeps exact',
      `${site}vaults: [{id: v, size_bytes: 10000000000000000}]`,
      'weir.yaml:2:30 vaults[0].size_bytes — expected at most 9007199254740991, received number 10000000000000000',
    ],
    [
      'a relative path',
      `${site}vaults: [{id: v, paths: [proj/cfd]}]`,
      "weir.yaml:2:26 vaults[0].paths[0] — expected an absolute path such as /proj/cfd, received 'proj/cfd'",
    ],
    [
      'a path that climbs',
      `${site}vaults: [{id: v, paths: [/proj/../etc]}]`,
      "weir.yaml:2:26 vaults[0].paths[0] — expected an absolute path such as /proj/cfd, received '/proj/../etc'",
    ],
    [
      'a day that does not exist',
      `${site}calendar: [{from: 2026-02-30, until: 2026-03-01, kind: holiday}]`,
      'weir.yaml:2:19 calendar[0].from — expected a date such as 2026-01-31, or a time with its zone such as ' +
        "2026-01-31T18:00:00Z, received '2026-02-30'",
    ],
    [
      'a time without a zone',
      `${site}calendar: [{from: 2026-02-03T10:00:00, until: 2026-03-01, kind: holiday}]`,
      'weir.yaml:2:19 calendar[0].from — expected a date such as 2026-01-31, or a time with its zone such as ' +
        "2026-01-31T18:00:00Z, received '2026-02-03T10:00:00'",
    ],
    [
      'an AS number past 32 bits',
      `${site}expectations: [{id: e, vaults: [v], asns: [4294967296]}]`,
      'weir.yaml:2:44 expectations[0].asns[0] — expected at most 4294967295, received number 4294967296',
    ],
    [
      'no tolerance at all',
      `${site}budget: {false_incidents_per_year: 0}`,
      'weir.yaml:2:36 budget.false_incidents_per_year — expected more than 0, received number 0',
    ],
    [
      'a port of zero',
      'site: {networks: [10.0.0.0/8], vpn_pools: [{gateway: g, networks: [10.9.0.0/16], tunnel_ports: [0]}]}',
      'weir.yaml:1:97 site.vpn_pools[0].tunnel_ports[0] — expected at least 1, received number 0',
    ],
    [
      'an anchor that nobody signed',
      'site: {networks: [10.0.0.0/8], anchor: {date: 2026-01-01, reason: x}}',
      'weir.yaml:1:40 site.anchor.by — expected text, received nothing',
    ],
  ]
  test.each(cases)('%s', (_, text, problem) => {
    expect(problemsOf(text)).toEqual([problem])
  })
})

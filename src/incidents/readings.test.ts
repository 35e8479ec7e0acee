import { describe, expect, test } from 'vitest'
import { dayMs } from '../model/window.ts'
import { type CaseParts, caseOf, caseStart, evenHours, hoursFrom, membersOfCounts } from '../testing/case-builder.ts'
import { notObservableOf } from './not-observable.ts'
import { readingsOf, strongestReading } from './readings.ts'

const gross = 100_000_000_000n
const all = { account: gross, vault: gross }
const nights = { members: hoursFrom(1, 4), site: evenHours }

/** A look-alike of reference/hpc-ops.md §8 and the reading that is the truth. */
const lookAlikes: [string, string, CaseParts][] = [
  [
    'public_release',
    'B4, a release of open data',
    { counts: { hosts: 2, peers: 2000, peer_asns: 400, vaults: 1, client_fps: 0 }, networks: 400 },
  ],
  [
    'new_collaboration',
    'B1, a new collaboration',
    {
      counts: { hosts: 1, peers: 2, peer_asns: 1, accounts: 1, projects: 1, vaults: 1, client_fps: 0 },
      networks: 1,
      named_bytes: all,
      services: [{ service: 'gridftp', bytes_out: gross }],
      last_activity_ms: caseStart + 20 * dayMs,
    },
  ],
  [
    'mirror',
    'B3, a nightly mirror',
    {
      counts: { hosts: 1, peers: 40, peer_asns: 30, vaults: 1, client_fps: 0 },
      networks: 30,
      hours: nights,
      last_activity_ms: caseStart + 80 * dayMs,
    },
  ],
  [
    'moved_users',
    'B5, a conference',
    {
      counts: { hosts: 4, peers: 1, peer_asns: 1, accounts: 60, vaults: 9 },
      networks: 1,
      named_bytes: all,
      first_activity_ms: Date.UTC(2026, 5, 8),
      last_activity_ms: Date.UTC(2026, 5, 12),
    },
  ],
  [
    'backup_move',
    'B7, a backup to another provider',
    { counts: { hosts: 4, peers: 30, peer_asns: 1, accounts: 0, vaults: 9 }, networks: 1, hours: nights },
  ],
  [
    'address_churn',
    'new addresses of an access provider',
    {
      counts: { hosts: 9, peers: 300, peer_asns: 8, accounts: 15, vaults: 9, client_fps: 0 },
      networks: 8,
      named_bytes: all,
    },
  ],
  [
    'semester_start',
    'B2, the start of a semester',
    {
      counts: { hosts: 3, peers: 1400, peer_asns: 300, accounts: 1500, vaults: 1, client_fps: 0 },
      networks: 300,
      named_bytes: all,
    },
  ],
  [
    'planned_transfer',
    'one large transfer in an hour',
    {
      kind: 'fast_theft',
      counts: { hosts: 1, peers: 4, peer_asns: 4, vaults: 1 },
      networks: 4,
      last_activity_ms: caseStart + 3_600_000,
    },
  ],
]

describe('the strongest innocent reading', () => {
  test.each(lookAlikes)('%s for %s', (id, _, parts) => {
    expect(strongestReading(caseOf({ gross_bytes_out: gross, ...parts })).id).toBe(id)
  })

  test('says what speaks for it and against it, and names who and what to look at', () => {
    const { text, check } = strongestReading(caseOf())
    expect(text).toBe(
      'Data was published or a web service opened, and nobody told Weir. For it: many peers draw; they are in many networks; the bytes left over web services; the hours are those of the site’s people; no account was needed. Against it: the bytes come out of several vaults; one client fingerprint stands for most of the excess.',
    )
    expect(check).toBe(
      'Ask the owners of cfd-archive and open-climate whether data or a service was opened to the public around 2026-03-24, and compare the web log of svc1, svc2 and others: a release shows referrers and the published paths.',
    )
  })

  test('every reading has a check that names something of the case, even where nobody is known', () => {
    const nobody = caseOf({ members: membersOfCounts({}, 0n), networks: 0, hours: { members: [], site: [] } })
    for (const campaign of [caseOf({ counts: { accounts: 3, projects: 1 } }), nobody]) {
      for (const { check, text } of readingsOf(campaign)) {
        expect(check).toMatch(/2026-03-24.*\.$/)
        expect(`${check} ${text}`).not.toMatch(/undefined| {2}| [,.;]/)
      }
    }
  })
})

describe('what was not observable', () => {
  test('passes on what others know, and adds what the case lacks', () => {
    expect(notObservableOf(caseOf({ nearest_own_line: null }))).toEqual([
      'No transfer log covers svc1 to svc30.',
      'Who drew 100 % of the bytes: no account is known for them.',
      'What was in 25 % of the bytes: no transfer log or storage record names their vault.',
      'How much of a vault this is, where vaults[].size_bytes is not configured.',
      'Whether a rule per host or peer would have spoken: no member has an alarm line of its own yet.',
    ])
  })

  test('adds nothing where all is known, and says nothing twice', () => {
    const campaign = caseOf({
      gross_bytes_out: gross,
      named_bytes: all,
      counts: { vaults: 1 },
      not_observable: ['A gap of 6 h.', 'A gap of 6 h.'],
    })
    expect(notObservableOf(campaign)).toEqual(['A gap of 6 h.'])
  })
})

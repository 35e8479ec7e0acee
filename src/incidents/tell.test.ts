import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { timesText } from '../model/amount-text.ts'
import type { Fact, Interval } from '../model/incident.ts'
import { memberKinds } from '../model/incident.ts'
import { dayMs } from '../model/window.ts'
import { caseOf, caseStart, evenHours, hoursFrom, leadingOf } from '../testing/case-builder.ts'
import type { CampaignCase } from './case.ts'
import { factText } from './fact-text.ts'
import { factsOf } from './facts-of.ts'
import { incidentOf } from './incident-of.ts'
import { readingsOf } from './readings.ts'
import { sentencesOf, sentenceText, summaryOf, tellable } from './tell.ts'

fc.configureGlobal({ seed: 20_260_324 })

const budget = { false_incidents_per_year: 1 }
const factsOfCase = (campaign: CampaignCase) => factsOf(campaign, budget)

const bytes = fc.bigInt({ min: 0n, max: 40_000_000_000_000_000n })
const interval: fc.Arbitrary<Interval> = fc
  .tuple(bytes, bytes, bytes)
  .map((three) => three.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)))
  .map(([low, best, high]) => ({ low, best, high }))

/** Cases of any size and with anything missing. */
const anyCase: fc.Arbitrary<CampaignCase> = fc
  .record({
    counts: fc.record(Object.fromEntries(memberKinds.map((kind) => [kind, fc.nat(6)]))),
    excess: interval,
    site: bytes,
    days: fc.double({ min: 0, max: 200, noNaN: true }),
    kind: fc.constantFrom('campaign', 'fast_theft'),
    state: fc.constantFrom('open', 'closed'),
    share: fc.option(fc.double({ min: 0, max: 30, noNaN: true })),
    named: fc.tuple(fc.nat(100), fc.nat(100)),
    even: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
    piece: fc.nat(3_000_000_000),
    networks: fc.nat(40),
    hours: fc.constantFrom(evenHours, hoursFrom(22, 5), []),
    log_e: fc.double({ min: 5, max: 700, noNaN: true }),
    size: fc.constantFrom(0, 1, 2e12, 2e15),
    leading: fc.constantFrom([], [leadingOf()], [leadingOf({ unit: 'bytes', expected_low_per_day: undefined })]),
    recent: fc.double({ min: 0, max: 1e14, noNaN: true }),
    users: fc.nat(3),
  })
  .map(({ counts, excess, site, days, share, named, size, hours, even, piece, recent, users, ...plain }) => {
    const gross = excess.high + 1n
    return caseOf({
      ...plain,
      counts,
      excess,
      last_activity_ms: caseStart + days * dayMs,
      gross_bytes_out: gross,
      site_bytes_out: site,
      nearest_own_line: share === null ? null : { kind: 'peer', member: 'far.example', share, day_ms: caseStart },
      named_bytes: { account: (gross * BigInt(named[0])) / 100n, vault: (gross * BigInt(named[1])) / 100n },
      even_piece_share: even,
      median_piece_bytes: piece,
      hours: { members: hours, site: evenHours },
      vault_sizes: { 'cfd-archive': size },
      recent_bytes_per_day: recent,
      honest: { host_bytes_per_day: BigInt(Math.round(recent)), host_users: users },
    })
  })

const forAnyCase = (check: (campaign: CampaignCase) => void) => fc.assert(fc.property(anyCase, check), { numRuns: 60 })

const shownBy = (id: string, facts: readonly Fact[]) =>
  sentencesOf(facts).filter(({ parts }) => parts.some((part) => typeof part !== 'string' && part.fact === id))

describe('the law of facts and sentences', () => {
  test('deleting a fact deletes exactly the sentences that need it', () => {
    forAnyCase((campaign) => {
      const facts = factsOfCase(campaign)
      const sentences = sentencesOf(facts)
      for (const { id } of facts) {
        const rest = facts.filter((fact) => fact.id !== id)
        const kept = tellable(sentences, rest)
        const needing = shownBy(id, facts).map((sentence) => sentence.id)
        expect(kept.map((sentence) => sentence.id)).toEqual(
          sentences.map((sentence) => sentence.id).filter((each) => !needing.includes(each)),
        )
        // telling anew says the same: no other sentence takes the place
        expect(sentencesOf(rest)).toEqual(kept)
      }
    })
  })

  test('no plain part holds a digit, and each shown part says its fact', () => {
    forAnyCase((campaign) => {
      const facts = new Map(factsOfCase(campaign).map((fact) => [fact.id, fact]))
      for (const part of sentencesOf([...facts.values()]).flatMap((sentence) => sentence.parts)) {
        if (typeof part === 'string') expect(part).not.toMatch(/\d/)
        else {
          const fact = facts.get(part.fact) as Fact
          // a day and its time of day are the same moment; a large share is told as times
          const text =
            fact.unit === 'time_ms'
              ? new Date(Number(fact.value)).toISOString()
              : fact.unit === 'share'
                ? `${factText(fact)} ${timesText(Number(fact.value)) ?? ''}`
                : factText(fact)
          expect(numbersOf(text)).toEqual(expect.arrayContaining(numbersOf(part.text)))
        }
      }
    })
  })

  test('every estimate of an amount is told with its interval, where that can be shown', () => {
    forAnyCase((campaign) => {
      const facts = factsOfCase(campaign)
      const estimates = facts.filter(({ basis, unit }) => basis === 'inferred' && unit !== 'log10')
      expect(estimates.length).toBeGreaterThan(0)
      for (const fact of estimates) {
        expect([fact.id, fact.low !== undefined && fact.high !== undefined]).toEqual([fact.id, true])
        expect(Number(fact.low)).toBeLessThanOrEqual(Number(fact.value))
        expect(Number(fact.high)).toBeGreaterThanOrEqual(Number(fact.value))
        for (const { parts } of shownBy(fact.id, facts)) {
          const shown = parts.flatMap((part) => (typeof part !== 'string' && part.fact === fact.id ? [part.text] : []))
          const ends = [fact.low, fact.high].map((end) => factText({ ...fact, value: end as number, low: undefined }))
          const best = factText({ ...fact, low: undefined })
          const isNarrow = ends.every((end) => end === best)
          for (const text of shown) expect(text.includes('interval')).toBe(!isNarrow)
        }
      }
    })
  })

  test('fact ids are unique, fit for anchors, and every fact says how it was computed', () => {
    forAnyCase((campaign) => {
      const facts = factsOfCase(campaign)
      expect(new Set(facts.map(({ id }) => id)).size).toBe(facts.length)
      for (const { id, derivation } of facts) {
        expect(id).toMatch(/^[a-z][a-z0-9_]*$/)
        expect(derivation.how).toMatch(/\.$/)
      }
    })
  })

  test('every fact of a full case is told, but those that only rules read', () => {
    const facts = factsOfCase(caseOf({ counts: { accounts: 2, projects: 1, gateways: 1 }, even_piece_share: 0.7 }))
    const silent = facts.filter(({ id }) => shownBy(id, facts).length === 0).map(({ id }) => id)
    expect(silent).toEqual([
      'peers_named',
      'peer_asns',
      'peak_hours',
      'peak_hours_share',
      'site_peak_hours_share',
      'top_network_share',
      'top_client_fp_share',
    ])
  })
})

describe('style', () => {
  const loud =
    /\b(massive|huge|enormous|vast|sophisticated|stealthy|alarming|dramatic|devastating|unprecedented|shocking|clever|severe|dangerous|serious|extreme(ly)?|very|highly|worst|biggest|attack(er|s)?|thie(f|ves)|theft|hackers?|criminals?|stolen|malicious|suspicious|nation|state-sponsored|definitely|certainly|proves?|obvious(ly)?)\b/i

  test('no word of drama, no verdict, no actor in anything that is told', () => {
    forAnyCase((campaign) => {
      const incident = incidentOf(campaign, budget)
      const told = [
        incident.title,
        incident.summary,
        ...incident.evidence.map(({ statement }) => statement),
        ...incident.proposed_actions.map(({ text }) => text),
        ...incident.not_observable,
        ...readingsOf(campaign).flatMap(({ text, check }) => [text, check]),
        ...incident.facts.map(({ derivation }) => derivation.how),
      ]
      for (const text of told) expect(text).not.toMatch(loud)
    })
  })

  test('the list knows the words', () => {
    expect('a massive and sophisticated attack').toMatch(loud)
    expect('the evidence grew').not.toMatch(loud)
  })

  test('sentences begin with a capital or a number, end with a stop, and hold no double spaces', () => {
    forAnyCase((campaign) => {
      for (const text of sentencesOf(factsOfCase(campaign)).map(sentenceText)) {
        expect(text).toMatch(/^[A-Z0-9<>].*\.$/)
        expect(text).not.toMatch(/ {2}|\.\.|undefined|NaN|Infinity/)
      }
    })
  })
})

test('a campaign as it is told', () => {
  const sentences = sentencesOf(factsOfCase(caseOf()))
  expect(sentences.map(sentenceText)).toEqual([
    '97.2 GB (90 % interval 81.0 GB to 112 GB) more than expected left the site.',
    'That is 1.0 % (90 % interval 0.8 % to 1.2 %) of all that left in those days.',
    'It came from 30 hosts; svc1, svc2 and svc3 gave the most.',
    'It came out of 2 vaults: cfd-archive and open-climate.',
    'No vault is known for 25 % of the bytes.',
    'The vault map names 1 client organisation: aero-lab.',
    'No account is known for any of the bytes.',
    'It went to 400 peers.',
    'They are in 120 networks.',
    'The most went to AS64500, AS64501 and AS64502.',
    'Their connections show 1 client fingerprint: t13d1516h2_0.',
    'All that passed from these hosts to these peers comes to 117 GB.',
    'It began at 2026-03-24 07:30 UTC; the last bytes that were seen left at 2026-05-05 07:30 UTC.',
    'The evidence grew from 2026-03-26 07:30 UTC and was enough at 2026-04-02 07:30 UTC, when 19.4 GB (90 % interval 16.2 GB to 22.4 GB) had left.',
    'The evidence against chance is a factor of 1,500,000, where 11,000 was needed.',
    'Where nothing is wrong, chance is expected to open at most 1 incident a year at that level.',
    'The evidence grew most in role:service: pieces drawn by peers first seen within 7 days, 512 a day.',
    'That is ranked among 75 earlier ticks of 1 d.',
    'The past of the same sum predicts 81 (90 % interval 70 to 93) a day.',
    'No host and no peer among them reached its own alarm line, the level at which a rule for it alone would speak; the nearest was svc1 with 43 % of its line on 2026-04-13.',
    'In the last week of activity 2.78 GB a day passed from these hosts to these peers.',
    'For each peer the excess is 5.65 MB (90 % interval 4.71 MB to 6.51 MB) a day.',
    'Half of the pieces are of 2.10 MB or less.',
    'Over ssl left 90 % of the bytes.',
    'Whatever else leaves the site takes 10.4 h (90 % interval 8.7 h to 12.0 h) to come to as many bytes.',
    'The vault cfd-archive holds 2.00 PB; the excess out of it is 0.0032 % (90 % interval 0.0027 % to 0.0037 %) of that.',
    'Client organisations: 1 concerned, 1 possibly concerned, 12 without evidence, 1 of which the books cannot tell.',
  ])
  expect(summaryOf(sentences.slice(7, 9))).toBe('It went to 400 peers. They are in 120 networks.')
})

test('silence is claimed only below the line', () => {
  const told = (share: number) => {
    const campaign = caseOf({ nearest_own_line: { kind: 'host', member: 'svc1', share, day_ms: caseStart } })
    return sentencesOf(factsOfCase(campaign)).find(({ id }) => id.endsWith('silent'))
  }
  expect(told(0.999)?.id).toBe('silent')
  expect(sentenceText(told(0.999) as never)).toContain('with >99 % of its line')
  expect(told(1)?.id).toBe('not_silent')
  expect(sentencesOf(factsOfCase(caseOf({ nearest_own_line: null }))).some(({ id }) => id.endsWith('silent'))).toBe(
    false,
  )
})

/** Numbers as they are shown, each apart. */
function numbersOf(text: string): string[] {
  return text.match(/\d+/g) ?? []
}

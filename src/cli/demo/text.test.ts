import { describe, expect, test } from 'vitest'
import type { DemoResult } from '../../app/demo.ts'
import type { Incident } from '../../model/incident.ts'
import { dayMs } from '../../model/window.ts'
import { buildIncident } from '../../testing/incident-builder.ts'
import { demoText, foundText } from './text.ts'

const begin_ms = Date.parse('2026-03-01T00:00:00Z')
const incident = buildIncident()

const truth = (id: string): DemoResult['campaigns'][number]['truth'] => ({
  ...{ id, scenario: 'demo', start_ms: begin_ms, end_ms: begin_ms + 20 * dayMs, bytes_out: incident.bytes_out.best },
  ...{ bytes_out_by_day: { '2026-03-01': 1n }, hosts: { '10.0.0.1': 1n }, peers: { '192.0.2.1': 1n } },
  ...{ accounts: {}, vaults: {}, client_orgs: {} },
})

function result(incidents: Incident[], aboutLookAlike: Incident[] = []): DemoResult {
  const tally = {
    ...{ line: 1, tuned_days: 31, tuned_alarms: 1, alarms: 7, subjects: 5, on_members: 2, on_look_alikes: 4 },
    first_on_member_day: begin_ms / dayMs + 3,
  }
  return {
    ...{ logs: 'demo/centre/logs', config: 'demo/centre/weir.yaml', state: 'demo/state' },
    simulated: {
      truth: { campaigns: [truth('theft')], look_alikes: [truth('b1')], border_bytes_out: 1n },
      ...{ flows: 1, bytes_written: 1, days: 90 },
    },
    analysis: {
      ledger: { bytes_out: 53_000_000_000_000n },
      ...{ counts: { hosts: 96, peers: 1234 }, sources: [{ records_read: 1000 }], incidents },
    } as unknown as DemoResult['analysis'],
    campaigns: [
      {
        ...{ truth: truth('theft'), incident: incidents[0], bytes_out_at_detection: 0n },
        hosts: { truth: 30, found: 28, right: 21 },
        peers: { truth: 191, found: 0, right: 0 },
      },
    ],
    false_incidents: [],
    look_alikes: [
      {
        ...{ truth: truth('b1'), incidents: aboutLookAlike, bytes_out: 200n, explained_bytes_out: 150n },
        explanations: ['EXP-b1'],
      },
    ],
    usual: {
      ...{ from_day: begin_ms / dayMs, until_day: begin_ms / dayMs + 5, lookAlikes: [] },
      tallies: [
        { rule: 'host_cusum', ...tally },
        { rule: 'site_cusum', ...tally, on_members: 0, first_on_member_day: undefined },
        { rule: 'top_peers', ...tally, line: undefined },
      ],
    },
  }
}

/** As one line, or the breaks between lines would be compared. */
const flat = (text: string): string => text.replaceAll(/\s+/g, ' ')
const told = (value: DemoResult, kept?: string): string =>
  demoText(value, { colour: false, elapsed_ms: 1000, reports: ['weir-demo/seed-1.html'], kept })

describe('the demo on the terminal', () => {
  test('tells the incident, but not its commands for a state that is not there', () => {
    const text = told(result([incident]))
    expect(text).toContain(incident.title)
    expect(text).toContain('The check that settles it')
    expect(text).not.toContain('weir verdict')
    expect(text).toContain('Report  weir-demo/seed-1.html')
    expect(text).toContain('with --keep DIR')
    expect(told(result([incident]), 'there')).toContain('weir ledger --state there/state')
  })

  test('sets what was told beside the truth, within or outside of its interval', () => {
    const { best, high } = incident.bytes_out
    const text = told(result([incident]))
    expect(text).toContain('truth 30; found 28, of them 21 right: precision 75 %, recall 70 %')
    expect(text).toContain('the truth lies within')
    const outside = result([incident])
    outside.campaigns[0].truth.bytes_out = high + best
    expect(told(outside)).toContain('the truth lies outside')
    expect(text).toContain('False incidents: 0')
  })

  test('says it when nothing was found', () => {
    const text = told(result([]))
    expect(text).toContain('No incident was found.')
    expect(text).toContain('Found: nothing of it.')
    expect(text).toContain('to the end, 5 days')
  })

  test('says why the look-alike stayed silent, and calls it a mistake if it did not', () => {
    expect(flat(told(result([incident])))).toContain(
      'No incident speaks of it. 75 % of it matched what was agreed beforehand: EXP-b1.',
    )
    expect(flat(told(result([incident], [incident])))).toContain(`Named by ${incident.id}: a mistake.`)
  })

  test('counts the alarms of the usual rules, and names of members only where a rule names anybody', () => {
    const lines = told(result([incident])).split('\n')
    const row = (title: string): string => lines.find((line) => line.startsWith(`  ${title} `)) ?? ''
    expect(row('CUSUM of a host').split(/ {2,}/).slice(2)).toEqual(['31', '1', '7', '2', '2026-03-04', '4'])
    expect(row('CUSUM of the site').split(/ {2,}/).slice(2)).toEqual(['31', '1', '7', '–', '–'])
    expect(row('a new name among the top peers')).toBe('')
    expect(flat(lines.join(' '))).toContain('30 of 96 hosts are members')
    expect(lines).toContain('  1 rule had too few days to be set.')
  })
})

test('shares of nothing are not numbers', () => {
  expect(foundText({ truth: 3, found: 0, right: 0 })).toBe('truth 3; found 0, of them 0 right: precision –, recall 0 %')
})

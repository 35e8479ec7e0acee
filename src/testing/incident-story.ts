/** What is told of a built incident: facts with their derivations, and sentences that show nothing else; names that bite if asked for. */
import type { Fact, Incident, Sentence } from '../model/incident.ts'
import { dayMs } from '../model/window.ts'

export const hostileNames = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(2)>',
  '\u001b[2J\u0007bell',
  '\u202Egnp.tpircs',
  '[link](http://evil.example) | `code` *a*',
  'line\nbreak',
] as const

export function nameOf(hostile: boolean, i: number, name: string): string {
  return hostile ? hostileNames[i % hostileNames.length] + (i < hostileNames.length ? '' : i) : name
}

export function factsOf(
  incident: Omit<Incident, 'facts' | 'sentences' | 'summary'>,
  hosts: number,
  peers: number,
  hostile: boolean,
): Fact[] {
  const { bytes_out, first_activity_ms, last_activity_ms, detected_at_ms, nearest_own_line } = incident
  const span = ['--from', '2026-01-05', '--to', new Date(last_activity_ms + dayMs).toISOString().slice(0, 10)]
  const observed = (id: string, unit: Fact['unit'], value: Fact['value'], how: string, by: string): Fact => ({
    id,
    unit,
    value,
    basis: 'observed',
    derivation: { how, ledger: ['--by', by, '--where', 'peer_class=novel', ...span] },
  })
  return [
    {
      id: 'bytes_out',
      unit: 'bytes',
      value: bytes_out.best,
      low: bytes_out.low,
      high: bytes_out.high,
      basis: 'inferred',
      derivation: {
        how: 'Bytes of the members less the median of the same weekday before the anchor, summed over days.',
        ledger: ['--by', 'day', '--where', 'role=service', '--where', 'peer_class=novel', ...span],
        records: [
          {
            path: 'zeek/conn.log.gz',
            offset: 81_233,
            uid: 'CHhAvVGS1',
            start_ms: first_activity_ms,
            bytes_out: 4_194_304n,
          },
          {
            path: hostile ? hostileNames[0] : 'zeek/conn.log.gz',
            offset: 912_004,
            start_ms: first_activity_ms + 60_000,
            bytes_out: 4_194_304n,
          },
        ],
      },
    },
    observed('gross_bytes_out', 'bytes', incident.gross_bytes_out, 'Everything that the members sent.', 'host'),
    observed('bytes_out_at_detection', 'bytes', incident.bytes_out_at_detection, 'Excess by then.', 'day'),
    observed('hosts', 'count', hosts, 'Distinct hosts with weight 0.5 or more.', 'host'),
    observed('peers', 'count', peers, 'Distinct peers with weight 0.5 or more.', 'peer'),
    observed('first_activity', 'time_ms', first_activity_ms, 'Start of the first flow of a member.', 'window'),
    observed('detected_at', 'time_ms', detected_at_ms, 'End of the first tick that crossed.', 'hour'),
    observed('vaults', 'names', [nameOf(hostile, 0, 'cfd-archive')], 'Vaults of the paths in transfer logs.', 'vault'),
    {
      id: 'log10_evidence',
      unit: 'log10',
      value: incident.log10_evidence,
      basis: 'inferred',
      derivation: { how: 'Weighted mean of the e-values of all modules and pools at detection.' },
    },
    {
      id: 'own_line_share',
      unit: 'share',
      value: nearest_own_line?.share ?? 0,
      low: (nearest_own_line?.share ?? 0) * 0.9,
      high: Math.min(1, (nearest_own_line?.share ?? 0) * 1.05),
      basis: 'inferred',
      derivation: { how: 'Largest day of the member over its own alarm line.' },
    },
  ]
}

export function sentencesOf(facts: readonly Fact[]): Sentence[] {
  const shown = (id: string): { fact: string; text: string } => {
    const { unit, value } = facts.find((fact) => fact.id === id) as Fact
    if (unit === 'bytes') return { fact: id, text: `${(Number(value) / 1e9).toFixed(1)} GB` }
    if (unit === 'time_ms') return { fact: id, text: `${new Date(Number(value)).toISOString().slice(0, 16)}Z` }
    if (unit === 'share') return { fact: id, text: `${(100 * Number(value)).toFixed(0)} %` }
    return { fact: id, text: String(value) }
  }
  return [
    {
      id: 'sum',
      about: 'what',
      parts: [
        shown('peers'),
        ' peers together drew ',
        shown('bytes_out'),
        ' more from ',
        shown('hosts'),
        ' hosts than their own history predicts, since ',
        shown('first_activity'),
        '.',
      ],
    },
    { id: 'whose', about: 'what', parts: ['The bytes are of ', shown('vaults'), '.'] },
    {
      id: 'silent',
      about: 'how sure',
      parts: ['No member crossed its own alarm line; the nearest reached ', shown('own_line_share'), ' of it.'],
    },
    {
      id: 'detected',
      about: 'how sure',
      parts: ['The evidence crossed on ', shown('detected_at'), ', after ', shown('bytes_out_at_detection'), '.'],
    },
  ]
}

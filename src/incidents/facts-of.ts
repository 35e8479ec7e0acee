/**
 * Every number that is told of a case, as a fact with how it was computed and where it can be opened. What is not known
 * is no fact: no accounts, no size of a vault, no line of its own give none. Estimates carry their 90 % interval.
 */
import type { Derivation, Fact, FactUnit, Interval, Member } from '../model/incident.ts'
import { memberKinds } from '../model/incident.ts'
import { dayMs } from '../model/window.ts'
import type { CampaignCase } from './case.ts'
import { columnOf, type Derivations, derivationsOf } from './derivations.ts'
import { dividedBy, shareOf, withWidthOf } from './intervals.ts'
import { peakHourCount, type Shape, shapeOf } from './shape.ts'

/** Most names of a kind that one fact holds; the count of the kind is a fact of its own. */
export const mostNamed = 3
/** Most vaults that are told one by one. */
const mostVaults = 3
/** Days over which the pace is taken; shorter activity has none. */
const paceDays = 7

export interface Budget {
  false_incidents_per_year: number
}

export function factsOf(campaign: CampaignCase, budget?: Budget): Fact[] {
  const shape = shapeOf(campaign)
  const from = derivationsOf(campaign, shape)
  return [
    ...sizeFacts(campaign, from),
    ...timeFacts(campaign, from),
    ...memberFacts(campaign, from),
    ...nameFacts(campaign, shape, from),
    ...evidenceFacts(campaign, from, budget),
    ...lineFacts(campaign, from),
    ...paceFacts(campaign, shape, from),
    ...frameFacts(campaign, shape, from),
    ...vaultFacts(campaign, from),
    ...clientOrgFacts(campaign, from),
  ]
}

function observed(id: string, unit: FactUnit, value: Fact['value'], derivation: Derivation): Fact {
  return { id, unit, value, basis: 'observed', derivation }
}

function estimate(id: string, unit: FactUnit, { low, best, high }: Interval, derivation: Derivation): Fact {
  return { id, unit, value: best, low, high, basis: 'inferred', derivation }
}

function sizeFacts(campaign: CampaignCase, from: Derivations): Fact[] {
  const { excess, gross_bytes_out, site_bytes_out } = campaign
  const share = site_bytes_out > 0n ? shareOf(excess, site_bytes_out) : undefined
  return [
    estimate(
      'bytes_out',
      'bytes',
      excess,
      from.records('Bytes of the members over what their own past predicts, summed over the activity.', 'day'),
    ),
    observed(
      'gross_bytes_out',
      'bytes',
      gross_bytes_out,
      from.records('All bytes of the members, counted in the books.', 'host', 'peer'),
    ),
    ...(share
      ? [
          {
            id: 'share_of_egress',
            unit: 'share' as const,
            ...share,
            basis: 'inferred' as const,
            derivation: from.site('Excess over all bytes that left the site in the days of activity.', ['day']),
          },
        ]
      : []),
  ]
}

function timeFacts(campaign: CampaignCase, from: Derivations): Fact[] {
  const { first_activity_ms, first_evidence_ms, detected_at_ms, last_activity_ms } = campaign
  return [
    observed('first_activity', 'time_ms', first_activity_ms, from.records('First flow among the members.', 'day')),
    observed('last_activity', 'time_ms', last_activity_ms, from.rows('Last flow among the members.', 'day')),
    observed('first_evidence', 'time_ms', first_evidence_ms, from.told('Start of the rise that ends in declaration.')),
    observed(
      'detected_at',
      'time_ms',
      detected_at_ms,
      from.told('End of the first tick at which the evidence reached its threshold, by the records available then.'),
    ),
    estimate(
      'bytes_out_at_detection',
      'bytes',
      withWidthOf(campaign.excess_at_detection, intervalAtDetection(campaign)),
      from.rowsUntil(
        'Excess summed until detection; its interval is as wide, relatively, as that of the day.',
        detected_at_ms,
        'day',
      ),
    ),
  ]
}

function intervalAtDetection({ score, excess, detected_at_ms }: CampaignCase): Interval {
  const day = score.days_ms.findLastIndex((ms) => ms < detected_at_ms)
  const interval = score.cumulative[day]
  return interval && interval.best > 0n ? interval : excess
}

function memberFacts(campaign: CampaignCase, from: Derivations): Fact[] {
  const counted = memberKinds.flatMap((kind) => {
    const members = campaign.members[kind]
    if (members.length === 0) return []
    const rows = from.rows(`Members of weight 0.5 or more, most excess first: ${kind}.`, columnOf[kind])
    const names = members.slice(0, mostNamed).map(kind === 'peer_asns' ? networkName : nameOf)
    return [observed(kind, 'count', members.length, rows), observed(`${kind}_named`, 'names', names, rows)]
  })
  if (campaign.networks <= 0) return counted
  const networks = from.rows('Distinct networks (autonomous systems, else prefixes) of the peers.', 'peer', 'peer_asn')
  return [...counted, observed('networks', 'count', campaign.networks, networks)]
}

export function nameOf(member: Member): string {
  return member.name ?? member.id
}

function networkName({ id, name }: Member): string {
  const number = /^\d+$/.test(id) ? `AS${id}` : id
  return name === undefined || name === id ? number : `${name} (${number})`
}

function nameFacts(campaign: CampaignCase, shape: Shape, from: Derivations): Fact[] {
  if (campaign.gross_bytes_out <= 0n) return []
  const unknown = (id: string, known: number, column: 'account' | 'vault'): Fact =>
    observed(id, 'share', 1 - known, from.rows(`Bytes of the members without ${column}, over all of theirs.`, column))
  return [
    unknown('account_unknown_share', shape.account_share, 'account'),
    unknown('vault_unknown_share', shape.vault_share, 'vault'),
  ]
}

function evidenceFacts(campaign: CampaignCase, from: Derivations, budget?: Budget): Fact[] {
  const log10 = (id: string, nats: number, how: string): Fact => ({
    ...observed(id, 'log10', nats / Math.LN10, from.told(how)),
    basis: 'inferred',
  })
  const strongest = strongestOf(campaign)
  return [
    log10('log10_evidence', campaign.log_e, 'Weighted mean of the e-values of all modules and pools at detection.'),
    log10('log10_threshold', campaign.log_threshold, 'What the merged e-value had to reach, from the budget.'),
    ...(budget
      ? [
          observed(
            'false_incidents_per_year',
            'count',
            budget.false_incidents_per_year,
            from.told('budget.false_incidents_per_year of the configuration.'),
          ),
        ]
      : []),
    ...(strongest ? leadingFacts(strongest, from) : []),
  ]
}

export function strongestOf({ leading }: CampaignCase): CampaignCase['leading'][number] | undefined {
  return leading.reduce((best, each) => (each.log_e > (best?.log_e ?? -Infinity) ? each : best), leading[0])
}

function leadingFacts(leading: CampaignCase['leading'][number], from: Derivations): Fact[] {
  const { expected_per_day, expected_low_per_day, expected_high_per_day } = leading
  const unit = leading.unit === 'bytes' ? 'bytes_per_day' : 'count'
  const level = from.told(`Level of the statistic per day: ${leading.detector}, ${leading.subject}, ${leading.scale}.`)
  const facts = [
    observed('leading_subject', 'name', leading.subject, level),
    observed('leading_channel', 'name', leading.channel, level),
    observed('leading_observed', unit, leading.observed_per_day, level),
    // what needs no history is ranked among nothing
    ...(leading.reference_ticks === 0
      ? []
      : [
          observed('leading_scale', 'name', leading.scale, level),
          observed(
            'leading_reference_ticks',
            'count',
            leading.reference_ticks,
            from.told('Earlier ticks of the same sum that it is ranked among.'),
          ),
        ]),
  ]
  if (expected_low_per_day === undefined || expected_high_per_day === undefined) return facts
  return [
    ...facts,
    {
      id: 'leading_expected',
      unit,
      value: expected_per_day,
      low: expected_low_per_day,
      high: expected_high_per_day,
      basis: 'inferred',
      derivation: from.told('Level that the past of the same sum predicts, per day.'),
    },
  ]
}

function lineFacts({ nearest_own_line: nearest }: CampaignCase, from: Derivations): Fact[] {
  if (!nearest) return []
  const how = 'Highest share of its own alarm line that any member reached on one day.'
  const rows = from.site(how, ['day'], [`${nearest.kind}=${nearest.member}`])
  return [
    observed('own_line_share', 'share', nearest.share, rows),
    observed('own_line_member', 'name', nearest.member, rows),
    observed('own_line_day', 'time_ms', nearest.day_ms, rows),
  ]
}

function paceFacts(campaign: CampaignCase, shape: Shape, from: Derivations): Fact[] {
  const { excess, members, recent_bytes_per_day, median_piece_bytes } = campaign
  const peers = members.peers.length
  const perPeer = dividedBy(excess, BigInt(Math.max(1, peers * shape.days)))
  const pieces = from.records('Median size of the members’ flows.', 'peer')
  return [
    ...(recent_bytes_per_day > 0 && shape.days >= paceDays
      ? [
          observed(
            'recent_bytes_per_day',
            'bytes_per_day',
            recent_bytes_per_day,
            from.rows(`Bytes of the members on the last ${paceDays} days of activity, over ${paceDays}.`, 'day'),
          ),
        ]
      : []),
    ...(peers > 0
      ? [
          estimate(
            'bytes_per_peer_day',
            'bytes_per_day',
            perPeer,
            from.rows('Excess over the number of peers and of days of activity.', 'peer'),
          ),
        ]
      : []),
    ...(median_piece_bytes > 0 ? [observed('median_piece_bytes', 'bytes', median_piece_bytes, pieces)] : []),
    ...(campaign.even_piece_share === undefined
      ? []
      : [
          observed('even_piece_share', 'share', campaign.even_piece_share, {
            ...pieces,
            how: 'Share of the members’ flows within 10 % of their median size.',
          }),
        ]),
    ...peakFacts(shape, from),
    ...serviceFacts(shape, from),
  ]
}

function peakFacts({ peak }: Shape, from: Derivations): Fact[] {
  if (!peak) return []
  const hour = (of: number): string => `${String(of % 24).padStart(2, '0')}:00`
  const rows = from.rows(`The ${peakHourCount} hours of the day in which most of the members’ bytes left.`, 'hour')
  return [
    observed('peak_hours', 'name', `${hour(peak.start)} to ${hour(peak.start + peakHourCount)} UTC`, rows),
    observed('peak_hours_share', 'share', peak.members, rows),
    observed('site_peak_hours_share', 'share', peak.site, from.site('The site’s share in the same hours.', ['hour'])),
  ]
}

function serviceFacts({ top_service, top_network_share, top_client_fp_share }: Shape, from: Derivations): Fact[] {
  const share = (id: string, value: number, rows: Derivation): Fact[] =>
    value > 0 ? [observed(id, 'share', value, rows)] : []
  const services = from.rows('Bytes of the members by service.', 'service')
  const part = 'Largest of a kind over the sum, of excess bytes at their best estimates.'
  return [
    ...(top_service ? [observed('service', 'name', top_service.service, services)] : []),
    ...(top_service ? share('service_share', top_service.share, services) : []),
    ...share('top_network_share', top_network_share, from.rows(part, 'peer_asn')),
    ...share('top_client_fp_share', top_client_fp_share, from.rows(part, 'client_fp')),
  ]
}

function frameFacts({ excess, site_bytes_out }: CampaignCase, shape: Shape, from: Derivations): Fact[] {
  const usual = (site_bytes_out - excess.best) / BigInt(shape.days)
  if (usual <= 0n) return []
  const duration = (bytes: bigint): number => (Number((bytes * 1_000_000n) / usual) / 1e6) * dayMs
  return [
    {
      id: 'time_of_usual_egress',
      unit: 'ms',
      value: duration(excess.best),
      low: duration(excess.low),
      high: duration(excess.high),
      basis: 'inferred',
      derivation: from.site('Excess over what else left the site a day, in the days of activity.', ['day']),
    },
  ]
}

/** The vaults of which the size is known, most excess first. */
function vaultFacts({ members, vault_sizes, excess }: CampaignCase, from: Derivations): Fact[] {
  const sized = members.vaults.filter(({ id, bytes_out }) => (vault_sizes[id] ?? 0) >= 1 && bytes_out > 0n)
  return sized.slice(0, mostVaults).flatMap((vault, i) => {
    const rows = from.site('Excess out of the vault over its configured size.', ['day'], [`vault=${vault.id}`])
    const size = BigInt(Math.round(vault_sizes[vault.id]))
    return [
      observed(`vault_${i + 1}_name`, 'name', nameOf(vault), rows),
      observed(`vault_${i + 1}_size`, 'bytes', size, from.told('vaults[].size_bytes of the configuration.')),
      {
        id: `vault_${i + 1}_share`,
        unit: 'share' as const,
        ...shareOf(withWidthOf(vault.bytes_out, excess), size),
        basis: 'inferred' as const,
        derivation: rows,
      },
    ]
  })
}

function clientOrgFacts({ client_org_impact: impact }: CampaignCase, from: Derivations): Fact[] {
  const { confirmed, possible, no_evidence, no_visibility } = impact
  if (confirmed.length + possible.length + no_evidence + no_visibility.length === 0) return []
  const rows = from.rows('Client organisations by what the books can say of their vaults.', 'client_org')
  return [
    observed('client_orgs_confirmed', 'count', confirmed.length, rows),
    observed('client_orgs_possible', 'count', possible.length, rows),
    observed('client_orgs_no_evidence', 'count', no_evidence, rows),
    observed('client_orgs_no_visibility', 'count', no_visibility.length, rows),
  ]
}

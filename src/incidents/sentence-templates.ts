/**
 * What is told of a case, in order: what left, from where, by whom, to where, since when, how sure, how quiet, how much
 * of what, at which pace. No adjectives, no actor, no verdict.
 */
import { countOf, minuteText, perDayText } from './fact-text.ts'
import { mostNamed } from './facts-of.ts'
import { isConcentrated } from './shape.ts'
import type { Slot, Template } from './tell.ts'

type When = Template['when']

export const sentenceTemplates: readonly Template[] = [
  says('excess')`${'bytes_out'} left the site beyond what was expected.`,
  says('gross')`All that these members sent in that time adds up to ${'gross_bytes_out'}.`,
  ...named('hosts', 'It left from', 'host'),
  ...named('vaults', 'It came out of', 'vault'),
  says(
    'vault_unknown',
    (of) => of('vault_unknown_share') > 0,
  )`Of ${'vault_unknown_share'} of the bytes no vault is known.`,
  ...named('client_orgs', 'What is known of the vaults points to', 'client organisation'),
  ...named('accounts', 'The logs name', 'account'),
  says(
    'account_unknown',
    (of) => of('account_unknown_share') > 0,
  )`No account is known for ${'account_unknown_share'} of the bytes.`,
  ...named('projects', 'They are charged to', 'project'),
  ...named('gateways', 'They passed', 'gateway'),
  says('peers')`They went to ${['peers', countOf('peer')]}.`,
  says('networks')`The peers are in ${['networks', countOf('network')]}.`,
  ...named('peer_asns', 'By excess, the peers’ networks are', 'autonomous system'),
  ...named('client_fps', 'The connections carry', 'client fingerprint'),
  says('since')`The first of it left on ${'first_activity'}, the last that was seen on ${'last_activity'}.`,
  says('first_evidence')`The evidence grew from ${['first_evidence', minuteText]}.`,
  says('detected')`It was declared at ${['detected_at', minuteText]}, when ${'bytes_out_at_detection'} had left.`,
  says(
    'evidence',
  )`The evidence against chance is a factor of ${'log10_evidence'}; it had to reach ${'log10_threshold'}.`,
  says(
    'budget',
  )`That line is set so that, where nothing is wrong, chance opens at most ${['false_incidents_per_year', countOf('incident')]} a year, as the mean of many years.`,
  says(
    'leading',
  )`It grew most in ${'leading_subject'}: ${'leading_channel'}, ${['leading_observed', perDayText]}, ranked among ${['leading_reference_ticks', countOf('earlier tick')]} of ${'leading_scale'}.`,
  says('leading_expected')`The past of the same sum predicts ${['leading_expected', perDayText]}.`,
  says(
    'silent',
    (of) => of('own_line_share') < 1,
  )`No host and no peer among them reached its own alarm line, the level at which a rule for it alone would speak; the nearest was ${'own_line_member'} with ${'own_line_share'} of its line on ${'own_line_day'}.`,
  says(
    'not_silent',
    (of) => of('own_line_share') >= 1,
  )`At least one of them reached its own alarm line, the level at which a rule for it alone would speak: ${'own_line_member'} with ${'own_line_share'} of its line on ${'own_line_day'}.`,
  says('share_of_egress')`The excess is ${'share_of_egress'} of all that left the site in those days.`,
  says('pace')`On the last days of activity these members sent ${['recent_bytes_per_day', perDayText]}.`,
  says('per_peer')`Spread over peers and days, the excess is ${['bytes_per_peer_day', perDayText]} for each peer.`,
  says('pieces')`Half of the pieces are of ${'median_piece_bytes'} or less.`,
  says('even_pieces')`Of all pieces, ${'even_piece_share'} are about as large as that.`,
  says('service')`The service is ${'service'} for ${'service_share'} of the bytes.`,
  says('hours', (of) =>
    isConcentrated(of('peak_hours_share'), of('site_peak_hours_share')),
  )`From ${'peak_hours'} left ${'peak_hours_share'} of the bytes; of the site’s bytes it is ${'site_peak_hours_share'}.`,
  says('time_of_usual')`What else leaves the site takes ${'time_of_usual_egress'} for as many bytes.`,
  ...[1, 2, 3].map(
    (n) =>
      says(
        `vault_${n}`,
      )`Out of ${`vault_${n}_name`} it is ${`vault_${n}_share`} of the ${`vault_${n}_size`} that it holds.`,
  ),
  says(
    'client_org_impact',
  )`Of the client organisations, ${'client_orgs_confirmed'} are concerned by the books, ${'client_orgs_possible'} may be; for ${'client_orgs_no_evidence'} the books hold no evidence, and for ${'client_orgs_no_visibility'} they cannot tell.`,
]

function says(id: string, when?: When): (texts: TemplateStringsArray, ...slots: Slot[]) => Template {
  return (texts, ...slots) => ({ id, texts: [...texts], slots, when })
}

/** Members of a kind with their names: all of them if they are few, else those with the largest parts. */
function named(kind: string, begin: string, one: string): Template[] {
  const slots: Slot[] = [[kind, countOf(one)], `${kind}_named`]
  return [
    { id: kind, texts: [`${begin} `, ': ', '.'], slots, when: (of) => of(kind) <= mostNamed },
    { id: kind, texts: [`${begin} `, ', the largest parts with ', '.'], slots, when: (of) => of(kind) > mostNamed },
  ]
}

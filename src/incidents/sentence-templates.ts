/**
 * What is told of a case, in order, a paragraph each: what left and from where, to whom, since when and how sure, how quiet and
 * at which pace, how much of what. No adjectives, no actor, no verdict.
 */
import { countOf, factText, minuteText, ofItsLine, perDayText } from './fact-text.ts'
import { mostNamed } from './facts-of.ts'
import { isConcentrated } from './shape.ts'
import type { Paragraph, Slot, Template } from './template.ts'

type When = Template['when']

const fromWhere: readonly Template[] = [
  says('excess')`${'bytes_out'} more than expected left the site.`,
  says('share_of_egress')`That is ${'share_of_egress'} of all that left in those days.`,
  ...named('hosts', 'It came from', 'host', 'gave'),
  ...named('vaults', 'It came out of', 'vault', 'gave'),
  says(
    'vault_unknown',
    isSome('vault_unknown_share'),
  )`No vault is known for ${any('vault_unknown_share')} of the bytes.`,
  ...named('client_orgs', 'The vault map names', 'client organisation', 'own'),
  ...named('accounts', 'The logs name', 'account', 'drew'),
  says(
    'account_unknown',
    isSome('account_unknown_share'),
  )`No account is known for ${any('account_unknown_share')} of the bytes.`,
  ...named('projects', 'The accounts and jobs are of', 'project', 'account for'),
  ...named('gateways', 'It passed', 'gateway', 'passed on'),
]

const toWhom: readonly Template[] = [
  says('peers')`It went to ${['peers', countOf('peer')]}.`,
  says('networks')`They are in ${['networks', countOf('network')]}.`,
  says('peer_asns')`The most went to ${'peer_asns_named'}.`,
  ...named('client_fps', 'Their connections show', 'client fingerprint', 'took'),
  says('gross')`All that passed from these hosts to these peers comes to ${'gross_bytes_out'}.`,
]

const howSure: readonly Template[] = [
  says(
    'since',
  )`It began at ${['first_activity', minuteText]}; the last bytes that were seen left at ${['last_activity', minuteText]}.`,
  says(
    'detected',
  )`The evidence grew from ${['first_evidence', minuteText]} and was enough at ${['detected_at', minuteText]}, when ${'bytes_out_at_detection'} had left.`,
  says(
    'evidence',
  )`The evidence against chance is a factor of ${'log10_evidence'}, where ${'log10_threshold'} was needed.`,
  says(
    'budget',
  )`Where nothing is wrong, chance is expected to open at most ${['false_incidents_per_year', countOf('incident')]} a year at that level.`,
  says(
    'leading',
  )`The evidence grew most in ${'leading_subject'}: ${'leading_channel'}, ${['leading_observed', perDayText]}.`,
  says(
    'leading_rank',
  )`That is ranked among ${['leading_reference_ticks', countOf('earlier tick')]} of ${'leading_scale'}.`,
  says('leading_expected')`The past of the same sum predicts ${['leading_expected', perDayText]}.`,
]

const howQuiet: readonly Template[] = [
  says(
    'silent',
    (of) => of('own_line_share') < 1,
  )`No host and no peer among them reached its own alarm line, the level at which a rule for it alone would speak; the nearest was ${'own_line_member'} with ${'own_line_share'} of its line on ${'own_line_day'}.`,
  says(
    'not_silent',
    (of) => of('own_line_share') >= 1,
  )`At least one of them reached its own alarm line, the level at which a rule for it alone would speak: ${'own_line_member'} with ${['own_line_share', ofItsLine]} on ${'own_line_day'}.`,
  says(
    'pace',
  )`In the last week of activity ${['recent_bytes_per_day', perDayText]} passed from these hosts to these peers.`,
  says('per_peer')`For each peer the excess is ${['bytes_per_peer_day', perDayText]}.`,
  says('pieces')`Half of the pieces are of ${'median_piece_bytes'} or less.`,
  says('even_pieces')`Of all pieces, ${'even_piece_share'} are within a tenth of that size.`,
  says('service')`Over ${'service'} left ${'service_share'} of the bytes.`,
  says('hours', (of) =>
    isConcentrated(of('peak_hours_share'), of('site_peak_hours_share')),
  )`From ${'peak_hours'} left ${'peak_hours_share'} of the bytes; of the site’s bytes it is ${'site_peak_hours_share'}.`,
]

const howMuch: readonly Template[] = [
  says('time_of_usual')`Whatever else leaves the site takes ${'time_of_usual_egress'} to come to as many bytes.`,
  ...[1, 2, 3].map(
    (n) =>
      says(
        `vault_${n}`,
      )`The vault ${`vault_${n}_name`} holds ${`vault_${n}_size`}; the excess out of it is ${`vault_${n}_share`} of that.`,
  ),
  says(
    'client_org_impact',
  )`Client organisations: ${'client_orgs_confirmed'} concerned, ${'client_orgs_possible'} possibly concerned, ${'client_orgs_no_evidence'} without evidence, ${'client_orgs_no_visibility'} of which the books cannot tell.`,
]

export const paragraphs: readonly Paragraph[] = [
  { about: 'from where', templates: fromWhere },
  { about: 'to whom', templates: toWhom },
  { about: 'how sure', templates: howSure },
  { about: 'how quiet', templates: howQuiet },
  { about: 'how much', templates: howMuch },
]

function says(id: string, when?: When): (texts: TemplateStringsArray, ...slots: Slot[]) => Template {
  return (texts, ...slots) => ({ id, texts: [...texts], slots, when })
}

/** Members of a kind with their names: all of them if they are few, else the first by excess. */
function named(kind: string, begin: string, one: string, verb: string): Template[] {
  const slots: Slot[] = [[kind, countOf(one)], `${kind}_named`]
  return [
    { id: kind, texts: [`${begin} `, ': ', '.'], slots, when: (of) => of(kind) <= mostNamed },
    { id: kind, texts: [`${begin} `, '; ', ` ${verb} the most.`], slots, when: (of) => of(kind) > mostNamed },
  ]
}

function isSome(share: string): When {
  return (of) => of(share) > 0
}

function any(share: string): Slot {
  return [share, (fact) => (fact.value === 1 ? 'any' : factText(fact))]
}

/** Words and numbers that all forms of an incident share: terminal, Markdown and page say the same. */
import { shellWord } from '../../app/doctor/findings/finding.ts'
import type {
  Derivation,
  Fact,
  FactUnit,
  HistoryEntry,
  Incident,
  MemberKind,
  Score,
  Sentence,
} from '../../model/incident.ts'
import { bytesText, countText, durationText, oneLine, plural, shareText, timesText, timeText } from '../text.ts'

export const kindTitle: Record<MemberKind, string> = {
  hosts: 'Hosts',
  accounts: 'Accounts',
  projects: 'Projects',
  vaults: 'Vaults',
  client_orgs: 'Client organisations',
  gateways: 'Gateways',
  peers: 'Peers',
  peer_asns: 'Autonomous systems of peers',
  client_fps: 'Client fingerprints',
}

const kindNoun: Record<MemberKind, [one: string, many: string]> = {
  hosts: ['host', 'hosts'],
  accounts: ['account', 'accounts'],
  projects: ['project', 'projects'],
  vaults: ['vault', 'vaults'],
  client_orgs: ['client organisation', 'client organisations'],
  gateways: ['gateway', 'gateways'],
  peers: ['peer', 'peers'],
  peer_asns: ['autonomous system', 'autonomous systems'],
  client_fps: ['client fingerprint', 'client fingerprints'],
}

export const incidentKindText: Record<Incident['kind'], string> = { campaign: 'campaign', fast_theft: 'fast theft' }

export const stateText: Record<Incident['state'], string> = {
  open: 'open',
  closed: 'closed',
  judged_theft: 'judged theft',
  judged_harmless: 'judged harmless',
}

export const markerText: Record<Score['markers'][number]['kind'], string> = {
  first_activity: 'first activity',
  first_evidence: 'first evidence',
  detected: 'detected',
  last_activity: 'last activity',
}

export function memberCountText(kind: MemberKind, count: number): string {
  return plural(count, ...kindNoun[kind])
}

/** A turn in the life of an incident, without its time. */
export function historyText({ kind, detector = '', peers, hosts }: HistoryEntry): string {
  const members = `${memberCountText('peers', peers)}, ${memberCountText('hosts', hosts)}`
  switch (kind) {
    case 'declared':
      return `declared by ${detector}`
    case 'named':
      return `members named: ${members}`
    case 'grew':
      return `grew to ${members}`
    case 'shrank':
      return `fell to ${members}: what the others did turned out to be usual`
    case 'parted':
      return `parted from a further rise, seen by ${detector}, that is an incident of its own: ${members} left`
    case 'joined':
      return `joined by a declaration of ${detector} from the same hosts: ${members}`
  }
}

export function utc(ms: number): string {
  return `${timeText(ms)} UTC`
}

export function percent(share: number): string {
  return Number.isFinite(share) ? shareText(Math.round(share * 1e6), 1e6) : '–'
}

function scalarText(unit: FactUnit, value: number | bigint): string {
  switch (unit) {
    case 'bytes':
      return `${bytesText(whole(value))} (${countText(whole(value))} bytes)`
    case 'bytes_per_day':
      return `${bytesText(whole(value))} a day`
    case 'count':
      return numberText(value)
    case 'share':
      return percent(Number(value))
    case 'time_ms':
      return utc(Number(value))
    case 'ms':
      return durationText(Number(value))
    case 'nats':
      return `${Number(value).toFixed(2)} nats`
    case 'log10':
      return `10^${Number(value).toFixed(2)}`
    case 'name':
    case 'names':
      return String(value)
  }
}

function whole(value: number | bigint): bigint {
  return typeof value === 'bigint' ? value : BigInt(Math.round(value))
}

const mostNames = 20

export function factValueText({ unit, value }: Fact): string {
  if (typeof value === 'number' || typeof value === 'bigint') return scalarText(unit, value)
  if (typeof value === 'string') return value
  const shown = value.slice(0, mostNames).join(', ')
  return value.length > mostNames ? `${shown} and ${countText(value.length - mostNames)} more` : shown
}

/** Undefined where the value is counted, not estimated. */
export function factIntervalText({ unit, low, high }: Fact): string | undefined {
  if (low === undefined || high === undefined) return undefined
  const text = (end: number | bigint): string => (unit === 'bytes' ? bytesText(whole(end)) : scalarText(unit, end))
  return `${text(low)} to ${text(high)}`
}

/** Safe to paste into a shell. */
export function ledgerCommand({ ledger }: Derivation, state?: string): string | undefined {
  return ledger === undefined ? undefined : weirCommand(['ledger', ...ledger], state)
}

/** A command line of this program that names the state, unless it is where a command looks by itself. */
export function weirCommand([command, ...rest]: readonly string[], state?: string): string {
  const where = state === undefined || state === './weir-state' ? [] : ['--state', state]
  return oneLine(['weir', command, ...where, ...rest].map(shellWord).join(' '))
}

/** Sentences of which every number can be opened; the others are not told. */
export function told(sentences: readonly Sentence[], facts: readonly Fact[]): Sentence[] {
  const known = new Set(facts.map(({ id }) => id))
  return sentences.filter(({ parts }) => parts.every((part) => typeof part === 'string' || known.has(part.fact)))
}

/** The same, in paragraphs: sentences about one thing. */
export function toldInParagraphs(sentences: readonly Sentence[], facts: readonly Fact[]): Sentence[][] {
  const paragraphs = new Map<string, Sentence[]>()
  for (const sentence of told(sentences, facts))
    paragraphs.set(sentence.about, [...(paragraphs.get(sentence.about) ?? []), sentence])
  return [...paragraphs.values()]
}

export function sentenceText({ parts }: Sentence): string {
  return parts.map((part) => (typeof part === 'string' ? part : part.text)).join('')
}

/** Letters, digits, dot, dash and underscore stay; no two ids have the same anchor. */
export function anchorOf(factId: string): string {
  return `fact-${factId.replaceAll(/[^\w.-]/gu, (char) => `~${char.codePointAt(0)?.toString(16)}~`)}`
}

/** What an e-value of 10^x means, for readers who do not work with them (Ville's inequality). */
export function factorText(log10_e: number): string {
  const chance = log10_e > 15 ? `10^${log10_e.toFixed(1)}` : countText(Math.max(1, Math.round(10 ** log10_e)))
  return `10^${log10_e.toFixed(2)}: by chance alone reached with a probability of at most 1 in ${chance}`
}

/** Values of evidence and of the worklist, told by the unit in their name. */
export function namedValueText(name: string, value: number | bigint | string): string {
  if (typeof value === 'string') return value
  if (name.endsWith('_ms')) return utc(Number(value))
  if (/(^|_)bytes(_|$)/.test(name)) return bytesText(whole(value))
  if (name.endsWith('share')) return percent(Number(value))
  return numberText(value)
}

/** Digits of whole numbers, else four that count. */
export function numberText(value: number | bigint): string {
  return typeof value === 'bigint' || Number.isInteger(value) ? countText(value) : String(Number(value.toPrecision(4)))
}

export function namedValuesText(facts: Record<string, number | bigint | string>): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${namedValueText(name, value)}`)
    .join(' · ')
}

/** The figures at the head of an incident; `fact` is the id under which a derivation may stand. */
export function figuresOf(incident: Incident): { fact: string; name: string; value: string; note: string }[] {
  const { bytes_out, nearest_own_line: nearest } = incident
  return [
    {
      fact: 'bytes_out',
      name: 'Left in excess',
      value: bytesText(bytes_out.best),
      note: `${bytesText(bytes_out.low)} to ${bytesText(bytes_out.high)}, 90 % interval`,
    },
    {
      fact: 'bytes_out_at_detection',
      name: 'Had left when detected',
      value: bytesText(incident.bytes_out_at_detection),
      note: `detected ${utc(incident.detected_at_ms)}`,
    },
    {
      fact: 'gross_bytes_out',
      name: 'All that the members sent',
      value: bytesText(incident.gross_bytes_out),
      note: 'expected bytes included',
    },
    {
      fact: 'first_activity',
      name: 'Active for',
      value: durationText(incident.last_activity_ms - incident.first_activity_ms),
      note: `${utc(incident.first_activity_ms)} to ${utc(incident.last_activity_ms)}`,
    },
    {
      fact: 'log10_evidence',
      name: 'Evidence',
      value: `10^${incident.log10_evidence.toFixed(1)}`,
      note: factorText(incident.log10_evidence).replace(/^[^:]*: /, ''),
    },
    {
      fact: 'own_line_share',
      name: 'Nearest to its own alarm line',
      value: nearest === null ? '–' : (timesText(nearest.share) ?? percent(nearest.share)),
      note: nearest === null ? 'no member has a line of its own' : nearest.member,
    },
  ]
}

export function actionCost({ honest_bytes_per_day, honest_users }: Incident['proposed_actions'][number]): string {
  const parts = []
  if (honest_bytes_per_day !== undefined) parts.push(`${bytesText(honest_bytes_per_day)} of honest bytes a day`)
  if (honest_users !== undefined) parts.push(plural(honest_users, 'honest user'))
  return parts.length === 0 ? 'not computed' : parts.join(', ')
}

export function verdictText({ verdict, reason, owner, at_ms, expires_ms }: NonNullable<Incident['verdict']>): string {
  const until = expires_ms === undefined ? 'until it is withdrawn' : `until ${utc(expires_ms)}`
  return `${verdict === 'theft' ? 'theft' : 'harmless'}, by ${owner} on ${utc(at_ms)}, ${until}: ${reason}`
}

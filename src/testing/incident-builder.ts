/**
 * Incidents of any size from a seed, whole and consistent: members of each kind and the ribbons add up to the excess (but
 * for kinds that are cut or left empty), the picture, the ribbons and the sentences speak of the members that are
 * listed, every number of a sentence is a fact. Nothing in them was detected; they serve to test how an incident is told.
 */
import type { Findings, Incident, Member, MemberKind, Members, Ribbon, Score, ScoreRow } from '../model/incident.ts'
import { memberKinds, mostMembers } from '../model/incident.ts'
import { dayMs } from '../model/window.ts'
import { factsOf, nameOf, sentencesOf } from './incident-story.ts'

export interface IncidentShape {
  seed?: number
  hosts?: number
  peers?: number
  days?: number
  /** Names that would be markup, drive a terminal, or turn the direction of writing. */
  hostile?: boolean
  /** Kinds without members. */
  empty?: readonly MemberKind[]
}

const firstDay_ms = Date.UTC(2026, 0, 5)

type Draw = () => number

/** Marsaglia's xorshift, 32 bits: enough for test data. */
function drawsOf(seed: number): Draw {
  let state = (seed * 2_654_435_761 + 88_675_123) | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 4_294_967_296
  }
}

export function buildIncident(shape: IncidentShape = {}): Incident {
  const { seed = 1, hosts = 4, peers = 12, days = 30, hostile = false, empty = [] } = shape
  const draw = drawsOf(seed)
  const days_ms = Array.from({ length: days }, (_, i) => firstDay_ms + i * dayMs)
  const peerRows = rowsOf('peer', peers, days, draw, (i) => addressOf(i))
  const drawnHosts = rowsOf('host', hosts, days, draw, (i) => nameOf(hostile, i, `svc${i + 1}`))
  const hostRows = scaledTo(sumOf(peerRows), drawnHosts)
  const score = scoreOf(days_ms, [...hostRows, ...peerRows], draw, { hosts, peers })
  const members = membersOf(score, hostile, empty)
  const total = score.cumulative[days - 1]
  const first_activity_ms = firstDay_ms + 3 * 3_600_000
  const detected_at_ms = score.markers[2].at_ms
  const gross_bytes_out = total.best + total.best / 5n
  const nearest = [...score.members].sort((a, b) => Math.max(...b.shares) - Math.max(...a.shares))[0]
  const nearest_own_line = nearest ? { member: nearest.id, share: Math.max(...nearest.shares) } : null
  const detectedDay = Math.min(days - 1, Math.floor((detected_at_ms - firstDay_ms) / dayMs))
  const base: Omit<Incident, 'facts' | 'sentences' | 'summary'> = {
    id: `W-${String(1000 + seed)}`,
    kind: 'campaign',
    title: `${peers} peers drew from ${hosts} hosts`,
    state: 'open',
    severity: 'high',
    log10_evidence: 4.2,
    silent: true,
    nearest_own_line,
    first_activity_ms,
    last_activity_ms: days_ms[days - 1] + 20 * 3_600_000,
    detected_at_ms,
    bytes_out: total,
    gross_bytes_out,
    bytes_out_at_detection: score.cumulative[detectedDay].best,
    members,
    member_counts: countsOf(members, { hosts, peers }, empty),
    candidates: Object.fromEntries(memberKinds.map((kind) => [kind, []])) as unknown as Members,
    techniques: ['T1030', 'T1048'],
    evidence: evidenceOf(hostile),
    innocent_reading: 'A collaboration began to fetch a data set, and nobody has told Weir of it.',
    settling_check: 'Ask the owner of cfd-archive whether they know these peers.',
    not_observable: ['What was in the files: the logs have sizes, not contents.', 'Flows before 2026-01-05.'],
    proposed_actions: [
      {
        action: 'throttle',
        text: 'Limit role:service to these peers to 10 MB/s.',
        honest_bytes_per_day: 2_300_000_000n,
        honest_users: 3,
      },
      { action: 'enrich', text: 'Log host and path of every transfer to these peers.' },
    ],
    history: [
      { at_ms: detected_at_ms, kind: 'declared', detector: 'sums', peers: 0, hosts: 0 },
      { at_ms: detected_at_ms, kind: 'named', peers, hosts },
    ],
    client_org_impact: {
      confirmed: ['aero-lab'],
      possible: [nameOf(hostile, 1, 'hydro-institute'), 'turbine-works'],
      no_evidence: 41,
      no_visibility: ['archive-guests'],
    },
    score,
    ribbons: ribbonsOf(hostRows, peerRows, hostile, draw),
  }
  const facts = factsOf(base, hosts, peers, hostile)
  const sentences = sentencesOf(facts)
  const summary = sentences
    .map(({ parts }) => parts.map((p) => (typeof p === 'string' ? p : p.text)).join(''))
    .join(' ')
  return { ...base, facts, sentences, summary }
}

export function buildFindings(incidents: readonly Incident[] = [buildIncident()]): Findings {
  const facts = { excess_bytes: 4_200_000_000n }
  return {
    incidents,
    notices: [
      { id: 'N-1', kind: 'sensor', at_ms: firstDay_ms, text: 'zeek-border logged nothing from 2026-01-07T00:00Z' },
      { id: 'N-2', kind: 'policy', text: 'cfd-archive used 80 % of its budget of 30 days', facts },
    ],
    worklist: [
      {
        id: 'L-1',
        rank: 1,
        week_ms: firstDay_ms,
        detector: 'novel_egress',
        subject: 'role:service',
        text: '4.20 GB above expectation to 3 peers first seen since 2026-01-05',
        log10_e: 1.4,
        facts,
      },
    ],
    maturity: [
      {
        pool: 'site',
        channel: 'bytes_out_novel',
        scale: '1 d',
        level: 'mature',
        ticks: 90,
        mature_from_ms: firstDay_ms,
      },
      {
        pool: 'role:dtn',
        channel: 'bytes_out_novel',
        scale: '1 d',
        level: 'weak',
        ticks: 20,
        mature_from_ms: firstDay_ms + 40 * dayMs,
      },
      { pool: 'gateway', channel: 'bytes_out_novel', scale: '1 d', level: 'blind', ticks: 0, mature_from_ms: null },
    ],
    budget: { false_incidents_per_year: 1, spent: 0.08 },
    judged_until_ms: firstDay_ms + 30 * dayMs,
  }
}

function addressOf(i: number): string {
  return i % 7 === 6 ? `2001:db8::${(i + 1).toString(16)}` : `198.${18 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`
}

/** Entities that join one after the other, pause at times, and stay below their own line. */
function rowsOf(
  kind: 'host' | 'peer',
  count: number,
  days: number,
  draw: Draw,
  name: (i: number) => string,
): ScoreRow[] {
  return Array.from({ length: count }, (_, i) => {
    const joined = Math.floor(((i + draw()) / Math.max(1, count)) * days * 0.6)
    const level = 0.15 + 0.5 * draw()
    const shares = Array.from({ length: days }, (_, day) =>
      day < joined || draw() < 0.2 ? 0 : Math.min(0.93, level * (0.6 + 0.8 * draw())),
    )
    return { kind, id: name(i), own_line_bytes: Math.round(1e9 * (1 + 3 * draw())), shares }
  })
}

function controlOf(kind: 'host' | 'peer', count: number, days: number, draw: Draw): ScoreRow[] {
  return Array.from({ length: count }, (_, i) => {
    const often = 0.05 + 0.3 * draw()
    const shares = Array.from({ length: days }, () => (draw() > often ? 0 : draw() ** 4 * 1.1))
    const id = kind === 'host' ? `other${i + 1}` : `203.0.${(i >> 8) & 255}.${i & 255}`
    return { kind, id, own_line_bytes: Math.round(1e9 * (1 + 3 * draw())), shares }
  })
}

function bytesOf(row: ScoreRow): bigint {
  return row.shares.reduce((sum, share) => sum + BigInt(Math.round(share * row.own_line_bytes)), 0n)
}

function sumOf(rows: readonly ScoreRow[]): bigint {
  return rows.reduce((sum, row) => sum + bytesOf(row), 0n)
}

/** Other lines of their own, so that the rows together send about `bytes`. */
function scaledTo(bytes: bigint, rows: readonly ScoreRow[]): ScoreRow[] {
  const factor = Number(bytes) / Math.max(1, Number(sumOf(rows)))
  return rows.map((row) => ({ ...row, own_line_bytes: Math.max(1, Math.round(row.own_line_bytes * factor)) }))
}

function scoreOf(
  days_ms: readonly number[],
  members: readonly ScoreRow[],
  draw: Draw,
  { hosts, peers }: { hosts: number; peers: number },
): Score {
  const days = days_ms.length
  let best = 0n
  const cumulative = days_ms.map((_, day) => {
    for (const { kind, shares, own_line_bytes } of members)
      if (kind === 'peer') best += BigInt(Math.round(shares[day] * own_line_bytes))
    return { low: (best * 8n) / 10n, best, high: (best * 13n) / 10n }
  })
  const at = (share: number): number => days_ms[Math.floor(days * share)] + 7 * 3_600_000
  return {
    days_ms,
    cumulative,
    markers: [
      { at_ms: days_ms[0] + 3 * 3_600_000, kind: 'first_activity' },
      { at_ms: at(0.4), kind: 'first_evidence' },
      { at_ms: at(0.45), kind: 'detected' },
      { at_ms: days_ms[days - 1] + 20 * 3_600_000, kind: 'last_activity' },
    ],
    members,
    control: [...controlOf('host', hosts, days, draw), ...controlOf('peer', peers, days, draw)],
  }
}

function membersOf(score: Score, hostile: boolean, empty: readonly MemberKind[]): Members {
  const { days_ms, cumulative } = score
  const total = cumulative[cumulative.length - 1].best
  const addsUp = (members: Member[]): Member[] => {
    const rest = members.slice(1).reduce((left, { bytes_out }) => left - bytes_out, total)
    return members.map((member, i) => {
      const bytes_out = i === 0 ? rest : member.bytes_out
      return { ...member, bytes_out, gross_bytes_out: bytes_out + bytes_out / 5n }
    })
  }
  const fromRow = (row: ScoreRow, i: number): Member => ({
    id: row.id,
    ...(row.kind === 'host' ? { addresses: [`10.1.${(i >> 8) & 255}.${i & 255}`] } : {}),
    bytes_out: bytesOf(row),
    gross_bytes_out: 0n,
    weight: 0.5 + (i % 50) / 100,
    first_ms:
      days_ms[
        Math.max(
          0,
          row.shares.findIndex((share) => share > 0),
        )
      ],
    last_ms: days_ms[days_ms.length - 1],
  })
  const few = (id: string, count: number): Member[] =>
    addsUp(
      Array.from({ length: count }, (_, i) => ({
        id: nameOf(hostile, i, count === 1 ? id : `${id}${i + 1}`),
        bytes_out: total / BigInt(count + i),
        gross_bytes_out: 0n,
        weight: 0.9,
      })),
    )
  const all: Record<MemberKind, Member[]> = {
    hosts: addsUp(score.members.filter(({ kind }) => kind === 'host').map(fromRow)),
    accounts: few('user', 5),
    projects: few('cfd', 1),
    vaults: few('cfd-archive', 1),
    client_orgs: few('aero-lab', 1),
    gateways: few('vpn', 2),
    peers: addsUp(score.members.filter(({ kind }) => kind === 'peer').map(fromRow)),
    peer_asns: few('64500', 1),
    client_fps: [],
  }
  const sorted = memberKinds.map((kind) => [
    kind,
    empty.includes(kind) ? [] : all[kind].sort((a, b) => (a.bytes_out < b.bytes_out ? 1 : -1)).slice(0, mostMembers),
  ])
  return Object.fromEntries(sorted) as unknown as Members
}

function countsOf(
  members: Members,
  true_counts: { hosts: number; peers: number },
  empty: readonly MemberKind[],
): Record<MemberKind, number> {
  const counts = Object.fromEntries(memberKinds.map((kind) => [kind, members[kind].length])) as Record<
    MemberKind,
    number
  >
  for (const kind of ['hosts', 'peers'] as const) counts[kind] = empty.includes(kind) ? 0 : true_counts[kind]
  return counts
}

function evidenceOf(hostile: boolean): Incident['evidence'] {
  return [
    {
      detector: 'novel_egress',
      subject: 'role:service',
      statement: 'The sum over the services is above its own past, consistent with many small senders.',
      log10_e: 4.2,
      facts: { excess_bytes: 61_000_000_000n, pool_members: 31, anchor: '2026-01-05' },
    },
    {
      detector: 'lockstep',
      subject: nameOf(hostile, 0, 'chunk:4194304'),
      statement: 'The peers share a chunk size that no other peer of the site uses.',
      log10_e: 2.6,
      facts: {},
    },
  ]
}

function ribbonsOf(hosts: readonly ScoreRow[], peers: readonly ScoreRow[], hostile: boolean, draw: Draw): Ribbon[] {
  return peers.map((row, i) => ({
    account: i % 9 === 8 ? '' : nameOf(hostile, i % 5, `user${(i % 5) + 1}`),
    host: hosts[Math.floor(draw() * hosts.length)]?.id ?? '',
    gateway: `vpn${(i % 2) + 1}`,
    peer_network: row.id.includes(':') ? '2001:db8::/48' : row.id.replace(/\.\d+$/, '.0/24'),
    vault: i % 3 === 0 ? '' : nameOf(hostile, 0, 'cfd-archive'),
    bytes_out: bytesOf(row),
  }))
}

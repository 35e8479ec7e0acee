/** The picture of a campaign: cumulative excess, members by day against their own alarm lines, and matched innocents beside them. */
import type { Names } from '../../detectors/day-rows.ts'
import { falseAlarmsPerSiteYear, groupLine, ownLine } from '../../detectors/usual-rules/own-line.ts'
import type { CampaignCase } from '../../incidents/case.ts'
import { median } from '../../math/robust.ts'
import type { Interval, Score, ScoreRow } from '../../model/incident.ts'
import { dayMs, tickMs } from '../../model/window.ts'
import type { HostDays } from './host-days.ts'
import { type DayExcess, type Measured, noExcess, plus } from './measured.ts'

/** Rows drawn of each kind, and days at most. */
const most = { hosts: 60, peers: 340, days: 180, days_before: 7 }
const daysPerYear = 365

export interface Lines {
  host: (host: number) => number
  /** Of peers that are new: "any such peer above X a day", once a month for the site. */
  peer: number
}

/**
 * Own alarm lines, from the days before the campaign only. A host's line is never below the middle one of its role: a season of
 * days does not show what a host does once a year, and an idle one would be called out by the first large day that its kind has.
 */
export function linesOf({ campaign }: Measured, hosts: HostDays, first_day: number): Lines {
  const { since_day } = campaign.trigger
  const { contacts, reference_from_day } = campaign
  const known = new Map<number, number>()
  const roleLine = (role: number): number => {
    const days = [...hosts.hosts()].filter((host) => hosts.role(host) === role)
    const values = days.flatMap((host) => [...hosts.past(host, first_day, since_day)])
    return groupLine(Float64Array.from(values), 1, values.length / daysPerYear) ?? Number.POSITIVE_INFINITY
  }
  const middles = new Map<number, number>()
  const middle = (role: number): number => {
    let line = middles.get(role)
    if (line === undefined) {
      const lines = [...hosts.hosts()]
        .filter((host) => hosts.role(host) === role)
        .flatMap((host) => ownLine(hosts.past(host, first_day, since_day)) ?? [])
      line = lines.length === 0 ? 0 : median(lines)
      middles.set(role, line)
    }
    return line
  }
  const daily: number[] = []
  for (let day = reference_from_day; day < since_day; day++)
    for (const [peer, bytes] of contacts.onDay(day)) if (!campaign.isMember(peer)) daily.push(bytes)
  return {
    host: (host) => {
      let line = known.get(host)
      if (line === undefined) {
        const role = hosts.role(host)
        line = Math.max(ownLine(hosts.past(host, first_day, since_day)) ?? roleLine(role), middle(role))
        known.set(host, line)
      }
      return line
    },
    peer:
      groupLine(Float64Array.from(daily), falseAlarmsPerSiteYear, (since_day - reference_from_day) / daysPerYear) ??
      Number.POSITIVE_INFINITY,
  }
}

interface Ranked {
  kind: 'host' | 'peer'
  number: number
  /** Name or address: splits ties, as numbers differ from state to state. */
  id: string
  line: number
  /** Day's bytes. */
  on: (day: number) => number
  size: number
}

export interface Picture {
  score: Score
  nearest: CampaignCase['nearest_own_line']
}

export function scoreOf(measured: Measured, hosts: HostDays, lines: Lines, names: Names, last_day: number): Picture {
  const { campaign } = measured
  const { trigger, contacts } = campaign
  const from = Math.max(trigger.since_day - most.days_before, last_day - most.days + 1)
  const days = Array.from({ length: last_day - from + 1 }, (_, i) => from + i)
  const bySize = (a: Ranked, b: Ranked): number => b.size - a.size || byId(a, b)
  const memberHosts = [...measured.members.hosts]
    .filter(([host]) => (campaign.hosts.get(host) ?? 0) >= 0.5)
    .map(
      ([host, { excess }]): Ranked => ({
        kind: 'host',
        number: host,
        id: names.text(host),
        line: lines.host(host),
        on: (day) => hosts.on(host, day),
        size: excess,
      }),
    )
    .sort(bySize)
  const memberPeers = [...measured.members.peers]
    .map(
      ([peer, { excess }]): Ranked => ({
        ...{ kind: 'peer', number: peer, id: names.peer(peer), line: lines.peer, size: excess },
        on: (day) => measured.peerDays.get(peer)?.get(day) ?? 0,
      }),
    )
    .sort(bySize)
  const shown = [...memberHosts.slice(0, most.hosts), ...memberPeers.slice(0, most.peers)]
  const otherHosts = [...hosts.hosts()]
    .filter((host) => (campaign.hosts.get(host) ?? 0) < 0.5)
    .map(
      (host): Ranked => ({
        ...{ kind: 'host', number: host, id: names.text(host), line: lines.host(host) },
        on: (day) => hosts.on(host, day),
        size: lines.host(host),
      }),
    )
  const otherPeers = [...contacts.peers()]
    .filter((peer) => (campaign.peers.get(peer) ?? 0) < 0.5)
    .map(
      (peer): Ranked => ({
        ...{ kind: 'peer', number: peer, id: names.peer(peer), line: lines.peer },
        on: (day) => contacts.onDay(day).get(peer) ?? 0,
        size: contacts.bytesOf(peer, trigger.since_day, last_day + 1),
      }),
    )
  const control = [
    ...matched(
      shown.filter(({ kind }) => kind === 'host').map((row) => ({ ...row, size: row.line })),
      otherHosts,
    ),
    ...matched(
      shown.filter(({ kind }) => kind === 'peer'),
      otherPeers,
    ),
  ]
  const draw = (row: Ranked): ScoreRow => ({
    kind: row.kind,
    id: row.id,
    own_line_bytes: Number.isFinite(row.line) ? Math.round(row.line) : 0,
    shares: days.map((day) =>
      row.line > 0 && Number.isFinite(row.line) ? Math.round((1000 * row.on(day)) / row.line) / 1000 : 0,
    ),
  })
  return {
    score: {
      days_ms: days.map((day) => day * dayMs),
      cumulative: cumulativeOf(measured, days),
      markers: [
        { at_ms: measured.first_tick * tickMs, kind: 'first_activity' },
        { at_ms: trigger.since_ms, kind: 'first_evidence' },
        { at_ms: (measured.campaign.detected_tick + 1) * tickMs, kind: 'detected' },
        { at_ms: measured.last_tick * tickMs, kind: 'last_activity' },
      ],
      members: inOrder(shown, days).map(draw),
      control: inOrder(control, days).map(draw),
    },
    nearest: nearestOf(
      [...memberHosts, ...memberPeers],
      days.filter((day) => day >= trigger.since_day),
    ),
  }
}

/** Of those that are no members, as many of about the same size, each once: the nearest that is still there. */
function matched(rows: readonly Ranked[], others: readonly Ranked[]): Ranked[] {
  const left = [...others].filter(({ size }) => size > 0).sort((a, b) => a.size - b.size || byId(a, b))
  const taken: Ranked[] = []
  for (const row of rows) {
    if (left.length === 0) break
    let low = 0
    let high = left.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (left[middle].size < row.size) low = middle + 1
      else high = middle
    }
    const isBelowNearer = low > 0 && row.size / left[low - 1].size < left[low].size / row.size
    taken.push(...left.splice(isBelowNearer ? low - 1 : low, 1))
  }
  return taken
}

const byId = (a: Ranked, b: Ranked): number => (a.id === b.id ? 0 : a.id < b.id ? -1 : 1)

/** Both strips by the same rule: hosts first, then by the first day of any bytes, then by size. */
function inOrder(rows: readonly Ranked[], days: readonly number[]): Ranked[] {
  const firstOf = new Map(rows.map((row) => [row, days.findIndex((day) => row.on(day) > 0)]))
  return [...rows].sort(
    (a, b) =>
      (a.kind === b.kind ? 0 : a.kind === 'host' ? -1 : 1) ||
      (firstOf.get(a) as number) - (firstOf.get(b) as number) ||
      b.size - a.size ||
      byId(a, b),
  )
}

function cumulativeOf({ byDay }: Measured, days: readonly number[]): Interval[] {
  let total = noExcess
  for (const [day, sum] of byDay) if (day < days[0]) total = plus(total, sum)
  return days.map((day) => {
    const sum = byDay.get(day)
    if (sum) total = plus(total, sum)
    return intervalOf(total)
  })
}

/** 90 % interval of a sum over members that belong with some probability each; `more`: what candidates may add. */
export function intervalOf({ excess, variance, shared }: DayExcess, more = 0): Interval {
  const half = 1.645 * Math.sqrt(variance) + shared
  return {
    low: BigInt(Math.max(0, Math.round(excess - half))),
    best: BigInt(Math.round(excess)),
    high: BigInt(Math.round(excess + half + more)),
  }
}

function nearestOf(rows: readonly Ranked[], days: readonly number[]): CampaignCase['nearest_own_line'] {
  let nearest: CampaignCase['nearest_own_line'] = null
  for (const row of rows) {
    if (!Number.isFinite(row.line) || row.line <= 0) continue
    for (const day of days) {
      const share = row.on(day) / row.line
      if (nearest !== null && share <= nearest.share) continue
      nearest = { kind: row.kind, member: row.id, share, day_ms: day * dayMs }
    }
  }
  return nearest
}

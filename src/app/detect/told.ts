/** Declarations of sums and of shared keys as what a campaign begins with. */
import type { DayRows } from '../../detectors/day-rows.ts'
import type { Pool } from '../../detectors/sums/channels.ts'
import type { Declaration, WatchModule } from '../../detectors/sums/watch.ts'
import type { LeadingEvidence } from '../../incidents/case.ts'
import { dayMs, tickMs, ticksPerDay } from '../../model/window.ts'
import type { FanInDeclaration } from './fan-in-watch.ts'
import { leadingOf } from './leading.ts'
import { referenceDays, type Trigger } from './open-campaign.ts'

/** Members may have come so many days before the evidence began to grow. */
const daysBefore = 5
/** Evidence within this time of its start is a fast theft's. */
const fastMs = dayMs / 4

/** What was declared, with what led at that moment. */
export interface Told extends Trigger {
  /** Whose evidence is spent by it; tests without history keep their own account. */
  module?: WatchModule
  leading: readonly LeadingEvidence[]
  /** A rise beside an open incident, whose members it may have taken. */
  is_further?: boolean
  /** To be called where it turned out to be part of another campaign: the name is judged on, with what it does beside that. */
  release?: () => void
}

export function tellSums(declared: Declaration, day: number): Told {
  const leading = leadingOf(declared)
  const strongest = declared.leading[0]
  // of sums that say the same, the narrowest pool names its members best
  const narrow =
    declared.leading.find(({ series, log_e }) => !isBroad(series.pool) && log_e > strongest.log_e - 3) ?? strongest
  const { pool, entity, band } = narrow.series
  const since_day = Math.floor(narrow.since_ms / dayMs)
  const detected_ms = (declared.tick + 1) * tickMs
  const isBurst = declared.module === 'bursts'
  return {
    detector: 'sums',
    module: declared.module,
    tick: declared.tick,
    // evidence begins after the campaign does: at least it took some days to grow
    since_day: Math.max(since_day - daysBefore, day - 2 * referenceDays),
    since_ms: narrow.since_ms,
    log_e: declared.log_e,
    log_threshold: declared.log_threshold,
    inPool: isBroad(pool) ? () => true : (rows, i) => pool.entityOf(rows, i) === entity,
    with_old: band.with_unknown || band.from_days >= 30,
    kind: isBurst && detected_ms - strongest.since_ms < fastMs ? 'fast_theft' : 'campaign',
    is_burst: isBurst,
    leading,
  }
}

/** What a peer takes is of many sizes, though its sum stood out in one. */
function isBroad({ kind }: Pool): boolean {
  return kind === 'site' || kind === 'piece_size'
}

/** The test looks at whole days: what it says is known at their end. */
export function tellKey(declared: FanInDeclaration, rows: DayRows): Told {
  const { subject, since_day, log_e, log_threshold } = declared
  const { kind, key_id } = subject
  const peers = new Set(subject.peer_indexes)
  return {
    ...{ detector: 'fan_in', tick: (rows.day + 1) * ticksPerDay - 1, since_day, since_ms: since_day * dayMs },
    ...{ log_e, log_threshold, with_old: true, kind: 'campaign' },
    inPool: (day, i) =>
      kind === 'client_fp'
        ? day.client_fp[i] === key_id
        : kind === 'peer_asn'
          ? day.peer_asn[i] === key_id
          : peers.has(day.peer[i]),
    leading: [
      {
        ...{ detector: 'fan_in', subject: `${kind}:${subject.key}`, scale: '1 d', log_e: subject.log_e },
        channel: 'peers that share it and behave as one',
        ...{ since_ms: since_day * dayMs, observed_per_day: subject.peers, expected_per_day: 0 },
        ...{ unit: 'peers', reference_ticks: 0 },
      },
    ],
  }
}

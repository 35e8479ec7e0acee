/**
 * A campaign's day: its budget of bytes cut into pieces, each moved by the campaign's carrier at some time of the day. Draws from
 * a stream of its own and adds records; nothing of the background knows of it.
 */
import type { DayContext } from '../background/context.ts'
import { dayMs, hourMs, timeOfDay } from '../centre/day-shape.ts'
import type { Sink } from '../records.ts'
import { bytesPerDay, type CampaignSpec } from '../scenarios/scenario.ts'
import { Stream, Weighted } from '../stream.ts'
import type { CampaignTally } from '../truth.ts'
import { activeHours, activeShare } from './duty.ts'
import { grantAccess, listBuckets, stage } from './forerunners.ts'
import { movePiece } from './move-piece.ts'
import { peersOn } from './peers.ts'
import type { CampaignPlan } from './plan.ts'

/** Pieces smaller than this join the one before, unless they are meant to be small. */
const smallestPiece = 1e6
/** Days differ by so much (deviation of the logarithm). */
const usualUnevenness = 0.1

/** The first moment at which the campaign does anything: what it packs and looks at comes before what leaves. */
export function beginsMs({ spec, start_ms }: CampaignPlan): number {
  return start_ms - (spec.staging_days ?? (spec.lists_buckets ? 1 : 0)) * dayMs
}

/** `egress_bytes_per_day`: what the centre sent on a mean day before the campaign. */
export function runCampaignDay(
  plan: CampaignPlan,
  context: DayContext,
  egress_bytes_per_day: number,
  sink: Sink,
  tally: CampaignTally,
): void {
  const { centre, day, start_ms } = context
  const { spec } = plan
  const full = fullBytesPerDay(spec, centre.scale, egress_bytes_per_day)
  if (spec.staging_days !== undefined) stage(plan, context, full, sink)
  if (spec.lists_buckets && day === Math.max(0, plan.from_day - 1)) listBuckets(plan, context, sink)
  const from_ms = Math.max(start_ms, plan.start_ms)
  const until_ms = Math.min(start_ms + dayMs, plan.end_ms)
  if (until_ms <= from_ms) return
  if (spec.consents && day === plan.from_day) grantAccess(plan, context, sink)
  const stream = new Stream(centre.seed, 'campaign', spec.id, day)
  const peers = peersOn(plan, day)
  if (peers.length === 0) return
  const hours = activeHours(plan, context)
  const whole = grown(full, plan, context, stream)
  let left = Math.round(whole * activeShare(spec, hours) * ((until_ms - from_ms) / dayMs))
  if (left > 0 && spec.hours === 'flat') {
    moveByTheHour(left)
    return
  }
  const hourChoice = spec.duty === undefined || left === 0 ? undefined : new Weighted(hours)
  for (let n = 0; left > 0; n++) {
    const drawn = pieceBytes(spec, stream)
    const bytes = left - drawn < smallest(spec) ? left : drawn
    left -= bytes
    const [low, high] = spec.bits_per_second_of_piece
    const piece = {
      ...{ bytes, peer: stream.of(peers), vault: vaultOf(plan, context, stream) },
      bits_per_second: stream.between(low, high),
    }
    const at_ms = hourChoice
      ? start_ms + hourChoice.draw(stream) * hourMs + stream.int(0, hourMs - 1)
      : timeOf(spec, from_ms, until_ms, stream)
    movePiece(plan, context, { stream, n, at_ms, ...piece }, sink, tally)
  }

  /** Equal pieces without a break, each of one hour. */
  function moveByTheHour(day_bytes: number): void {
    for (let n = 0, sent = 0; n < 24; n++) {
      const bytes = Math.floor((day_bytes * (n + 1)) / 24) - sent
      sent += bytes
      const piece = { bytes, peer: peers[n % peers.length], vault: vaultOf(plan, context, stream) }
      const bits_per_second = (bytes * 8000) / (hourMs - 2000)
      movePiece(plan, context, { stream, n, at_ms: start_ms + n * hourMs, ...piece, bits_per_second }, sink, tally)
    }
  }
}

function fullBytesPerDay(spec: CampaignSpec, scale: number, egress_bytes_per_day: number): number {
  return 'share_of_egress' in spec.volume
    ? spec.volume.share_of_egress * egress_bytes_per_day
    : (bytesPerDay(spec) ?? 0) * scale
}

/** On the ramp, and as this day differs from others. */
function grown(
  full: number,
  { spec, start_ms: begins_ms }: CampaignPlan,
  { start_ms }: DayContext,
  stream: Stream,
): number {
  const elapsed_days = (Math.max(start_ms, begins_ms) - begins_ms) / dayMs
  const ramp = spec.ramp_days === 0 ? 1 : Math.min(1, (elapsed_days + 1) / spec.ramp_days)
  const unevenness = spec.unevenness ?? usualUnevenness
  return full * ramp * (isShort(spec) || unevenness === 0 ? 1 : stream.lognormal(1, unevenness))
}

const isShort = ({ lasts }: CampaignSpec): boolean => lasts !== undefined && 'minutes' in lasts

const smallest = ({ piece }: CampaignSpec): number =>
  'low' in piece ? Math.min(smallestPiece, piece.low) : smallestPiece

function pieceBytes(spec: CampaignSpec, stream: Stream): number {
  const { piece } = spec
  const bytes = 'low' in piece ? stream.between(piece.low, piece.high) : stream.lognormal(piece.mean, piece.sigma)
  return Math.max(smallest(spec), Math.round(bytes))
}

/** Drawn, or the one whose turn it is on this day; undefined where nothing of a vault moves. */
function vaultOf({ spec, vaults, from_day, end_ms, start_ms }: CampaignPlan, { day }: DayContext, stream: Stream) {
  if (vaults.length === 0) return undefined
  if (!spec.vaults.in_order) return stream.of(vaults)
  const days = Math.max(1, (end_ms - start_ms) / dayMs)
  return vaults[Math.min(vaults.length - 1, Math.floor(((day - from_day + stream.unit()) / days) * vaults.length))]
}

function timeOf(spec: CampaignSpec, from_ms: number, until_ms: number, stream: Stream): number {
  const { hours } = spec
  if (isShort(spec)) return stream.int(from_ms, Math.max(from_ms, until_ms - 60_000))
  if (typeof hours === 'string') return from_ms + timeOfDay(stream, 0)
  // hours past 24 are those of the same day's small hours
  return from_ms + (stream.int(hours[0] * hourMs, hours[1] * hourMs - 1) % dayMs)
}

/**
 * A campaign's day: its budget of bytes cut into pieces, each moved by the campaign's carrier at some time of the day. Draws from
 * a stream of its own and adds records; nothing of the background knows of it.
 */
import { type DayContext, lastsMs } from '../background/context.ts'
import { addJob, sendFromJob } from '../background/jobs.ts'
import { addLogin } from '../background/logins.ts'
import { addObjectRead } from '../background/objects.ts'
import { addDownload } from '../background/services.ts'
import { addTransfer } from '../background/transfers.ts'
import type { CentreVault } from '../centre/centre.ts'
import { dayMs, hourMs, timeOfDay } from '../centre/day-shape.ts'
import { type CentreHost, facing } from '../centre/hosts.ts'
import type { Flow, Sink } from '../records.ts'
import { bytesPerDay, type Carrier } from '../scenarios/scenario.ts'
import { Stream } from '../stream.ts'
import type { CampaignTally } from '../truth.ts'
import { type CampaignPlan, peersOn } from './plan.ts'

/** Pieces smaller than this join the one before. */
const smallestPiece = 1e6
/** Days differ by so much (deviation of the logarithm). */
const unevenness = 0.1

interface Piece {
  stream: Stream
  at_ms: number
  bytes: number
  peer: string
  vault: CentreVault
  bits_per_second: number
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
  const from_ms = Math.max(start_ms, plan.start_ms)
  const until_ms = Math.min(start_ms + dayMs, plan.end_ms)
  if (until_ms <= from_ms) return
  const stream = new Stream(centre.seed, 'campaign', plan.spec.id, day)
  const peers = peersOn(plan, day)
  if (peers.length === 0) return
  let left = Math.round(budget(plan, context, egress_bytes_per_day, stream) * ((until_ms - from_ms) / dayMs))
  while (left > 0) {
    const drawn = pieceBytes(plan, stream)
    const bytes = left - drawn < smallestPiece ? left : drawn
    left -= bytes
    const [low, high] = plan.spec.bits_per_second_of_piece
    const piece = {
      bytes,
      peer: stream.of(peers),
      vault: stream.of(plan.vaults),
      bits_per_second: stream.between(low, high),
    }
    move(plan, context, { stream, at_ms: timeOf(plan, from_ms, until_ms, stream), ...piece }, sink, tally)
  }
}

function budget(
  plan: CampaignPlan,
  { centre, start_ms }: DayContext,
  egress_bytes_per_day: number,
  stream: Stream,
): number {
  const { spec } = plan
  const full =
    'share_of_egress' in spec.volume
      ? spec.volume.share_of_egress * egress_bytes_per_day
      : (bytesPerDay(spec) ?? 0) * centre.scale
  const elapsed_days = (Math.max(start_ms, plan.start_ms) - plan.start_ms) / dayMs
  const ramp = spec.ramp_days === 0 ? 1 : Math.min(1, (elapsed_days + 1) / spec.ramp_days)
  const isShort = spec.lasts !== undefined && 'minutes' in spec.lasts
  return full * ramp * (isShort ? 1 : stream.lognormal(1, unevenness))
}

function pieceBytes({ spec: { piece } }: CampaignPlan, stream: Stream): number {
  const bytes = 'low' in piece ? stream.between(piece.low, piece.high) : stream.lognormal(piece.mean, piece.sigma)
  return Math.max(smallestPiece, Math.round(bytes))
}

function timeOf({ spec: { hours, lasts } }: CampaignPlan, from_ms: number, until_ms: number, stream: Stream): number {
  if (lasts !== undefined && 'minutes' in lasts) return stream.int(from_ms, Math.max(from_ms, until_ms - 60_000))
  if (hours === 'people') return from_ms + timeOfDay(stream, 0)
  // hours past 24 are those of the same day's small hours
  return from_ms + (stream.int(hours[0] * hourMs, hours[1] * hourMs - 1) % dayMs)
}

/** What a host serves to anybody outside. */
function carrierOf({ role }: CentreHost): Carrier {
  if (role === 'login') return 'ssh_pull'
  if (role === 'dtn') return 'gridftp_pull'
  return role === 'portal' ? 'object_pull' : 'https_pull'
}

function move(plan: CampaignPlan, context: DayContext, piece: Piece, sink: Sink, tally: CampaignTally): void {
  const { stream, at_ms, bytes, peer, vault, bits_per_second } = piece
  const { spec } = plan
  let { carrier } = spec
  let chosen: CentreHost | undefined
  if (carrier === 'by_host') {
    chosen = plan.hosts[plan.hostChoice.draw(stream)]
    carrier = carrierOf(chosen)
  }
  /** Drawn where a carrier asks for it, unless it gave the carrier. */
  const hostOf = (): CentreHost => chosen ?? plan.hosts[plan.hostChoice.draw(stream)]
  /** Counts every flow as the campaign's. */
  const counted: Sink = {
    flow: (flow) => {
      sink.flow(flow)
      tally.add(flow, flow.inside, vault)
    },
    put: sink.put,
  }
  switch (carrier) {
    case 'https_pull': {
      const ja4 = plan.ja4 || stream.of(context.centre.people.accounts).ja4
      addDownload(stream, counted, { host: hostOf(), peer, at_ms, bytes, vault, bits_per_second, ja4 })
      return
    }
    case 'ssh_pull': {
      const account = stream.of(plan.accounts)
      const ssh = spec.client === 'one' ? plan.ssh : account.ssh
      const one = { host: hostOf(), account, peer, at_ms, bytes, path: vault.path, told: false, ssh }
      addLogin(stream, counted, { ...one, lasts_ms: lastsMs(bytes, bits_per_second) })
      return
    }
    case 'gridftp_pull': {
      const dtn = hostOf()
      const one = { dtn, inside: facing(dtn, peer), peer, account: stream.of(plan.accounts), path: vault.path }
      addTransfer(stream, counted, { ...one, at_ms, bytes, bits_per_second })
      return
    }
    case 'object_pull': {
      const account = plan.accounts.length === 0 ? '' : stream.of(plan.accounts).name
      const one = { inside: facing(hostOf(), peer), peer, account, bucket: vault.bucket, at_ms, bytes }
      addObjectRead(stream, counted, {
        ...one,
        user_agent: 'curl/8.5.0',
        bits_per_second,
        ja4: stream.of(context.centre.people.accounts).ja4,
      })
      return
    }
    case 'job_push': {
      const account = stream.of(plan.accounts)
      const block = stream.of(plan.blocks)
      const until_ms = at_ms + lastsMs(bytes, 1e8) + 600_000
      // numbers of a cluster's jobs are given out as they come: these lie between the background's
      const job_id = 1_000_000 + context.day * 100_000 + stream.int(50_000, 99_999)
      const job = {
        job_id,
        account: account.name,
        project: context.centre.projects[account.project],
        block,
        from_ms: at_ms - 60_000,
        until_ms,
      }
      addJob(sink, { ...job, name: 'train', read_bytes: bytes })
      const flows: Flow[] = []
      const held: Sink = { flow: (flow) => void flows.push(flow), put: sink.put }
      const node_address = sendFromJob(context, stream, held, {
        ...job,
        bytes,
        peer,
        oddPort: true,
        bits_per_second,
        at_ms,
        ja4: plan.ja4,
      })
      for (const flow of flows) {
        sink.flow(flow)
        tally.add(flow, node_address, vault)
      }
      return
    }
  }
}

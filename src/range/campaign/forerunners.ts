/**
 * What a campaign does besides moving bytes out: packs what it will take, looks at what there is, gets a grant. Streams of their
 * own, so that a campaign with them and one without move the same.
 */
import type { DayContext } from '../background/context.ts'
import { dayMs, hourMs } from '../centre/day-shape.ts'
import type { Sink } from '../records.ts'
import { lastsDays } from '../scenarios/scenario.ts'
import { Stream } from '../stream.ts'
import { peersOn } from './peers.ts'
import type { CampaignPlan } from './plan.ts'

/** Bytes of one archive. */
const archive_bytes = 50e9
/** What packing leaves of what was read; simulation data hardly shrinks. */
const packed_share = 0.9

/** Where a thief's archives lie. */
export const archiveFolder = ({ spec }: CampaignPlan): string => `/scratch/.cache-${spec.id}`

/** Wide reads, and archives that grow from them, spread evenly over the days before the campaign leaves its first byte. */
export function stage(
  plan: CampaignPlan,
  { centre, day, start_ms }: DayContext,
  bytes_per_day: number,
  sink: Sink,
): void {
  const { spec, from_day, hosts, accounts, vaults } = plan
  const days = spec.staging_days ?? 0
  if (day >= from_day || day < from_day - days) return
  const stream = new Stream(centre.seed, 'campaign', spec.id, 'stage', day)
  const taken = (bytes_per_day * (lastsDays(spec) ?? 1)) / packed_share
  const archives = Math.max(1, Math.round((taken * packed_share) / archive_bytes / days))
  const read = { host: hosts[0].name, uid: accounts[0].uid }
  for (let n = 0; n < archives; n++) {
    const at_ms = start_ms + Math.floor(((n + stream.unit()) / archives) * (dayMs - 2 * hourMs))
    const end_ms = at_ms + hourMs
    const pid = stream.int(2000, 4_000_000)
    const each = Math.round(taken / days / archives / vaults.length)
    for (const { path } of vaults)
      sink.put({
        ...{ kind: 'read', start_ms: at_ms, end_ms, ...read, path: `${path}/run${stream.int(1, 999)}.h5` },
        ...{ bytes: each, pid },
      })
    const path = `${archiveFolder(plan)}/part-${(day - from_day + days) * 1000 + n}.tar.zst.gpg`
    const bytes = Math.round(each * vaults.length * packed_share)
    sink.put({ kind: 'write', start_ms: at_ms, end_ms, ...read, path, bytes, pid })
  }
}

/** Every bucket that it will take from is listed, in the evening before the first object goes. */
export function listBuckets(plan: CampaignPlan, { centre, start_ms }: DayContext, sink: Sink): void {
  const stream = new Stream(centre.seed, 'campaign', plan.spec.id, 'listing')
  const [{ address }] = peersOn(plan, plan.from_day)
  const [user_agent] = plan.spec.user_agents ?? ['curl/8.5.0']
  for (const { bucket } of plan.vaults) {
    const at_ms = start_ms + 22 * hourMs + stream.int(0, 600_000)
    sink.put({
      ...{ kind: 'listing', start_ms: at_ms, end_ms: at_ms + 40, bucket, account: plan.accounts[0]?.name ?? '' },
      ...{ peer: address, user_agent, trans_id: `tx${stream.hex(21)}-centre` },
    })
  }
}

/** A session of Globus for each account, from an address that it never came from. */
export function grantAccess(plan: CampaignPlan, { centre, day, start_ms }: DayContext, sink: Sink): void {
  const stream = new Stream(centre.seed, 'campaign', plan.spec.id, 'consent')
  const peers = peersOn(plan, day)
  for (const { name } of plan.accounts) {
    const at_ms = start_ms + stream.int(0, hourMs)
    const end_ms = at_ms + stream.int(60_000, 600_000)
    sink.put({ kind: 'consent', start_ms: at_ms, end_ms, account: name, peer: stream.of(peers).address })
  }
}

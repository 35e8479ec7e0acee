/** One piece of a campaign, moved by its carrier; every byte that leaves by it is the campaign's. */
import { type DayContext, lastsMs } from '../background/context.ts'
import { addJob, sendFromJob } from '../background/jobs.ts'
import { addLogin } from '../background/logins.ts'
import { addObjectRead } from '../background/objects.ts'
import { addDownload } from '../background/services.ts'
import { addTransfer } from '../background/transfers.ts'
import type { CentreVault } from '../centre/centre.ts'
import { type CentreHost, facing } from '../centre/hosts.ts'
import type { Account } from '../centre/people.ts'
import type { Flow, Sink } from '../records.ts'
import type { Carrier } from '../scenarios/scenario.ts'
import type { Stream } from '../stream.ts'
import type { CampaignTally } from '../truth.ts'
import { archiveFolder } from './forerunners.ts'
import { addPush, addScan, addTunnel, addVpnLogin } from './other-ways.ts'
import type { PeerOfDay } from './peers.ts'
import type { CampaignPlan } from './plan.ts'

export interface Piece {
  stream: Stream
  /** How many of the day came before it. */
  n: number
  at_ms: number
  bytes: number
  peer: PeerOfDay
  /** Undefined: what moves is of no vault. */
  vault: CentreVault | undefined
  bits_per_second: number
}

/** What a host serves to anybody outside. */
function carrierOf({ role }: CentreHost): Carrier {
  if (role === 'login') return 'ssh_pull'
  if (role === 'dtn') return 'gridftp_pull'
  return role === 'portal' ? 'object_pull' : 'https_pull'
}

export function movePiece(
  plan: CampaignPlan,
  context: DayContext,
  { stream, n, at_ms, bytes, peer: { address: peer, slot }, vault, bits_per_second }: Piece,
  sink: Sink,
  tally: CampaignTally,
): void {
  const { spec } = plan
  let { carrier } = spec
  let chosen: CentreHost | undefined
  if (carrier === 'by_host') {
    chosen = plan.hosts[plan.hostChoice.draw(stream)]
    carrier = carrierOf(chosen)
  }
  /** Drawn where a carrier asks for it, unless it gave the carrier. */
  const hostOf = (): CentreHost => chosen ?? plan.hosts[plan.hostChoice.draw(stream)]
  const accountOf = (): Account => {
    const account = spec.peers.of_one_account ? plan.accounts[slot % plan.accounts.length] : stream.of(plan.accounts)
    return plan.key_fp === '' ? account : { ...account, key_fp: plan.key_fp }
  }
  /** Counts every flow as the campaign's. */
  const counted: Sink = {
    flow: (flow) => {
      sink.flow(flow)
      tally.add(flow, flow.inside, vault)
    },
    put: sink.put,
  }
  const path = spec.staging_days === undefined ? (vault?.path ?? '/tmp') : archiveFolder(plan)
  switch (carrier) {
    case 'https_pull': {
      const ja4 = plan.ja4 || stream.of(context.centre.people.accounts).ja4
      addDownload(stream, counted, { host: hostOf(), peer, at_ms, bytes, path, bits_per_second, ja4 })
      return
    }
    case 'ssh_pull': {
      const account = accountOf()
      const ssh = spec.client === 'one' ? plan.ssh : account.ssh
      const one = { host: hostOf(), account, peer, at_ms, bytes, path, told: false, ssh }
      addLogin(stream, counted, { ...one, lasts_ms: lastsMs(bytes, bits_per_second) })
      return
    }
    case 'gridftp_pull': {
      const dtn = hostOf()
      const one = { dtn, inside: facing(dtn, peer), peer, account: accountOf(), path }
      addTransfer(stream, counted, { ...one, at_ms, bytes, bits_per_second })
      return
    }
    case 'object_pull': {
      const account = plan.accounts.length === 0 ? undefined : accountOf()
      const inside = facing(hostOf(), peer)
      addObjectRead(stream, counted, {
        ...{ inside, peer, account: account?.name ?? '', bucket: vault?.bucket ?? '', at_ms, bytes, bits_per_second },
        user_agent: spec.user_agents === undefined ? 'curl/8.5.0' : stream.of(spec.user_agents),
        ja4: plan.ja4 || stream.of(context.centre.people.accounts).ja4,
      })
      return
    }
    case 'https_push': {
      const account = accountOf()
      const ja4 = plan.ja4 || account.ja4
      addPush(stream, counted, { host: hostOf(), account, peer, at_ms, bytes, path, bits_per_second, ja4 })
      return
    }
    case 'vpn_pull': {
      const account = accountOf()
      const ssh = spec.client === 'one' ? plan.ssh : account.ssh
      const number = plan.ordinal * 3584 + n
      const one = { host: hostOf(), account, peer, at_ms, bytes, path, told: false, ssh, number }
      addVpnLogin(context, stream, sink, { ...one, lasts_ms: lastsMs(bytes, bits_per_second) }, (flow) =>
        tally.add({ ...flow, peer }, flow.inside, vault),
      )
      return
    }
    case 'scan': {
      addScan(stream, counted, { host: hostOf(), peer, at_ms, bytes })
      return
    }
    case 'tunnel': {
      addTunnel(stream, counted, { host: hostOf(), peer, at_ms, bytes, bits_per_second })
      return
    }
    case 'job_push':
      pushFromJob()
      return
  }

  function pushFromJob(): void {
    const account = stream.of(plan.accounts)
    const block = stream.of(plan.blocks)
    const until_ms = at_ms + lastsMs(bytes, 1e8) + 600_000
    // numbers of a cluster's jobs are given out as they come: these lie between the background's
    const job_id = 1_000_000 + context.day * 100_000 + stream.int(50_000, 99_999)
    const project = context.centre.projects[account.project]
    const job = { job_id, account: account.name, project, block, from_ms: at_ms - 60_000, until_ms }
    addJob(sink, { ...job, name: 'train', read_bytes: bytes })
    const flows: Flow[] = []
    const held: Sink = { flow: (flow) => void flows.push(flow), put: sink.put }
    const push = { ...job, bytes, peer, oddPort: true, bits_per_second, at_ms, ja4: plan.ja4 }
    const node_address = sendFromJob(context, stream, held, push)
    for (const flow of flows) {
      sink.flow(flow)
      tally.add(flow, node_address, vault)
    }
  }
}

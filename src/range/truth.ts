/** What really happened, as `truth.json` tells it: sums over the flows of each campaign, exact, and of the whole border. */

import type { CentreVault } from './centre/centre.ts'
import { dayMs } from './centre/day-shape.ts'
import { isoDate } from './logs/log.ts'
import type { MutatorName } from './mutators/names.ts'
import type { Flow } from './records.ts'

type Bytes = Record<string, bigint>

export interface CampaignTruth {
  id: string
  scenario: string
  /** First byte and last. */
  start_ms: number
  end_ms: number
  bytes_out: bigint
  /** By UTC day, a flow's bytes spread evenly over its time. */
  bytes_out_by_day: Bytes
  /** By address inside: of what went through NAT, the node's. */
  hosts: Bytes
  peers: Bytes
  accounts: Bytes
  vaults: Bytes
  client_orgs: Bytes
}

export interface RangeTruth {
  campaigns: CampaignTruth[]
  /** Harmless, in the same shape. */
  look_alikes: CampaignTruth[]
  /** Payload that left, campaigns included. */
  border_bytes_out: bigint
  /** What was done to the logs, and what they therefore do not tell; absent where nothing is missing. */
  mutated?: readonly MutatorName[]
  not_logged?: NotLoggedTruth
}

export interface NotLoggedTruth {
  /** Flows without a record, and their payload that left. */
  flows: number
  bytes_out: bigint
  /** Of that, by id of the campaign. */
  campaigns: Bytes
  /** Other records, by kind. */
  records: Record<string, number>
}

/** The same with other names of addresses; sums of those that become one add up. */
export function renamed(truth: CampaignTruth, seen: (address: string) => string): CampaignTruth {
  const named = (sums: Bytes): Bytes => {
    const all: Bytes = {}
    for (const [address, bytes] of Object.entries(sums)) count(all, seen(address), bytes)
    return all
  }
  return { ...truth, hosts: named(truth.hosts), peers: named(truth.peers) }
}

export class CampaignTally {
  readonly truth: CampaignTruth

  constructor(id: string, scenario: string) {
    const empty = {
      bytes_out: 0n,
      bytes_out_by_day: {},
      hosts: {},
      peers: {},
      accounts: {},
      vaults: {},
      client_orgs: {},
    }
    this.truth = { id, scenario, start_ms: 0, end_ms: 0, ...empty }
  }

  add({ start_ms, end_ms, bytes_out, peer, account }: Flow, host: string, vault: CentreVault | undefined): void {
    const { truth } = this
    const bytes = BigInt(bytes_out)
    truth.start_ms = truth.bytes_out === 0n ? start_ms : Math.min(truth.start_ms, start_ms)
    truth.end_ms = Math.max(truth.end_ms, end_ms)
    truth.bytes_out += bytes
    for (const { day, part } of byDay(start_ms, end_ms, bytes_out)) count(truth.bytes_out_by_day, day, BigInt(part))
    count(truth.hosts, host, bytes)
    count(truth.peers, peer, bytes)
    if (account !== '') count(truth.accounts, account, bytes)
    if (vault === undefined) return
    count(truth.vaults, vault.id, bytes)
    count(truth.client_orgs, vault.client_org, bytes)
  }
}

function count(sums: Bytes, key: string, bytes: bigint): void {
  sums[key] = (sums[key] ?? 0n) + bytes
}

/** Whole bytes for each day that a flow touches; they add up. */
function byDay(start_ms: number, end_ms: number, bytes: number): { day: string; part: number }[] {
  const parts: { day: string; part: number }[] = []
  let given = 0
  for (
    let at_ms = start_ms - (start_ms % dayMs);
    at_ms === start_ms - (start_ms % dayMs) || at_ms < end_ms;
    at_ms += dayMs
  ) {
    const isLast = at_ms + dayMs >= end_ms
    const until = isLast ? bytes : Math.floor((bytes * (at_ms + dayMs - start_ms)) / (end_ms - start_ms))
    parts.push({ day: isoDate(at_ms), part: until - given })
    given = until
  }
  return parts
}

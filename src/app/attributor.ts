/**
 * All joins over one span of time: the context records that may touch it are loaded once, then every flow is asked.
 * Order: a lease names who is behind a leased address; else a login of the same 4-tuple or peer; else the job on the node.
 */
import { JobJoin } from '../attribution/job-join.ts'
import { LeaseJoin } from '../attribution/lease-join.ts'
import { LoginJoin } from '../attribution/login-join.ts'
import type { ReadFlows } from '../ledger/poster.ts'
import { addressAt } from '../model/address.ts'
import { isStated, type JobRecord, type LeaseRecord, type SessionRecord } from '../model/context-record.ts'
import { clearLabel, type Label } from '../model/label.ts'
import { dayMs } from '../model/window.ts'
import type { Store } from '../store/store.ts'
import type { SiteNames } from './site-names.ts'

/** How far back a record may have begun and still matter: open leases and logins last a day, open jobs a month. */
const openJobMs = 30 * dayMs

export class Attributor {
  readonly #leases: LeaseJoin
  readonly #logins: LoginJoin
  readonly #jobs: JobJoin
  readonly #names: SiteNames

  private constructor(names: SiteNames, leases: LeaseRecord[], sessions: SessionRecord[], jobs: JobRecord[]) {
    this.#names = names
    this.#leases = new LeaseJoin(leases)
    this.#logins = new LoginJoin(sessions)
    this.#jobs = new JobJoin(jobs)
  }

  static async load(store: Store, names: SiteNames, from_ms: number, to_ms: number): Promise<Attributor> {
    const [sessionRows, leaseRows, jobRows] = [
      await store.readContext('session', from_ms - dayMs, to_ms, dayMs),
      await store.readContext('lease', from_ms - dayMs, to_ms, dayMs),
      await store.readContext('job', from_ms, to_ms, openJobMs),
    ]
    const texts = await store.nameTexts([
      ...sessionRows.flatMap((row) => [row.number('kind'), row.number('host_name')]),
      ...jobRows.map((row) => row.number('node')),
    ])
    const text = (id: number): string => texts.get(id) ?? ''
    const sessions = sessionRows.map((row) => {
      const host = row.address('host')
      return {
        kind: text(row.number('kind')) as SessionRecord['kind'],
        account: row.number('account'),
        peer: row.address('peer'),
        peer_port: row.number('peer_port'),
        host: isStated(host) ? host : names.addressOfHost(text(row.number('host_name'))),
        assigned: row.address('assigned'),
        gateway: row.number('gateway'),
        start_ms: row.time('start_ms'),
        end_ms: row.time('end_ms'),
      }
    })
    const leases: LeaseRecord[] = leaseRows.map((row) => ({
      ip: row.address('ip'),
      account: row.number('account'),
      gateway: 0,
      peer: row.address('peer'),
      start_ms: row.time('start_ms'),
      end_ms: row.time('end_ms'),
    }))
    for (const { assigned, ...session } of sessions) {
      if (session.kind === 'vpn' && isStated(assigned)) leases.push({ ...session, ip: assigned })
    }
    const jobs = jobRows.map((row) => ({
      host: names.addressOfHost(text(row.number('node'))),
      account: row.number('account'),
      project: row.number('project'),
      start_ms: row.time('start_ms'),
      end_ms: row.time('end_ms'),
    }))
    return new Attributor(names, leases, sessions, jobs)
  }

  /** Fills `label` with what is known of flow `i`; false if nothing is. */
  label(flows: ReadFlows, i: number, label: Label): boolean {
    const data = flows.data
    clearLabel(label)
    const pool = data.pool[i]
    if (pool > 0) {
      const found = this.#leases.apply(addressAt(data.peer, i), data.start_ms[i], label)
      if (label.gateway === 0) label.gateway = this.#names.gatewayOf(pool - 1)
      if (!found) label.method = 0
      return true
    }
    if (this.#logins.isEmpty && this.#jobs.isEmpty) return false
    const host = addressAt(data.inside, i)
    const [start_ms, end_ms] = [data.start_ms[i], data.end_ms[i]]
    if (
      !this.#logins.isEmpty &&
      this.#logins.apply(host, addressAt(data.peer, i), data.peer_port[i], start_ms, end_ms, label)
    )
      return true
    return !this.#jobs.isEmpty && this.#jobs.apply(host, start_ms, end_ms, label)
  }
}

/**
 * All joins over one span of time: the context records that may touch it are loaded once, then every flow is asked.
 * Order: a lease names who is behind a leased address; else a login of the same 4-tuple or peer; else the job on the node,
 * which for flows that were seen outside of a NAT is the node behind it.
 */
import { JobJoin } from '../attribution/job-join.ts'
import { LeaseJoin } from '../attribution/lease-join.ts'
import { LoginJoin } from '../attribution/login-join.ts'
import { NatJoin } from '../attribution/nat-join.ts'
import { longestReadMs, ReadJoin } from '../attribution/read-join.ts'
import { ReadSizeJoin } from '../attribution/read-size-join.ts'
import { halvesInto, type ReadFlows } from '../ledger/poster.ts'
import { addressAt } from '../model/address.ts'
import { Columns } from '../model/columns.ts'
import {
  clockSlackMs,
  isStated,
  type JobRecord,
  type LeaseRecord,
  type NatRecord,
  openEnds_ms,
  type ReadRecord,
  readHabitMs,
  type SessionRecord,
} from '../model/context-record.ts'
import { countAt } from '../model/count.ts'
import { clearLabel, type Label, methodCode } from '../model/label.ts'
import { dayMs } from '../model/window.ts'
import type { ContextRow, Store } from '../store/store.ts'
import { noEnrichment } from './enrich/enrichment.ts'
import { People } from './enrich/people.ts'
import type { SiteNames } from './site-names.ts'

interface ContextRecords {
  leases: LeaseRecord[]
  sessions: SessionRecord[]
  jobs: JobRecord[]
  bindings: NatRecord[]
  reads: ReadRecord[]
}

export class Attributor {
  readonly #leases: LeaseJoin
  readonly #logins: LoginJoin
  readonly #jobs: JobJoin
  readonly #nat: NatJoin
  readonly #reads: ReadJoin
  readonly #readSizes: ReadSizeJoin
  readonly #names: SiteNames
  /** Of the span and a little more. */
  readonly reads: readonly ReadRecord[]
  readonly #people: People

  private constructor(names: SiteNames, people: People, records: ContextRecords) {
    this.#names = names
    this.#people = people
    this.#leases = new LeaseJoin(records.leases)
    this.#logins = new LoginJoin(records.sessions)
    this.#jobs = new JobJoin(records.jobs)
    this.#nat = new NatJoin(records.bindings)
    this.#reads = new ReadJoin(records.reads)
    this.#readSizes = new ReadSizeJoin(records.reads)
    this.reads = records.reads
  }

  /** Everything that may label the flows of a span, those parts of them included that lie before and after it. */
  static async load(
    store: Store,
    names: SiteNames,
    from_ms: number,
    to_ms: number,
    identities = noEnrichment.identities,
  ): Promise<Attributor> {
    const insides = new Columns({ address: 'address' } as const)
    for (const address of await store.crossingInsides(from_ms, to_ms))
      halvesInto(insides.data.address, insides.row(), address)
    await names.prepareAddresses(insides.data.address, insides.length)
    // an open lease ends at the next one of its address, so those of the day before matter as well
    const near = async (type: keyof typeof openEnds_ms): Promise<ContextRow[]> => [
      ...(await store.readContext(type, from_ms - dayMs, to_ms + clockSlackMs, openEnds_ms[type])),
      ...(await store.readCrossingContext(type, from_ms, to_ms)),
    ]
    const [sessionRows, leaseRows, jobRows] = [await near('session'), await near('lease'), await near('job')]
    // a counter that grows says what was read since whenever, not while a flow lasted
    const around = longestReadMs + clockSlackMs
    const readRows = (
      await store.readContext('storage_read', from_ms - around - readHabitMs, to_ms + around, 0)
    ).filter((row) => row.count('sid') === 0n)
    const texts = await store.nameTexts([
      ...readRows.flatMap((row) => [row.number('host_name'), row.number('vault')]),
      ...sessionRows.flatMap((row) => [row.number('kind'), row.number('host_name'), row.number('gateway')]),
      ...jobRows.map((row) => row.number('node')),
    ])
    const text = (id: number): string => texts.get(id) ?? ''
    const accounts = [...sessionRows, ...leaseRows, ...jobRows, ...readRows].map((row) => row.number('account'))
    const people = await People.of(store, identities, accounts)
    const accountOf = (row: ContextRow): number => people.canonical(row.number('account'))
    const sessions = sessionRows.map((row) => {
      const host = row.address('host')
      // access servers name themselves: a session's tunnel ends at its gateway
      const hostName = text(row.number('host_name')) || text(row.number('gateway'))
      return {
        kind: text(row.number('kind')) as SessionRecord['kind'],
        account: accountOf(row),
        peer: row.address('peer'),
        peer_port: row.number('peer_port'),
        host: names.hostAddress(isStated(host) ? host : names.addressOfHost(hostName)),
        assigned: row.address('assigned'),
        gateway: row.number('gateway'),
        start_ms: row.time('start_ms'),
        end_ms: row.time('end_ms'),
      }
    })
    const leases: LeaseRecord[] = leaseRows.map((row) => ({
      ip: row.address('ip'),
      account: accountOf(row),
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
      account: accountOf(row),
      project: row.number('project'),
      start_ms: row.time('start_ms'),
      end_ms: row.time('end_ms'),
    }))
    const bindings = (await near('nat')).map((row) => ({
      inside: row.address('inside'),
      outside: row.address('outside'),
      outside_port: row.number('outside_port'),
      outside_port_last: row.number('outside_port_last'),
      start_ms: row.time('start_ms'),
      end_ms: row.time('end_ms'),
    }))
    const reads = readRows.map((row) => {
      const host = row.address('host')
      return {
        host: names.hostAddress(isStated(host) ? host : names.addressOfHost(text(row.number('host_name')))),
        account: accountOf(row),
        vault: names.vaultIndex(text(row.number('vault')), row.text('path')),
        bytes: Number(row.count('bytes')),
        start_ms: row.time('start_ms'),
        end_ms: row.time('end_ms'),
      }
    })
    return new Attributor(names, people, { leases, sessions, jobs, bindings, reads })
  }

  /** Fills `label` with what is known of flow `i`; false if nothing is. */
  label(flows: ReadFlows, i: number, label: Label): boolean {
    clearLabel(label)
    const joined = this.#join(flows, i, label)
    if (label.account > 0 && !this.#reads.isEmpty) this.#nameVault(flows, i, label)
    if (label.account === 0 && !this.#readSizes.isEmpty) this.#nameVaultBySize(flows, i, label)
    if (!joined && label.vault === 0) return false
    if (label.account > 0 && label.project === 0) {
      Object.assign(label, this.#people.placeOf(label.account, flows.data.start_ms[i]))
    }
    return true
  }

  #nameVault({ data }: ReadFlows, i: number, label: Label): void {
    const host = this.#names.hostAddress(addressAt(data.inside, i))
    const bytes_out = Number(countAt(data.bytes_out, i))
    const index = this.#reads.vaultOf(host, label.account, data.start_ms[i], data.end_ms[i], bytes_out)
    if (index < 0) return
    this.#setVault(label, index, data.end_ms[i])
  }

  #nameVaultBySize({ data }: ReadFlows, i: number, label: Label): void {
    const isWhole = data.seg_start_ms[i] === data.start_ms[i] && data.seg_end_ms[i] === data.end_ms[i]
    if (!isWhole) return
    const host = this.#names.hostAddress(addressAt(data.inside, i))
    const bytes_out = Number(countAt(data.bytes_out, i))
    const found = this.#readSizes.vaultOf(host, data.start_ms[i], data.end_ms[i], bytes_out)
    if (found === undefined) return
    this.#setVault(label, found.vault, found.known_ms)
    // what a label is sure of is the account: here there is none
    if (label.method === 0) label.method = methodCode.read_size
  }

  /** The audit of the file system tells of a file when it is closed, which may be after the login. */
  #setVault(label: Label, index: number, known_ms: number): void {
    const { vault, project, client_org } = this.#names.vaultAt(index)
    Object.assign(label, { vault, client_org, project: project || label.project })
    label.known_ms = Math.max(label.known_ms, known_ms)
  }

  #join(flows: ReadFlows, i: number, label: Label): boolean {
    const data = flows.data
    const pool = data.pool[i]
    if (pool > 0) {
      const found = this.#leases.apply(addressAt(data.peer, i), data.start_ms[i], label)
      if (label.gateway === 0) label.gateway = this.#names.gatewayOf(pool - 1)
      if (!found) label.method = 0
      return true
    }
    if (this.#logins.isEmpty && this.#jobs.isEmpty) return false
    const host = this.#names.hostAddress(addressAt(data.inside, i))
    const [start_ms, end_ms] = [data.start_ms[i], data.end_ms[i]]
    if (
      !this.#logins.isEmpty &&
      this.#logins.apply(host, addressAt(data.peer, i), data.peer_port[i], start_ms, end_ms, label)
    )
      return true
    if (this.#jobs.isEmpty) return false
    if (!this.#nat.isEmpty) {
      const node = this.#nat.insideOf(addressAt(data.inside, i), data.inside_port[i], start_ms)
      if (node !== undefined) return this.#jobs.apply(this.#names.hostAddress(node), start_ms, end_ms, label, 'nat_job')
    }
    return this.#jobs.apply(host, start_ms, end_ms, label)
  }
}

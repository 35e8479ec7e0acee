/**
 * What the range does, as the books read it back once its logs are parsed: flows as rows of `readFlowTable`, all else as context
 * rows with the times that its log tells (syslog, RADIUS and sacct to the second, the others to the millisecond). What no
 * join can use is left out: tunnels, connections without payload, what is written to storage.
 */
import { readFlowTable } from '../ledger/read-flow.ts'
import { addressWords } from '../model/address.ts'
import { Columns } from '../model/columns.ts'
import type { AddressHalves } from '../model/context-record.ts'
import { setCount } from '../model/count.ts'
import { dayOf } from '../model/window.ts'
import { leasedPrefix } from '../range/centre/hosts.ts'
import type { Flow, OtherRecord } from '../range/records.ts'
import { expandHostList } from '../sources/cluster/host-list.ts'
import type { ContextRow } from '../store/store.ts'

export type ReadFlows = Columns<typeof readFlowTable>
type Value = number | bigint | string | AddressHalves

/** A context record by the names of its columns; what is not there is not stated. */
export class PlainRow implements ContextRow {
  readonly #values: Readonly<Record<string, Value>>

  constructor(values: Readonly<Record<string, Value>>) {
    this.#values = values
  }

  address(name: string): AddressHalves {
    return (this.#values[name] as AddressHalves | undefined) ?? { hi: 0n, lo: 0n }
  }

  time(name: string): number {
    return (this.#values[name] as number | undefined) ?? Number.NaN
  }

  number(name: string): number {
    return (this.#values[name] as number | undefined) ?? 0
  }

  count(name: string): bigint {
    return (this.#values[name] as bigint | undefined) ?? 0n
  }

  text(name: string): string {
    return (this.#values[name] as string | undefined) ?? ''
  }
}

export interface TimedRow {
  start_ms: number
  end_ms: number
  row: PlainRow
}

export const contextTypes = ['session', 'lease', 'job', 'nat', 'storage_read', 'transfer'] as const
export type HeldType = (typeof contextTypes)[number]

/** VPN gateways in the order of the written configuration. */
const gateways = Object.keys(leasedPrefix) as (keyof typeof leasedPrefix)[]
const wholeSecond = (ms: number): number => Math.floor(ms / 1000) * 1000

export class RangeRecords {
  /** By the day in which they began. */
  readonly flows = new Map<number, ReadFlows>()
  readonly context: Record<HeldType, TimedRow[]>
  readonly #codeOf: (text: string) => number
  readonly #halves = new Map<string, AddressHalves>()

  /** `codeOf` gives names their numbers. */
  constructor(codeOf: (text: string) => number) {
    this.#codeOf = codeOf
    this.context = Object.fromEntries(contextTypes.map((type) => [type, [] as TimedRow[]])) as typeof this.context
  }

  addFlow(flow: Flow): void {
    if (flow.way === 'tunnel' || flow.bytes_out + flow.bytes_in === 0) return
    const day = dayOf(flow.start_ms)
    let flows = this.flows.get(day)
    if (!flows) {
      flows = new Columns(readFlowTable)
      this.flows.set(day, flows)
    }
    const row = flows.row()
    const to = flows.data
    to.seg_start_ms[row] = to.start_ms[row] = flow.start_ms
    to.seg_end_ms[row] = to.end_ms[row] = to.available_ms[row] = flow.end_ms
    to.sensor[row] = this.#codeOf('zeek-border')
    to.inside_port[row] = flow.inside_port
    to.peer_port[row] = flow.peer_port
    to.service[row] = this.#codeOf(flow.service || `${flow.proto}/high`)
    to.pool[row] = 1 + gateways.findIndex((gateway) => flow.peer.startsWith(`${leasedPrefix[gateway]}.`))
    const { tls, ssh } = flow
    to.client_fp[row] = ssh ? this.#codeOf(`hassh:${ssh.hassh}`) : tls ? this.#codeOf(`ja4:${tls.ja4}`) : 0
    for (const name of ['inside', 'peer'] as const) {
      const { hi, lo } = this.#halvesOf(flow[name])
      setCount(to[name].hi, row, hi)
      setCount(to[name].lo, row, lo)
    }
    for (const name of ['bytes_out', 'bytes_out_lo', 'bytes_out_hi'] as const) setCount(to[name], row, flow.bytes_out)
    setCount(to.bytes_in, row, flow.bytes_in)
    setCount(to.flows, row, 1)
  }

  addRecord(record: OtherRecord): void {
    const code = this.#codeOf
    switch (record.kind) {
      case 'login': {
        const { start_ms, end_ms, host, account, peer, peer_port, files } = record
        const who = { kind: code('ssh'), account: code(account), peer: this.#halvesOf(peer), host_name: code(host) }
        this.#add('session', wholeSecond(start_ms), wholeSecond(end_ms), { ...who, peer_port })
        if (files.length > 0) this.#add('session', wholeSecond(start_ms + 50), wholeSecond(end_ms - 100), who)
        for (const { at_ms, path, bytes_read } of files)
          this.#add('transfer', wholeSecond(at_ms), wholeSecond(at_ms), {
            ...who,
            ...{ tool: code('sftp'), path, direction: code('out'), bytes: BigInt(bytes_read) },
          })
        return
      }
      case 'lease': {
        const { start_ms, end_ms, gateway, account, inner, peer } = record
        this.#add('session', wholeSecond(start_ms), wholeSecond(end_ms), {
          ...{ kind: code('vpn'), account: code(account), gateway: code(gateway) },
          ...{ peer: this.#halvesOf(peer), assigned: this.#halvesOf(inner) },
        })
        return
      }
      case 'transfer': {
        const { start_ms, end_ms, host, account, path, peer, bytes } = record
        this.#add('transfer', start_ms, end_ms, {
          ...{ tool: code('gridftp'), account: code(account), host_name: code(`${host}.centre.example`), path },
          ...{ peer: this.#halvesOf(peer), direction: code('out'), bytes: BigInt(bytes) },
        })
        return
      }
      case 'object': {
        const { start_ms, end_ms, bucket, object, account, peer, bytes } = record
        this.#add('transfer', start_ms, end_ms, {
          ...{ tool: code('rgw'), account: account === '' ? 0 : code(account), bucket: code(bucket), object },
          ...{ peer: this.#halvesOf(peer), direction: code('out'), bytes: BigInt(bytes) },
        })
        return
      }
      case 'job': {
        const { start_ms, end_ms, account, project, nodes } = record
        for (const node of expandHostList(nodes, 100_000) ?? [])
          this.#add('job', wholeSecond(start_ms), wholeSecond(end_ms), {
            ...{ account: code(account), project: code(project), node: code(node) },
          })
        return
      }
      case 'nat': {
        const { start_ms, end_ms, node_address, nat_address, nat_port } = record
        const binding = {
          ...{ inside: this.#halvesOf(node_address), outside: this.#halvesOf(nat_address) },
          ...{ outside_port: nat_port, outside_port_last: 0 },
        }
        this.#add('nat', start_ms, Number.NaN, binding)
        this.#add('nat', end_ms, end_ms, binding)
        return
      }
      case 'read': {
        const { end_ms, host, uid, path, bytes } = record
        // the audit of the file system has the number of the account, and tells when a file is closed
        this.#add('storage_read', end_ms, end_ms, {
          ...{ account: code(`uid:${uid}`), host_name: code(host), path, bytes: BigInt(bytes) },
        })
        return
      }
    }
  }

  #add(type: HeldType, start_ms: number, end_ms: number, values: Readonly<Record<string, Value>>): void {
    this.context[type].push({ start_ms, end_ms, row: new PlainRow({ ...values, start_ms, end_ms }) })
  }

  #halvesOf(text: string): AddressHalves {
    let halves = this.#halves.get(text)
    if (!halves) {
      const words = addressWords(text)
      if (!words) throw new Error(`${text} is no address`)
      const [a, b, c, d] = Array.from(words, BigInt)
      halves = { hi: (a << 32n) | b, lo: (c << 32n) | d }
      this.#halves.set(text, halves)
    }
    return halves
  }
}

/**
 * Flow events → tallies, one pass: most flows are added up at once; those that a join may label are labelled first; those
 * that must wait for others are held and settled at the end. Memory: about 25 bytes a connection for what was counted
 * already, and what is distinct of hosts, peers and pairs.
 */
import { PlaceTable } from '../../events/place.ts'
import type { ReadFlows } from '../../ledger/poster.ts'
import { readFlowTable } from '../../ledger/read-flow.ts'
import { addressAt } from '../../model/address.ts'
import { Columns } from '../../model/columns.ts'
import { addressKey, isStated } from '../../model/context-record.ts'
import { countAt, setCount } from '../../model/count.ts'
import { placeCode } from '../../model/flow-event.ts'
import { KeyIndex } from '../../model/key-index.ts'
import { emptyLabel, type Label } from '../../model/label.ts'
import { NetworkTable } from '../../model/network.ts'
import { peerKey } from '../../model/peer-key.ts'
import type { Attributor } from '../attributor.ts'
import type { AsnTable } from '../enrich/asn-table.ts'
import type { Enrichment } from '../enrich/enrichment.ts'
import type { SiteNames } from '../site-names.ts'
import { leaves, loadTransfers } from '../transfer-books.ts'
import { Connections } from './connections.ts'
import { ExactSums } from './exact-sums.ts'
import { type HeldFlows, heldFlowTable, holdFlow } from './held-flows.ts'
import { asStore, type FlowBatch, type FlowTaker, type MemoryStore, type ProbeBatch } from './memory-store.ts'
import { PosterSink } from './poster-sink.ts'
import type { Subject } from './tallies.ts'
import { copyPair } from './told-records.ts'

/** From this length on a connection may be in the logs more than once. */
const longMs = 600_000
const always = { from_ms: 0, to_ms: 2 ** 43 }
const peerMay = { haveSessions: 1, carryTransfers: 2 } as const

export interface IntakeParts {
  store: MemoryStore
  names: SiteNames
  attributor: Attributor
  enrichment: Enrichment
}

/** Places in `notEgress`: those of `placeCode`, then what only corroborates. */
export const corroborating = 4

export class FlowIntake implements FlowTaker {
  readonly held: HeldFlows = new Columns(heldFlowTable)
  readonly connections = new Connections()
  readonly sink: PosterSink
  /** Bytes of both directions by place, and of corroborating sensors. */
  readonly notEgress = new ExactSums()
  probes = 0
  /** Client fingerprint and account that were seen on one flow. */
  readonly fingerprintAccounts = new KeyIndex(2)
  readonly #store: MemoryStore
  readonly #names: SiteNames
  readonly #attributor: Attributor
  readonly #probes = new KeyIndex(3)
  readonly #label: Label = emptyLabel()
  readonly #row: ReadFlows = new Columns(readFlowTable, 1)
  readonly #subject: Subject = { host: 0, peer: 0, service: 0, account: 0, project: 0, vault: 0 }
  readonly #expected: NetworkTable
  readonly #expectedAsns: ReadonlySet<number>
  readonly #asn: AsnTable | undefined
  readonly #expects: boolean
  /** By number of the peer; those that came later than the context have none. */
  readonly #peerMay: Uint8Array
  /** Addresses of hosts on which jobs ran, or that stand for such hosts. */
  readonly #jobHosts: ReadonlySet<bigint>
  /** By number of the host: 0 not asked yet, 1 no, 2 yes. */
  #hostMay = new Uint8Array(256)

  private constructor({ store, names, attributor, enrichment: { asn } }: IntakeParts, marks: Marks) {
    this.#store = store
    this.#names = names
    this.#attributor = attributor
    this.sink = new PosterSink(store.tallies, names, asn)
    const peers = names.expectations.flatMap((terms) => terms.peers)
    this.#expected = new NetworkTable(peers.map((network) => ({ network, value: 1 })))
    this.#asn = asn
    this.#expectedAsns = new Set(asn ? names.expectations.flatMap(({ asns }) => [...asns]) : [])
    this.#expects = peers.length > 0 || this.#expectedAsns.size > 0
    this.#peerMay = marks.peers
    this.#jobHosts = marks.jobHosts
  }

  /** To be called when all context is read. */
  static async of(parts: IntakeParts): Promise<FlowIntake> {
    return new FlowIntake(parts, await marksOf(parts))
  }

  takeFlows(flows: FlowBatch, codes: Int32Array, source: number): number {
    const { data } = flows
    const { sensors, tallies } = this.#store
    let fresh = 0
    for (let i = 0; i < flows.length; i++) {
      const [start_ms, end_ms] = [data.start_ms[i], data.end_ms[i]]
      const corroborates = codes[data.corroborates[i]]
      sensors.sawFlow(codes[data.sensor[i]], start_ms, end_ms)
      if (data.place[i] !== placeCode.border || corroborates !== 0) {
        if (this.#takeAside(flows, i, corroborates)) fresh++
        continue
      }
      const peer = tallies.peerAt(data.peer, i)
      if (end_ms - start_ms >= longMs || this.#may(peer, peerMay.carryTransfers)) {
        holdFlow(this.held, flows, i, codes, source)
        fresh++
      } else if (this.#grows(flows, i, 0)) {
        this.#take(flows, i, codes, peer)
        fresh++
      }
    }
    return fresh
  }

  takeProbes(probes: ProbeBatch, codes: Int32Array): number {
    const { conn, start_ms, sensor } = probes.data
    const { key } = this.#probes
    const before = this.#probes.size
    for (let i = 0; i < probes.length; i++) {
      this.#store.sensors.sawProbe(codes[sensor[i]], start_ms[i])
      key[0] = conn[2 * i]
      key[1] = conn[2 * i + 1]
      key[2] = start_ms[i] % 0x100000000
      this.#probes.add()
    }
    this.probes = this.#probes.size
    return this.#probes.size - before
  }

  /** Names behind the flow at row 0, if any are known. */
  labelOf(flow: ReadFlows, uid_lo: number, uid_hi: number): Label | undefined {
    if (!this.#attributor.label(flow, 0, this.#label)) return undefined
    this.#label.known_ms = 0
    const account = this.#label.account
    if (account > 0) {
      const print = flow.data.client_fp[0] || this.#store.fingerprints.of(uid_lo, uid_hi)
      if (print > 0) {
        this.fingerprintAccounts.key[0] = print
        this.fingerprintAccounts.key[1] = account
        this.fingerprintAccounts.add()
      }
    }
    return this.#label
  }

  /** What is no egress: bytes alone are told. */
  #takeAside(flows: FlowBatch, i: number, corroborates: number): boolean {
    if (!this.#grows(flows, i, corroborates)) return false
    const index = corroborates !== 0 ? corroborating : flows.data.place[i]
    this.notEgress.add(index, this.connections.grown_out)
    this.notEgress.add(index, this.connections.grown_in)
    return true
  }

  #grows({ data }: FlowBatch, i: number, corroborates: number): boolean {
    const conn_lo = (data.conn[2 * i] ^ Math.imul(corroborates, 0x9e3779b1)) >>> 0
    return this.connections.grow(conn_lo, data.conn[2 * i + 1], countOf(data.bytes_out, i), countOf(data.bytes_in, i))
  }

  #take(flows: FlowBatch, i: number, codes: Int32Array, peer: number): void {
    const { data } = flows
    const { tallies } = this.#store
    const { grown_out, grown_in, began } = this.connections
    const subject = this.#subject
    subject.host = tallies.hostAt(data.inside, i)
    subject.peer = peer
    subject.service = codes[data.service[i]]
    subject.account = 0
    subject.project = 0
    subject.vault = 0
    const flowCount = began && (grown_out > 0 || grown_in > 0) ? 1 : 0
    const mayBeNamed =
      data.pool[i] > 0 || this.#may(peer, peerMay.haveSessions) || this.#hostMayHaveJobs(flows, i, subject.host)
    if (mayBeNamed || this.#expects) {
      this.#read(flows, i, codes, grown_out, grown_in, flowCount)
      const label = mayBeNamed ? this.labelOf(this.#row, data.uid[2 * i], data.uid[2 * i + 1]) : undefined
      if (this.#expects && this.#mayBeExpected(label)) {
        this.sink.post(this.#row, 0, label)
        return
      }
      if (label) {
        subject.account = label.account
        subject.project = label.project
        subject.vault = label.vault
        if (label.outer_hi !== 0n || label.outer_lo !== 0n) subject.peer = this.#outerPeer(label)
      }
    }
    tallies.addFlow(subject, data.start_ms[i], data.end_ms[i], grown_out, grown_in, flowCount)
  }

  #may(peer: number, what: number): boolean {
    return peer < this.#peerMay.length && (this.#peerMay[peer] & what) !== 0
  }

  #hostMayHaveJobs({ data }: FlowBatch, i: number, host: number): boolean {
    if (this.#jobHosts.size === 0) return false
    if (host >= this.#hostMay.length) {
      const grown = new Uint8Array(host * 2)
      grown.set(this.#hostMay)
      this.#hostMay = grown
    }
    if (this.#hostMay[host] === 0) {
      const address = addressAt(data.inside, i)
      const keys = [addressKey(address), addressKey(this.#names.hostAddress(address))]
      this.#hostMay[host] = keys.some((key) => this.#jobHosts.has(key)) ? 2 : 1
    }
    return this.#hostMay[host] === 2
  }

  /** Whether some expectation names the network or the autonomous system of the peer of `#row`, as it really is. */
  #mayBeExpected(label: Label | undefined): boolean {
    const outer = label !== undefined && (label.outer_hi !== 0n || label.outer_lo !== 0n)
    const { hi, lo } = outer ? { hi: label.outer_hi, lo: label.outer_lo } : addressAt(this.#row.data.peer, 0)
    const [w0, w1, w2, w3] = [hi >> 32n, hi & 0xffffffffn, lo >> 32n, lo & 0xffffffffn].map(Number)
    if (this.#expected.find(w0, w1, w2, w3) >= 0) return true
    if (this.#expectedAsns.size === 0 || !this.#asn) return false
    // as the books do: of IPv6 by the /64
    const { address } = oneAddress.data
    const known = peerKey(hi, lo)
    setCount(address.hi, 0, known.hi)
    setCount(address.lo, 0, known.lo)
    return this.#expectedAsns.has(this.#asn.asnAt(address, 0))
  }

  #outerPeer({ outer_hi, outer_lo }: Label): number {
    return peerNumber(this.#store, peerKey(outer_hi, outer_lo))
  }

  #read(
    flows: FlowBatch,
    i: number,
    codes: Int32Array,
    out: number | bigint,
    back: number | bigint,
    count: number,
  ): void {
    const row = this.#row
    row.reset()
    row.row()
    const [from, to] = [flows.data, row.data]
    for (const name of ['start_ms', 'end_ms', 'available_ms', 'inside_port', 'peer_port', 'pool', 'place'] as const)
      to[name][0] = from[name][i]
    for (const name of ['sensor', 'service', 'client_fp'] as const) to[name][0] = codes[from[name][i]]
    for (const name of ['inside', 'peer'] as const)
      for (const half of ['hi', 'lo'] as const) copyPair(from[name][half], i, to[name][half], 0)
    to.seg_start_ms[0] = from.start_ms[i]
    to.seg_end_ms[0] = from.end_ms[i]
    for (const name of ['bytes_out', 'bytes_out_lo', 'bytes_out_hi'] as const) setCount(to[name], 0, out)
    setCount(to.bytes_in, 0, back)
    setCount(to.flows, 0, count)
  }
}

interface Marks {
  peers: Uint8Array
  jobHosts: ReadonlySet<bigint>
}

/** Which peers and hosts the joins may know: all others need not be asked about. */
async function marksOf({ store, names, enrichment }: IntakeParts): Promise<Marks> {
  const books = asStore(store)
  const { from_ms, to_ms } = always
  const places = new PlaceTable(names.site)
  const marked = new Map<number, number>()
  const mark = (address: { hi: bigint; lo: bigint }, bit: number): void => {
    if (!isStated(address)) return
    const number = peerNumber(store, peerKey(address.hi, address.lo))
    marked.set(number, (marked.get(number) ?? 0) | bit)
  }
  for (const row of await books.readContext('session', from_ms, to_ms, 0))
    mark(row.address('peer'), peerMay.haveSessions)
  for (const transfer of await loadTransfers(books, names, from_ms, to_ms, enrichment.identities))
    if (leaves(transfer, places)) mark(transfer.peer, peerMay.carryTransfers)
  const peers = new Uint8Array(store.tallies.peers.size)
  for (const [number, bits] of marked) peers[number] = bits
  const jobHosts = new Set<bigint>()
  const jobs = await books.readContext('job', from_ms, to_ms, 0)
  const nodes = await books.nameTexts(new Set(jobs.map((row) => row.number('node'))))
  for (const node of nodes.values()) {
    const host = names.addressOfHost(node)
    if (isStated(host)) jobHosts.add(addressKey(host))
  }
  if (jobHosts.size > 0)
    for (const row of await books.readContext('nat', from_ms, to_ms, 0))
      jobHosts.add(addressKey(row.address('outside')))
  return { peers, jobHosts }
}

const oneAddress = new Columns({ address: 'address' } as const, 1)

function peerNumber(store: MemoryStore, { hi, lo }: { hi: bigint; lo: bigint }): number {
  const { address } = oneAddress.data
  setCount(address.hi, 0, hi)
  setCount(address.lo, 0, lo)
  return store.tallies.peerAt(address, 0)
}

function countOf(words: Uint32Array, i: number): number | bigint {
  const high = words[2 * i + 1]
  return high < 0x100000 ? high * 4294967296 + words[2 * i] : countAt(words, i)
}

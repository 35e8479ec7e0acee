/**
 * A bounded look at the logs for `init`: some records of every kind of file, spread over its files and so over time,
 * read with the real sources. Only beginnings of files are read, as compressed files cannot be entered in the middle.
 */
import { dirname } from 'node:path'
import { formatAddress } from '../../model/address.ts'
import { ObservationBatch } from '../../model/columns.ts'
import { countAt } from '../../model/count.ts'
import { sessionParts } from '../../model/observation.ts'
import { recogniseFormat } from '../../sources/index.ts'
import { inputBlocks } from '../../sources/input/input-blocks.ts'
import { openInput } from '../../sources/input/open-input.ts'
import { type FoundFile, reasonOf } from '../discover.ts'
import { LogClocks } from '../log-clocks.ts'
import type { Progress } from '../progress.ts'

/** Addresses as small numbers, so that flows are cheap to keep; the number 0 is "not stated". */
export class AddressBook {
  readonly words: Uint32Array[] = [new Uint32Array(4)]
  readonly #numbers = new Map<bigint, number>([[0n, 0]])

  numberAt(column: { hi: Uint32Array; lo: Uint32Array }, row: number): number {
    const key = (countAt(column.hi, row) << 64n) | countAt(column.lo, row)
    let number = this.#numbers.get(key)
    if (number === undefined) {
      number = this.words.length
      const [a, b] = [2 * row, 2 * row + 1]
      this.words.push(Uint32Array.of(column.hi[b], column.hi[a], column.lo[b], column.lo[a]))
      this.#numbers.set(key, number)
    }
    return number
  }

  text(number: number): string {
    const [w0, w1, w2, w3] = this.words[number]
    return formatAddress(w0, w1, w2, w3)
  }
}

/** Addresses are numbers of the sample's book. */
export interface SampledFlow {
  src: number
  dst: number
  src_port: number
  dst_port: number
  proto: number
  service: string
  bytes_src: number
  bytes_dst: number
  start_ms: number
  end_ms: number
  /** Index into `Sample.places`; and the name that the record itself gives its sensor. */
  place: number
  sensor: string
}

export interface SampledSession {
  kind: string
  account: string
  peer: number
  peer_port: number
  assigned: number
  host: number
  host_name: string
  gateway: string
  start_ms: number
  /** NaN = no end was recorded. */
  end_ms: number
}

export interface SampledTransfer {
  tool: string
  /** 0 = not stated, as of storage reads. */
  peer: number
  start_ms: number
  end_ms: number
  host: number
  host_name: string
  path: string
  bucket: string
  /** '' for storage reads. */
  direction: string
  vault: string
  bytes: bigint
}

export interface Sample {
  book: AddressBook
  flows: SampledFlow[]
  /** Flows without payload: counted, not kept. */
  probes: number
  sessions: SampledSession[]
  leases: { ip: number; account: string }[]
  transfers: SampledTransfer[]
  nodes: Set<string>
  /** Directories that hold flows, without the parts of their names that are dates: one for each likely sensor. */
  places: { directory: string; files: number }[]
  files_read: number
  files_found: number
  /** Files that were opened and hold nothing that a proposal could rest on. */
  files_passed: number
  records: number
  start_ms: number
  end_ms: number
  /** Why reading stopped before the end of some file. */
  cut: '' | 'records' | 'time'
}

export interface SampleLimits {
  records: number
  milliseconds: number
}

export const sampleLimits: SampleLimits = { records: 200_000, milliseconds: 10_000 }
/** What a file may give at least, so that each one read is worth opening. */
const leastPerFile = 2_000
const blockBytes = 1 << 18

export async function takeSample(
  files: readonly FoundFile[],
  { limits, progress, now }: { limits: SampleLimits; progress: Progress; now: () => number },
): Promise<Sample> {
  const sample = emptySample(files.length)
  const deadline = now() + limits.milliseconds
  const order = inSpreadOrder(files)
  progress.phase('sampling', limits.records, 'flows')
  for (const [i, file] of order.entries()) {
    const left = limits.records - sample.records
    if (left <= 0 || now() >= deadline) {
      sample.cut = left <= 0 ? 'records' : 'time'
      break
    }
    const quota = Math.max(leastPerFile, Math.ceil(left / (order.length - i)))
    const before = sample.records
    try {
      await sampleFile(file, Math.min(quota, left), () => now() >= deadline, sample)
    } catch (cause) {
      progress.note(`${file.path} passed over: ${reasonOf(cause)}`)
    }
    progress.advance(sample.records - before)
  }
  return sample
}

async function sampleFile(file: FoundFile, quota: number, late: () => boolean, sample: Sample): Promise<void> {
  const input = await openInput(file.location as string)
  try {
    const clock = new LogClocks({ timezone: 'UTC', sensors: [] }).clockOf(file)
    const context = { path: file.path, clock, mtime_ms: file.mtime_ms }
    const { format } = recogniseFormat(input.head, context)
    if (!format) {
      sample.files_passed++
      return
    }
    // what only tells what clients looked like, or is not read at all, has nothing to propose
    if (format.id.startsWith('zeek_other') || format.id.startsWith('zeek_fingerprints')) {
      sample.files_passed++
      return
    }
    sample.files_read++
    const parser = format.open(context)
    const batch = new ObservationBatch()
    const collector = new Collector(sample, file)
    let taken = 0
    const take = (): void => {
      taken += batch.records_read
      sample.records += batch.records_read
      collector.take(batch)
      batch.reset()
    }
    for await (const block of inputBlocks(format, input.chunks(), { block_bytes: blockBytes })) {
      if (block.reason) continue
      parser.parse(block.bytes, block.start, block.end, block.offset, batch)
      take()
      if (taken >= quota || late()) {
        sample.cut ||= 'records'
        return
      }
    }
    parser.finish?.(batch, false)
    take()
  } finally {
    await input.close()
  }
}

class Collector {
  readonly #sample: Sample
  readonly #file: FoundFile
  #place = -1

  constructor(sample: Sample, file: FoundFile) {
    this.#sample = sample
    this.#file = file
  }

  take(batch: ObservationBatch): void {
    this.#flows(batch)
    this.#context(batch)
  }

  #flows(batch: ObservationBatch): void {
    const sample = this.#sample
    const { data, length } = batch.flow
    const { texts } = batch.names
    if (length > 0 && this.#place < 0) this.#place = placeOf(sample, this.#file)
    for (let i = 0; i < length; i++) {
      const bytes_src = toNumber(data.bytes_src, i)
      const bytes_dst = toNumber(data.bytes_dst, i)
      this.#span(data.start_ms[i], data.end_ms[i])
      if (bytes_src + bytes_dst === 0) {
        sample.probes++
        continue
      }
      sample.flows.push({
        src: sample.book.numberAt(data.src, i),
        dst: sample.book.numberAt(data.dst, i),
        src_port: data.src_port[i],
        dst_port: data.dst_port[i],
        proto: data.proto[i],
        service: texts[data.service[i]],
        bytes_src,
        bytes_dst,
        start_ms: data.start_ms[i],
        end_ms: data.end_ms[i],
        place: this.#place,
        sensor: texts[data.sensor[i]],
      })
    }
  }

  #context(batch: ObservationBatch): void {
    const sample = this.#sample
    const { texts } = batch.names
    const { session, lease, transfer, storage_read, job } = batch
    for (let i = 0; i < session.length; i++) {
      const { data } = session
      if (data.part[i] === sessionParts.closed) continue
      sample.sessions.push({
        kind: texts[data.kind[i]],
        account: texts[data.account[i]],
        peer: sample.book.numberAt(data.peer, i),
        peer_port: data.peer_port[i],
        assigned: sample.book.numberAt(data.assigned, i),
        host: sample.book.numberAt(data.host, i),
        host_name: texts[data.host_name[i]],
        gateway: texts[data.gateway[i]],
        start_ms: data.start_ms[i],
        end_ms: data.end_ms[i],
      })
      this.#span(data.start_ms[i], data.end_ms[i])
    }
    for (let i = 0; i < lease.length; i++)
      sample.leases.push({ ip: sample.book.numberAt(lease.data.ip, i), account: texts[lease.data.account[i]] })
    for (let i = 0; i < transfer.length; i++) {
      const { data } = transfer
      sample.transfers.push({
        tool: texts[data.tool[i]],
        peer: sample.book.numberAt(data.peer, i),
        start_ms: data.start_ms[i],
        end_ms: data.end_ms[i],
        host: sample.book.numberAt(data.host, i),
        host_name: texts[data.host_name[i]],
        path: data.path[i],
        bucket: texts[data.bucket[i]],
        direction: texts[data.direction[i]],
        vault: '',
        bytes: countAt(data.bytes, i),
      })
      this.#span(data.start_ms[i], data.end_ms[i])
    }
    for (let i = 0; i < storage_read.length; i++) {
      const { data } = storage_read
      sample.transfers.push({
        tool: '',
        peer: 0,
        start_ms: data.start_ms[i],
        end_ms: data.end_ms[i],
        host: 0,
        host_name: '',
        path: data.path[i],
        bucket: '',
        direction: '',
        vault: texts[data.vault[i]],
        bytes: countAt(data.bytes, i),
      })
    }
    for (let i = 0; i < job.length; i++) sample.nodes.add(texts[job.data.node[i]])
  }

  #span(start_ms: number, end_ms: number): void {
    const sample = this.#sample
    if (start_ms < sample.start_ms) sample.start_ms = start_ms
    const last = end_ms > start_ms ? end_ms : start_ms
    if (last > sample.end_ms) sample.end_ms = last
  }
}

function emptySample(files_found: number): Sample {
  return {
    book: new AddressBook(),
    flows: [],
    probes: 0,
    sessions: [],
    leases: [],
    transfers: [],
    nodes: new Set(),
    places: [],
    files_read: 0,
    files_found,
    files_passed: 0,
    records: 0,
    start_ms: Number.POSITIVE_INFINITY,
    end_ms: Number.NEGATIVE_INFINITY,
    cut: '',
  }
}

/** Counts above 2^53 lose digits here: a sample only compares them. */
function toNumber(words: Uint32Array, i: number): number {
  return words[2 * i + 1] * 4294967296 + words[2 * i]
}

function placeOf(sample: Sample, file: FoundFile): number {
  const directory = undated(dirname(file.relative))
  let place = sample.places.findIndex((known) => known.directory === directory)
  if (place < 0) place = sample.places.push({ directory, files: 0 }) - 1
  sample.places[place].files++
  return place
}

/** `zeek/2026-03-09` and `zeek/2026-03-10` are one place: trailing parts of a path that are dates or numbers go. */
export function undated(directory: string): string {
  const parts = directory.split('/')
  while (parts.length > 1 && /^[\d._T:-]*\d[\d._T:-]*$/.test(parts[parts.length - 1])) parts.pop()
  return parts.join('/')
}

/**
 * Every kind of file (same directory and same name but for its digits) gets its turn, and of each kind first, last and
 * middle come before their neighbours: wherever reading stops, what was read is spread over kinds and over time.
 */
export function inSpreadOrder(files: readonly FoundFile[]): FoundFile[] {
  const kinds = new Map<string, FoundFile[]>()
  for (const file of files) {
    const kind = file.relative.replaceAll(/\d+/g, '#')
    const list = kinds.get(kind)
    if (list) list.push(file)
    else kinds.set(kind, [file])
  }
  const orders = [...kinds.values()].map((list) => spreadOrder(list.length).map((i) => list[i]))
  const longest = Math.max(0, ...orders.map((list) => list.length))
  return Array.from({ length: longest }, (_, round) => orders.flatMap((list) => list.slice(round, round + 1))).flat()
}

/** 0 … n − 1 in an order in which every beginning is spread over the whole: ends first, then middles of what is between. */
export function spreadOrder(n: number): number[] {
  if (n <= 2) return Array.from({ length: n }, (_, i) => i)
  const order = [0, n - 1]
  for (let spans = [[0, n - 1]]; spans.length > 0; ) {
    const next: number[][] = []
    for (const [low, high] of spans) {
      if (high - low < 2) continue
      const middle = (low + high) >> 1
      order.push(middle)
      next.push([low, middle], [middle, high])
    }
    spans = next
  }
  return order
}

/**
 * The compiled reader of conn records (`kernels/`): from bytes of whole lines to columns, for records in the form that
 * Zeek itself writes. What it does not take, `zeek-conn.ts` reads; both give the same for what both take.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { ObservationBatch } from '../../model/columns.ts'
import type { NameTable } from '../../model/name-table.ts'
import { kernelSum } from './conn-kernel-sum.ts'
import { zeek } from './zeek-fields.ts'
import type { ZeekHeader } from './zeek-header.ts'

/** In the order of `regions` in the kernel. */
const regions = [
  ...['input', 'plan', 'start_ms', 'end_ms', 'available_ms', 'offset', 'src_hi', 'src_lo', 'dst_hi', 'dst_lo'],
  ...[
    'bytes_src',
    'bytes_dst',
    'missed_bytes',
    'packets_src',
    'packets_dst',
    'wire_bytes_src',
    'wire_bytes_dst',
    'uid',
  ],
  ...['service', 'src_port', 'dst_port', 'proto', 'flags', 'service_texts', 'service_lengths'],
] as const
type Region = (typeof regions)[number]

interface Exports {
  memory: WebAssembly.Memory
  placeOf(region: number): number
  configureTsv(columns: number, unset: number): void
  scanTsv(from: number, to: number, offset: number, seed: number): number
  scanJson(from: number, to: number, offset: number, seed: number, isConn: number): number
  rowCount(): number
}

/** Fields of the kernel, by the numbers that they have there; those that Weir does not read come after them. */
const fields = [
  ...[zeek.ts, zeek.uid, zeek.origHost, zeek.origPort, zeek.respHost, zeek.respPort, zeek.proto, zeek.service],
  ...[zeek.duration, zeek.origBytes, zeek.respBytes, zeek.missedBytes, zeek.origPackets, zeek.respPackets],
  ...[zeek.origIpBytes, zeek.respIpBytes, zeek.writeTs],
]
/** As in the kernel. */
const unread = 18
const mostColumns = 64
const longestService = 64
const mostServices = 1024
const inputBytes = (1 << 20) + 1
const mostRows = 4096
const newline = 0x0a

const counts = [
  'bytes_src',
  'bytes_dst',
  'missed_bytes',
  'packets_src',
  'packets_dst',
  'wire_bytes_src',
  'wire_bytes_dst',
  'uid',
] as const

export class ConnKernel {
  readonly #exports: Exports
  readonly #bytes: Uint8Array
  readonly #at: Record<Region, number>
  /** Codes of the kernel's services in the names of a batch; −1: not asked yet. */
  readonly #codes = new Int32Array(mostServices).fill(-1)
  #names: NameTable | undefined
  #generation = -1
  /** Drawn anew each time, so that nobody can prepare services that collide. */
  readonly #seed = Math.floor(Math.random() * 0x100000000)
  #start = 0
  #length = 0
  #offset = 0

  constructor(module: WebAssembly.Module) {
    this.#exports = new WebAssembly.Instance(module).exports as unknown as Exports
    this.#bytes = new Uint8Array(this.#exports.memory.buffer)
    this.#at = Object.fromEntries(regions.map((name, i) => [name, this.#exports.placeOf(i)])) as Record<Region, number>
  }

  /** Whether it can read the records under this header. */
  configureTsv({ columns, plan, separator, unset, empty }: ZeekHeader): boolean {
    const usual = separator.length === 1 && separator[0] === 0x09 && unset.length === 1 && empty[0] === 0x28
    if (!usual || columns > mostColumns) return false
    const to = this.#bytes.subarray(this.#at.plan, this.#at.plan + columns)
    for (let column = 0; column < columns; column++) {
      const field = fields.indexOf(plan[column])
      to[column] = field < 0 ? unread : field
    }
    this.#exports.configureTsv(columns, unset[0])
    return true
  }

  /** Takes a copy of the block whose lines are read next, as many of them as there is room for; `offset` is its place in the file. */
  begin(bytes: Uint8Array, start: number, end: number, offset: number): void {
    const fits = end - start <= inputBytes
    this.#length = fits ? end - start : Math.max(0, bytes.lastIndexOf(newline, start + inputBytes - 1) + 1 - start)
    this.#start = start
    this.#offset = offset
    this.#bytes.set(bytes.subarray(start, start + this.#length), this.#at.input)
    this.#bytes[this.#at.input + this.#length] = newline
  }

  /** Appends the records from this line of the block on, which is no header. Returns the beginning of the line that it leaves. */
  readTsv(line: number, batch: ObservationBatch): number {
    return this.#read(line, batch, (from, offset) => this.#exports.scanTsv(from, this.#length, offset, this.#seed))
  }

  /** As `readTsv`, of lines of JSON. `isConn`: those that do not tell their stream are conn's. */
  readJson(line: number, batch: ObservationBatch, isConn: boolean): number {
    const tells = isConn ? 1 : 0
    return this.#read(line, batch, (from, at) => this.#exports.scanJson(from, this.#length, at, this.#seed, tells))
  }

  #read(line: number, batch: ObservationBatch, scan: (from: number, offset: number) => number): number {
    for (let from = line - this.#start; ; ) {
      if (from >= this.#length) return this.#start + from
      from = scan(from, this.#offset + from)
      const rows = this.#exports.rowCount()
      if (rows > 0) this.#append(rows, batch)
      if (rows < mostRows) return this.#start + from
    }
  }

  #append(rows: number, batch: ObservationBatch): void {
    batch.records_read += rows
    const first = batch.flow.rows(rows)
    const to = batch.flow.data
    const at = this.#at
    const { buffer } = this.#bytes
    for (const name of ['start_ms', 'end_ms', 'available_ms', 'offset'] as const)
      to[name].set(new Float64Array(buffer, at[name], rows), first)
    for (const side of ['src', 'dst'] as const)
      for (const half of ['hi', 'lo'] as const)
        to[side][half].set(new Uint32Array(buffer, at[`${side}_${half}`], 2 * rows), 2 * first)
    for (const name of counts) to[name].set(new Uint32Array(buffer, at[name], 2 * rows), 2 * first)
    for (const name of ['src_port', 'dst_port'] as const) to[name].set(new Uint16Array(buffer, at[name], rows), first)
    for (const name of ['proto', 'flags'] as const) to[name].set(new Uint8Array(buffer, at[name], rows), first)
    to.sampling.fill(1, first, first + rows)
    this.#appendServices(new Int32Array(buffer, at.service, rows), to.service, first, batch.names)
  }

  #appendServices(local: Int32Array, to: Int32Array, first: number, names: NameTable): void {
    if (names !== this.#names || names.generation !== this.#generation) {
      this.#names = names
      this.#generation = names.generation
      this.#codes.fill(-1)
    }
    for (let i = 0; i < local.length; i++) {
      const service = local[i]
      if (this.#codes[service] < 0) this.#codes[service] = this.#codeOf(service, names)
      to[first + i] = this.#codes[service]
    }
  }

  #codeOf(service: number, names: NameTable): number {
    const length = new DataView(this.#bytes.buffer).getInt32(this.#at.service_lengths + 4 * service, true)
    const start = this.#at.service_texts + longestService * service
    return names.codeOfBytes(this.#bytes, start, start + length)
  }
}

let loaded: { kernel?: ConnKernel; problem?: string } | undefined

/** The one of this thread, undefined where it cannot be used: a parse is never interrupted by another. */
export function connKernel(): ConnKernel | undefined {
  loaded ??= load()
  return loaded.kernel
}

/** Why it was wanted and could not be used; undefined if it could, or nobody wanted it. */
export function connKernelProblem(): string | undefined {
  return loaded?.problem
}

function load(): { kernel?: ConnKernel; problem?: string } {
  const module = process.env.WEIR_KERNELS === 'off' ? 'WEIR_KERNELS=off' : compiledKernel(kernelFile)
  return typeof module === 'string' ? { problem: module } : { kernel: new ConnKernel(module) }
}

export const kernelFile = new URL('./conn-kernel.wasm', import.meta.url)

/** The module of a file, or why it cannot be used: it is not what was built, or this engine has no SIMD. */
export function compiledKernel(path: string | URL): WebAssembly.Module | string {
  try {
    const bytes = readFileSync(path)
    if (createHash('sha256').update(bytes).digest('hex') !== kernelSum) return 'its file is not the one that was built'
    return new WebAssembly.Module(bytes)
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause)
  }
}

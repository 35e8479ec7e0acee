/**
 * A MaxMind DB (format 2.0) in memory: from an address to the number of the record that holds it, in a walk over typed
 * arrays; records are decoded by the library when they are first asked for. The whole search tree is checked when the
 * file is opened, so that what is damaged is told then and not in the middle of a run.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type AsnResponse, Reader } from 'mmdb-lib'
import { formatAddress } from '../../model/address.ts'
import { AppError } from '../../model/errors.ts'

const marker = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1')
/** Zeros between the search tree and the records. */
const separatorBytes = 16
const v4Depth = 96

export interface StoredRecord {
  record: number
  /** One address that the record holds. */
  words: Uint32Array
}

export class AddressDatabase {
  readonly path: string
  /** SHA-256 of the file. */
  readonly content_hash: string
  /** As the file names itself, such as `GeoLite2-ASN`. */
  readonly database_type: string
  /** Distinct records; their numbers are 1 … `records`. */
  readonly records: number
  readonly #reader: Reader<AsnResponse>
  /** Two children per node: another node if ≥ 0, else −1 − the number of a record, 0 = none. */
  readonly #children: Int32Array
  readonly #nodes: number
  /** Where IPv4 begins: a child as above. */
  readonly #v4Start: number
  readonly #isV4Only: boolean

  private constructor(path: string, bytes: Buffer) {
    this.path = path
    this.content_hash = createHash('sha256').update(bytes).digest('hex')
    const end = bytes.lastIndexOf(marker)
    if (end < 0) throw this.#damage('it does not end like a MaxMind DB: another kind of file, or only a part of one')
    this.#reader = this.#guarded(() => new Reader<AsnResponse>(bytes))
    const { metadata } = this.#reader
    this.database_type = String(metadata.databaseType)
    this.#nodes = metadata.nodeCount
    const tree = this.#treeOf(bytes, metadata, end)
    this.#children = tree.children
    this.records = tree.records
    this.#isV4Only = metadata.ipVersion === 4
    let start = 0
    for (let depth = this.#isV4Only ? v4Depth : 0; depth < v4Depth && start >= 0; depth++)
      start = this.#children[2 * start]
    this.#v4Start = start
  }

  /** Throws `config_invalid` for what cannot be read or is no sound database; `key` is the setting that named it. */
  static open(path: string, key: string): AddressDatabase {
    let bytes: Buffer
    try {
      bytes = readFileSync(path)
    } catch (cause) {
      throw new AppError('config_invalid', `${key}: ${path} cannot be read: ${(cause as Error).message}`, { cause })
    }
    return new AddressDatabase(path, bytes)
  }

  /** The number of the record that holds the address; 0 if none does. */
  find(w0: number, w1: number, w2: number, w3: number): number {
    const children = this.#children
    if (w0 === 0 && w1 === 0 && w2 === 0xffff) {
      let node = this.#v4Start
      for (let depth = 0; depth < 32 && node >= 0; depth++) node = children[2 * node + ((w3 >>> (31 - depth)) & 1)]
      return node < 0 ? -1 - node : 0
    }
    if (this.#isV4Only) return 0
    let node = 0
    for (let depth = 0; depth < 128 && node >= 0; depth++) {
      const word = depth < 64 ? (depth < 32 ? w0 : w1) : depth < 96 ? w2 : w3
      node = children[2 * node + ((word >>> (31 - (depth & 31))) & 1)]
    }
    return node < 0 ? -1 - node : 0
  }

  /** What is stored for the address, decoded; undefined if nothing is. */
  read(words: ArrayLike<number>): unknown {
    const text = formatAddress(words[0], words[1], words[2], words[3])
    return this.#guarded(() => (this.#reader.get(text) as unknown) ?? undefined)
  }

  /** Every record once, with one address of it, in the order of addresses. */
  *walk(): Generator<StoredRecord> {
    const children = this.#children
    const seenNodes = new Uint8Array(this.#nodes)
    const seenRecords = new Uint8Array(this.records + 1).fill(1, 0, 1)
    const words = this.#isV4Only ? Uint32Array.of(0, 0, 0xffff, 0) : new Uint32Array(4)
    const first = this.#isV4Only ? v4Depth : 0
    const open = [{ node: 0, depth: first, words }]
    for (let next = open.pop(); next; next = open.pop()) {
      const { node, depth, words } = next
      if (node < 0) {
        const record = -1 - node
        if (seenRecords[record] === 1) continue
        seenRecords[record] = 1
        yield { record, words: depth < v4Depth ? words.slice() : readable(words) }
      } else if (depth < 128 && seenNodes[node] === 0) {
        seenNodes[node] = 1
        const right = words.slice()
        right[depth >> 5] = (right[depth >> 5] | (1 << (31 - (depth & 31)))) >>> 0
        open.push({ node: children[2 * node + 1], depth: depth + 1, words: right })
        open.push({ node: children[2 * node], depth: depth + 1, words })
      }
    }
  }

  #treeOf(
    bytes: Buffer,
    metadata: Reader<AsnResponse>['metadata'],
    end: number,
  ): { children: Int32Array; records: number } {
    const { nodeCount, recordSize } = metadata
    const nodeBytes = recordSize / 4
    const recordsStart = nodeCount * nodeBytes + separatorBytes
    if (!Number.isInteger(nodeCount) || nodeCount < 1 || recordsStart > end)
      throw this.#damage(`it says that it holds ${nodeCount} nodes, for which it is too short`)
    const highest = nodeCount + separatorBytes + (end - recordsStart)
    const children = new Int32Array(2 * nodeCount)
    const numbers = new Map<number, number>()
    for (let i = 0; i < children.length; i++) {
      const value = childAt(bytes, (i >> 1) * nodeBytes, i & 1, recordSize)
      if (value < nodeCount) children[i] = value
      else if (value === nodeCount) children[i] = -1
      else if (value < nodeCount + separatorBytes || value >= highest)
        throw this.#damage(`node ${i >> 1} of its search tree points outside of its records`)
      else {
        const number = numbers.get(value) ?? numbers.size + 1
        numbers.set(value, number)
        children[i] = -1 - number
      }
    }
    return { children, records: numbers.size }
  }

  #guarded<T>(work: () => T): T {
    try {
      return work()
    } catch (cause) {
      throw this.#damage((cause as Error).message, cause)
    }
  }

  #damage(reason: string, cause?: unknown): AppError {
    return new AppError('config_invalid', `${this.path} is no sound MaxMind DB: ${reason}`, { cause })
  }
}

/** IPv4 addresses stand in ::/96 of the tree, and in ::ffff:0:0/96 everywhere else. */
function readable(words: Uint32Array): Uint32Array {
  const isV4 = words[0] === 0 && words[1] === 0 && words[2] === 0
  return isV4 ? Uint32Array.of(0, 0, 0xffff, words[3]) : words.slice()
}

/** One of the two children of the node at `at`: 24, 28 or 32 bits, most significant first. */
function childAt(bytes: Buffer, at: number, side: number, recordSize: number): number {
  const three = at + (recordSize === 28 ? 4 : recordSize / 8) * side
  const value = (bytes[three] << 16) | (bytes[three + 1] << 8) | bytes[three + 2]
  switch (recordSize) {
    case 24:
      return value
    case 28:
      return (side === 0 ? bytes[at + 3] >>> 4 : bytes[at + 3] & 15) * 0x1000000 + value
    default:
      return value * 0x100 + bytes[three + 3]
  }
}

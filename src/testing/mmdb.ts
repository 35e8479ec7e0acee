/** Writes small MaxMind DBs (format 2.0, IPv6 tree with IPv4 in ::/96 and ::ffff:0:0/96 as an alias) for tests. */
import { parseNetwork } from '../model/network.ts'

type Value = string | number | { [key: string]: Value }

interface TreeNode {
  children: (TreeNode | number | undefined)[]
}

/** `values` by network; of overlapping networks the longer one must come later. Node pointers have `record_size` bits. */
export function mmdb(
  values: Readonly<Record<string, Value>>,
  database_type = 'Test-ASN',
  record_size: 24 | 28 | 32 = 28,
): Buffer {
  const root: TreeNode = { children: [] }
  const records: Buffer[] = []
  const places = new Map<string, number>()
  let length = 0
  for (const [text, value] of Object.entries(values)) {
    const key = JSON.stringify(value)
    let place = places.get(key)
    if (place === undefined) {
      place = length
      places.set(key, place)
      const record = encoded(value)
      records.push(record)
      length += record.length
    }
    const network = parseNetwork(text)
    if (!network) throw new Error(`${text} is no network`)
    const words = network.words.slice()
    if (words[0] === 0 && words[1] === 0 && words[2] === 0xffff) words[2] = 0
    put(root, words, network.bits, place)
  }
  const v4 = descend(root, new Uint32Array(4), 96)
  const mapped = descend(root, Uint32Array.of(0, 0, 0xffff, 0), 95)
  mapped.children[1] = v4
  return Buffer.concat([
    treeBytes(root, record_size),
    Buffer.alloc(16),
    ...records,
    Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'),
    encoded({
      node_count: countNodes(root),
      record_size,
      ip_version: 6,
      database_type,
      binary_format_major_version: 2,
      binary_format_minor_version: 0,
    }),
  ])
}

const bitAt = (words: Uint32Array, depth: number): number => (words[depth >> 5] >>> (31 - (depth & 31))) & 1

/** The node at the end of the first `bits` bits; what covered a wider network is handed down. */
function descend(root: TreeNode, words: Uint32Array, bits: number): TreeNode {
  let node = root
  for (let depth = 0; depth < bits; depth++) {
    const next = node.children[bitAt(words, depth)]
    const inner: TreeNode = typeof next === 'object' ? next : { children: [next, next] }
    node.children[bitAt(words, depth)] = inner
    node = inner
  }
  return node
}

function put(root: TreeNode, words: Uint32Array, bits: number, place: number): void {
  descend(root, words, bits - 1).children[bitAt(words, bits - 1)] = place
}

function numbered(root: TreeNode): Map<TreeNode, number> {
  const numbers = new Map<TreeNode, number>([[root, 0]])
  for (const [node] of numbers)
    for (const child of [node.children[0], node.children[1]])
      if (typeof child === 'object' && !numbers.has(child)) numbers.set(child, numbers.size)
  return numbers
}

const countNodes = (root: TreeNode): number => numbered(root).size

function treeBytes(root: TreeNode, record_size: number): Buffer {
  const numbers = numbered(root)
  const bytes = Buffer.alloc((numbers.size * record_size) / 4)
  for (const [node, number] of numbers) {
    const [left, right] = [0, 1].map((side) => {
      const child = node.children[side]
      if (child === undefined) return numbers.size
      return typeof child === 'object' ? (numbers.get(child) as number) : numbers.size + 16 + child
    })
    const at = (number * record_size) / 4
    if (record_size === 28) {
      bytes.writeUIntBE(left & 0xffffff, at, 3)
      bytes[at + 3] = ((left >>> 24) << 4) | (right >>> 24)
      bytes.writeUIntBE(right & 0xffffff, at + 4, 3)
    } else {
      bytes.writeUIntBE(left, at, record_size / 8)
      bytes.writeUIntBE(right, at + record_size / 8, record_size / 8)
    }
  }
  return bytes
}

function encoded(value: Value): Buffer {
  if (typeof value === 'string') {
    const text = Buffer.from(value)
    return Buffer.concat([control(2, text.length), text])
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return Buffer.concat([control(6, 4), bytes])
  }
  const pairs = Object.entries(value)
  return Buffer.concat([control(7, pairs.length), ...pairs.flatMap(([key, each]) => [encoded(key), encoded(each)])])
}

function control(type: number, size: number): Buffer {
  if (size > 284) throw new Error('too long for a test')
  return size < 29 ? Buffer.of((type << 5) | size) : Buffer.of((type << 5) | 29, size - 29)
}

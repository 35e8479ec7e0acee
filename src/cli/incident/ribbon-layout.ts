/** Where nodes and links of the ribbons stand: five columns, the largest nodes of each, what is smaller as one node. */
import type { Ribbon } from '../../model/incident.ts'

export const ribbonColumns = ['account', 'host', 'gateway', 'peer_network', 'vault'] as const
const mostNodes = 12
export const drawing = { width: 960, height: 420, top: 26, nodeWidth: 10, gap: 9 } as const

export interface RibbonNode {
  column: number
  name: string
  /** How many names a node of the rest stands for; 1 for one name. */
  names: number
  bytes: bigint
  x: number
  y: number
  height: number
}

export interface RibbonLink {
  from: number
  to: number
  bytes: bigint
  width: number
  /** Middle of the link at either end. */
  y0: number
  y1: number
}

export interface RibbonLayout {
  nodes: RibbonNode[]
  links: RibbonLink[]
  /** Indices of the nodes that a ribbon runs through, one for each column; no two alike. */
  paths: number[][]
}

export function layoutRibbons(ribbons: readonly Ribbon[]): RibbonLayout {
  const flowing = ribbons.filter(({ bytes_out }) => bytes_out > 0n)
  const total = flowing.reduce((sum, { bytes_out }) => sum + bytes_out, 0n)
  if (total === 0n) return { nodes: [], links: [], paths: [] }
  const nodes: RibbonNode[] = []
  const nodeOf = ribbonColumns.map((key, column) => addColumn(nodes, column, flowing, key))
  const inColumn = ribbonColumns.map((_, column) => nodes.filter((node) => node.column === column))
  const crowd = Math.max(...inColumn.map((column) => column.length))
  const room = drawing.height - drawing.top - (crowd - 1) * drawing.gap
  for (const column of inColumn) place(column, total, room)
  const paths = new Map<string, number[]>()
  const links = new Map<string, RibbonLink>()
  for (const ribbon of flowing) {
    const path = ribbonColumns.map((key, column) => nodeOf[column].get(ribbon[key]) as number)
    paths.set(path.join(), path)
    for (let i = 0; i + 1 < path.length; i++) {
      const key = `${path[i]},${path[i + 1]}`
      const link = links.get(key) ?? { from: path[i], to: path[i + 1], bytes: 0n, width: 0, y0: 0, y1: 0 }
      link.bytes += ribbon.bytes_out
      links.set(key, link)
    }
  }
  const list = [...links.values()]
  for (const link of list) link.width = part(link.bytes, total) * room
  stack(list, nodes, 'from', 'to', 'y0')
  stack(list, nodes, 'to', 'from', 'y1')
  return { nodes, links: list, paths: [...paths.values()] }
}

/** Adds the nodes of a column, largest first; returns where each name has gone. */
function addColumn(
  nodes: RibbonNode[],
  column: number,
  ribbons: readonly Ribbon[],
  key: (typeof ribbonColumns)[number],
): Map<string, number> {
  const sums = new Map<string, bigint>()
  for (const ribbon of ribbons) sums.set(ribbon[key], (sums.get(ribbon[key]) ?? 0n) + ribbon.bytes_out)
  const sorted = [...sums].sort(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x < y ? 1 : -1))
  const single = sorted.length <= mostNodes ? sorted : sorted.slice(0, mostNodes - 1)
  const rest = sorted.slice(single.length)
  const where = new Map<string, number>()
  const add = (name: string, names: number, bytes: bigint): void => {
    nodes.push({ column, name, names, bytes, x: 0, y: 0, height: 0 })
  }
  for (const [name, bytes] of single) {
    where.set(name, nodes.length)
    add(name, 1, bytes)
  }
  for (const [name] of rest) where.set(name, nodes.length)
  if (rest.length > 0)
    add(
      '',
      rest.length,
      rest.reduce((sum, [, bytes]) => sum + bytes, 0n),
    )
  return where
}

function place(column: readonly RibbonNode[], total: bigint, room: number): void {
  const tall = column.reduce((sum, { bytes }) => sum + part(bytes, total) * room, (column.length - 1) * drawing.gap)
  let y = drawing.top + (drawing.height - drawing.top - tall) / 2
  for (const node of column) {
    node.x = (node.column / (ribbonColumns.length - 1)) * (drawing.width - drawing.nodeWidth)
    node.y = y
    node.height = part(node.bytes, total) * room
    y += node.height + drawing.gap
  }
}

/** Links leave a node in the order of the nodes they go to, so that they cross as little as can be. */
function stack(
  links: readonly RibbonLink[],
  nodes: readonly RibbonNode[],
  end: 'from' | 'to',
  other: 'from' | 'to',
  at: 'y0' | 'y1',
): void {
  const used = nodes.map(({ y }) => y)
  for (const link of [...links].sort((a, b) => nodes[a[other]].y - nodes[b[other]].y)) {
    link[at] = used[link[end]] + link.width / 2
    used[link[end]] += link.width
  }
}

function part(bytes: bigint, total: bigint): number {
  return Number((bytes * 1_000_000n) / total) / 1_000_000
}

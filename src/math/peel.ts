import { IndexedHeap } from './indexed-heap.ts'

/** Edges of a bipartite graph, one per index (shape [edges] each): from a row to a column, with a weight ≥ 0. */
export interface Edges {
  row: Int32Array
  col: Int32Array
  weight: Float64Array
}

export interface Block {
  /** Ascending. */
  rows: Int32Array
  cols: Int32Array
  /** Weight of the edges inside, per member (rows and columns together); 0 for the empty block. */
  density: number
}

/**
 * Weight of each edge by its column: 1/log(degree + 5), degree = edges of the column in this list, natural logarithm.
 * So whoever also visits what everybody visits hides nothing by it. Give each pair of row and column once.
 * Source: Hooi et al., FRAUDAR (KDD 2016).
 */
export function columnWeights(col: Int32Array, cols: number): Float64Array {
  const degree = new Int32Array(cols)
  for (const each of col) degree[each]++
  return Float64Array.from(col, (each) => 1 / Math.log(degree[each] + 5))
}

/**
 * The densest block that greedy peeling meets: the member with the least remaining weight leaves until none is left,
 * and the best of all sets on the way is returned, the larger one of equals. At least half as dense as the densest
 * block there is. Ties leave by index, rows before columns, so the answer depends on nothing but the edges' order.
 * O(E log V) time, O(E + V) memory.
 * Source: Charikar, Greedy approximation algorithms for finding dense components in a graph (2000); FRAUDAR;
 * reference/algorithms.md §2.5. Any graph has a densest block: how dense is too dense, its own past or shuffles say.
 */
export function peel(edges: Edges, rows: number, cols: number): Block {
  const members = rows + cols
  const { starts, neighbours, weights } = adjacency(edges, rows, members)
  const strength = new Float64Array(members)
  for (let member = 0; member < members; member++) {
    for (let at = starts[member]; at < starts[member + 1]; at++) strength[member] += weights[at]
  }
  let inside = strength.reduce((sum, each) => sum + each, 0) / 2
  const heap = new IndexedHeap(strength)
  const leftAt = new Int32Array(members)
  let best = 0
  let bestFrom = members
  for (let gone = 0; gone < members; gone++) {
    if (inside > best * (members - gone)) {
      best = inside / (members - gone)
      bestFrom = gone
    }
    const member = heap.pop()
    leftAt[member] = gone
    inside -= heap.keyOf(member)
    for (let at = starts[member]; at < starts[member + 1]; at++) {
      const other = neighbours[at]
      if (heap.has(other)) heap.decrease(other, heap.keyOf(other) - weights[at])
    }
  }
  return blockOf(edges, rows, leftAt, bestFrom)
}

/** Each member's edges, one after the other: those of `member` from starts[member] to starts[member + 1]. */
function adjacency({ row, col, weight }: Edges, rows: number, members: number) {
  const starts = new Int32Array(members + 1)
  for (let i = 0; i < row.length; i++) {
    starts[row[i] + 1]++
    starts[rows + col[i] + 1]++
  }
  for (let member = 0; member < members; member++) starts[member + 1] += starts[member]
  const next = starts.slice()
  const neighbours = new Int32Array(2 * row.length)
  const weights = new Float64Array(2 * row.length)
  const add = (from: number, to: number, value: number): void => {
    const at = next[from]++
    neighbours[at] = to
    weights[at] = value
  }
  for (let i = 0; i < row.length; i++) {
    add(row[i], rows + col[i], weight[i])
    add(rows + col[i], row[i], weight[i])
  }
  return { starts, neighbours, weights }
}

/** The members still there when `from` had left, with their density summed afresh: peeling's own has rounding in it. */
function blockOf({ row, col, weight }: Edges, rows: number, leftAt: Int32Array, from: number): Block {
  const isIn = (member: number): boolean => leftAt[member] >= from
  let inside = 0
  for (let i = 0; i < row.length; i++) if (isIn(row[i]) && isIn(rows + col[i])) inside += weight[i]
  const members = Int32Array.from(leftAt.keys()).filter(isIn)
  return {
    rows: members.filter((member) => member < rows),
    cols: members.filter((member) => member >= rows).map((member) => member - rows),
    density: members.length === 0 ? 0 : inside / members.length,
  }
}

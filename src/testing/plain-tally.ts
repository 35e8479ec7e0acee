/**
 * The tally of a day as plain code: a Map for each sum. What `detectors/sums/tally.ts` must equal to the last bit, in values and in
 * order; far too much memory for days of millions of rows.
 */

import { type DayRows, unknownAge } from '../detectors/day-rows.ts'
import {
  type Band,
  bands,
  holdsHosts,
  isIn,
  type Measure,
  type MeasureId,
  measures,
  type Pool,
  pieceBytes,
  pools,
  type ScaleId,
  scales,
} from '../detectors/sums/channels.ts'
import type { Excluded, Tallied } from '../detectors/sums/tally.ts'
import { ticksPerDay } from '../model/window.ts'

const bytesFloor = 1e7
/** Ids of hosts fit below this beside the number of a peer. */
const hostRoom = 0x4000000

export interface PlainHostBytes {
  pool: Pool
  entity: number
  band: Band
  hosts: Map<number, number>
}

export function plainTally(rows: DayRows, excluded: Excluded): { streams: Tallied[]; hosts: PlainHostBytes[] } {
  const kept: number[] = []
  for (let i = 0; i < rows.length; i++) if (rows.unexplained[i] === 1 && !excluded(rows, i)) kept.push(i)
  const result: { streams: Tallied[]; hosts: PlainHostBytes[] } = { streams: [], hosts: [] }
  const scratch = new Scratch(rows)
  for (const pool of pools) {
    for (const [entity, members] of groupBy(kept, (i) => pool.entityOf(rows, i))) {
      if (entity === 0) continue
      for (const scale of scales) {
        if (pool.scales.includes(scale.id) && scale.ticks <= ticksPerDay)
          result.streams.push(...scratch.scale(pool, entity, members, scale.id, scale.ticks))
      }
      if (holdsHosts(pool)) result.hosts.push(...hostBytes(rows, pool, entity, members))
    }
  }
  return result
}

function groupBy(rows: readonly number[], keyOf: (i: number) => number): Map<number, number[]> {
  const groups = new Map<number, number[]>()
  for (const i of rows) {
    const key = keyOf(i)
    const group = groups.get(key)
    if (group) group.push(i)
    else groups.set(key, [i])
  }
  return groups
}

function measuresIn(scale: ScaleId): readonly Measure[] {
  return measures.filter((measure) => measure.scales.includes(scale))
}

/** Sums per band of one slot. */
interface BandSums {
  bytes: number
  peers: number
  pieces: number
  spread: number
}

class Scratch {
  readonly #rows: DayRows
  readonly #bytes = new Map<number, number>()
  readonly #pairs = new Map<number, number>()

  constructor(rows: DayRows) {
    this.#rows = rows
  }

  /** All bands and measures of one entity at one scale. */
  scale(pool: Pool, entity: number, members: readonly number[], id: ScaleId, ticks: number): Tallied[] {
    const slots = ticksPerDay / ticks
    const found = bands
      .filter((band) => band.scales.includes(id))
      .flatMap((band) =>
        measuresIn(id).map(({ id: measure }) => ({
          ...{ pool, entity, band, measure, scale: id },
          values: new Float64Array(slots).fill(levelOf(measure, nothing)),
          control: new Float64Array(slots).fill(band.with_unknown ? Number.NaN : levelOf(measure, nothing)),
        })),
      )
    const first = this.#rows.day * ticksPerDay
    let from = 0
    while (from < members.length) {
      const slot = Math.floor((this.#rows.tick[members[from]] - first) / ticks)
      let to = from + 1
      while (to < members.length && Math.floor((this.#rows.tick[members[to]] - first) / ticks) === slot) to++
      const sums = this.#slot(members, from, to, id === '1 d')
      const steady = sums[sums.length - 1]
      for (const each of found) {
        each.values[slot] = levelOf(each.measure, sums[bands.indexOf(each.band)])
        if (!each.band.with_unknown) each.control[slot] = levelOf(each.measure, steady)
      }
      from = to
    }
    return found
  }

  /** Sums by band of rows [from, to), and last those of peers of unknown age. */
  #slot(members: readonly number[], from: number, to: number, withPairs: boolean): BandSums[] {
    const { peer, bytes_out, flows, age_days, host } = this.#rows
    const sums = Array.from({ length: bands.length + 1 }, (): BandSums => ({ ...nothing }))
    this.#bytes.clear()
    this.#pairs.clear()
    const ages = new Map<number, number>()
    const each = (age: number, add: (sum: BandSums) => void): void => {
      for (let b = 0; b < bands.length; b++) if (isIn(bands[b], age)) add(sums[b])
      if (age >= unknownAge - 1) add(sums[bands.length])
    }
    for (let n = from; n < to; n++) {
      const i = members[n]
      this.#bytes.set(peer[i], (this.#bytes.get(peer[i]) ?? 0) + bytes_out[i])
      ages.set(peer[i], age_days[i])
      const pieces = Math.min(flows[i], Math.floor(bytes_out[i] / pieceBytes))
      if (pieces > 0)
        each(age_days[i], (sum) => {
          sum.pieces += pieces
        })
      if (withPairs) {
        const key = peer[i] * hostRoom + host[i]
        this.#pairs.set(key, (this.#pairs.get(key) ?? 0) + bytes_out[i])
      }
    }
    for (const [number, bytes] of this.#bytes) {
      const weight = Math.log1p(bytes / 1e6)
      each(ages.get(number) ?? 0, (sum) => {
        sum.bytes += bytes
        sum.peers += weight
      })
    }
    const visited = new Set<number>()
    for (const [key, bytes] of this.#pairs) {
      if (bytes < pieceBytes) continue
      const number = Math.floor(key / hostRoom)
      if (!visited.has(number)) visited.add(number)
      else
        each(ages.get(number) ?? 0, (sum) => {
          sum.spread++
        })
    }
    return sums
  }
}

const nothing: BandSums = { bytes: 0, peers: 0, pieces: 0, spread: 0 }

function levelOf(measure: MeasureId, sums: BandSums): number {
  switch (measure) {
    case 'bytes':
      return Math.log(sums.bytes + bytesFloor)
    case 'pieces':
      return Math.sqrt(sums.pieces)
    case 'peers':
      return Math.sqrt(sums.peers)
    case 'spread':
      return Math.sqrt(sums.spread)
  }
}

function hostBytes(rows: DayRows, pool: Pool, entity: number, members: readonly number[]): PlainHostBytes[] {
  const found = bands.map((band) => ({ pool, entity, band, hosts: new Map<number, number>() }))
  for (const i of members) {
    for (const { band, hosts } of found) {
      if (isIn(band, rows.age_days[i])) hosts.set(rows.host[i], (hosts.get(rows.host[i]) ?? 0) + rows.bytes_out[i])
    }
  }
  return found
}

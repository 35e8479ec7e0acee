/**
 * A day of arrivals → the values of all streams in their slots, at scales up to a day: longer ones add days up. Rows of peers that an open incident has taken are left out.
 * Sums run in the order of the rows, so that equal rows give equal values to the last bit.
 */
import { SumsById } from '../../model/sums-by-id.ts'
import { ticksPerDay } from '../../model/window.ts'
import type { DayRows } from '../day-rows.ts'
import { RowGroups } from '../row-groups.ts'
import {
  type Band,
  bands,
  holdsHosts,
  type MeasureId,
  measures,
  type Pool,
  pools,
  type ScaleId,
  scales,
} from './channels.ts'
import { HostColumn } from './host-column.ts'
import { lanesByAge, SlotSums, steadyLane } from './tally-slot.ts'
import type { EntityBytes, WatchedEntities } from './watched-entities.ts'

/** Bytes below which a pool's level does not matter: keeps the logarithm of nothing finite. */
const bytesFloor = 1e7

export interface Tallied {
  pool: Pool
  entity: number
  band: Band
  measure: MeasureId
  scale: ScaleId
  /** One value per slot of the day. */
  values: Float64Array
  /** The same of peers that were there before anybody counted: nobody new writes to it. NaN where there is none. */
  control: Float64Array
}

export interface HostBytes {
  pool: Pool
  entity: number
  band: Band
  /** Bytes of each host of the pool on this day. */
  hosts: HostColumn
}

export interface DayTally {
  streams: Tallied[]
  hosts: HostBytes[]
}

/** Whether a row is left out: its peer belongs to an open incident. */
export type Excluded = (rows: DayRows, i: number) => boolean

/** What a tally works in, about 12 bytes for each row of the largest day so far: kept by who tallies many days. */
export class TallyRoom {
  readonly slot = new SlotSums()
  readonly entities = new RowGroups()
  readonly hosts = bands.map(() => new SumsById())
  #kept = new Int32Array(0)
  /** Numbers of entities of any size, dense: 0 is none. */
  readonly #numbers = new Map([[0, 0]])
  readonly #wide = [0]

  numberOf(entity: number): number {
    const known = this.#numbers.get(entity)
    if (known !== undefined) return known
    this.#numbers.set(entity, this.#wide.length)
    return this.#wide.push(entity) - 1
  }

  wideOf(number: number): number {
    return this.#wide[number]
  }

  kept(length: number): Int32Array {
    if (this.#kept.length < length) this.#kept = new Int32Array(Math.ceil(1.5 * length))
    return this.#kept
  }
}

export function tallyDay(
  rows: DayRows,
  excluded: Excluded,
  room = new TallyRoom(),
  watched?: WatchedEntities,
): DayTally {
  const kept = keptRows(rows, excluded, room)
  const result: DayTally = { streams: [], hosts: [] }
  const total = bytesOf(rows, kept)
  for (const pool of pools) {
    room.entities.group(kept, (i) => (pool.is_wide ? room.numberOf(pool.entityOf(rows, i)) : pool.entityOf(rows, i)))
    const isWatched =
      pool.least_share === undefined ? undefined : watched?.on(rows.day, pool, sizesOf(rows, room, pool), total)
    for (let group = 0; group < room.entities.keys.size; group++) {
      const entity = entityOf(room, pool, group)
      if (entity === 0 || isWatched?.(entity) === false) continue
      const members = room.entities.of(group)
      for (const { id, ticks } of scales) {
        if (pool.scales.includes(id) && ticks <= ticksPerDay)
          for (const each of streamsOf(rows, pool, entity, members, id, ticks, room.slot)) result.streams.push(each)
      }
      if (holdsHosts(pool)) result.hosts.push(...hostBytes(rows, pool, entity, members, room))
    }
  }
  return result
}

/** Of a group that the room holds now. */
function entityOf(room: TallyRoom, { is_wide }: Pool, group: number): number {
  const id = room.entities.keys.id(group)
  return is_wide ? room.wideOf(id) : id
}

/** Of each entity that the room holds now. */
function sizesOf(rows: DayRows, room: TallyRoom, pool: Pool): EntityBytes[] {
  return Array.from({ length: room.entities.keys.size }, (_, group) => ({
    entity: entityOf(room, pool, group),
    bytes: bytesOf(rows, room.entities.of(group)),
  }))
}

function bytesOf({ bytes_out }: DayRows, members: Int32Array): number {
  let bytes = 0
  for (let n = 0; n < members.length; n++) bytes += bytes_out[members[n]]
  return bytes
}

function keptRows(rows: DayRows, excluded: Excluded, room: TallyRoom): Int32Array {
  const kept = room.kept(rows.length)
  let length = 0
  for (let i = 0; i < rows.length; i++) if (rows.unexplained[i] === 1 && !excluded(rows, i)) kept[length++] = i
  return kept.subarray(0, length)
}

/** All bands and measures of one entity at one scale. */
function streamsOf(
  rows: DayRows,
  pool: Pool,
  entity: number,
  members: Int32Array,
  scale: ScaleId,
  ticks: number,
  slotSums: SlotSums,
): Tallied[] {
  const slots = ticksPerDay / ticks
  const wanted = wantedAt[scale]
  const found: Tallied[] = lanesAt[scale].map(({ band, measure, nothing, no_control }) => ({
    ...{ pool, entity, band, measure, scale },
    values: new Float64Array(slots).fill(nothing),
    control: new Float64Array(slots).fill(no_control),
  }))
  const first = rows.day * ticksPerDay
  let from = 0
  while (from < members.length) {
    const slot = Math.floor((rows.tick[members[from]] - first) / ticks)
    let to = from + 1
    while (to < members.length && Math.floor((rows.tick[members[to]] - first) / ticks) === slot) to++
    slotSums.add(rows, members.subarray(from, to), wanted)
    for (let f = 0; f < found.length; f++) {
      const { band, measure, values, control } = found[f]
      const { lane } = lanesAt[scale][f]
      values[slot] = levelOf(measure, slotSums.sums[measure][lane])
      if (!band.with_unknown) control[slot] = levelOf(measure, slotSums.sums[measure][steadyLane])
    }
    from = to
  }
  return found
}

const wantedAt = Object.fromEntries(
  scales.map(({ id }) => [
    id,
    Object.fromEntries(measures.map((measure) => [measure.id, measure.scales.includes(id)])),
  ]),
) as Record<ScaleId, Record<MeasureId, boolean>>

/** Streams of an entity at a scale, with what a slot without rows has. */
const lanesAt = Object.fromEntries(
  scales.map(({ id }) => [
    id,
    bands.flatMap((band, lane) =>
      measures
        .filter((measure) => band.scales.includes(id) && wantedAt[id][measure.id])
        .map(({ id: measure }) => {
          const nothing = levelOf(measure, 0)
          return { lane, band, measure, nothing, no_control: band.with_unknown ? Number.NaN : nothing }
        }),
    ),
  ]),
) as Record<ScaleId, { lane: number; band: Band; measure: MeasureId; nothing: number; no_control: number }[]>

/** Logarithm of bytes, root of counts: steps of about equal size at any level. */
export function levelOf(measure: MeasureId, amount: number): number {
  switch (measure) {
    case 'bytes':
      return Math.log(amount + bytesFloor)
    case 'pieces':
    case 'peers':
    case 'spread':
      return Math.sqrt(amount)
  }
}

/** In the unit of the measure again. */
export function amountOf(measure: MeasureId, value: number): number {
  switch (measure) {
    case 'bytes':
      return Math.max(0, Math.exp(value) - bytesFloor)
    case 'pieces':
    case 'peers':
    case 'spread':
      return value * value
  }
}

function hostBytes(rows: DayRows, pool: Pool, entity: number, members: Int32Array, room: TallyRoom): HostBytes[] {
  const { host, bytes_out, age_days } = rows
  const lanesOf = lanesByAge()
  for (const sums of room.hosts) sums.clear()
  for (let n = 0; n < members.length; n++) {
    const i = members[n]
    for (let rest = lanesOf[age_days[i]], b = 0; b < bands.length; rest >>>= 1, b++)
      if (rest & 1) room.hosts[b].add(host[i], bytes_out[i])
  }
  return bands.map((band, b) => ({
    ...{ pool, entity, band },
    hosts: new HostColumn(room.hosts[b].ids(), room.hosts[b].sums()),
  }))
}

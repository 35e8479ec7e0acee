/**
 * What is summed over what: channels (which peers, which measure), pools (a column of the arrivals), and scales, as data. A
 * stream of evidence is one row of their product. Only bytes that no expectation explains count.
 */
import type { DayRows } from '../day-rows.ts'
import { unknownAge } from '../day-rows.ts'

/** Peers by age. A band is comparable with its own past from the day on which it could first be full. */
export interface Band {
  id: string
  /** As a person would say it: `peers first seen within 7 days`. */
  title: string
  /** Days since the peer was first seen: from … before. */
  from_days: number
  to_days: number
  /** Peers of the first weeks, of which nobody knows the age, belong to it too. */
  with_unknown: boolean
  /** Scales at which it is judged. */
  scales: readonly ScaleId[]
  weight: number
}

/**
 * Weights are prior value, fixed before any data: young peers had the best signal to noise in reference/algorithms.md §7
 * decision 2; `rare` and `cohort` exist so that a thief who stays does not become ordinary: for that days are fine enough.
 */
export const bands: readonly Band[] = [
  {
    id: 'fresh',
    title: 'peers first seen within 7 days',
    from_days: 0,
    to_days: 7,
    with_unknown: false,
    scales: ['10 min', '1 h', '1 d', '7 d', '28 d'],
    weight: 0.35,
  },
  {
    id: 'novel',
    title: 'peers first seen within 30 days',
    from_days: 0,
    to_days: 30,
    with_unknown: false,
    scales: ['1 h', '1 d', '7 d', '28 d'],
    weight: 0.25,
  },
  {
    id: 'rare',
    title: 'peers first seen 30 to 60 days ago',
    from_days: 30,
    to_days: 60,
    with_unknown: false,
    scales: ['1 d', '7 d', '28 d'],
    weight: 0.1,
  },
  {
    id: 'cohort',
    title: 'peers first seen 60 to 180 days ago',
    from_days: 60,
    to_days: 180,
    with_unknown: false,
    scales: ['1 d', '7 d', '28 d'],
    weight: 0.1,
  },
  {
    id: 'all',
    title: 'all peers',
    from_days: 0,
    to_days: unknownAge + 1,
    with_unknown: true,
    scales: ['10 min', '1 h', '1 d', '7 d', '28 d'],
    weight: 0.2,
  },
]

export type MeasureId = 'bytes' | 'peers' | 'pieces' | 'spread'
export interface Measure {
  id: MeasureId
  title: string
  unit: 'bytes' | 'peers' | 'pieces'
  scales: readonly ScaleId[]
  weight: number
}

/**
 * `bytes`: what left, as the pool's logarithm (not by ten minutes: one large file is no burst); at the scale of a day, in pools
 * that hold many hosts, as the robust sum over them. `peers`: their number, each weighted by log(1 + bytes / 1 MB), so that many
 * who take some weigh more than one who takes all. `pieces`: connections of 1 MB and more. `spread`: hosts that each peer draws
 * 1 MB or more from, beyond its first.
 */
export const measures: readonly Measure[] = [
  { id: 'bytes', title: 'bytes', unit: 'bytes', scales: ['1 h', '1 d', '7 d', '28 d'], weight: 0.3 },
  {
    id: 'peers',
    title: 'peers, weighted by the logarithm of their bytes',
    unit: 'peers',
    scales: ['1 h', '1 d', '7 d', '28 d'],
    weight: 0.3,
  },
  { id: 'pieces', title: 'connections of 1 MB and more', unit: 'pieces', scales: ['10 min', '1 h'], weight: 0.2 },
  {
    id: 'spread',
    title: 'hosts that peers draw from beyond their first',
    unit: 'peers',
    scales: ['1 d', '7 d', '28 d'],
    weight: 0.2,
  },
]
/** What is smaller is no piece, and no peer's visit to a host. */
export const pieceBytes = 1e6

export type StatisticId = 'sum' | 'berk_jones' | 'mixture'
export interface Statistic {
  id: StatisticId
  title: string
  /** Ids of the bands in which it is taken. */
  bands: readonly string[]
  scales: readonly ScaleId[]
  weight: number
}

const allBands = bands.map(({ id }) => id)
/**
 * How bytes by host become one number, in pools of many hosts and from a day on; all other values are sums already. Half of the weight
 * is for many hosts, half for a few, which two statistics share: the same few day after day (`mixture`, whose memory of 28 days
 * needs no longer scale), and others every day, or few over a block of days (`berk_jones`). Hosts that send more for good are what
 * `mixture` looks for, and to peers of any age honest ones do that too: it is taken where peers are new. Source:
 * reference/algorithms.md §2.2.
 */
export const statistics: readonly Statistic[] = [
  { id: 'sum', title: 'sum over hosts', bands: allBands, scales: ['1 d', '7 d', '28 d'], weight: 0.5 },
  { id: 'berk_jones', title: 'a few hosts', bands: allBands, scales: ['1 d', '7 d', '28 d'], weight: 0.25 },
  { id: 'mixture', title: 'the same few hosts for weeks', bands: ['fresh', 'novel'], scales: ['1 d'], weight: 0.25 },
]

export type ScaleId = '10 min' | '1 h' | '1 d' | '7 d' | '28 d'
export interface Scale {
  id: ScaleId
  ticks: number
  /** Its evidence is merged with that of the same module only; weights are those within it. */
  module: 'sums' | 'bursts'
  weight: number
}
/**
 * Blocks of days begin at multiples of their length since the epoch and do not overlap. Evidence adds up over days by itself: longer
 * scales are for what adds up in another way (few hosts, days that are seldom), and have little weight.
 */
export const scales: readonly Scale[] = [
  { id: '10 min', ticks: 1, module: 'bursts', weight: 1 },
  { id: '1 h', ticks: 6, module: 'sums', weight: 0.52 },
  { id: '1 d', ticks: 144, module: 'sums', weight: 0.42 },
  { id: '7 d', ticks: 1008, module: 'sums', weight: 0.04 },
  { id: '28 d', ticks: 4032, module: 'sums', weight: 0.02 },
]

export type PoolKind =
  | 'site'
  | 'role'
  | 'service'
  | 'vault'
  | 'gateway'
  | 'unattributed'
  | 'peer_asn'
  | 'client_fp'
  | 'project'
  | 'piece_size'
export interface Pool {
  kind: PoolKind
  /** Which entity of it a row belongs to; 0 is none, but for `site` and `role`. */
  entityOf: (rows: DayRows, i: number) => number
  /** Scales at which it is judged. */
  scales: readonly ScaleId[]
  weight: number
  /** Its weight is split among so many at least; where more of them bet, among these. */
  entities: number
  /** An entity has sums from the first day on which it holds this share of what left unexplained. */
  least_share?: number
  most_watched?: number
  /** Entities are numbers of any size, not ids of the state. */
  is_wide?: boolean
  /** Values of its own past that a sum needs to bet, where more than its scale asks. */
  weak?: number
}

/**
 * Keys that come with whoever takes the data, not with what is taken: networks, programs, projects and sizes of pieces. A key
 * comes and spreads for honest reasons too, a new version of a program within weeks. So a sum of a key bets on a quarter of a year
 * of its own past only, when such growth is over or tolerated; until then, and for keys that are new, `fan_in` is there.
 */
const ofKeys = { scales: ['1 d'], least_share: 0.001, most_watched: 300, weak: 90 } as const

export const pools: readonly Pool[] = [
  {
    ...{ kind: 'site', entityOf: () => 1, weight: 0.18, entities: 1 },
    scales: ['10 min', '1 h', '1 d', '7 d', '28 d'],
  },
  {
    ...{ kind: 'role', entityOf: (rows, i) => rows.role[i] + 1, weight: 0.34, entities: 8 },
    scales: ['10 min', '1 h', '1 d', '7 d', '28 d'],
  },
  {
    ...{ kind: 'service', entityOf: (rows, i) => rows.service[i], weight: 0.11, entities: 12 },
    scales: ['1 h', '1 d', '7 d', '28 d'],
  },
  {
    ...{ kind: 'vault', entityOf: (rows, i) => rows.vault[i], weight: 0.12, entities: 60 },
    ...{ scales: ['1 d'], least_share: 0.001, most_watched: 2000 },
  },
  { kind: 'gateway', entityOf: (rows, i) => rows.gateway[i], scales: ['1 h', '1 d'], weight: 0.07, entities: 4 },
  {
    ...{ kind: 'unattributed', entityOf: unattributedOf, is_wide: true, weight: 0.06, entities: 12 },
    scales: ['1 h', '1 d'],
  },
  {
    ...{ kind: 'peer_asn', entityOf: (rows, i) => rows.peer_asn[i], is_wide: true, weight: 0.04, entities: 50 },
    ...ofKeys,
  },
  { kind: 'client_fp', entityOf: (rows, i) => rows.client_fp[i], weight: 0.04, entities: 50, ...ofKeys },
  { kind: 'project', entityOf: (rows, i) => rows.project[i], weight: 0.02, entities: 50, ...ofKeys },
  { kind: 'piece_size', entityOf: pieceSizeOf, weight: 0.02, entities: 16, ...ofKeys },
]

/** Pools of many hosts, in which a day's bytes are judged over them. */
export function holdsHosts({ kind }: Pool): boolean {
  return kind === 'site' || kind === 'role' || kind === 'service'
}

const mostRoles = 16

/**
 * Role and service of bytes of which a log could have told and did not (`markUntold`). Where a service writes down what it hands out,
 * next to nothing is: who takes data past its log, or by its port, is all there is.
 */
function unattributedOf({ untold, service, role }: DayRows, i: number): number {
  return untold[i] === 0 ? 0 : mostRoles * service[i] + role[i] + 1
}

/** Of an entity of that pool, the role's index and the service's id. */
export function unattributedParts(entity: number): { role: number; service: number } {
  return { role: (entity % mostRoles) - 1, service: Math.floor(entity / mostRoles) }
}

/** Binary digits of the mean size of a row's connections: 21 from 1 MiB to below 2 MiB. 0 where nothing was counted. */
export function pieceSizeOf({ bytes_out, flows }: DayRows, i: number): number {
  const mean = flows[i] === 0 ? 0 : bytes_out[i] / flows[i]
  return mean >= 2 ** 32 ? 64 - Math.clz32(mean / 2 ** 32) : 32 - Math.clz32(mean)
}

export function isIn(band: Band, age_days: number): boolean {
  if (age_days >= unknownAge - 1) return band.with_unknown
  return age_days >= band.from_days && age_days < band.to_days
}

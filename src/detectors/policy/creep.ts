import { median } from '../../math/robust.ts'
import { bytesText, shareText } from '../../model/amount-text.ts'
import type { Notice } from '../../model/incident.ts'
import { hostRoles } from '../../model/site.ts'
import { dayMs } from '../../model/window.ts'
import { type DayRows, unknownAge } from '../day-rows.ts'
import { ageUnknownDays } from '../peer-memory.ts'

export interface CreepOptions {
  /** Growth of the usual level that is agreed to, as a share a month of 30 days. */
  growth_per_month: number
}

/** A level is the middle one of so many days' bytes, which outliers do not move. */
export const blockDays = 28
/** Blocks that make the anchor: all later levels are compared with it, so that nothing is learned by being slow. */
export const anchorBlocks = 3
/** Level over what growth allows, at which it is told; then at each further one. */
export const toldRatios: readonly number[] = [1.25, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64]
/** What is beyond must be this much of the site's own level. */
const leastShare = 0.01
const freshDays = 7

/**
 * Creep: the usual level of a day's unexplained bytes, of the site and of each role, to all peers and to those first seen
 * within 7 days, against its level in the first 84 days and the growth that a person agreed to. A thief who grows no faster than
 * the tolerated drift of the sums shows up here. Exact sums and a line: a policy notice at a quarter above it and at
 * further steps, no claim about errors. Whoever stays below takes at most anchor × (1.25 · (1 + growth)^(days / 30) − 1) on a middle
 * day, counted from the anchor's level. The anchor is that of the arrivals that are held: after 400 days it moves on with them.
 * Source: creep ledger, reference/algorithms.md §1.6; in bytes, and of levels in place of their logarithms.
 */
export class Creep {
  readonly #growth: number
  readonly #ledgers = new Map<string, Ledger>()
  #first_day = Number.NaN

  constructor({ growth_per_month }: CreepOptions) {
    if (!(growth_per_month >= 0)) throw new RangeError(`growth ${growth_per_month}`)
    this.#growth = growth_per_month
  }

  /** Days in order, each once. */
  day(rows: DayRows): { notices: Notice[] } {
    if (Number.isNaN(this.#first_day)) this.#first_day = rows.day
    const sums = new Map<string, number>()
    const add = (key: string, bytes: number): void => {
      sums.set(key, (sums.get(key) ?? 0) + bytes)
    }
    const isFreshKnown = rows.day >= this.#first_day + ageUnknownDays + freshDays
    for (let i = 0; i < rows.length; i++) {
      if (rows.unexplained[i] === 0) continue
      const role = `role:${hostRoles[rows.role[i]]}`
      for (const entity of ['site', role]) add(`${entity} all`, rows.bytes_out[i])
      const age = rows.age_days[i]
      if (!isFreshKnown || age >= freshDays || age >= unknownAge - 1) continue
      for (const entity of ['site', role]) add(`${entity} fresh`, rows.bytes_out[i])
    }
    for (const key of sums.keys()) if (!this.#ledgers.has(key)) this.#ledgers.set(key, new Ledger())
    const notices: Notice[] = []
    for (const [key, ledger] of this.#ledgers) {
      const least = leastShare * (this.#ledgers.get('site all')?.level ?? 0)
      const step = ledger.add(rows.day, sums.get(key) ?? 0, this.#growth, least)
      if (step) notices.push(noticeOf(key, ledger, step, rows.day))
    }
    return { notices }
  }
}

interface Step {
  ratio: number
  allowed: number
}

/** One sum's levels, block by block. */
class Ledger {
  readonly #anchorDays: number[] = []
  #anchor = Number.NaN
  #anchored_day = Number.NaN
  #block: number[] = []
  #told = 0
  /** Bytes of days beyond what growth allows, since the level last was within it. */
  beyond = 0
  level = Number.NaN

  get anchor(): number {
    return this.#anchor
  }

  /**
   * What is told at the end of a block: the highest step that was passed for the first time. `least`: bytes a day beyond the line
   * that are worth telling, and the least line there is.
   */
  add(day: number, bytes: number, growth: number, least: number): Step | undefined {
    this.#block.push(bytes)
    if (this.#block.length < blockDays) return undefined
    const block = this.#block
    this.#block = []
    this.level = median(Float64Array.from(block))
    if (Number.isNaN(this.#anchor)) {
      this.#anchorDays.push(...block)
      if (this.#anchorDays.length < anchorBlocks * blockDays) return undefined
      this.#anchor = median(Float64Array.from(this.#anchorDays))
      this.#anchored_day = day
      return undefined
    }
    const allowed = Math.max(least, this.#anchor * (1 + growth) ** ((day - this.#anchored_day) / 30))
    this.beyond =
      this.level <= allowed ? 0 : block.reduce((sum, each) => sum + Math.max(0, each - allowed), this.beyond)
    if (this.level <= allowed) this.#told = 0
    if (!(this.level - allowed >= least)) return undefined
    const passed = toldRatios.filter((ratio) => this.level > ratio * allowed && ratio > this.#told)
    const ratio = passed.at(-1)
    if (ratio === undefined) return undefined
    this.#told = ratio
    return { ratio, allowed }
  }
}

function noticeOf(key: string, { level, anchor, beyond }: Ledger, step: Step, day: number): Notice {
  const [subject, band] = key.split(' ')
  const whom = band === 'fresh' ? 'peers first seen within 7 days' : 'all peers'
  return {
    id: `creep:${subject}:${band}:${step.ratio}:${new Date(day * dayMs).toISOString().slice(0, 10)}`,
    kind: 'policy',
    at_ms: (day + 1) * dayMs,
    text:
      `the usual day of ${subject} to ${whom} is ${bytesText(BigInt(Math.round(level)))} now, ` +
      `${shareText(Math.round(level), Math.round(step.allowed))} of what its first ${anchorBlocks * blockDays} days and the agreed growth allow; ` +
      `${bytesText(BigInt(Math.round(beyond)))} have left beyond that`,
    facts: {
      ...{ subject, band, ratio: step.ratio, level_bytes_per_day: Math.round(level) },
      ...{ anchor_bytes_per_day: Math.round(anchor), allowed_bytes_per_day: Math.round(step.allowed) },
      beyond_bytes: BigInt(Math.round(beyond)),
    },
  }
}

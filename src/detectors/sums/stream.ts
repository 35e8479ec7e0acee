/**
 * One number per slot of time, judged against its own past: level of the season taken off, control regressed out, whitened,
 * ranked among all that went before, and the rank bet on with the drift and dispersion that this stream itself showed
 * (reference/algorithms.md §1.1–1.7). Dependence between the entities behind the number costs power, never validity. What a
 * slot's score says rests on earlier slots alone; all of them can be replayed with other values.
 */
import { fitAr } from '../../math/ar.ts'
import { betSizes } from '../../math/bet.ts'
import { EProcess } from '../../math/e-process.ts'
import { KeyedDraws } from '../../math/keyed-uniform.ts'
import { normalQuantile } from '../../math/normal.ts'
import { clip, median, scale } from '../../math/robust.ts'
import type { MaturityLevel } from '../../model/incident.ts'
import { ticksPerDay } from '../../model/window.ts'
import { type ScaleId, scales } from './channels.ts'
import { Past } from './past.ts'
import { Season } from './season.ts'
import { assumed, Spread } from './spread.ts'

const order = 3
/** Scores are cut here: beyond, no past of a few years can tell how unlikely a value is. */
const lowestScore = -3
const highestScore = 7
const daysPerYear = 365
const shortDays = 28
/** Days until a season says what is usual at an hour of a working day; slots where they are longer. */
const seasonDays = 5
const seasonSlots = 4
/** A control explains at most this much of a residual, and is asked only after so many slots. */
const control = { largest: 1.5, least_slots: 60 }
/** Deviations beyond which the past foretells no more: one burst must not explain the next. */
const bend = 3
/** Days between fits, and their growth: what is fitted to much changes little by a week more. */
const refit = { least_days: 7, share: 0.2 }
/** Slots that a fit looks at: half a year of hours, a month of ticks. */
const mostFitted = 4400

interface Grain {
  ticks: number
  /** Below 1 where slots are longer than a day. */
  slotsPerDay: number
  /** Usable slots before the first bet, and from which on more of them would change little (DESIGN §5, "Young sites"). */
  weak: number
  mature: number
  sizes: readonly number[]
  /** Slots of the shortest block over which dispersion is measured. */
  block: number
  /** So many slots pass before a value is among those that others are ranked by: a burst must not be its own measure. */
  delay: number
}

/** Ticks of ten minutes are there for bursts: a drift of days is for the longer scales to judge. */
const burstSizes = [0.8, 1.6, 3.2]
type Judging = Omit<Grain, 'ticks' | 'slotsPerDay'>
/**
 * Of blocks of weeks the largest of n earlier values says no more than 1 in n + 1. Fewer than 13, a quarter of a year of the one
 * and a year of the other, gain less in a slot than is tolerated; a year and two are what a person would call a past.
 */
const judging: Readonly<Record<ScaleId, Judging>> = {
  '10 min': { weak: 14 * 144, mature: 28 * 144, sizes: burstSizes, block: 6, delay: 144 },
  '1 h': { weak: 14 * 24, mature: 28 * 24, sizes: betSizes, block: 24, delay: 24 },
  '1 d': { weak: 28, mature: 90, sizes: betSizes, block: 7, delay: 7 },
  '7 d': { weak: 13, mature: 52, sizes: betSizes, block: 1, delay: 1 },
  '28 d': { weak: 13, mature: 26, sizes: betSizes, block: 1, delay: 1 },
}
export const grains = Object.fromEntries(
  scales.map(({ id, ticks }) => [id, { ticks, slotsPerDay: ticksPerDay / ticks, ...judging[id] }]),
) as Record<ScaleId, Grain>

/** The day in which a slot begins. */
export function dayOfSlot(scale: ScaleId, slot: number): number {
  return Math.floor((slot * grains[scale].ticks) / ticksPerDay)
}

/** The slot that holds the first tick of a day. */
export function slotOfDay(scale: ScaleId, day: number): number {
  return Math.floor((day * ticksPerDay) / grains[scale].ticks)
}

export interface StreamOptions {
  /** Names the stream in the draws that split ties: the same in every state. */
  name: string
  seed: number
  scale: ScaleId
  /** First day on which its channel is comparable with later ones. */
  usable_from_day: number
  /** Slots before the first bet, where it is not for its scale to say. */
  weak?: number
}

export class Stream {
  readonly scale: ScaleId
  readonly #options: StreamOptions
  readonly #grain: Grain
  #season: Season
  #controlSeason: Season
  #past = new Past()
  readonly #ties: KeyedDraws
  #evidence: EProcess
  #spread: Spread
  #residuals: number[] = []
  /** Innovations too young to be ranked by. */
  #waiting: number[] = []
  /** Residuals beyond this foretell no more than it. */
  #bound = Number.POSITIVE_INFINITY
  #coefficients: Float64Array = new Float64Array(order)
  #refitDay = Number.NEGATIVE_INFINITY
  #sums = { xy: 0, xx: 0, n: 0 }
  #firstSlot = Number.NaN
  #observed = Number.NaN
  #usual = Number.NaN

  constructor(options: StreamOptions) {
    this.#options = options
    this.#ties = new KeyedDraws(options.seed, options.name)
    this.scale = options.scale
    const grain = grains[options.scale]
    this.#grain = { ...grain, weak: options.weak ?? grain.weak, mature: Math.max(options.weak ?? 0, grain.mature) }
    this.#season = new Season(this.#grain.slotsPerDay)
    this.#controlSeason = new Season(this.#grain.slotsPerDay)
    this.#spread = new Spread(this.#grain.ticks, this.#grain.block)
    this.#evidence = new EProcess({
      ...assumed,
      yearlyStarts: this.#grain.slotsPerDay * daysPerYear,
      sizes: this.#grain.sizes,
    })
  }

  copy(): Stream {
    const copy = new Stream(this.#options)
    copy.#season = this.#season.copy()
    copy.#controlSeason = this.#controlSeason.copy()
    copy.#past = this.#past.copy()
    copy.#evidence = this.#evidence.copy()
    copy.#spread = this.#spread.copy()
    copy.#residuals = this.#residuals.slice()
    copy.#waiting = this.#waiting.slice()
    copy.#bound = this.#bound
    // fitted anew, never written into
    copy.#coefficients = this.#coefficients
    copy.#refitDay = this.#refitDay
    copy.#sums = { ...this.#sums }
    copy.#firstSlot = this.#firstSlot
    copy.#observed = this.#observed
    copy.#usual = this.#usual
    return copy
  }

  /** log M in nats; −∞ without evidence. */
  get log_e(): number {
    return this.#evidence.value
  }

  /** Slots of its own past that a value is ranked among. */
  get reference(): number {
    return this.#past.size
  }

  /** Slots that are missing until more of them would change little, if all that come are observed. */
  get missing(): number {
    const { mature, delay, slotsPerDay } = this.#grain
    const warmUp = this.#past.size + this.#waiting.length === 0 ? Math.max(seasonSlots, seasonDays * slotsPerDay) : 0
    return Math.max(0, mature - this.#past.size) + Math.max(0, delay - this.#waiting.length) + warmUp
  }

  get level(): MaturityLevel {
    if (this.#past.size >= this.#grain.mature) return 'mature'
    return this.#past.size >= this.#grain.weak ? 'weak' : 'policy_only'
  }

  get bets(): boolean {
    return this.#past.size >= this.#grain.weak
  }

  /** Its past is of less than four weeks: it has seen no end of a month. */
  get isShort(): boolean {
    return this.#past.size < shortDays * this.#grain.slotsPerDay
  }

  /** The last value and what its season lets expect, in the stream's own unit. */
  get last(): { observed: number; usual: number } {
    return { observed: this.#observed, usual: this.#usual }
  }

  /** Slot in which the evidence began to grow. */
  since(): number | undefined {
    const start = this.#evidence.startOf()
    return start === undefined ? undefined : this.#firstSlot + start
  }

  /** Evidence is spent: what comes is judged anew, by the same past. */
  spend(next_slot: number): void {
    this.#evidence.reset()
    // one that has not begun has nothing to spend
    if (!Number.isNaN(this.#firstSlot)) this.#firstSlot = next_slot
  }

  /**
   * Takes the value of a slot, slots in order. `quiet`: the slot is not like others (calendar) or was not observed: no
   * opinion, and nothing is learned from it. `controlled`: what of the same pool no attack touches, in the same unit.
   */
  step(slot: number, value: number, controlled: number, quiet: boolean): void {
    const day = dayOfSlot(this.scale, slot)
    if (day < this.#options.usable_from_day) return
    if (Number.isNaN(this.#firstSlot)) this.#firstSlot = slot
    const usual = this.#season.usual(slot)
    const usualControl = this.#controlSeason.usual(slot)
    if (quiet || Number.isNaN(value)) {
      this.#residuals.push(Number.NaN)
      this.#evidence.skip()
      return
    }
    this.#season.add(slot, value)
    if (!Number.isNaN(controlled)) this.#controlSeason.add(slot, controlled)
    if (usual === undefined) {
      this.#residuals.push(Number.NaN)
      this.#evidence.skip()
      return
    }
    this.#observed = value
    this.#usual = usual
    const residual = this.#withoutControl(
      value - usual,
      usualControl === undefined ? Number.NaN : controlled - usualControl,
    )
    const innovation = this.#whiten(day, residual)
    const tie = this.#ties.uniform(slot)
    if (this.#past.size > 0) {
      const z = clip(-normalQuantile(this.#past.upperTail(innovation, tie)), lowestScore, highestScore)
      this.#spread.add(slot, z)
      if (this.bets) {
        const { drift, dispersion } = this.#spread.on(day)
        // values that came together are ranked by the same past: its error is common to as many as wait
        const common = 1 + this.#grain.delay / this.#past.size
        this.#evidence.step(z, drift, (slots) => dispersion(slots) * common)
      } else this.#evidence.skip()
    } else this.#evidence.skip()
    this.#waiting.push(innovation)
    if (this.#waiting.length > this.#grain.delay) this.#past.push(this.#waiting.shift() as number)
  }

  /** Difference in differences: what the control does at the same time, by least squares over all earlier slots. */
  #withoutControl(residual: number, controlResidual: number): number {
    if (Number.isNaN(controlResidual)) return residual
    const { xy, xx, n } = this.#sums
    const slope = n >= control.least_slots && xx > 0 ? clip(xy / (xx * (1 + 10 / n)), 0, control.largest) : 0
    this.#sums.xy = xy + residual * controlResidual
    this.#sums.xx = xx + controlResidual ** 2
    this.#sums.n = n + 1
    return residual - slope * controlResidual
  }

  #whiten(day: number, residual: number): number {
    const before = this.#residuals
    if (day >= this.#refitDay) {
      const age_days = before.length / this.#grain.slotsPerDay
      this.#refitDay = day + Math.max(refit.least_days, Math.round(refit.share * age_days))
      const fitted = Float64Array.from(before.slice(-mostFitted))
      this.#coefficients = fitAr(fitted, order)
      const spread = scale(fitted, median(fitted))
      this.#bound = spread > 0 ? bend * spread : Number.POSITIVE_INFINITY
    }
    let innovation = residual
    for (let k = 0; k < order; k++) {
      const value = before[before.length - 1 - k]
      if (value !== undefined && !Number.isNaN(value))
        innovation -= this.#coefficients[k] * clip(value, -this.#bound, this.#bound)
    }
    before.push(residual)
    return innovation
  }
}

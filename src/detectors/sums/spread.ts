/**
 * How the scores of one stream drift and vary by themselves, measured without its last two weeks: a theft that has just begun
 * would be taken for it. Scores of neighbouring slots vary together, and what varies over weeks does not show within a day; so
 * variation is measured over blocks of many lengths, and beyond the longest that was seen often enough goes on as it grew up to
 * there. Evidence that took ten days to grow is weighed by how much ten days vary.
 */
import { clip } from '../../math/robust.ts'
import { ticksPerDay } from '../../model/window.ts'

/** The last days do not tell what is usual drift. */
const embargoDays = 14
/** Drift is that of so many days before, or of so many slots where they are longer. */
const driftDays = 28
const leastDriftSlots = 13
const leastBlocks = 14
/** Blocks of a length, fewer of which do not tell how much such blocks vary. */
const leastLong = 8
/** Days without blocks whose drift and dispersion could be measured: the values of algorithms §1.3. */
export const assumed = { drift: 0.25, dispersion: 2 }
const assumedOfDays = { drift: 0.15, dispersion: 1.2 }
const leastDrift = 0.1
const leastDispersion = 1.2
const largest = { drift: 0.5, dispersion: 8 }

export interface Calibration {
  /** Tolerated mean of a score. */
  drift: number
  /** Tolerated variance of a score within evidence that began so many slots ago (≥ 1): never less for more. */
  dispersion: (slots: number) => number
}

/** Neighbouring slots. */
interface Block {
  block: number
  sum: number
  slots: number
}

export class Spread {
  readonly #ticks: number
  readonly #length: number
  /** Days of a slot, 1 of shorter ones. What drifts by so much a day, in deviations of a day, drifts by √days of a block's. */
  readonly #slotDays: number
  #blocks: Block[] = []
  #calibrated: Calibration
  #day = Number.NEGATIVE_INFINITY

  /** `ticks` of a slot, `length`: slots of the shortest block. */
  constructor(ticks: number, length: number) {
    this.#ticks = ticks
    this.#length = length
    this.#slotDays = Math.max(1, ticks / ticksPerDay)
    this.#calibrated = this.#unmeasured()
  }

  copy(): Spread {
    const copy = new Spread(this.#ticks, this.#length)
    // only the last one is written to
    copy.#blocks = this.#blocks.slice(0, -1).concat(this.#blocks.slice(-1).map((block) => ({ ...block })))
    copy.#calibrated = this.#calibrated
    copy.#day = this.#day
    return copy
  }

  /** The score of a slot, in order. */
  add(slot: number, z: number): void {
    const block = Math.floor(slot / this.#length)
    const last = this.#blocks.at(-1)
    if (last?.block === block) {
      last.sum += z
      last.slots++
    } else this.#blocks.push({ block, sum: z, slots: 1 })
  }

  /** As of a day; measured once for each. */
  on(day: number): Calibration {
    if (day < this.#day + 1) return this.#calibrated
    this.#day = day
    const blockOf = (of: number): number => Math.floor((of * ticksPerDay) / (this.#ticks * this.#length))
    const driftFrom =
      day - embargoDays - Math.max(driftDays, leastDriftSlots * (this.#slotDays > 1 ? this.#slotDays : 0))
    // in order, so that those of the last days are at the end
    const until = this.#before(blockOf(day - embargoDays))
    this.#calibrated =
      until < leastBlocks
        ? this.#unmeasured()
        : {
            drift: this.#drift(this.#before(blockOf(driftFrom)), until),
            dispersion: this.#growing(this.#dispersions(until)),
          }
    return this.#calibrated
  }

  #unmeasured(): Calibration {
    const drift = this.#ticks < ticksPerDay ? assumed.drift : assumedOfDays.drift * Math.sqrt(this.#slotDays)
    const dispersion = this.#ticks === ticksPerDay ? assumedOfDays.dispersion : assumed.dispersion
    return { drift, dispersion: this.#growing([dispersion]) }
  }

  #drift(from: number, until: number): number {
    const [low, high] = [leastDrift, largest.drift].map((limit) => limit * Math.sqrt(this.#slotDays))
    return clip(low + Math.max(0, meanOf(this.#blocks, from, until)), low, high)
  }

  /** Variance of means, in units of one slot's, over blocks of 1, 2, 4 … times the shortest length; never falling. */
  #dispersions(until: number): number[] {
    const blocks = this.#blocks.slice(0, until)
    const centre = meanOf(blocks, 0, until)
    const shortest = varianceAbout(blocks, centre) / (until - 1)
    // an upper end of what so few blocks can tell of their spread
    const upper = shortest * (1 + 1.64 * Math.sqrt(2 / (until - 1)))
    const found = [clip(upper, leastDispersion, largest.dispersion)]
    for (let long = joined(blocks); long.length >= leastLong; long = joined(long))
      found.push(Math.max(found[found.length - 1], varianceAbout(long, centre) / (long.length - 1)))
    return found
  }

  #growing(dispersions: readonly number[]): Calibration['dispersion'] {
    const last = dispersions.length - 1
    const growth = last < 2 ? 1 : Math.min(2, (dispersions[last] / dispersions[0]) ** (1 / last))
    return (slots) => {
      const level = Math.log2(slots / this.#length)
      if (level <= 0) return dispersions[0]
      return level <= last ? dispersions[Math.ceil(level)] : dispersions[last] * growth ** (level - last)
    }
  }

  #before(block: number): number {
    let low = 0
    let high = this.#blocks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#blocks[middle].block < block) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Blocks of twice the length; the last one may be short. */
function joined(blocks: readonly Block[]): Block[] {
  const long: Block[] = []
  for (const { block, sum, slots } of blocks) {
    const last = long.at(-1)
    const twice = Math.floor(block / 2)
    if (last?.block === twice) {
      last.sum += sum
      last.slots += slots
    } else long.push({ block: twice, sum, slots })
  }
  return long
}

function varianceAbout(blocks: readonly Block[], centre: number): number {
  let squares = 0
  for (const { sum, slots } of blocks) squares += (sum / slots - centre) ** 2 * slots
  return squares
}

/** Mean of the blocks [from, until), each counted once; 0 of none. */
function meanOf(blocks: readonly Block[], from: number, until: number): number {
  let total = 0
  for (let i = from; i < until; i++) total += blocks[i].sum / blocks[i].slots
  return total / Math.max(1, until - from)
}

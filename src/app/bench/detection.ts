/** All detectors of sums, keys and names side by side, fed day by day as `judgeDays` feeds them, with a clock in each part. */
import { alphas } from '../../detectors/budget.ts'
import type { DayRows, Names } from '../../detectors/day-rows.ts'
import { placesKind, vaultsKind } from '../../detectors/names/first-kinds.ts'
import type { PeerMemory } from '../../detectors/peer-memory.ts'
import { Watch } from '../../detectors/sums/watch.ts'
import { ticksPerDay } from '../../model/window.ts'
import { BorrowedClientsWatch } from '../detect/borrowed-clients-watch.ts'
import { FanInWatch } from '../detect/fan-in-watch.ts'
import { FirstAccessWatch } from '../detect/first-access-watch.ts'
import { HostDays } from '../detect/host-days.ts'
import { OpenCampaign, type Trigger } from '../detect/open-campaign.ts'
import { entityName } from '../detect/series-words.ts'
import { type Cost, difference, measured, noCost, stopwatch, sumOf } from './cost.ts'
import { heldBy, type Memory } from './memory.ts'

export interface DayCosts {
  /** The day's sums, of all pools, channels and scales. */
  sums: Cost
  /** Streams in all ticks of the day, and in the last one alone. */
  steps: Cost
  last_step: Cost
  /** Keys and names, and what hosts sent: once a day. */
  other_detectors: Cost
  /** The members of an open campaign, found anew. */
  members: Cost
  all: Cost
}

export interface DetectionOptions {
  seed: number
  memory: PeerMemory
  names: Names
  /** A campaign over the whole site is open from here on. */
  campaign_day: number
}

/** At the end of a day three scales step, and the watch asks for each whether the day is quiet. */
const asksOfLastTick = 3
const none = (): boolean => false
/** Of the budget's default. */
const false_incidents_per_year = 1

export const alpha = alphas(false_incidents_per_year)
/** Nobody may have any vault, and each is a project of its own. */
export const vaults = { isOpen: none, projectOf: (vault: number) => vault, hasProject: () => true }

export class Detection {
  readonly #memory: PeerMemory
  readonly #campaign_day: number
  readonly #asked: Cost[] = []
  #sinceStart: () => Cost = () => noCost
  #watch: Watch | undefined
  #others: readonly { day(rows: DayRows, isTaken: () => boolean): unknown }[]
  #campaign: OpenCampaign | undefined

  constructor({ seed, memory, names, campaign_day }: DetectionOptions) {
    this.#memory = memory
    this.#campaign_day = campaign_day
    this.#watch = new Watch({
      ...{ seed, alpha, nameOf: (kind, entity) => entityName(kind, entity, (id) => names.text(id)) },
      // where the watch can be timed within a day without a hook in it: it asks for each scale that steps
      isQuiet: () => {
        this.#asked.push(this.#sinceStart())
        return false
      },
    })
    this.#others = [
      new FanInWatch({ seed, names, alpha: alpha.fan_in }),
      new FirstAccessWatch({ kind: vaultsKind(vaults), names, alpha: alpha.first_access }),
      new FirstAccessWatch({ kind: placesKind(names), names, alpha: alpha.first_places }),
      new BorrowedClientsWatch({ names, alpha: alpha.borrowed_clients }),
      new HostDays(),
    ]
  }

  get streams(): number {
    return this.#watch?.strongest().length ?? 0
  }

  day(rows: DayRows): DayCosts {
    this.#campaign ??= new OpenCampaign(this.#trigger(), this.#memory)
    this.#asked.length = 0
    this.#sinceStart = stopwatch()
    this.#watch?.day(rows, none)
    const watched = this.#sinceStart()
    const sums = this.#asked[0] ?? watched
    const { cost: other_detectors } = measured(() => this.#others.map((each) => each.day(rows, none)))
    const { cost: members } = measured(() => {
      this.#campaign?.add(rows)
      if (rows.day >= this.#campaign_day) this.#campaign?.update((rows.day + 1) * ticksPerDay - 1)
    })
    return {
      ...{ sums, other_detectors, members },
      steps: difference(watched, sums),
      last_step: difference(watched, this.#asked.at(-asksOfLastTick) ?? watched),
      all: sumOf(watched, other_detectors, members),
    }
  }

  /** What each part holds; afterwards nothing is left of it. */
  end(): { sums: Memory; other_detectors: Memory; campaign: Memory } {
    return {
      sums: heldBy(() => (this.#watch = undefined)),
      other_detectors: heldBy(() => (this.#others = [])),
      campaign: heldBy(() => (this.#campaign = undefined)),
    }
  }

  #trigger(): Trigger {
    const day = this.#campaign_day
    return {
      ...{ detector: 'sums', tick: day * ticksPerDay, since_day: day, since_ms: 0, log_e: 0, log_threshold: 0 },
      ...{ inPool: () => true, with_old: true, kind: 'campaign' },
    }
  }
}

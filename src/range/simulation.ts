/**
 * The centre and its campaigns, a day at a time. Days come in order, each once; a campaign's share of egress is of the mean of
 * the days before it began. All that happens ends within the span.
 */

import { dayContext } from './background/context.ts'
import { backgroundParts } from './background/index.ts'
import { type CampaignPlan, planCampaign } from './campaign/plan.ts'
import { beginsMs, runCampaignDay } from './campaign/run-day.ts'
import { buildCentre, type Centre } from './centre/centre.ts'
import { dayMs, firstDayMs } from './centre/day-shape.ts'
import { addressesSeen } from './mutators/addresses-seen.ts'
import { buildMutators, type LogsOfDay } from './mutators/index.ts'
import type { MutatorName } from './mutators/names.ts'
import { NotLogged } from './not-logged.ts'
import type { Flow, OtherRecord, Sink } from './records.ts'
import type { BackgroundEvents, Scenario } from './scenarios/scenario.ts'
import { CampaignTally, type RangeTruth, renamed } from './truth.ts'

export interface SimulationOptions {
  scenario: Scenario
  seed: number
  scale: number
  days: number
  declared: number
  /** What is done to the logs. */
  mutate?: readonly MutatorName[]
}

export class Simulation {
  readonly centre: Centre
  readonly plans: readonly CampaignPlan[]
  readonly #tallies: readonly CampaignTally[]
  readonly #end_ms: number
  readonly #notLogged: NotLogged
  readonly #logsOf: (day: number, sink: Sink) => LogsOfDay
  /** Of the background alone. */
  #background_bytes_out = 0n
  #border_bytes_out = 0n
  /** By campaign, from its first day on. */
  readonly #egress_before: number[] = []

  constructor({ scenario, seed, scale, days, declared, mutate = [] }: SimulationOptions) {
    const events = eventsWithin(scenario, days)
    this.centre = buildCentre({ seed, scale, days, declared, mutate, events })
    const plans: CampaignPlan[] = []
    for (const spec of scenario.campaigns) plans.push(planCampaign(spec, scenario, this.centre, declared, plans))
    this.plans = plans
    this.#tallies = scenario.campaigns.map(({ id }) => new CampaignTally(id, scenario.name))
    this.#end_ms = firstDayMs + days * dayMs
    this.#notLogged = new NotLogged(scenario.campaigns.map(({ id }) => id))
    this.#logsOf = buildMutators(this.centre, this.#notLogged)
  }

  /** Everything that begins on `day`: first the background, then the campaigns. */
  runDay(day: number, sink: Sink): void {
    const context = dayContext(this.centre, day)
    const logs = this.#logsOf(day, sink)
    this.#notLogged.campaign = -1
    const background = this.#within(sink, logs, (flow) => {
      this.#background_bytes_out += BigInt(flow.bytes_out)
    })
    for (const part of backgroundParts) part(context, background)
    const campaign = this.#within(sink, logs, () => {})
    for (const [i, plan] of this.plans.entries()) {
      if (beginsMs(plan) >= context.start_ms + dayMs) continue
      // nothing came before: what is expected of a day
      this.#egress_before[i] ??=
        day === 0 ? this.centre.egress_bytes_per_day : Number(this.#background_bytes_out / BigInt(day + 1))
      this.#notLogged.campaign = i
      runCampaignDay(plan, context, this.#egress_before[i], campaign, this.#tallies[i])
    }
    logs.end()
  }

  get truth(): RangeTruth {
    const told = (isTheft: boolean) =>
      this.#tallies.flatMap(({ truth }, i) =>
        truth.bytes_out > 0n && this.plans[i].spec.is_theft === isTheft
          ? [renamed(truth, addressesSeen(this.centre))]
          : [],
      )
    const happened = { campaigns: told(true), look_alikes: told(false), border_bytes_out: this.#border_bytes_out }
    const { mutate } = this.centre
    return mutate.length === 0 && this.#notLogged.isEmpty
      ? happened
      : { ...happened, mutated: mutate, not_logged: this.#notLogged.told }
  }

  /** Ends what would last beyond the span; counts what left. The tunnel of a VPN carries what is counted inside it. */
  #within(sink: Sink, logs: Sink, counted: (flow: Flow) => void): Sink {
    const clip = <T extends Flow | OtherRecord>(one: T): T => {
      one.start_ms = Math.min(one.start_ms, this.#end_ms - 2000)
      one.end_ms = Math.min(one.end_ms, this.#end_ms - 1)
      if ('files' in one) for (const file of one.files) file.at_ms = Math.min(file.at_ms, one.end_ms)
      return one
    }
    return {
      flow: (flow) => {
        clip(flow)
        sink.crossed?.(flow)
        if (flow.unlogged) this.#notLogged.addFlow(flow)
        else logs.flow(flow)
        if (flow.way === 'tunnel') return
        this.#border_bytes_out += BigInt(flow.bytes_out)
        counted(flow)
      },
      put: (record) => logs.put(clip(record)),
    }
  }
}

/** Days of a span other than the scenario's own move in proportion; lengths stay. */
function eventsWithin({ events, days: own_days }: Scenario, days: number): BackgroundEvents | undefined {
  const moved = <T extends { day: number }>(event: T): T => ({
    ...event,
    day: Math.floor((event.day * days) / own_days),
  })
  if (events === undefined) return undefined
  const { first_holiday, shutdown } = events
  return {
    ...(first_holiday && { first_holiday: moved(first_holiday) }),
    ...(shutdown && { shutdown: moved(shutdown) }),
  }
}

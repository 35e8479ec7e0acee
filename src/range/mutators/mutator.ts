/** What a change of the logs is: a stage between what happened and what is written. */
import type { Centre } from '../centre/centre.ts'
import type { NotLogged } from '../not-logged.ts'
import type { Sink } from '../records.ts'
import { Stream } from '../stream.ts'

export interface LogsOfDay extends Sink {
  /** After the last record of the day. */
  end(): void
}

export interface World {
  centre: Centre
  notLogged: NotLogged
}

/**
 * Prepared once for a world, then called for each day in order. Never changes the records it is given; passes copies on. The
 * background comes before campaigns, so that what a mutator draws for it does not depend on them.
 */
export type Mutator = (world: World) => (day: number, next: Sink) => LogsOfDay

/** The mutator's own randomness for the day, or for what does not change with the day. */
export function drawsOf({ centre }: World, name: string, ...more: readonly (string | number)[]): Stream {
  return new Stream(centre.seed, 'mutate', name, ...more)
}

/** A stage that keeps nothing back and changes nothing but what `change` says. */
export function passing(next: Sink, change: Partial<LogsOfDay>): LogsOfDay {
  return {
    flow: (flow) => next.flow(flow),
    put: (record) => next.put(record),
    end: () => {},
    ...change,
  }
}

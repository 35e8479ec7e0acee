import { expect, test } from 'vitest'
import type { WorkDraft } from '../../incidents/worklist.ts'
import { dayMs } from '../../model/window.ts'
import { type BuiltRow, builtNames, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { Shuffler } from '../../testing/permutation.ts'
import { BeaconWatch } from './beacon-watch.ts'
import { LockstepWatch } from './lockstep-watch.ts'

const names = builtNames((peer) => peer >> 6)
const none = (): boolean => false
/** A Monday. */
const monday = 20_458

/** 60 newcomers a day from one or two of 40 hosts; from day 90 on ten a day from five of ten hosts, the same six each. */
function* newcomers(days: number): Generator<{ day: number; rows: BuiltRow[] }> {
  const draw = new Shuffler(1)
  let peer = 0
  for (let n = 0; n < days; n++) {
    const rows: BuiltRow[] = []
    const come = (count: number, of: () => number): void => {
      peer++
      for (let k = 0; k < count; k++)
        rows.push({ peer, host: of(), age_days: 0, bytes_out: 4e6, tick: draw.below(144) })
    }
    for (let k = 45 + draw.below(30); k > 0; k--) come(1 + draw.below(2), () => 1 + draw.below(40))
    if (n >= 90) for (let k = 0; k < 10; k++) come(5, () => 1 + draw.below(10))
    yield { day: monday + n, rows }
  }
}

test('lockstep is told with hosts, peers and numbers, in words', () => {
  const watch = new LockstepWatch({ seed: 1, names })
  const items: WorkDraft[] = []
  for (const { day, rows } of newcomers(97)) items.push(...watch.day(dayRowsOf(day, rows), none))
  const item = items.filter(({ facts }) => facts.key === 'peer' && facts.window_days === 7).at(-1)
  expect(item?.text).toMatch(
    /^\d+ hosts and \d+ peers first seen within 7 days are closer together than in any of the \d+ spans of 7 days before: density \d\.\d\d, at most \d\.\d\d before; [\d.]+ [MG]B; hosts name-\d+, .* and \d+ more$/,
  )
  expect(item?.detector).toBe('lockstep')
  expect(item?.at_ms).toBeGreaterThanOrEqual((monday + 90) * dayMs)
  expect(item?.facts).toMatchObject({ window_days: 7, spans_before: 9 })
  expect(item?.facts.hosts).toBeGreaterThanOrEqual(10)
  expect(item?.facts.peers_named).toMatch(/^\d+\.\d+\.\d+\.\d+, .* more$/)
})

test('a beacon is told with its host, network and period, in words', () => {
  const watch = new BeaconWatch({ names })
  const draw = new Shuffler(2)
  const items: WorkDraft[] = []
  for (let n = 0; n < 98; n++) {
    const rows = Array.from({ length: 3000 }, () => ({
      ...{ peer: draw.below(300), host: 1 + draw.below(5), tick: draw.below(144), bytes_out: 100 },
    })).filter(({ peer, host }) => peer % 5 === host - 1)
    const calls = Array.from({ length: n < 70 ? 0 : 24 }, (_, k) => ({
      peer: 900,
      host: 3,
      tick: 6 * k + 1,
      bytes_out: 50,
    }))
    items.push(...watch.day(dayRowsOf(monday + n, [...rows, ...calls]), none))
  }
  expect(items.length).toBe(1)
  expect(items[0]).toMatchObject({
    detector: 'beacon',
    subject: 'host:name-3 peers:16.14.3.0/24',
    facts: { host: 'name-3', peers: '16.14.3.0/24', period_minutes: 60, regular_intervals: 167, intervals: 167 },
  })
  expect(items[0].text).toBe(
    'host name-3 sent to 16.14.3.0/24 about every 60 minutes: 167 of 167 intervals from half to twice as long, within 14 days, lie within a fifth of it; 8.40 kB in all',
  )
})

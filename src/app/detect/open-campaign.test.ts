import { expect, test } from 'vitest'
import { PeerMemory } from '../../detectors/peer-memory.ts'
import { ticksPerDay } from '../../model/window.ts'
import { type BuiltRow, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { isLookedAt } from './evening.ts'
import { OpenCampaign, type Trigger } from './open-campaign.ts'

const since = 20_600
const endOf = (day: number): number => (day + 1) * ticksPerDay - 1

const addressOf = (i: number) => ({ hi: new Uint32Array(2), lo: Uint32Array.of(1000 + i, 0) })

/** Few newcomers, each a member by itself as none came before: one a day from the first on, from one host. */
function campaign(more: Partial<Trigger> = {}) {
  const memory = new PeerMemory()
  const open = new OpenCampaign(
    {
      ...{ detector: 'sums', tick: endOf(since), since_day: since, since_ms: since * 86_400_000 },
      ...{ log_e: 6, log_threshold: 5, inPool: () => true, with_old: false, kind: 'campaign', ...more },
    },
    memory,
  )
  const day = (at: number, peers = at - since + 1): void => {
    const rows: BuiltRow[] = Array.from({ length: peers }, (_, i) => ({
      ...{ peer: memory.see(addressOf(i), 0, since + i), host: 1, role: 2, tick: 60, bytes_out: 5e6 },
    }))
    open.add(dayRowsOf(at, rows))
    open.update(endOf(at))
  }
  return { open, day, memory }
}

const members = (open: OpenCampaign): number => [...open.peers].filter(([, weight]) => weight >= 0.5).length

test('what was work when it was declared is detected on the evening on which it is told', () => {
  const { open, day } = campaign()
  day(since)
  expect([open.detected_tick, open.wasTold]).toEqual([endOf(since), false])
  day(since + 1)
  open.told(endOf(since + 1))
  open.told(endOf(since + 9))
  expect([open.detected_tick, open.wasTold]).toEqual([endOf(since + 1), true])
})

test('work that is over takes nobody out of the sums any more, an incident goes on to', () => {
  const [work, incident] = [campaign(), campaign()]
  for (const { day } of [work, incident]) day(since)
  incident.open.told(endOf(since))
  const long = since + 40
  expect([work.open.takes(since + 5), work.open.takes(long)]).toEqual([true, false])
  expect([incident.open.takes(since + 5), incident.open.takes(long)]).toEqual([true, true])
})

test('an incident that turned out to be work takes what work takes, and may be an incident again', () => {
  const { open, day } = campaign()
  day(since)
  open.told(endOf(since))
  const long = since + 40
  open.becameWork()
  expect([open.isIncident, open.wasTold, open.takes(since + 5), open.takes(long)]).toEqual([false, true, true, false])
  open.told(endOf(since + 7))
  expect([open.isIncident, open.detected_tick, open.takes(long)]).toEqual([true, endOf(since), true])
})

test('a burst of which a later declaration is more is a campaign, and all that its members draw is its own', () => {
  const [burst, rest] = [campaign({ kind: 'fast_theft', is_burst: true }), campaign()]
  burst.day(since)
  expect(burst.open.kind).toBe('fast_theft')
  expect(burst.open.ticks.to).toBeLessThanOrEqual((since + 1) * ticksPerDay)
  burst.open.adopt(campaign({ kind: 'fast_theft', is_burst: true }).open)
  expect(burst.open.kind).toBe('fast_theft')
  rest.day(since)
  burst.open.adopt(rest.open)
  expect([burst.open.kind, burst.open.ticks.to]).toEqual(['campaign', Number.POSITIVE_INFINITY])
  expect(burst.open.ticks.from).toBe(since * ticksPerDay)
})

test('what explains its members lets nobody in who draws something else, until it is told', () => {
  const { open, day } = campaign()
  day(since)
  day(since + 1)
  open.explained((_, i) => i === 3)
  for (const at of [since + 2, since + 3]) day(at)
  // the fourth draws what the first two do
  expect([[...open.peers.keys()], open.isExplained]).toEqual([[0, 1, 3], true])
  open.told(endOf(since + 3))
  day(since + 4)
  expect([members(open), open.isExplained]).toEqual([5, false])
})

test('members of a later rise are parted from it, those from before it stay', () => {
  const { open, day, memory } = campaign()
  for (let at = since; at < since + 4; at++) day(at)
  const later = new OpenCampaign({ ...open.trigger, detector: 'further_rise', since_day: since + 2 }, memory)
  later.add(dayRowsOf(since + 3, []))
  for (const peer of [0, 1, 2, 3])
    later.add(dayRowsOf(since + 3, [{ peer, host: 1, role: 2, tick: 61, bytes_out: 5e6 }]))
  later.update(endOf(since + 3))
  open.part(later)
  open.update(endOf(since + 3))
  // while the rise is work nobody goes
  expect([...open.peers.keys()].sort()).toEqual([0, 1, 2, 3])
  later.told(endOf(since + 3))
  open.update(endOf(since + 3))
  expect([...open.peers.keys()].sort()).toEqual([0, 1])
  expect(open.turns.at(-1)).toMatchObject({ kind: 'parted', detector: 'further_rise', peers: 2 })
  day(since + 4)
  expect([...open.peers.keys()].sort()).toEqual([0, 1, 4])
})

test('work is looked at on each evening of a week, then after twice as long each time', () => {
  expect(Array.from({ length: 60 }, (_, i) => i).filter(isLookedAt)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 14, 28, 56])
})

test('what went to the same peers is the same, from whichever hosts', () => {
  const [some, others] = [campaign(), campaign()]
  for (const { day } of [some, others]) day(since)
  for (const at of [since + 1, since + 2]) some.day(at)
  // both remember peers in the order in which they came: the other has one of the three
  expect(others.open.sharedWith(some.open)).toBe(1)
  expect(some.open.sharedWith(others.open)).toBeCloseTo(3 / 6, 12)
})

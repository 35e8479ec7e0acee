import { beforeAll, expect, test } from 'vitest'
import { defaultConfig } from '../../config/config-schema.ts'
import type { Incident } from '../../model/incident.ts'
import { dayMs, tickMs, ticksPerDay } from '../../model/window.ts'
import { type Injection, inject } from '../../prove/injection.ts'
import { parseCampaigns } from '../../prove/spec.ts'
import { buildArrivals } from '../../testing/arrivals-builder.ts'
import { buildFindings, buildIncident } from '../../testing/incident-builder.ts'
import { givenOf } from './given.ts'
import { firstTick, peersOf } from './placement.ts'
import { beforeTick, sightingOf } from './sighting.ts'

const start_day = 20_005
let drawn: () => Injection

beforeAll(async () => {
  const store = buildArrivals({ days: 10, hosts: 4, first_day: 20_000 })
  const config = defaultConfig()
  const { background } = await givenOf({ name: 'a site', store, config, verdicts: [], before: [], now_ms: 0 })
  const [spec] = parseCampaigns('hosts=4,peers=8,days=5,share=0.5')
  drawn = () => {
    const injection = inject(background, spec, { start_day, seed: 1, key: 'sight' })
    if (typeof injection === 'string') throw new Error(injection)
    return injection
  }
})

/** An incident that names so many of the campaign's peers, declared so many days after its first byte. */
function incident(injection: Injection, named: number, after_days: number): Incident {
  const whole = buildIncident()
  const [peer] = whole.members.peers
  const peers = [...peersOf(injection)].slice(0, named).map((id) => ({ ...peer, id }))
  const detected_at_ms = firstTick(injection) * tickMs + after_days * dayMs
  return { ...whole, detected_at_ms, members: { ...whole.members, peers: [...whole.members.peers, ...peers] } }
}

test('found is what names a peer of it, after how long, and what had left by then', () => {
  const injection = drawn()
  expect(sightingOf(injection, buildFindings([incident(injection, 0, 2)]))).toMatchObject({
    ...{ found: false, delay_days: null, bytes_lost: null },
  })
  const found = sightingOf(injection, buildFindings([incident(injection, 1, 2)]))
  expect(found).toMatchObject({ found: true, delay_days: 2, hosts: 4, days: 5, share: 0.5 })
  expect(found.bytes_lost).toBeGreaterThan(0)
  expect(found.bytes_lost).toBeLessThan(injection.bytes_out)
})

test('of several incidents the one that names most of it counts', () => {
  const injection = drawn()
  const both = [incident(injection, 1, 1), incident(injection, 6, 3)]
  expect(sightingOf(injection, buildFindings(both)).delay_days).toBe(3)
})

test('what joins an incident that was open before is found, at no time of its own', () => {
  const injection = drawn()
  expect(sightingOf(injection, buildFindings([incident(injection, 3, -4)]))).toMatchObject({
    ...{ found: true, delay_days: null, bytes_lost: null },
  })
})

test('nothing leaves from the tick on at which the books end', () => {
  const until = (start_day + 2) * ticksPerDay + 60
  const days = beforeTick(drawn(), until).days
  expect([...days.keys()]).toEqual([start_day, start_day + 1, start_day + 2])
  const all = drawn().days.get(start_day + 2)
  const cut = days.get(start_day + 2)
  const kept = [...(all?.data.tick.subarray(0, all.length) ?? [])].filter((tick) => tick < until)
  expect(cut && [...cut.data.tick.subarray(0, cut.length)]).toEqual(kept)
  expect(kept.length).toBeLessThan(all?.length ?? 0)
})

import { beforeAll, describe, expect, test } from 'vitest'
import { formatHalves } from '../model/address.ts'
import type { ArrivalColumns } from '../model/arrival.ts'
import { countAt } from '../model/count.ts'
import { ticksPerDay } from '../model/window.ts'
import { buildArrivals } from '../testing/arrivals-builder.ts'
import { Background, halfAt } from './background.ts'
import { InjectedArrivals } from './injected-arrivals.ts'
import { type Injection, inject } from './injection.ts'
import { parseCampaigns } from './spec.ts'

const [first_day, dayCount] = [20_000, 40]
const store = buildArrivals({ days: dayCount, hosts: 12, first_day })
const background = new Background(Array.from({ length: dayCount }, (_, i) => first_day + i))

beforeAll(async () => {
  for (const day of background.days)
    for await (const chunk of store.readArrivals(day * ticksPerDay, (day + 1) * ticksPerDay)) background.add(day, chunk)
  await background.learnNames((ids) => store.nameTexts(ids))
})

const line = 'hosts=5,peers=30,share=0.05,days=10,stay=4,history=20,piece=3MB'

function placed(text = line, seed = 1): Injection {
  const injection = inject(background, parseCampaigns(text)[0], { start_day: first_day + 20, seed, key: 'a' })
  if (typeof injection === 'string') throw new Error(injection)
  return injection
}

/** Each row as text, in the order of the store's rows. */
async function rowsOf(arrivals: Pick<InjectedArrivals, 'readArrivals'>, from = first_day, to = first_day + dayCount) {
  const rows: { tick: number; inside: bigint; peer: bigint; text: string }[] = []
  for await (const { data, length } of arrivals.readArrivals(from * ticksPerDay, to * ticksPerDay))
    for (let i = 0; i < length; i++)
      rows.push({
        ...{ tick: data.tick[i], inside: halfAt(data.inside.lo, i), peer: halfAt(data.peer.lo, i) },
        text: Object.entries(data)
          .map(([name, column]) =>
            'hi' in column
              ? `${halfAt(column.hi, i)}:${halfAt(column.lo, i)}`
              : String(['bytes_out', 'flows'].includes(name) ? countAt(column as Uint32Array, i) : column[i]),
          )
          .join(' '),
      })
  return rows
}

const bytesOf = (days: Iterable<ArrivalColumns>): bigint => {
  let sum = 0n
  for (const { data, length } of days) for (let i = 0; i < length; i++) sum += countAt(data.bytes_out, i)
  return sum
}

describe('what is injected', () => {
  test('is the plan to the byte, on its days alone', () => {
    for (const hours of ['people', 'night', 'flat']) {
      const injection = placed(`${line},hours=${hours},duty=0.6`)
      const egress = background.series.site.all.subarray(0, 20).reduce((sum, bytes) => sum + bytes, 0) / 20
      expect(injection.bytes_out).toBe(Math.round(egress * 0.05 * 10))
      expect(bytesOf(injection.days.values())).toBe(BigInt(injection.bytes_out))
      for (const [day, { data, length }] of injection.days) {
        expect(day).toBeGreaterThanOrEqual(injection.start_day)
        expect(day).toBeLessThan(injection.end_day)
        for (let i = 0; i < length; i++) expect(Math.floor(data.tick[i] / ticksPerDay)).toBe(day)
      }
    }
  })

  test('rises over the days of a ramp, and stays the plan to the byte', () => {
    const { bytes_out, days } = placed('hosts=5,peers=30,share=0.05,days=10,stay=4,history=20,ramp=8,hours=flat')
    const daily = [...days.values()].map((each) => Number(bytesOf([each])))
    expect(daily.reduce((sum, bytes) => sum + bytes, 0)).toBe(bytes_out)
    for (const [at, bytes] of daily.entries()) expect(bytes / daily[9]).toBeCloseTo(Math.min(1, (at + 1) / 8), 5)
  })

  test('comes from as many hosts, to as many peers in different networks that nobody has', () => {
    const { hosts, peers } = placed()
    expect(hosts.size).toBe(5)
    expect(peers.size).toBe(30)
    expect(new Set([...peers].map((peer) => peer >>> 8)).size).toBe(30)
    for (const peer of peers) {
      expect(background.isUsed(peer >>> 8)).toBe(false)
      expect(formatHalves(0n, (0xffffn << 32n) | BigInt(peer))).toMatch(
        /^(198\.1[89]\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)/,
      )
    }
  })

  test('passes from peers to others after their stay', () => {
    const { days } = placed()
    const seen = new Map<number, Set<number>>()
    for (const [day, { data, length }] of days)
      for (let i = 0; i < length; i++)
        seen.set(data.peer.lo[2 * i], (seen.get(data.peer.lo[2 * i]) ?? new Set()).add(day))
    for (const on of seen.values()) expect(Math.max(...on) - Math.min(...on)).toBeLessThan(4)
  })

  test('one peer that stays for a day serves a campaign of ten: no day is without one', () => {
    const { days, bytes_out } = placed('hosts=1,peers=1,stay=1,share=0.01,days=10,history=20,hours=flat')
    expect(days.size).toBe(10)
    expect(bytesOf(days.values())).toBe(BigInt(bytes_out))
  })

  test('keeps to a vault where that is asked', () => {
    for (const { data, length } of placed(`${line},vault=genomes`).days.values())
      for (let i = 0; i < length; i++) expect(data.vault[i]).toBe(2)
  })

  test('is the same for the same seed, another for another', async () => {
    const texts = async (seed: number): Promise<string[]> =>
      (await rowsOf(new InjectedArrivals(store, placed(line, seed), first_day + dayCount))).map(({ text }) => text)
    expect(await texts(1)).toEqual(await texts(1))
    expect(await texts(2)).not.toEqual(await texts(1))
  })

  test('takes reserved addresses where all others occur in the background', () => {
    const isUsed = background.isUsed.bind(background)
    background.isUsed = (network) => network < 0xf00000
    try {
      const networks = [...placed().peers].map((peer) => peer >>> 16)
      expect(new Set(networks)).toEqual(new Set([0xf000]))
    } finally {
      background.isUsed = isUsed
    }
  })

  test('cannot be placed where there are too few hosts, and says so', () => {
    const spec = parseCampaigns('hosts=7,vault=genomes,history=20')[0]
    const reason = inject(background, spec, { start_day: first_day + 20, seed: 1, key: 'a' })
    expect(reason).toBe("6 hosts sent anything out of vault 'genomes' before the start, 7 are asked")
  })
})

describe('arrivals with a campaign among them', () => {
  test('without it they are the rows of the store', async () => {
    const own = await rowsOf(store)
    const plain = new InjectedArrivals(store, undefined, first_day + dayCount)
    expect(await rowsOf(plain)).toEqual(own)
    expect(await plain.arrivalDays()).toEqual(await store.arrivalDays())
  })

  test('all rows of both are there, in the order of ticks, inside addresses and peers', async () => {
    const injection = placed()
    const both = new InjectedArrivals(store, injection, first_day + dayCount)
    const rows = await rowsOf(both)
    const own = (await rowsOf(store)).map(({ text }) => text)
    const sizes = await both.arrivalDays()
    expect([...sizes.values()].reduce((sum, n) => sum + n, 0)).toBe(rows.length)
    expect(rows.length - own.length).toBe([...injection.days.values()].reduce((sum, { length }) => sum + length, 0))
    const added = new Set(injection.peers)
    expect(rows.filter(({ peer }) => !added.has(Number(peer & 0xffffffffn))).map(({ text }) => text)).toEqual(own)
    for (const [i, row] of rows.slice(1).entries()) {
      const before = rows[i]
      const isInOrder =
        before.tick !== row.tick
          ? before.tick < row.tick
          : before.inside !== row.inside
            ? before.inside < row.inside
            : before.peer < row.peer
      expect(isInOrder).toBe(true)
    }
  })

  test('end with the last day that has happened', async () => {
    const cut = new InjectedArrivals(store, placed(), first_day + 25)
    expect(Math.max(...(await cut.arrivalDays()).keys())).toBe(first_day + 24)
    expect((await rowsOf(cut)).every(({ tick }) => tick < (first_day + 25) * ticksPerDay)).toBe(true)
  })
})

/** Days of a small site through every detector: what becomes one campaign, what stays apart, and what is none. */
import { describe, expect, test } from 'vitest'
import type { ArrivalDays } from '../../src/app/detect/arrival-days.ts'
import { HostDays } from '../../src/app/detect/host-days.ts'
import { type Judged, judgeDays } from '../../src/app/detect/judge-days.ts'
import { alphas } from '../../src/detectors/budget.ts'
import type { DayRows } from '../../src/detectors/day-rows.ts'
import { readRowsOf } from '../../src/detectors/names/read-rows.ts'
import { PeerMemory } from '../../src/detectors/peer-memory.ts'
import type { Notice } from '../../src/model/incident.ts'
import { ticksPerDay } from '../../src/model/window.ts'
import { type BuiltRow, dayRowsOf } from '../../src/testing/day-rows-builder.ts'
import { firstTaker, smallSiteRows, takersRows } from '../../src/testing/small-site.ts'

const firstDay = 20_500
const site = { seed: 3, every: 6, regular: 0.1, stranger: 0.2, strangers: () => 2, most: 2 }

type RowsOf = (day: number) => readonly BuiltRow[]

/** As `ArrivalDays` reads them out of the books. Rows that were given back are spoiled. */
class BuiltDays {
  readonly #rowsOf: RowsOf
  readonly #memory: PeerMemory
  readonly #peers: number[] = []
  readonly #days: number

  constructor(rowsOf: RowsOf, memory: PeerMemory, days: number) {
    this.#rowsOf = rowsOf
    this.#days = days
    this.#memory = memory
  }

  async days(): Promise<number[]> {
    return Array.from({ length: this.#days }, (_, i) => firstDay + i)
  }

  async read(day: number): Promise<{ rows: DayRows; notices: Notice[] }> {
    const rows = dayRowsOf(day, [...this.#rowsOf(day - firstDay), { peer: 0, bytes_out: 1, tick: ticksPerDay - 1 }])
    for (let i = 0; i < rows.length; i++) {
      const number = this.#memory.see({ hi: new Uint32Array(2), lo: Uint32Array.of(rows.peer[i], 0) }, 0, day)
      this.#peers[number] = rows.peer[i]
      rows.peer[i] = number
      rows.age_days[i] = this.#memory.ageOn(number, day)
    }
    return { rows, notices: [] }
  }

  release(rows: DayRows): void {
    for (const column of Object.values(rows)) if (typeof column !== 'number') column.fill(9)
  }

  async reads(day: number): Promise<DayRows> {
    return readRowsOf(day, [])
  }

  text(id: number): string {
    return id === 0 ? '' : `name-${id}`
  }

  peer(index: number): string {
    const number = this.#peers[index]
    return `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`
  }
}

const usualDays = 90

interface JudgedSite extends Judged {
  takersOf: (campaign: Judged['campaigns'][number]) => number
}

async function judged(rowsOf: RowsOf, days = usualDays): Promise<JudgedSite> {
  const memory = new PeerMemory()
  const hosts = new HostDays()
  const arrivals = new BuiltDays(rowsOf, memory, days)
  const result = await judgeDays({
    ...{ arrivals: arrivals as unknown as ArrivalDays, memory, seed: 7, alpha: alphas(1) },
    vaults: { isOpen: () => false, projectOf: (vault) => vault, hasProject: () => true },
    nameOf: (kind, entity) => `${kind}-${entity}`,
    isQuiet: () => false,
    evenings: { hosts, addressesOf: new Map(), question: { projectOf: () => '', openVaults: new Set() } },
    observers: [hosts],
    onDay: () => {},
  })
  const isTaker = (peer: number): boolean => Number(arrivals.peer(peer).split('.')[1]) >= firstTaker >> 16
  return {
    ...result,
    takersOf: (campaign) => [...campaign.peers].filter(([peer, weight]) => weight >= 0.5 && isTaker(peer)).length,
  }
}

const quiet: RowsOf = (day) => smallSiteRows(day, site)

describe('days without a theft', () => {
  test('have no campaign that is told', async () => {
    const { campaigns, days: seen } = await judged(quiet)
    expect(campaigns.filter(({ wasTold }) => wasTold)).toEqual([])
    expect(seen).toHaveLength(usualDays)
  })
})

describe('a theft by newcomers from two hosts', () => {
  const begins = 70
  const rowsOf: RowsOf = (day) => [
    ...quiet(day),
    ...(day < begins ? [] : takersRows(day, { count: 20, bytes_an_hour: 3e7, hostOf: (taker) => 1 + (taker % 2) })),
  ]

  test('is one incident, however many modules declare it, with its peers and both hosts', async () => {
    const { campaigns, takersOf } = await judged(rowsOf)
    const told = campaigns.filter(({ wasTold }) => wasTold)
    expect(told).toHaveLength(1)
    const [incident] = told
    expect(takersOf(incident)).toBeGreaterThan(0.9 * 20 * (usualDays - begins))
    expect([...incident.hosts].filter(([, weight]) => weight >= 0.5).map(([host]) => host)).toEqual(
      expect.arrayContaining([1, 2]),
    )
    const delay = incident.detected_tick / ticksPerDay - (firstDay + begins)
    expect(delay).toBeGreaterThan(0)
    expect(delay).toBeLessThan(5)
  })

  test('is the same to the last bit when it is judged again', async () => {
    const facts = ({ campaigns, drafts }: Judged) => ({
      campaigns: campaigns.map(({ trigger, peers, hosts, turns, detected_tick }) => ({
        ...{ log_e: trigger.log_e, tick: trigger.tick, turns, detected_tick, peers: [...peers], hosts: [...hosts] },
      })),
      drafts,
    })
    expect(facts(await judged(rowsOf))).toEqual(facts(await judged(rowsOf)))
  })
})

describe('two thefts at the same time', () => {
  const begins = 70
  const later = 40
  const other = 5_000_000
  const rowsOf: RowsOf = (day) => {
    if (day < begins) return quiet(day)
    const first = takersRows(day, { count: 20, bytes_an_hour: 3e7 })
    // others, from a host that none of the first draws from, once what is usual beside the first is known
    const second = day < begins + later ? [] : takersRows(day, { count: 20, bytes_an_hour: 6e7, hostOf: () => 3 })
    return [...quiet(day), ...first, ...second.map((row) => ({ ...row, peer: row.peer + other }))]
  }

  test('stay two, and none has the peers of the other', async () => {
    const { campaigns } = await judged(rowsOf, 125)
    const told = campaigns.filter(({ wasTold }) => wasTold)
    expect(told.map(({ trigger }) => Math.floor(trigger.tick / ticksPerDay) - firstDay >= begins + later)).toEqual([
      false,
      true,
    ])
    expect(told[1].sharedWith(told[0])).toBe(0)
  })
})

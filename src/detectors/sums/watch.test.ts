import { beforeAll, describe, expect, test } from 'vitest'
import { logSum } from '../../math/log-sum.ts'
import { dayMs, ticksPerDay } from '../../model/window.ts'
import { type BuiltRow, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { firstTaker, smallSiteRows, takersRows } from '../../testing/small-site.ts'
import { ageUnknownDays } from '../peer-memory.ts'
import { scales } from './channels.ts'
import { grains } from './stream.ts'
import { type Declaration, shortShare, Watch, type WatchOptions } from './watch.ts'

const firstDay = 20_500
const none = (): boolean => false

interface Plan {
  days: number
  /** First day of a campaign: 25 newcomers a day who take 40 MB every hour from one host. */
  campaign_from?: number
  /** Vault that the campaign takes from; vault 1 is everybody's. */
  campaign_vault?: number
}

const drawn = new Map<string, readonly BuiltRow[]>()
function rowsOf(day: number, plan: Plan): readonly BuiltRow[] {
  const { campaign_from = Number.POSITIVE_INFINITY, campaign_vault = 1 } = plan
  const key = [day, day >= campaign_from, campaign_vault].join(' ')
  const rows = drawn.get(key) ?? drawRows(day, plan)
  drawn.set(key, rows)
  return rows
}

const site = { seed: 5, every: 3, regular: 0.05, stranger: 0.1, strangers: () => 2, most: 2 }

function drawRows(day: number, { campaign_from = Number.POSITIVE_INFINITY, campaign_vault = 1 }: Plan): BuiltRow[] {
  const taken = { count: 25, bytes_an_hour: 4e7, vault: campaign_vault }
  return [...smallSiteRows(day, site), ...(day >= campaign_from ? takersRows(day, taken) : [])]
}

const alpha = { sums: 0.006, bursts: 0.02 }
const watchOf = (more: Partial<WatchOptions> = {}): Watch =>
  new Watch({ seed: 7, alpha, nameOf: (_, entity) => `name-${entity}`, isQuiet: () => false, ...more })

interface Watched {
  watch: Watch
  declared: Map<number, Declaration>
  /** What every stream held at the end of each day. */
  held: string[][]
}

function watched(plan: Plan, more: Partial<WatchOptions> = {}, at_end = false): Watched {
  const watch = watchOf(more)
  const declared = new Map<number, Declaration>()
  const held: string[][] = []
  for (let day = 0; day < plan.days; day++) {
    const found = watch.day(dayRowsOf(firstDay + day, rowsOf(day, plan)), none, at_end)
    if (found) declared.set(day, found)
    held.push(heldBy(watch))
  }
  return { watch, declared, held }
}

/** Exactly: numbers are written so that equal texts are equal bits. */
const heldBy = (watch: Watch): string[] => watch.strongest().map(({ series, log_e }) => `${series.name} ${log_e}`)

const campaign_from = 60
const plan: Plan = { days: 63, campaign_from }
const isMember = (rows: { peer: Int32Array }, i: number): boolean => rows.peer[i] >= firstTaker

describe('a small site and a campaign', () => {
  let all: Watched
  beforeAll(() => {
    all = watched(plan)
  })

  test('it is declared within two days, and nothing before it', () => {
    const [first] = all.declared.keys()
    expect(first).toBeGreaterThanOrEqual(campaign_from)
    expect(first).toBeLessThan(campaign_from + 2)
    const { module, tick, log_e, log_threshold, since_ms, leading } = all.declared.get(first) as Declaration
    expect(Math.floor(tick / ticksPerDay)).toBe(firstDay + first)
    expect(log_threshold).toBe(-Math.log(alpha[module]))
    expect(log_e).toBeGreaterThanOrEqual(log_threshold)
    expect(Math.abs(since_ms / dayMs - (firstDay + campaign_from))).toBeLessThan(1)
    expect(leading.length).toBeGreaterThan(0)
    expect(since_ms).toBe(leading[0].since_ms)
    expect(leading.map((each) => each.log_e)).toEqual(leading.map((each) => each.log_e).sort((a, b) => b - a))
  })

  test('what happens after the tick of a declaration changes nothing of it', () => {
    const [day, declared] = [...all.declared][0]
    const within = declared.tick - (firstDay + day) * ticksPerDay
    const watch = watchOf()
    for (let before = 0; before < day; before++) watch.day(dayRowsOf(firstDay + before, rowsOf(before, plan)), none)
    const cut = rowsOf(day, plan).filter(({ tick = 0 }) => tick <= within)
    const again = watch.day(dayRowsOf(firstDay + day, cut), none) as Declaration
    expect(again.tick).toBe(declared.tick)
    expect(again.log_e).toBe(declared.log_e)
    expect(again.leading.map(({ series, log_e }) => [series.name, log_e])).toEqual(
      declared.leading.map(({ series, log_e }) => [series.name, log_e]),
    )
  })

  test('fewer days give what the same days of more gave, to the last bit', () => {
    const fewer = watched({ ...plan, days: 50 })
    expect(fewer.held).toEqual(all.held.slice(0, 50))
    expect(fewer.declared.size).toBe(0)
  })

  test('a day judged as a whole is declared at its end', () => {
    const whole = watched(plan, {}, true)
    const [day, { tick, log_e, log_threshold }] = [...whole.declared][0]
    expect((tick + 1) % ticksPerDay).toBe(0)
    expect(day).toBeGreaterThanOrEqual(campaign_from)
    expect(log_e).toBeGreaterThanOrEqual(log_threshold)
    expect(whole.held).toEqual(all.held)
  })

  test('the merged evidence is the weighted mean of streams, by weights that were fixed before', () => {
    const strongest = all.watch.strongest()
    const moduleOf = (id: string): string => scales.find((scale) => scale.id === id)?.module ?? ''
    for (const { series } of strongest) {
      const scale = scales.find(({ id }) => id === series.scale) ?? { weight: 0 }
      const weights = [series.band, series.measure, scale, ...(series.hosts ? [series.statistic] : [])]
      const weight = weights.reduce((product, each) => product * each.weight, series.pool.weight / series.pool.entities)
      expect(series.weight).toBeCloseTo(weight, 15)
      expect(series.share).toBe(series.weight * (series.stream.isShort ? shortShare : 1))
    }
    for (const module of ['sums', 'bursts']) {
      const own = strongest.filter(({ series }) => moduleOf(series.scale) === module)
      const total = own.reduce((sum, { series }) => sum + series.weight, 0)
      expect(total).toBeLessThanOrEqual(1)
      for (const { series, log_e } of own)
        expect(log_e - series.stream.log_e).toBeCloseTo(Math.log(series.share / Math.max(0.1, total)), 12)
    }
    // what is declared at the end of a day is what its streams hold then
    const whole = watched(plan, {}, true)
    const [[day, { module, log_e }]] = whole.declared
    const again = watched({ ...plan, days: day + 1 }, {}, true)
    const own = again.watch.strongest().filter(({ series }) => moduleOf(series.scale) === module)
    expect(logSum(own.map((each) => each.log_e))).toBeCloseTo(log_e, 10)
  })

  test('replayed without the campaign it is a watch that left it out from the start, to the last bit', () => {
    const { watch } = watched(plan)
    for (let day = campaign_from; day < plan.days; day++)
      watch.learn(dayRowsOf(firstDay + day, rowsOf(day, plan)), isMember)
    watch.replay(new Set(['sums', 'bursts']))
    const never = watchOf()
    for (let day = 0; day < plan.days; day++)
      expect(never.day(dayRowsOf(firstDay + day, rowsOf(day, plan)), isMember)).toBeUndefined()
    never.replay(new Set(['sums', 'bursts']))
    for (let day = plan.days; day < plan.days + 3; day++) {
      const rows = dayRowsOf(firstDay + day, rowsOf(day, plan))
      expect([watch.day(rows, isMember), never.day(rows, isMember)]).toEqual([undefined, undefined])
      expect(heldBy(watch)).toEqual(heldBy(never))
    }
    expect(watch.maturity()).toEqual(never.maturity())
  })

  test('what was spent stays so when the days are replayed for another module', () => {
    const { watch } = watched(plan)
    watch.replay(new Set(['sums', 'bursts']))
    const spent = heldBy(watch)
    watch.replay(new Set([undefined]))
    expect(heldBy(watch)).toEqual(spent)
    watch.replay(new Set())
    expect(heldBy(watch)).toEqual(spent)
    expect(watch.strongest().every(({ log_e }) => log_e === Number.NEGATIVE_INFINITY)).toBe(true)
  })

  test('ids identify and nothing more: other ids of the same names give the same', () => {
    const watch = watchOf({ nameOf: (kind, entity) => `name-${kind === 'role' ? entity : (9000 - entity) / 7}` })
    const declared: number[] = []
    for (let day = 0; day < plan.days; day++) {
      const rows = dayRowsOf(firstDay + day, rowsOf(day, plan))
      for (const column of [rows.vault, rows.service, rows.host]) column.forEach((id, i) => (column[i] = 9000 - 7 * id))
      const found = watch.day(rows, none)
      if (found) declared.push(found.tick, found.log_e)
    }
    expect(heldBy(watch)).toEqual(all.held.at(-1))
    expect(declared).toEqual([...all.declared.values()].flatMap(({ tick, log_e }) => [tick, log_e]))
  })

  test('maturity names when each pool, band and scale is mature, as grains and bands let expect', () => {
    const rows = all.watch.maturity()
    const of = (pool: string, channel: string, scale: string) =>
      rows.find((row) => row.pool === pool && row.channel === channel && row.scale === scale)
    expect(rows).toHaveLength(new Set(rows.map(({ pool, channel, scale }) => [pool, channel, scale].join())).size)
    expect(of('site', 'all', '1 h')).toMatchObject({ level: 'mature', mature_from_ms: null })
    const days = of('site', 'all', '1 d')
    expect(days?.level).toBe('weak')
    const missing = grains['1 d'].mature - (days?.ticks ?? 0)
    expect(days?.mature_from_ms).toBe((firstDay + plan.days + missing) * dayMs)
    const rare = of('site', 'rare', '1 d')
    expect(rare).toMatchObject({ level: 'policy_only', ticks: 0 })
    const least = firstDay + ageUnknownDays + 60 + grains['1 d'].mature
    expect((rare?.mature_from_ms as number) / dayMs).toBeGreaterThanOrEqual(least)
    // a season's first values and those that wait come before the first reference
    expect((rare?.mature_from_ms as number) / dayMs).toBeLessThanOrEqual(least + 8 + grains['1 d'].delay)
  })
})

test('quiet days of the calendar are no evidence and teach nothing', () => {
  const isQuiet = (day: number): boolean => day >= firstDay + 36 && day < firstDay + 43
  const busy = watched({ days: 52 }, { isQuiet })
  const watch = watchOf({ isQuiet })
  for (let day = 0; day < 52; day++) {
    const rows = rowsOf(day, { days: 52 })
    const odd = isQuiet(firstDay + day) ? rows.map((row) => ({ ...row, bytes_out: 50 * row.bytes_out })) : rows
    expect(watch.day(dayRowsOf(firstDay + day, odd), none)).toBeUndefined()
  }
  const hours = (held: readonly string[]): string[] => held.filter((text) => text.includes('1 h'))
  expect(hours(heldBy(watch))).toEqual(hours(busy.held.at(-1) ?? []))
})

test('a stake that few mature streams hold is never the whole one', () => {
  const { watch } = watched({ days: 20 })
  const strongest = watch.strongest()
  expect(strongest.length).toBeGreaterThan(0)
  const total = strongest.reduce((sum, { series }) => sum + series.weight, 0)
  expect(total).toBeLessThan(0.1)
  for (const { series, log_e } of strongest)
    expect(log_e - series.stream.log_e).toBeCloseTo(Math.log((shortShare * series.weight) / 0.1), 12)
})

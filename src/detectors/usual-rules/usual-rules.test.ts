import { describe, expect, test } from 'vitest'
import { keyedUniform } from '../../math/keyed-uniform.ts'
import { normalQuantile } from '../../math/normal.ts'
import { type DayRows, unknownAge, vouchedAge } from '../day-rows.ts'
import { type UsualAlarm, UsualRules, usualRules } from './usual-rules.ts'
import { tallyUsualRules } from './usual-rules-tally.ts'

interface Row {
  host: number
  peer: number
  bytes_out: number
  unexplained?: 0 | 1
  age_days?: number
}

const firstDay = 20_000

function rowsOf(day: number, rows: readonly Row[]): DayRows {
  const { length } = rows
  const ids = (): Int32Array => new Int32Array(length)
  return {
    day: firstDay + day,
    length,
    tick: new Uint32Array(length).fill((firstDay + day) * 144),
    host: Int32Array.from(rows, ({ host }) => host),
    role: new Uint8Array(length),
    peer: Int32Array.from(rows, ({ peer }) => peer),
    age_days: Uint16Array.from(rows, ({ age_days = unknownAge }) => age_days),
    account: ids(),
    project: ids(),
    vault: ids(),
    client_org: ids(),
    gateway: ids(),
    client_fp: ids(),
    peer_asn: new Uint32Array(length),
    service: ids(),
    bytes_out: Float64Array.from(rows, ({ bytes_out }) => bytes_out),
    flows: new Uint32Array(length).fill(1),
    unexplained: Uint8Array.from(rows, ({ unexplained = 1 }) => unexplained),
    untold: new Uint8Array(length),
    explanation: ids(),
  }
}

const draw = (mean: number, sigma: number, ...keys: number[]): number =>
  Math.round(mean * Math.exp(sigma * normalQuantile(keyedUniform(9, ...keys))))

/** 20 hosts that serve 50 known peers, and each day one peer that nobody has seen, of its own for a day. */
function background(day: number): Row[] {
  const rows: Row[] = []
  for (let host = 1; host <= 20; host++)
    rows.push({ host, peer: host % 50, bytes_out: draw(1e9 * host, 0.4, 1, host, day) })
  rows.push({ host: 1 + (day % 20), peer: 1000 + day, bytes_out: draw(1e8, 0.8, 2, day) })
  return rows
}

function run(days: number, extra: (day: number) => Row[] = () => [], reference = 60): UsualRules {
  const rules = new UsualRules({ reference_until_day: firstDay + reference })
  for (let day = 0; day < days; day++) rules.day(rowsOf(day, [...background(day), ...extra(day)]))
  return rules
}

const of = (alarms: readonly UsualAlarm[], rule: string): UsualAlarm[] => alarms.filter((each) => each.rule === rule)
const ruleIds = usualRules.map(({ id }) => id)

describe('the usual rules', () => {
  test('keep to one false alarm a month where their lines were set', () => {
    const rules = run(90)
    for (const { rule, line, tuned_days, allowed_alarms } of rules.lines()) {
      expect(line, rule).toBeDefined()
      expect(allowed_alarms, rule).toBe(Math.floor((12 * tuned_days) / 365))
      const during = of(rules.alarms(), rule).filter(({ day }) => day < firstDay + 60)
      expect(during.length, rule).toBeLessThanOrEqual(allowed_alarms)
    }
    expect(rules.lines().map(({ rule }) => rule)).toEqual(ruleIds)
  })

  test('say nothing before their lines are set, and nothing at all on three weeks of reference', () => {
    expect(
      run(90)
        .alarms()
        .every(({ day }) => day >= firstDay + 30),
    ).toBe(true)
    const young = run(60, () => [], 21)
    expect(young.alarms()).toEqual([])
    expect(young.lines().every(({ line }) => line === undefined)).toBe(true)
  })

  test('all that can, name a host that sends fifty times its usual', () => {
    const alarms = run(90, (day) => (day >= 70 ? [{ host: 3, peer: 3, bytes_out: 150e9 }] : [])).alarms()
    for (const rule of ['host_quota', 'host_ewma', 'host_cusum']) {
      const named = of(alarms, rule).filter(({ subject, day }) => subject.id === 3 && day >= firstDay + 70)
      expect(named[0]?.day, rule).toBeLessThan(firstDay + 73)
    }
    const quota = of(alarms, 'host_quota').find(({ subject, day }) => subject.id === 3 && day === firstDay + 70)
    expect(quota?.value).toBeGreaterThan(150e9)
    expect(quota?.line).toBeLessThan(30e9)
  })

  test('name a new peer above the size of other new ones, once known no more', () => {
    const extra = (day: number): Row[] => (day >= 70 ? [{ host: 5, peer: 7777, bytes_out: 20e9 }] : [])
    const alarms = of(run(90, extra).alarms(), 'new_peer').filter(({ subject }) => subject.id === 7777)
    expect(alarms.map(({ day }) => day - firstDay)).toEqual([70, 71, 72, 73, 74, 75, 76])
    expect(alarms[0].subject.kind).toBe('peer')
  })

  test('count no peer as new that is vouched for or whose bytes are expected', () => {
    for (const kind of [{ unexplained: 0 as const }, { age_days: vouchedAge }]) {
      const extra = (day: number): Row[] => (day >= 70 ? [{ host: 5, peer: 7777, bytes_out: 20e9, ...kind }] : [])
      const later = run(90, extra)
        .alarms()
        .filter(({ day }) => day >= firstDay + 70)
      expect(of(later, 'new_peer').filter(({ subject }) => subject.id === 7777)).toEqual([])
      expect(of(later, 'host_quota_new').filter(({ subject }) => subject.id === 5)).toEqual([])
    }
  })

  test('see a new name among the top peers', () => {
    const extra = (day: number): Row[] => (day >= 70 ? [{ host: 20, peer: 7777, bytes_out: 90e9 }] : [])
    const alarms = of(run(90, extra).alarms(), 'top_peers').filter(({ subject }) => subject.id === 7777)
    expect(alarms).toEqual([
      { rule: 'top_peers', day: firstDay + 70, subject: { kind: 'peer', id: 7777 }, value: 1, line: 10 },
    ])
  })

  test('miss a little from each of 20 hosts to new peers where no tool looks at new peers, and sums to new peers tell', () => {
    const extra = (day: number): Row[] =>
      day < 60 ? [] : Array.from({ length: 20 }, (_, i) => ({ host: i + 1, peer: 5000 + 20 * day + i, bytes_out: 1e8 }))
    const alarms = run(80, extra).alarms()
    const clean = run(80).alarms()
    expect(of(alarms, 'site_cusum').length).toBeLessThanOrEqual(of(clean, 'site_cusum').length)
    expect(of(alarms, 'site_cusum_new')[0]?.day).toBeLessThan(firstDay + 70)
  })

  test('a host without a name has no rule of its own', () => {
    const extra = (day: number): Row[] => (day >= 70 ? [{ host: 0, peer: 3, bytes_out: 900e9 }] : [])
    expect(
      run(90, extra)
        .alarms()
        .some(({ subject }) => subject.kind === 'host' && subject.id === 0),
    ).toBe(false)
  })

  test('do not depend on the size of ids', () => {
    const rename = (rules: UsualRules, shift: (id: number) => number): void => {
      for (let day = 0; day < 80; day++) {
        const rows = background(day)
        if (day > 65) rows.push({ host: 4, peer: 2, bytes_out: 50e9 })
        rules.day(
          rowsOf(
            day,
            rows.map((row) => ({ ...row, host: shift(row.host) })),
          ),
        )
      }
    }
    const shift = (id: number): number => 1000 - 7 * id
    const [plain, shifted] = [0, 1].map(() => new UsualRules({ reference_until_day: firstDay + 60 }))
    rename(plain, (id) => id)
    rename(shifted, shift)
    const renamed = plain
      .alarms()
      .map((alarm) =>
        alarm.subject.kind === 'host' ? { ...alarm, subject: { kind: 'host', id: shift(alarm.subject.id) } } : alarm,
      )
    expect(shifted.alarms()).toEqual(renamed)
    expect(renamed.length).toBeGreaterThan(10)
  })
})

test('a tally counts what was named on the days compared', () => {
  const alarm = (day: number, kind: 'host' | 'peer', id: number): UsualAlarm => ({
    ...{ rule: 'new_peer', day, subject: { kind, id } },
    ...{ value: 2, line: 1 },
  })
  const lines = [
    { rule: 'new_peer' as const, line: 1, tuned_days: 30, allowed_alarms: 0 },
    { rule: 'top_hosts' as const, tuned_days: 0, allowed_alarms: 0 },
  ]
  const alarms = [
    alarm(9, 'peer', 1),
    alarm(10, 'peer', 5),
    alarm(12, 'peer', 1),
    alarm(13, 'peer', 1),
    alarm(20, 'peer', 1),
  ]
  const tally = tallyUsualRules(
    { lines, alarms },
    {
      ...{ from_day: 10, until_day: 20 },
      isMember: ({ kind, id }) => kind === 'peer' && id === 1,
      isLookAlike: ({ id }) => id === 5,
    },
  )
  expect(tally).toEqual([
    {
      ...{ rule: 'new_peer', line: 1, tuned_days: 30, tuned_alarms: 1, alarms: 3, subjects: 2 },
      ...{ on_members: 2, on_look_alikes: 1, first_on_member_day: 12 },
    },
    {
      ...{ rule: 'top_hosts', line: undefined, tuned_days: 0, tuned_alarms: 0, alarms: 0, subjects: 0 },
      ...{ on_members: 0, on_look_alikes: 0, first_on_member_day: undefined },
    },
  ])
})

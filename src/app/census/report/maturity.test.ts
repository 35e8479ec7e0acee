import { expect, test } from 'vitest'
import { configSchema, resolveConfig } from '../../../config/config-schema.ts'
import { ageUnknownDays } from '../../../detectors/peer-memory.ts'
import { grains } from '../../../detectors/sums/stream.ts'
import { Watch } from '../../../detectors/sums/watch.ts'
import { ticksPerDay } from '../../../model/window.ts'
import { dayRowsOf } from '../../../testing/day-rows-builder.ts'
import { maturityOf } from './maturity.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** A Monday. */
const firstDay = 20_003
const hours = (count: number, from = 0): number[] => Array.from({ length: count }, (_, i) => firstDay * 24 + from + i)
const config = resolveConfig(configSchema.parse({ site: { networks: ['10.0.0.0/8'] } }))
const sources = { config, flows: true, transfers: false }

const siteRows = (count: number[]) =>
  maturityOf(count, sources)
    .rows.filter(({ pool }) => pool === 'site')
    .map(({ scale, channel, level, ticks, weak_from_ms, mature_from_ms }) => {
      const days = [weak_from_ms, mature_from_ms].map((ms) => ((ms as number) - firstDay * dayMs) / dayMs)
      return [scale, channel, level, ticks, ...days]
    })

/**
 * Days before the first reference: four values of an hour on working days and four on weekends, and as long as a value
 * waits; of days as well, and before these two weeks in which hosts show what is usual for them.
 */
const [hoursLate, daysLate] = [8 + grains['1 h'].delay / 24, 14 + 8 + grains['1 d'].delay]
const [weakHours, matureHours] = [14 + hoursLate, 28 + hoursLate]
const [weakDays, matureDays] = [28 + daysLate, 90 + daysLate]
// strangers' bands can be full a week after ages are known
const strangers = ageUnknownDays + 7

test('three days of hours: nothing yet, and the dates on which it will be', () => {
  expect(siteRows(hours(72))).toEqual([
    ['1 h', 'all_peers', 'policy_only', 0, weakHours, matureHours],
    ['1 h', 'unknown_peers', 'policy_only', 0, strangers + weakHours, strangers + matureHours],
    ['1 d', 'all_peers', 'policy_only', 0, weakDays, matureDays],
    ['1 d', 'unknown_peers', 'policy_only', 0, strangers + weakDays - 14, strangers + matureDays - 14],
  ])
})

test('110 days: hours are mature, days are not yet', () => {
  expect(siteRows(hours(2640)).map(([scale, channel, level, ticks]) => [scale, channel, level, ticks])).toEqual([
    ['1 h', 'all_peers', 'mature', 2640 - hoursLate * 24],
    ['1 h', 'unknown_peers', 'mature', (110 - strangers - hoursLate) * 24],
    ['1 d', 'all_peers', 'weak', 110 - daysLate],
    ['1 d', 'unknown_peers', 'weak', 110 - strangers - daysLate + 14],
  ])
})

test('silence does not count as reference, and a day with less than half its hours is none', () => {
  const gappy = [...hours(24 * 5), ...hours(24 * 2, 24 * 14)]
  expect(siteRows(gappy)[0].slice(0, 4)).toEqual(['1 h', 'all_peers', 'policy_only', 24 + 48 - grains['1 h'].delay])
  expect(siteRows(gappy)[2].slice(0, 4)).toEqual(['1 d', 'all_peers', 'policy_only', 0])
  const short = Array.from({ length: 40 }, (_, day) => hours(11, 24 * day)).flat()
  expect(siteRows(short)[0][3]).toBe((40 - 8) * 11 - grains['1 h'].delay)
  expect(siteRows(short)[2][3]).toBe(0)
})

test('logs that leap over centuries are counted by what was observed', () => {
  const leap = [...hours(24 * 30), ...hours(24 * 30, 24 * 365 * 400)]
  expect(siteRows(leap)[0].slice(2, 4)).toEqual(['mature', (60 - 8) * 24 - grains['1 h'].delay])
})

test('detection tells the same of the same hours: levels, ticks and dates', () => {
  const days = 66
  // nights of the third week and one whole day were not observed
  const isSeen = (day: number, hour: number): boolean => day !== 40 && !(day >= 14 && day < 21 && hour < 14)
  const watch = new Watch({ seed: 1, alpha: { sums: 1e-9, bursts: 1e-9 }, nameOf: () => '', isQuiet: () => false })
  const seen: number[] = []
  for (let day = 0; day < days; day++) {
    const observed = Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => isSeen(day, hour))
    seen.push(...observed.map((hour) => (firstDay + day) * 24 + hour))
    const rows = observed.map((hour) => ({
      peer: 1,
      host: 1,
      tick: (hour * ticksPerDay) / 24,
      bytes_out: 1e9,
      age_days: 1,
    }))
    watch.day(dayRowsOf(firstDay + day, rows), () => false)
  }
  const told = watch.maturity().filter(({ pool }) => pool === 'site')
  const { rows } = maturityOf(seen, sources)
  for (const [channel, band] of [
    ['all_peers', 'all'],
    ['unknown_peers', 'fresh'],
  ])
    for (const scale of ['1 h', '1 d'] as const) {
      const ours = rows.find((row) => row.pool === 'site' && row.channel === channel && row.scale === scale)
      const theirs = told.find((row) => row.channel === band && row.scale === scale)
      expect([ours?.level, ours?.ticks]).toEqual([theirs?.level, theirs?.ticks])
      if (theirs?.level === 'mature') expect(ours?.mature_from_ms).toBeLessThanOrEqual((firstDay + days) * dayMs)
      else expect(ours?.mature_from_ms).toBe(theirs?.mature_from_ms)
      expect(ours?.level === 'mature').toBe((ours?.ticks ?? 0) >= grains[scale].mature)
    }
})

test('pools without what they need are blind, and say what it is', () => {
  const { rows, observed_hours, observed_days } = maturityOf(hours(30), sources)
  const blind = new Map(rows.filter(({ level }) => level === 'blind').map(({ pool, lacks }) => [pool, lacks]))
  expect([...blind]).toEqual([
    ['role', 'hosts in weir.yaml'],
    ['vault', 'vaults in weir.yaml'],
    ['gateway', 'vpn_pools in weir.yaml'],
  ])
  expect([observed_hours, observed_days]).toEqual([30, 2])
  expect(maturityOf([], sources).rows.every(({ level }) => level === 'blind')).toBe(true)
})

test('vaults are judged by the day alone', () => {
  const vaults = [{ id: 'cfd-archive', paths: ['/proj/cfd'] }]
  const mapped = resolveConfig(configSchema.parse({ site: { networks: ['10.0.0.0/8'] }, vaults }))
  const rows = (transfers: boolean) =>
    maturityOf(hours(30), { config: mapped, flows: true, transfers }).rows.filter(({ pool }) => pool === 'vault')
  expect(rows(true).map(({ scale, level }) => [scale, level])).toEqual([
    ['1 d', 'policy_only'],
    ['1 d', 'policy_only'],
  ])
  expect(rows(false)[0].lacks).toBe('transfer logs or file audits')
})

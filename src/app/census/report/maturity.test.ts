import { expect, test } from 'vitest'
import { configSchema, resolveConfig } from '../../../config/config-schema.ts'
import { maturityOf } from './maturity.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const firstDay = 20_000
const hours = (count: number, from = 0): number[] => Array.from({ length: count }, (_, i) => firstDay * 24 + from + i)
const config = resolveConfig(configSchema.parse({ site: { networks: ['10.0.0.0/8'] } }))
const sources = { config, flows: true, accounts: false, transfers: false }

const siteRows = (count: number[]) =>
  maturityOf(count, sources)
    .rows.filter(({ pool }) => pool === 'site')
    .map(({ scale, channel, level, ticks, weak_from_ms, mature_from_ms }) => {
      const days = [weak_from_ms, mature_from_ms].map((ms) => ((ms as number) - firstDay * dayMs) / dayMs)
      return [scale, channel, level, ticks, ...days]
    })

test('three days of hours: weak by the hour, nothing by the day yet', () => {
  expect(siteRows(hours(72))).toEqual([
    ['1 h', 'all_peers', 'weak', 72, 40 / 24, 28],
    ['1 h', 'unknown_peers', 'policy_only', 0, 30 + 40 / 24, 58],
    ['1 d', 'all_peers', 'policy_only', 3, 40, 90],
    ['1 d', 'unknown_peers', 'policy_only', 0, 70, 120],
  ])
})

test('a hundred days: all of it mature but novelty by the day', () => {
  expect(siteRows(hours(2400))).toEqual([
    ['1 h', 'all_peers', 'mature', 2400, 40 / 24, 28],
    ['1 h', 'unknown_peers', 'mature', 1680, 30 + 40 / 24, 58],
    ['1 d', 'all_peers', 'mature', 100, 40, 90],
    ['1 d', 'unknown_peers', 'weak', 70, 70, 120],
  ])
})

test('silence does not count as reference', () => {
  const gappy = [...hours(24), ...hours(24, 240)]
  expect(siteRows(gappy)[0]).toEqual(['1 h', 'all_peers', 'weak', 48, 10 + 16 / 24, 11 + (672 - 48) / 24])
  expect(siteRows(gappy)[2]).toEqual(['1 d', 'all_peers', 'policy_only', 2, 11 + 38, 11 + 88])
})

test('pools without what they need are blind, and say what it is', () => {
  const { rows, observed_hours, observed_days } = maturityOf(hours(30), sources)
  const blind = new Map(rows.filter(({ level }) => level === 'blind').map(({ pool, lacks }) => [pool, lacks]))
  expect([...blind]).toEqual([
    ['role', 'hosts in weir.yaml'],
    ['vault', 'vaults in weir.yaml'],
    ['client_org', 'vaults in weir.yaml'],
    ['gateway', 'vpn_pools in weir.yaml'],
    ['account', 'leases, logins or jobs'],
  ])
  expect([observed_hours, observed_days]).toEqual([30, 2])
  expect(maturityOf([], sources).rows.every(({ level }) => level === 'blind')).toBe(true)
})

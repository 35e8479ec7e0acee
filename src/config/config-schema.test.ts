import { describe, expect, test } from 'vitest'
import { configJsonSchema, configSchema, defaultConfig, resolveConfig } from './config-schema.ts'
import { periodOf } from './fields.ts'
import { networksFingerprint } from './networks-fingerprint.ts'
import { closest } from './suggestion.ts'

test('without a file, inside is what can only be private', () => {
  const config = defaultConfig()
  expect(config.site.networks).toEqual(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'])
  expect(config.budget.false_incidents_per_year).toBe(1)
})

test('the JSON Schema is closed, and requires only what people must write', () => {
  const schema = configJsonSchema()
  expect(schema.additionalProperties).toBe(false)
  expect(schema.required).toEqual(['site'])
  expect(schema.properties?.retention).toMatchObject({ additionalProperties: false })
  expect(schema.properties?.site).toMatchObject({ required: ['networks'] })
})

describe('the fingerprint of the networks', () => {
  const of = (site: object) => networksFingerprint(resolveConfig(configSchema.parse({ site })))
  const pool = { gateway: 'g', networks: ['10.1.0.0/16', '10.2.0.0/16'], tunnel_ports: [500, 443] }
  const other = { gateway: 'h', networks: ['10.3.0.0/16'], inner_flows: 'none' }

  test('does not depend on order, on repetition or on the way a network is written', () => {
    const a = of({ networks: ['10.0.0.0/8', '2001:db8::/32'], vpn_pools: [pool, other] })
    const turned = { ...pool, networks: ['10.2.0.0/16', '10.1.0.0/16'], tunnel_ports: [443, 500, 443] }
    expect(of({ networks: ['2001:DB8:0::/32', '10.0.0.0/8', '10.0.0.0/8'], vpn_pools: [other, turned] })).toBe(a)
    expect(a).toBe(
      [
        'inside 10.0.0.0/8',
        'inside 2001:db8::/32',
        'pool 10.1.0.0/16 "g" observed 443,500',
        'pool 10.2.0.0/16 "g" observed 443,500',
        'pool 10.3.0.0/16 "h" none 443,500,1194,1701,4500,4501,51820',
      ].join('\n'),
    )
  })

  test('changes with any network, pool, gateway, or what is seen of a tunnel, and with nothing else', () => {
    const networks = ['10.0.0.0/8']
    const a = of({ networks, vpn_pools: [pool] })
    expect(of({ networks: ['10.0.0.0/9'], vpn_pools: [pool] })).not.toBe(a)
    expect(of({ networks })).not.toBe(a)
    expect(of({ networks, vpn_pools: [{ ...pool, gateway: 'x' }] })).not.toBe(a)
    expect(of({ networks, vpn_pools: [{ ...pool, inner_flows: 'none' }] })).not.toBe(a)
    expect(of({ networks, vpn_pools: [{ ...pool, tunnel_ports: [443] }] })).not.toBe(a)
    expect(of({ networks, vpn_pools: [pool], name: 'other', timezone: 'Europe/Zurich' })).toBe(a)
  })
})

describe('a period', () => {
  const day = 86_400_000
  const start_ms = Date.UTC(2026, 4, 1)

  test('of dates holds the last day whole', () => {
    expect(periodOf({ from: '2026-05-01', until: '2026-05-03' })).toEqual({ start_ms, end_ms: start_ms + 3 * day })
  })

  test('of times ends exactly, in whatever zone they are written', () => {
    expect(periodOf({ from: '2026-05-01T02:00+02:00', until: '2026-05-01T18:00:00.5Z' })).toEqual({
      start_ms,
      end_ms: start_ms + 18 * 3_600_000 + 500,
    })
  })

  test('without bounds is for ever', () => {
    expect(periodOf({})).toEqual({ start_ms: Number.NEGATIVE_INFINITY, end_ms: Number.POSITIVE_INFINITY })
  })
})

test('the closest word is one edit in three letters away, or there is none', () => {
  const known = ['networks', 'name', 'timezone']
  expect(closest('netwroks', known)).toBe('networks')
  expect(closest('TIMEZONE', known)).toBe('timezone')
  expect(closest('nmae', known)).toBe('name')
  expect(closest('colour', known)).toBeUndefined()
  expect(closest('x'.repeat(100_000), known)).toBeUndefined()
})

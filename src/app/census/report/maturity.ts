/**
 * From when on each pool can be judged at each scale, by the length of its reference alone. A rank among n earlier ticks
 * gives an e-value of at most n + 1; a pool is judged from 40 ticks on (`weak`) and is `mature` when a longer reference
 * would change little: 28 days of hours (each hour of the week four times), 90 days. Novelty has no reference before day
 * 31, as until then every peer is of unknown age. Sources: DESIGN §5 "Young sites", algorithms §1.5 (references of fewer
 * than 90 ticks err). What it cannot know: how much of a pool's traffic a later detector will be able to use.
 */

import type { Config } from '../../../config/config-schema.ts'
import { dayMs } from '../../../model/window.ts'
import { hourMs } from '../tallies.ts'
import type { Census, Level, MaturityRow } from './census-report.ts'

export const weakTicks = 40
export const matureTicks = { '1 h': 28 * 24, '1 d': 90 } as const
export const unknownDays = 30

/** What the logs and the configuration give pools to work with. */
export interface PoolSources {
  config: Config
  flows: boolean
  accounts: boolean
  transfers: boolean
}

const scales = [
  { scale: '1 h', tick_ms: hourMs },
  { scale: '1 d', tick_ms: dayMs },
] as const

/** `hours`: those with records, ascending, as whole hours since the epoch. */
export function maturityOf(hours: readonly number[], sources: PoolSources): Census['maturity'] {
  const days = [...new Set(hours.map((hour) => Math.floor((hour * hourMs) / dayMs)))]
  const ticks = { '1 h': hours, '1 d': days }
  const rows = poolsOf(sources).flatMap(({ pool, lacks }) =>
    scales.flatMap(({ scale, tick_ms }) =>
      (['all_peers', 'unknown_peers'] as const).map((channel): MaturityRow => {
        if (lacks !== undefined || hours.length === 0)
          return {
            pool,
            scale,
            channel,
            level: 'blind',
            ticks: 0,
            weak_from_ms: null,
            mature_from_ms: null,
            lacks: lacks ?? 'flows',
          }
        const from = channel === 'all_peers' ? 0 : Math.ceil((days[0] + unknownDays) * (dayMs / tick_ms))
        const usable = ticks[scale].filter((tick) => tick >= from)
        const reached = (needed: number): number =>
          reachedAt(usable, needed, tick_ms, Math.max(from, ticks[scale][ticks[scale].length - 1] + 1))
        return {
          pool,
          scale,
          channel,
          level: levelOf(usable.length, matureTicks[scale]),
          ticks: usable.length,
          weak_from_ms: reached(weakTicks),
          mature_from_ms: reached(matureTicks[scale]),
        }
      }),
    ),
  )
  return { observed_hours: hours.length, observed_days: days.length, rows }
}

function levelOf(ticks: number, mature: number): Level {
  if (ticks >= mature) return 'mature'
  return ticks >= weakTicks ? 'weak' : 'policy_only'
}

/** When so many ticks have been observed, or will have been if every tick from now on is. */
function reachedAt(ticks: readonly number[], needed: number, tick_ms: number, next: number): number {
  return ticks.length >= needed ? (ticks[needed - 1] + 1) * tick_ms : (next + needed - ticks.length) * tick_ms
}

function poolsOf({ config, flows, accounts, transfers }: PoolSources): { pool: string; lacks?: string }[] {
  const when = (has: boolean, lacks: string): { lacks?: string } => (has ? {} : { lacks })
  const vaults = config.vaults.length > 0
  const mapped = vaults ? when(transfers, 'transfer logs or file audits') : { lacks: 'vaults in weir.yaml' }
  return [
    { pool: 'site', ...when(flows, 'flows') },
    { pool: 'role', ...when(config.hosts.length > 0, 'hosts in weir.yaml') },
    { pool: 'vault', ...mapped },
    {
      pool: 'client_org',
      ...(vaults && !config.vaults.some(({ client_org }) => client_org) ? { lacks: 'client_org of vaults' } : mapped),
    },
    { pool: 'gateway', ...when(config.site.vpn_pools.length > 0, 'vpn_pools in weir.yaml') },
    { pool: 'account', ...when(accounts, 'leases, logins or jobs') },
  ]
}

import { bytesText, shareText } from '../../model/amount-text.ts'
import type { Notice } from '../../model/incident.ts'
import { dayMs, tickMs, ticksPerDay } from '../../model/window.ts'
import type { DayRows } from '../day-rows.ts'

export interface BudgetedVault {
  /** As in the rows. */
  vault_id: number
  name: string
  budget_bytes_per_30d: bigint
}

export interface BudgetState {
  vault_id: number
  name: string
  budget_bytes_per_30d: bigint
  /** All egress of the vault, explained or not, in the 30 days up to the end of the day. */
  spent_bytes: bigint
}

/** `spent`: nothing is left. `fast`: at this pace it is gone within days; `slow`: before the 30 days are over. */
export type BudgetSeverity = 'spent' | 'fast' | 'slow'

export interface BurnWindow {
  severity: BudgetSeverity
  name: string
  long_ticks: number
  short_ticks: number
  /** Burn rate that both windows have to exceed; 1 spends the whole budget in exactly 30 days. */
  factor: number
}

/**
 * Pairs of windows, the short one a twelfth of the long one (one tick at least), so that a notice rests on what goes on
 * still. At the factors a whole budget lasts 2, 5, 10 and 20 days, and 2 %, 5 %, 10 % and 35 % of it left in the window.
 * Source: Site Reliability Workbook (O'Reilly, 2018), ch. 5, multiwindow multi-burn-rate alerts; the last pair is ours.
 */
export const burnWindows: readonly BurnWindow[] = [
  { severity: 'fast', name: '1 h', long_ticks: 6, short_ticks: 1, factor: 14.4 },
  { severity: 'fast', name: '6 h', long_ticks: 36, short_ticks: 3, factor: 6 },
  { severity: 'slow', name: '1 d', long_ticks: ticksPerDay, short_ticks: 12, factor: 3 },
  { severity: 'slow', name: '7 d', long_ticks: 7 * ticksPerDay, short_ticks: 84, factor: 1.5 },
]

const periodTicks = 30 * ticksPerDay

/**
 * Budgets of vaults: what left in the trailing 30 days, exactly, and how fast it leaves, at the end of every tick with
 * egress. Policy notices only, at most one a vault, severity and UTC day: no statistics, no claim about errors.
 * A budget counts all egress, also what expectations explain. Blind to: bytes without a vault, vaults without a budget.
 * Bytes before the first day that was fed are not known and count as none.
 */
export class VaultBudgets {
  readonly #accounts: Map<number, BudgetAccount>

  constructor({ vaults }: { vaults: readonly BudgetedVault[] }) {
    this.#accounts = new Map(vaults.map((vault) => [vault.vault_id, new BudgetAccount(vault)]))
  }

  /** Days in order, each once; days may be left out, and nothing left on them. */
  day(rows: DayRows): { notices: Notice[]; state: BudgetState[] } {
    const notices: Notice[] = []
    const touched = new Set<BudgetAccount>()
    for (let i = 0; i < rows.length; i++) {
      const account = rows.vault[i] === 0 ? undefined : this.#accounts.get(rows.vault[i])
      if (account) {
        account.spend(rows.tick[i], rows.bytes_out[i])
        touched.add(account)
      }
      if (touched.size === 0 || (i + 1 < rows.length && rows.tick[i + 1] === rows.tick[i])) continue
      for (const each of touched) notices.push(...each.judge(rows.tick[i], rows.day))
      touched.clear()
    }
    const lastTick = (rows.day + 1) * ticksPerDay - 1
    const state = [...this.#accounts.values()].map((account) => {
      account.advance(lastTick)
      return { ...account.vault, spent_bytes: account.spent(periodTicks) }
    })
    return { notices, state }
  }
}

/** One vault's egress by tick, of the last 30 days. */
class BudgetAccount {
  readonly vault: BudgetedVault
  readonly #bytes = new Float64Array(periodTicks)
  /** Sums of the last 30 days and of the windows, kept up as ticks pass; exact. */
  readonly #sums = new Map<number, bigint>()
  #tick = Number.NaN
  #told = new Set<BudgetSeverity>()
  #told_day = Number.NaN

  constructor(vault: BudgetedVault) {
    if (vault.budget_bytes_per_30d < 0n) throw new RangeError(`vault '${vault.name}' has a negative budget`)
    this.vault = vault
    this.#sums.set(periodTicks, 0n)
    for (const window of burnWindows) {
      this.#sums.set(window.long_ticks, 0n)
      this.#sums.set(window.short_ticks, 0n)
    }
  }

  advance(tick: number): void {
    if (Number.isNaN(this.#tick)) this.#tick = tick
    if (tick - this.#tick >= periodTicks) {
      this.#bytes.fill(0)
      for (const ticks of this.#sums.keys()) this.#sums.set(ticks, 0n)
      this.#tick = tick
    }
    while (this.#tick < tick) {
      this.#tick++
      for (const [ticks, sum] of this.#sums) {
        const leaving = this.#bytes[(this.#tick + periodTicks - ticks) % periodTicks]
        if (leaving > 0) this.#sums.set(ticks, sum - BigInt(leaving))
      }
      this.#bytes[this.#tick % periodTicks] = 0
    }
  }

  spend(tick: number, bytes: number): void {
    this.advance(tick)
    this.#bytes[tick % periodTicks] += bytes
    const exact = BigInt(bytes)
    for (const [ticks, sum] of this.#sums) this.#sums.set(ticks, sum + exact)
  }

  spent(ticks: number): bigint {
    return this.#sums.get(ticks) as bigint
  }

  judge(tick: number, day: number): Notice[] {
    if (this.#told_day !== day) {
      this.#told.clear()
      this.#told_day = day
    }
    const notices: Notice[] = []
    const spent = this.spent(periodTicks)
    if (spent > this.vault.budget_bytes_per_30d && !this.#told.has('spent')) {
      this.#told.add('spent')
      notices.push(this.#spentNotice(spent, tick, day))
    }
    for (const window of burnWindows) {
      if (this.#told.has(window.severity) || !this.#burns(window)) continue
      this.#told.add(window.severity)
      notices.push(this.#burnNotice(window, spent, tick, day))
    }
    return notices
  }

  /** Compared in whole numbers: bytes · 4320 ticks · 10 > factor · 10 · budget · ticks. */
  #burns({ long_ticks, short_ticks, factor }: BurnWindow): boolean {
    return [long_ticks, short_ticks].every((ticks) => {
      const limit = BigInt(Math.round(factor * 10)) * this.vault.budget_bytes_per_30d * BigInt(ticks)
      return this.spent(ticks) * BigInt(periodTicks) * 10n > limit
    })
  }

  #spentNotice(spent: bigint, tick: number, day: number): Notice {
    const { name, budget_bytes_per_30d } = this.vault
    return {
      id: noticeId(name, 'spent', day),
      kind: 'policy',
      at_ms: (tick + 1) * tickMs,
      text: `${bytesText(spent)} left vault '${name}' in 30 days: more than its budget of ${bytesText(budget_bytes_per_30d)}`,
      facts: { vault: name, severity: 'spent', spent_bytes: spent, budget_bytes_per_30d },
    }
  }

  #burnNotice(window: BurnWindow, spent: bigint, tick: number, day: number): Notice {
    const { name, budget_bytes_per_30d } = this.vault
    const bytes_out = this.spent(window.long_ticks)
    const bytes_per_day = (Number(bytes_out) * ticksPerDay) / window.long_ticks
    const left = budget_bytes_per_30d > spent ? budget_bytes_per_30d - spent : 0n
    const days_left = Number(left) / bytes_per_day
    const ending =
      left === 0n ? 'nothing is left of it' : `at this pace the rest is gone in ${days_left.toFixed(1)} days`
    return {
      id: noticeId(name, window.severity, day),
      kind: 'policy',
      at_ms: (tick + 1) * tickMs,
      text:
        `${bytesText(bytes_out)} left vault '${name}' in ${window.name}; ${shareText(spent, budget_bytes_per_30d)} of its ` +
        `budget of ${bytesText(budget_bytes_per_30d)} in 30 days is spent, ${ending}`,
      facts: {
        vault: name,
        severity: window.severity,
        window_ticks: window.long_ticks,
        bytes_out,
        bytes_per_day,
        spent_bytes: spent,
        budget_bytes_per_30d,
        days_left,
      },
    }
  }
}

function noticeId(vault: string, severity: BudgetSeverity, day: number): string {
  return `vault_budget:${vault}:${severity}:${new Date(day * dayMs).toISOString().slice(0, 10)}`
}

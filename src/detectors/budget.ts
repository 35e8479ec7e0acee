/**
 * How the yearly budget of false incidents is spent (DESIGN §5, algorithms §2.4): shares of the modules, fixed before any data,
 * and what evidence must reach. Ville's bound would allow 1/α; it holds while the null holds, which real traffic does only
 * nearly (drift, dependence, seasons), so a hundred times as much is asked (algorithms §1.4, §9: thresholds of 100 keep the
 * budget where those of 30 do not). What was spent is reported under the same thresholds.
 */
export const modules = {
  sums: { share: 0.45, asked: 100 },
  /** The same sums beside an open incident, members included. */
  further_rise: { share: 0.05, asked: 100 },
  /** Ticks of ten minutes come alone: no drift of weeks adds up in them, so less is asked. */
  bursts: { share: 0.15, asked: 10 },
  fan_in: { share: 0.1, asked: 100 },
  borrowed_clients: { share: 0.1, asked: 100 },
  /** Ten times the habit of others is tolerated already, and what is asked must be reached within a month or so. */
  first_access: { share: 0.1, asked: 10 },
  first_places: { share: 0.05, asked: 100 },
} as const
export type ModuleId = keyof typeof modules

/** α of a module: its evidence must reach 1/α. */
export function alphaOf(module: ModuleId, false_incidents_per_year: number): number {
  const { share, asked } = modules[module]
  return (false_incidents_per_year * share) / asked
}

/** Of all modules. */
export function alphas(false_incidents_per_year: number): Record<ModuleId, number> {
  const ids = Object.keys(modules) as ModuleId[]
  return Object.fromEntries(ids.map((id) => [id, alphaOf(id, false_incidents_per_year)])) as Record<ModuleId, number>
}

/** Expected false incidents of so many judged days under the thresholds in force. */
export function spentBudget(judged_days: number, false_incidents_per_year: number): number {
  const perYear = Object.values(alphas(false_incidents_per_year)).reduce((sum, alpha) => sum + alpha, 0)
  return (perYear * judged_days) / 365
}

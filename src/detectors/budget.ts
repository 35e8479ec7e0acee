/**
 * How the yearly budget of false incidents is spent (DESIGN §5, algorithms §2.4): shares of the modules, fixed before any data,
 * and what evidence must reach. Ville's bound would allow 1/α; it holds while the null holds, which real traffic does only
 * nearly (drift, dependence, seasons), so a hundred times as much is asked (algorithms §1.4, §9: thresholds of 100 keep the
 * budget where those of 30 do not). What was spent is reported under the same thresholds.
 */
export const moduleShares = { sums: 0.7, fan_in: 0.3 } as const
const asked = 100

/** α of a module: its evidence must reach 1/α. */
export function alphaOf(module: keyof typeof moduleShares, false_incidents_per_year: number): number {
  return (false_incidents_per_year * moduleShares[module]) / asked
}

/** Expected false incidents since 1 January (UTC) of the year of `until_ms`, of the days that were judged. */
export function spentBudget(judged_days_this_year: number, false_incidents_per_year: number): number {
  const shares = Object.values(moduleShares).reduce((sum, share) => sum + share, 0)
  return (false_incidents_per_year * shares * judged_days_this_year) / 365 / asked
}

/**
 * Up to when the books may be believed to have moved on: retention counts from there, so that a record with a forged or
 * broken date must not make Weir forget. A busy day is the present if the days before lead up to it, or if the days
 * around it are busy as well; one alone, years after all others, is not. What it cannot see: a forger who fills days.
 */

/** Share of a usual day's flows that a day needs to be busy. */
const busyShare = 0.01
/** Longest silence after which a single day still is the present. */
const longestSilenceDays = 45
/** Busy days in a week, its last one counted, that need nothing before them. */
const busyInWeek = 3

/** The last day to be trusted; undefined if the books are empty. */
export function trustedDay(flowsByDay: ReadonlyMap<number, number>): number | undefined {
  const counts = [...flowsByDay.values()].filter((flows) => flows > 0).sort((a, b) => a - b)
  if (counts.length === 0) return undefined
  const least = counts[counts.length >> 1] * busyShare
  const busy = [...flowsByDay]
    .filter(([, flows]) => flows > 0 && flows >= least)
    .map(([day]) => day)
    .sort((a, b) => a - b)
  let last = busy[0]
  for (const [i, day] of busy.entries()) {
    const isLedUpTo = day - last <= longestSilenceDays
    if (isLedUpTo || (i >= busyInWeek - 1 && day - busy[i - busyInWeek + 1] < 7)) last = day
  }
  return last
}

/** Time in the books: 10-minute ticks and UTC days, both as whole numbers since the epoch. */
export const tickMs = 600_000
export const dayMs = 86_400_000
export const ticksPerDay = dayMs / tickMs

export const tickOf = (ms: number): number => Math.floor(ms / tickMs)
export const dayOf = (ms: number): number => Math.floor(ms / dayMs)

/** What work costs: the time that passed, and that of the processors, of all threads of this process. */
import { median } from '../../math/robust.ts'

export interface Cost {
  wall_ms: number
  cpu_ms: number
}

export const noCost: Cost = { wall_ms: 0, cpu_ms: 0 }

/** Starts at once; asked again, it tells of the time since the start. */
export function stopwatch(): () => Cost {
  const [wall, cpu] = [performance.now(), process.cpuUsage()]
  return () => {
    const { user, system } = process.cpuUsage(cpu)
    return { wall_ms: performance.now() - wall, cpu_ms: (user + system) / 1000 }
  }
}

export function measured<T>(work: () => T): { value: T; cost: Cost } {
  const stop = stopwatch()
  const value = work()
  return { value, cost: stop() }
}

export function sumOf(...costs: readonly Cost[]): Cost {
  return costs.reduce((a, b) => ({ wall_ms: a.wall_ms + b.wall_ms, cpu_ms: a.cpu_ms + b.cpu_ms }), noCost)
}

export function difference(a: Cost, b: Cost): Cost {
  return { wall_ms: a.wall_ms - b.wall_ms, cpu_ms: a.cpu_ms - b.cpu_ms }
}

export function divided({ wall_ms, cpu_ms }: Cost, by: number): Cost {
  return { wall_ms: wall_ms / by, cpu_ms: cpu_ms / by }
}

/** Of each of the two by itself. */
export function medianCost(costs: readonly Cost[]): Cost {
  return {
    wall_ms: median(costs.map(({ wall_ms }) => wall_ms)),
    cpu_ms: median(costs.map(({ cpu_ms }) => cpu_ms)),
  }
}

/** The one that took the processors longest. */
export function largestCost(costs: readonly Cost[]): Cost {
  return costs.reduce((a, b) => (b.cpu_ms > a.cpu_ms ? b : a), noCost)
}

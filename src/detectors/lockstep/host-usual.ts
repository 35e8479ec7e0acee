/**
 * How many shared keys a host usually has in a window: the mean of its own days before, all of them but those of the last window
 * (a theft is not its own habit for so long). An edge counts 1/√(1 + that): by how far it takes the host beyond what chance makes of
 * its habit. So hosts that always share newcomers, as behind a load balancer, do not hide others that never did.
 */
export class HostUsual {
  readonly #window_days: number
  readonly #waiting: Map<number, number>[] = []
  readonly #sums = new Map<number, number>()
  #days = 0

  constructor(window_days: number) {
    this.#window_days = window_days
  }

  /** Whether there is a window of days before to tell by. */
  get isKnown(): boolean {
    return this.#days >= this.#window_days
  }

  /** Weight of an edge of each host (shape [hosts]), which are ids. */
  weights(hosts: Int32Array): Float64Array {
    return Float64Array.from(hosts, (host) => 1 / Math.sqrt(1 + (this.#sums.get(host) ?? 0) / Math.max(1, this.#days)))
  }

  /** Remembers a day: edges of each host, once what is told of it has been told. */
  push(hosts: Int32Array, row: Int32Array): void {
    const degrees = new Map<number, number>()
    for (const each of row) degrees.set(hosts[each], (degrees.get(hosts[each]) ?? 0) + 1)
    this.#waiting.push(degrees)
    if (this.#waiting.length < this.#window_days) return
    const [gone] = this.#waiting.splice(0, 1)
    for (const [host, degree] of gone) this.#sums.set(host, (this.#sums.get(host) ?? 0) + degree)
    this.#days++
  }
}

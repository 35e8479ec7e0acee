/**
 * How many shared keys a host usually has in a window: the mean of its own past, all of it but what is of the last window
 * (a theft is not its own habit for so long). An edge counts 1/√(1 + that): by how far it takes the host beyond what chance makes of
 * its habit. So hosts that always share newcomers, as behind a load balancer, do not hide others that never did.
 */
export class HostUsual {
  /** Values in a window's length. */
  readonly #width: number
  readonly #waiting: Map<number, number>[] = []
  readonly #sums = new Map<number, number>()
  #count = 0

  constructor(width: number) {
    this.#width = width
  }

  /** Whether there is a window's length before to tell by. */
  get isKnown(): boolean {
    return this.#count >= this.#width
  }

  /** Weight of an edge of each host (shape [hosts]), which are ids. */
  weights(hosts: Int32Array): Float64Array {
    return Float64Array.from(hosts, (host) => 1 / Math.sqrt(1 + (this.#sums.get(host) ?? 0) / Math.max(1, this.#count)))
  }

  /** Remembers the next: edges of each host, once what is told of it has been told. */
  push(hosts: Int32Array, row: Int32Array): void {
    const degrees = new Map<number, number>()
    for (const each of row) degrees.set(hosts[each], (degrees.get(hosts[each]) ?? 0) + 1)
    this.#waiting.push(degrees)
    if (this.#waiting.length < this.#width) return
    const [gone] = this.#waiting.splice(0, 1)
    for (const [host, degree] of gone) this.#sums.set(host, (this.#sums.get(host) ?? 0) + degree)
    this.#count++
  }
}

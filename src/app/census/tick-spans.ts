/** The ticks in which something was seen, as merged spans: a connection of a year costs no more than one of a second. */
const mostLoose = 4096

export class TickSpans {
  /** first, last, first, last …; the merged ones come first, in order. */
  #spans: number[] = []
  #current = 0
  #mergedLength = 0

  /** Both ends included. */
  add(first: number, last: number): void {
    const spans = this.#spans
    const i = this.#current
    if (spans.length > 0 && first >= spans[i] && first <= spans[i + 1] + 1) {
      if (last > spans[i + 1]) spans[i + 1] = last
      return
    }
    this.#current = spans.length
    spans.push(first, last)
    if (spans.length >= 2 * mostLoose && spans.length >= 4 * this.#mergedLength) this.#merge()
  }

  /** Spans that neither touch nor overlap, ascending. */
  merged(): { first: number; last: number }[] {
    this.#merge()
    const result: { first: number; last: number }[] = []
    for (let i = 0; i < this.#spans.length; i += 2) result.push({ first: this.#spans[i], last: this.#spans[i + 1] })
    return result
  }

  #merge(): void {
    const order = Array.from({ length: this.#spans.length / 2 }, (_, i) => 2 * i)
    order.sort((a, b) => this.#spans[a] - this.#spans[b])
    const merged: number[] = []
    for (const i of order) {
      const [first, last] = [this.#spans[i], this.#spans[i + 1]]
      const end = merged.length - 1
      if (end > 0 && first <= merged[end] + 1) merged[end] = Math.max(merged[end], last)
      else merged.push(first, last)
    }
    this.#spans = merged
    this.#mergedLength = merged.length
    this.#current = Math.max(0, merged.length - 2)
  }
}

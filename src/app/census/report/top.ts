/** The largest of many numbered things, without sorting them all. */
export function topOf(count: number, score: (i: number) => number, most: number): number[] {
  const best: { i: number; score: number }[] = []
  for (let i = 0; i < count; i++) {
    const value = score(i)
    if (!(value > 0) || (best.length === most && value <= best[most - 1].score)) continue
    let at = best.length
    while (at > 0 && best[at - 1].score < value) at--
    best.splice(at, 0, { i, score: value })
    if (best.length > most) best.pop()
  }
  return best.map((each) => each.i)
}

/** Most bytes out first, then by name: the same order whatever came first. */
export function byBytes<T extends { bytes_out: bigint; bytes_in?: bigint }>(
  name: (row: T) => string,
): (a: T, b: T) => number {
  return (a, b) => {
    if (a.bytes_out !== b.bytes_out) return a.bytes_out > b.bytes_out ? -1 : 1
    const [x, y] = [a.bytes_in ?? 0n, b.bytes_in ?? 0n]
    if (x !== y) return x > y ? -1 : 1
    return compareTexts(name(a), name(b))
  }
}

export function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}

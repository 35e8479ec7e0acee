/**
 * The known word closest to a mistyped one, or undefined if none is near: at most one edit in three letters (optimal
 * string alignment: insert, delete, replace, or swap two neighbours).
 */
export function closest(word: string, known: readonly string[]): string | undefined {
  // what is that long is no slip of the finger, and the table below is quadratic
  if (word.length > 64) return undefined
  let best: string | undefined
  let best_edits = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= best_edits) continue
    const count = edits(word.toLowerCase(), candidate.toLowerCase())
    if (count < best_edits) {
      best = candidate
      best_edits = count
    }
  }
  return best
}

function edits(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1)
    }
    before = above
    above = row
  }
  return above[b.length]
}

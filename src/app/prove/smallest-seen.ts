/**
 * The smallest of a ladder of sizes that is seen, by halving: of seven sizes three are tried. Each size is taken to be seen if a
 * smaller one is, so that nothing is said of one that is seen by luck below one that is not.
 */
export async function smallestSeen(
  sizes: readonly number[],
  isSeen: (size: number) => Promise<boolean>,
): Promise<number | undefined> {
  const sorted = [...sizes].sort((a, b) => a - b)
  // all before `low` are not seen, all from `high` on are
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (await isSeen(sorted[middle])) high = middle
    else low = middle + 1
  }
  return sorted[high]
}

/** Sizes that are tried at most. */
export function triesOf(sizes: readonly number[]): number {
  return Math.ceil(Math.log2(sizes.length + 1))
}

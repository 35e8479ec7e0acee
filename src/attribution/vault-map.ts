/**
 * Which vault a path or a bucket belongs to: the longest configured path prefix, on whole path segments; else the bucket.
 * Works on text so that a changed configuration re-labels what is still kept.
 */
export interface VaultPlace {
  paths: readonly string[]
  buckets: readonly string[]
}

export class VaultMap {
  /** By whole prefix; of two vaults with the same the first. Centres have tens of thousands: none is looked at in turn. */
  readonly #paths = new Map<string, number>()
  readonly #buckets = new Map<string, number>()

  /** `find` answers with an index into `vaults`, or −1. */
  constructor(vaults: readonly VaultPlace[]) {
    vaults.forEach(({ paths, buckets }, index) => {
      for (const path of paths) {
        const prefix = prefixOf(path)
        if (!this.#paths.has(prefix)) this.#paths.set(prefix, index)
      }
      for (const bucket of buckets) this.#buckets.set(bucket, index)
    })
  }

  find(path: string, bucket: string): number {
    let prefix = normalisePath(path)
    while (prefix !== '') {
      const vault = this.#paths.get(prefix)
      if (vault !== undefined) return vault
      prefix = prefix.slice(0, prefix.lastIndexOf('/'))
    }
    const root = path === '' ? undefined : this.#paths.get('')
    return root ?? this.#buckets.get(bucket) ?? -1
  }
}

/** A path as the beginning of others: the root is the beginning of all. */
function prefixOf(path: string): string {
  const tidy = normalisePath(path)
  return tidy === '/' ? '' : tidy
}

/** `//`, `/./` and `/../` resolved, so that no spelling of a path leaves its vault. */
export function normalisePath(path: string): string {
  if (path === '') return ''
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  return `/${parts.join('/')}`
}

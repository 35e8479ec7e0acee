/**
 * Which vault a path or a bucket belongs to: the longest configured path prefix, on whole path segments; else the bucket.
 * Works on text so that a changed configuration re-labels what is still kept.
 */
export interface VaultPlace {
  paths: readonly string[]
  buckets: readonly string[]
}

export class VaultMap {
  readonly #paths: { prefix: string; vault: number }[]
  readonly #buckets = new Map<string, number>()

  /** `find` answers with an index into `vaults`, or −1. */
  constructor(vaults: readonly VaultPlace[]) {
    this.#paths = vaults
      .flatMap((vault, index) => vault.paths.map((path) => ({ prefix: prefixOf(path), vault: index })))
      .sort((a, b) => b.prefix.length - a.prefix.length)
    vaults.forEach((vault, index) => {
      for (const bucket of vault.buckets) this.#buckets.set(bucket, index)
    })
  }

  find(path: string, bucket: string): number {
    const tidy = normalisePath(path)
    for (const { prefix, vault } of tidy === '' ? [] : this.#paths) {
      if (tidy === prefix || (tidy.startsWith(prefix) && tidy[prefix.length] === '/')) return vault
    }
    return this.#buckets.get(bucket) ?? -1
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

/**
 * Checks across entries of the configuration, which no schema of one entry can make. They run on the entries that are
 * sound by themselves, whatever is wrong elsewhere in the file, so that one look shows all problems.
 */
import type { z } from 'zod'

export type Path = readonly (string | number)[]
/** `message` is the whole sentence after the path: "expected …, received …". */
export type Report = (path: Path, message: string) => void

export interface Entry<T> {
  path: Path
  value: T
}

/** The sound ones of a list, with their places. */
export function soundEntries<S extends z.ZodType>(schema: S, raw: unknown, path: Path): Entry<z.output<S>>[] {
  if (!Array.isArray(raw)) return []
  return raw.flatMap((each, index) => {
    const result = schema.safeParse(each)
    return result.success ? [{ path: [...path, index], value: result.data }] : []
  })
}

/** The value under a key of something that may not even be a mapping. */
export function valueAt(raw: unknown, key: string): unknown {
  return typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>)[key] : undefined
}

/** Reports every text that occurred before, and where: `what` as in "an id of its own". */
export function reportRepeats(places: readonly Entry<string>[], what: string, report: Report): void {
  const first = new Map<string, Path>()
  for (const { path, value } of places) {
    const before = first.get(value)
    if (before) report(path, `expected ${what}, received '${value}', which is at ${formatPath(before)} too`)
    else first.set(value, path)
  }
}

/** The texts under one key of each entry, with the path of each. */
export function textsUnder<T>(entries: readonly Entry<T>[], key: keyof T & string): Entry<string>[] {
  return entries.flatMap(({ path, value }) => {
    const found = value[key]
    if (typeof found === 'string') return [{ path: [...path, key], value: found }]
    return Array.isArray(found) ? found.map((text, i) => ({ path: [...path, key, i], value: text as string })) : []
  })
}

/** `vaults[0].paths[1]`; the whole file is the empty text. */
export function formatPath(path: Path): string {
  return path.map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i > 0 ? '.' : ''}${step}`)).join('')
}

/** Given paths that brought no log, and what stood in the way. */
import { AppError } from '../model/errors.ts'
import type { Discovery } from './discover.ts'
import type { ImportResult } from './import-files.ts'

export type NothingIn = { path: string; reason: string }[]

export function nothingIn({ found }: Discovery, { passed_over }: Pick<ImportResult, 'passed_over'>): NothingIn {
  const reasons = new Map(passed_over.map(({ path, reason }) => [path, reason]))
  return found
    .filter(({ files, hasOthers }) => !hasOthers && files.every((file) => reasons.has(file.path)))
    .map(({ path, files, problems }) => {
      const own = reasons.get(path)
      if (own !== undefined) return { path, reason: own }
      const below = [...files, ...problems].slice(0, 5)
      const examples = below.map((file) => `\n  ${oneLine(file.path)}: ${reasons.get(file.path)}`)
      return { path, reason: `no log that Weir knows${examples.join('')}` }
    })
}

/** Nothing readable at all is an error of the command, not an empty result. */
export function nothingReadable(nothing_in: NothingIn): AppError {
  return new AppError(
    'nothing_readable',
    nothing_in.map(({ path, reason }) => `${oneLine(path)}: ${reason}`).join('\n'),
  )
}

function oneLine(path: string): string {
  return path.replaceAll('\n', '\\n')
}

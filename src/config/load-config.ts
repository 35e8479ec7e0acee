/**
 * From the text of `weir.yaml` to a checked configuration, or to all that is wrong with it, each with its place.
 * Touches neither disk nor network, and throws for no text whatever.
 */
import type { z } from 'zod'
import { formatPath, type Path } from './checks.ts'
import { type Config, checkAcross, configJsonSchema, configSchema, resolveConfig } from './config-schema.ts'
import { type ConfigProblem, messageOf, sortProblems, unknownKeyMessage, valueAtPath } from './problem.ts'
import { type Position, readYaml } from './yaml-source.ts'

/** `remarks` are no errors: the file means something, though perhaps not what was meant. */
export type LoadedConfig =
  | { ok: Config; remarks: ConfigProblem[]; problems?: undefined }
  | { ok?: undefined; problems: ConfigProblem[] }

/** `fileName` is only named in the problems. */
export function loadConfig(text: string, fileName: string): LoadedConfig {
  const source = readYaml(text)
  const problems: ConfigProblem[] = source.errors.map((error) => ({ file: fileName, path: '', ...error }))
  const remarks: ConfigProblem[] = []
  const problemAt = (path: Path, position: Position, message: string): ConfigProblem => ({
    file: fileName,
    ...position,
    path: formatPath(path),
    message,
  })

  if (source.unreadable) return { problems: sortProblems(problems) }
  const result = configSchema.safeParse(source.value)
  for (const issue of result.error?.issues ?? []) {
    const path = issue.path as (string | number)[]
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys(path)
      for (const key of issue.keys) {
        problems.push(problemAt(path, source.positionOfKey(path, key), unknownKeyMessage(key, known)))
      }
    } else {
      problems.push(problemAt(path, source.positionOf(path), messageOf(issue, valueAtPath(source.value, path))))
    }
  }
  checkAcross(
    source.value,
    (path, message) => problems.push(problemAt(path, source.positionOf(path), message)),
    (path, message) => remarks.push(problemAt(path, source.positionOf(path), message)),
  )
  if (problems.length > 0 || !result.success) return { problems: sortProblems(problems) }
  return { ok: resolveConfig(result.data), remarks: sortProblems(remarks) }
}

type JsonSchema = z.core.JSONSchema.JSONSchema

let wholeSchema: JsonSchema | undefined

/** The keys that the mapping at a path may have. */
function knownKeys(path: Path): string[] {
  wholeSchema ??= configJsonSchema()
  let schema: JsonSchema | undefined = wholeSchema
  for (const step of path) {
    const next: JsonSchema | boolean | undefined =
      typeof step === 'number' ? (schema?.items as JsonSchema | undefined) : schema?.properties?.[step]
    schema = typeof next === 'object' ? next : undefined
  }
  return Object.keys(schema?.properties ?? {})
}

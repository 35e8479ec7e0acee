/** The generated pages say what the code says. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { configJsonSchema } from '../src/config/config-schema.ts'
import { configReferencePage } from '../src/config/reference-page.ts'
import { sourceFormats } from '../src/sources/index.ts'

test('docs/reference/configuration.md is the page of the schema; `npm run docs` writes it anew', () => {
  const page = readFileSync(new URL('../docs/reference/configuration.md', import.meta.url), 'utf8')
  expect(page).toBe(configReferencePage(configJsonSchema()))
})

test('every key of the configuration says what it means', () => {
  const silent: string[] = []
  const walk = (path: string, schema: Record<string, unknown>): void => {
    for (const [key, child] of Object.entries((schema.properties ?? {}) as Record<string, Record<string, unknown>>)) {
      if (!child.description) silent.push(`${path}${key}`)
      walk(`${path}${key}.`, child)
      if (typeof child.items === 'object') walk(`${path}${key}[].`, child.items as Record<string, unknown>)
    }
  }
  walk('', configJsonSchema() as Record<string, unknown>)
  expect(silent).toEqual([])
})

test('docs/reference/sources.md lists every format that is read, and no other', () => {
  const page = readFileSync(new URL('../docs/reference/sources.md', import.meta.url), 'utf8')
  const rows = page.split('\n').filter((line) => line.startsWith('| `'))
  const listed = rows.flatMap((row) => [...row.split('|')[1].matchAll(/`(\w+)`/g)].map(([, id]) => id))
  expect(listed.sort()).toEqual(sourceFormats.map(({ id }) => id).sort())
})

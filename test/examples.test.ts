/** Every file in examples/ is a configuration without problems and without remarks. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadConfig } from '../src/config/load-config.ts'

const folder = new URL('../examples/', import.meta.url)

test.each(readdirSync(folder).filter((file) => file.endsWith('.yaml')))('%s', (file) => {
  const loaded = loadConfig(readFileSync(new URL(file, folder), 'utf8'), file)
  expect(loaded.problems).toBeUndefined()
  expect(loaded).toHaveProperty('remarks', [])
})

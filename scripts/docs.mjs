// Writes the generated pages of docs/. test/docs.test.ts fails when one differs from its source.
import { writeFileSync } from 'node:fs'
import { configJsonSchema } from '../dist/config/config-schema.js'
import { configReferencePage } from '../dist/config/reference-page.js'

const page = new URL('../docs/reference/configuration.md', import.meta.url)
writeFileSync(page, configReferencePage(configJsonSchema()))

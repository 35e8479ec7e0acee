/** The reference page of `weir.yaml`, made from its JSON Schema alone: `docs/reference/configuration.md`. */
import type { z } from 'zod'

type JsonSchema = z.core.JSONSchema.JSONSchema

const intro = `# Configuration: weir.yaml

<!-- Generated from the schema by \`npm run docs\`. Change src/config/, not this page. -->

One YAML file. Every key is optional but \`site.networks\`; an unknown key is an error. Without a file, inside is
10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 and fc00::/7.
\`weir config check FILE\` lists everything that is wrong with a file, each with its line and column, and touches neither
disk nor network beyond reading it; \`weir config schema\` prints the JSON Schema, for editors.
A date means the whole day, in UTC; as \`until\` it is included. \`examples/\` holds files to start from.
`

export function configReferencePage(schema: JsonSchema): string {
  const sections = Object.entries(schema.properties ?? {}).map(([key, section]) =>
    sectionOf(key, section as JsonSchema),
  )
  return [intro, ...sections].join('\n')
}

function sectionOf(key: string, schema: JsonSchema): string {
  const rows = rowsOf(key, schema).map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
  const table = ['| key | value | default | meaning |', '| --- | --- | --- | --- |', ...rows]
  return `## ${key}\n\n${schema.description ?? ''}\n\n${table.join('\n')}\n`
}

/** One row for each key below, `vaults[].id` for the keys of a list's entries. */
function rowsOf(path: string, schema: JsonSchema): string[][] {
  const isList = schema.type === 'array'
  const entry = isList ? (schema.items as JsonSchema) : schema
  const here = isList ? `${path}[]` : path
  const required = new Set(entry.required ?? [])
  return Object.entries(entry.properties ?? {}).flatMap(([key, value]) => {
    const child = value as JsonSchema
    const child_path = `${here}.${key}`
    const row = [`\`${child_path}\``, kindOf(child), defaultOf(child, required.has(key)), child.description ?? '']
    return [row, ...rowsOf(child_path, child)]
  })
}

function defaultOf(schema: JsonSchema, required: boolean): string {
  if (schema.default !== undefined) return `\`${JSON.stringify(schema.default)}\``
  return required ? '**required**' : ''
}

function kindOf(schema: JsonSchema): string {
  if (schema.title) return schema.title
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ')
  switch (schema.type) {
    case 'array':
      return `list of ${kindOf(schema.items as JsonSchema)}`
    case 'object':
      return 'mapping'
    case 'integer':
      return `whole number${rangeOf(schema)}`
    case 'number':
      return `number${rangeOf(schema)}`
    case 'boolean':
      return '`true`, `false`'
    default:
      return 'text'
  }
}

function rangeOf({ minimum, maximum, exclusiveMinimum }: JsonSchema): string {
  const most = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? '' : ` to ${maximum}`
  if (exclusiveMinimum !== undefined) return ` above ${exclusiveMinimum}${most}`
  return minimum === undefined ? '' : most ? ` ${minimum}${most}` : ` from ${minimum}`
}

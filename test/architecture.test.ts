/**
 * The shape of the code: who may import whom, no cycles, no file that has become two, and nothing of the machine on
 * which it was written.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

const basics = ['model', 'math', 'telemetry']
const stages = ['sources', 'events', 'attribution', 'ledger', 'detectors', 'incidents', 'responders', 'sharing']

/** What each folder of src/ may import besides itself. `registries` stands for the index.ts of every stage. */
const mayImport: Record<string, readonly string[]> = {
  model: [],
  math: [],
  telemetry: [],
  sources: basics,
  events: basics,
  attribution: basics,
  ledger: basics,
  incidents: basics,
  responders: basics,
  sharing: basics,
  range: basics,
  prove: basics,
  detectors: [...basics, 'ledger'],
  store: ['model', 'telemetry'],
  config: ['model', 'telemetry', 'registries'],
  app: [...basics, ...stages, 'range', 'prove', 'store', 'config'],
  contract: ['model', 'telemetry'],
  server: ['app', 'config', 'contract', 'model', 'telemetry'],
  cli: ['app', 'config', 'contract', 'model', 'telemetry'],
  testing: [...basics, ...stages, 'range', 'store', 'config', 'app', 'contract'],
}
/** AssemblyScript: another language in .ts files, and whoever has a kernel's twin may import it. */
const outside = 'kernels'
const longestFile = 400

interface Import {
  file: string
  line: number
  /** As written. */
  specifier: string
  /** The imported file from the repository root, if it is one of ours. */
  target?: string
}

const isTest = (file: string) => file.endsWith('.test.ts')
const folderOf = (file: string) => file.split('/')[1]

function filesUnder(folder: string, ignored = new Set<string>()): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name)
    if (ignored.has(entry.name) || ignored.has(path) || entry.name.startsWith('dist.')) return []
    if (entry.isDirectory()) return filesUnder(path, ignored)
    return entry.isFile() ? [path] : []
  })
}

const read = (file: string) => readFileSync(join(root, file), 'utf8')

const statement = /^[ \t]*(?:import|export)\b(?:[\w$*{},\s]*?\bfrom)?\s*['"]([^'"\n]+)['"]/gm
const dynamic = /\bimport\(\s*['"]([^'"\n]+)['"]\s*[,)]/g

/** Static, re-exporting and dynamic imports. Type imports count: they too tie one folder to another. */
function importsOf(file: string, text: string): Import[] {
  return [statement, dynamic].flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => {
      const specifier = match[1]
      const line = text.slice(0, match.index + match[0].length).split('\n').length
      if (!specifier.startsWith('.')) return { file, line, specifier }
      return { file, line, specifier, target: posix.join(posix.dirname(file), specifier) }
    }),
  )
}

function isAllowed({ file, target }: Import): boolean {
  if (!target?.startsWith('src/')) return target === undefined
  const from = folderOf(file)
  const to = folderOf(target)
  if (from === to || to === outside) return true
  if (isTest(file) && to === 'testing') return true
  const allowed = mayImport[from] ?? []
  if (allowed.includes(to)) return true
  return allowed.includes('registries') && stages.includes(to) && target === `src/${to}/index.ts`
}

const sources = filesUnder('src').filter((file) => file.endsWith('.ts') && folderOf(file) !== outside)
const imports = sources.flatMap((file) => importsOf(file, read(file)))

describe('imports', () => {
  test('every folder of src/ has its line in the table', () => {
    const unknown = sources.filter((file) => mayImport[folderOf(file)] === undefined)
    expect(unknown).toEqual([])
  })

  test('every folder imports only what the table gives it', () => {
    const forbidden = imports.filter((each) => !isAllowed(each))
    expect(forbidden.map(({ file, line, specifier }) => `${file}:${line} → ${specifier}`)).toEqual([])
  })

  test('no folders import each other in a circle', () => {
    const edges = new Map<string, Map<string, string>>()
    for (const { file, target, line } of imports) {
      if (isTest(file) || !target?.startsWith('src/') || folderOf(file) === folderOf(target)) continue
      const targets = edges.get(folderOf(file)) ?? new Map<string, string>()
      edges.set(folderOf(file), targets.set(folderOf(target), `${file}:${line}`))
    }
    expect(circles(edges)).toEqual([])
  })

  test('the reader of imports sees every form', () => {
    const text = [
      "import { a } from './a.ts'",
      "import type { B } from '../b/b.ts'",
      "import '../c/c.ts'",
      "export * from '../d/d.ts'",
      'import {\n  e,\n  type F,\n} from "../e/e.ts"',
      "const g = await import('../g/g.ts')",
      " * import { h } from '../h/h.ts'",
      "import { readFileSync } from 'node:fs'",
      "export const notAnImport = { path: './i.ts' }",
    ].join('\n')
    const found = importsOf('src/x/x.ts', text).map(({ target, line }) => `${target} ${line}`)
    expect(found).toEqual([
      'src/x/a.ts 1',
      'src/b/b.ts 2',
      'src/c/c.ts 3',
      'src/d/d.ts 4',
      'src/e/e.ts 8',
      'undefined 11',
      'src/g/g.ts 9',
    ])
  })

  test('the table is kept: stages know no other stage, and configuration only the registries', () => {
    const verdict = (file: string, target: string) => isAllowed({ file, line: 1, specifier: '', target })
    expect(verdict('src/sources/zeek/zeek.ts', 'src/model/columns.ts')).toBe(true)
    expect(verdict('src/sources/zeek/zeek.ts', 'src/ledger/cube.ts')).toBe(false)
    expect(verdict('src/detectors/novel.ts', 'src/ledger/cube.ts')).toBe(true)
    expect(verdict('src/config/config-schema.ts', 'src/detectors/index.ts')).toBe(true)
    expect(verdict('src/config/config-schema.ts', 'src/detectors/novel.ts')).toBe(false)
    expect(verdict('src/ledger/cube.test.ts', 'src/testing/fake-clock.ts')).toBe(true)
    expect(verdict('src/ledger/cube.ts', 'src/testing/fake-clock.ts')).toBe(false)
    expect(verdict('src/app/analyze.ts', 'test/report/counting-reporter.ts')).toBe(false)
  })
})

/** Circles in the graph of folders, each as `a → b (file:line) → a (file:line)`. */
function circles(edges: Map<string, Map<string, string>>): string[] {
  const found: string[] = []
  const done = new Set<string>()
  const walk = (folder: string, path: string[]): void => {
    const start = path.indexOf(folder)
    if (start >= 0) {
      const circle = [...path.slice(start), folder]
      const steps = circle.slice(1).map((to, i) => `${to} (${edges.get(circle[i])?.get(to)})`)
      found.push([folder, ...steps].join(' → '))
      return
    }
    if (done.has(folder)) return
    for (const to of edges.get(folder)?.keys() ?? []) walk(to, [...path, folder])
    done.add(folder)
  }
  for (const folder of edges.keys()) walk(folder, [])
  return found
}

describe('files', () => {
  test(`none in src/ is longer than ${longestFile} lines: past that, look for the second noun`, () => {
    // suites of src/testing are tests too
    const code = sources.filter((file) => !isTest(file) && !file.startsWith('src/testing/'))
    const long = code.filter((file) => read(file).trimEnd().split('\n').length > longestFile)
    expect(long).toEqual([])
  })

  test('only the command line writes to the console', () => {
    const writing = sources
      .filter((file) => folderOf(file) !== 'cli' && !isTest(file))
      .flatMap((file) =>
        read(file)
          .split('\n')
          .flatMap((line, i) => (/^(?!\s*(\*|\/\/)).*\bconsole\.\w+\(/.test(line) ? [`${file}:${i + 1}`] : [])),
      )
    expect(writing).toEqual([])
  })

  const ignored = new Set(['.git', 'node_modules', 'dist', 'coverage', '.cache', 'weir-state'])

  test('none holds the path of the folder in which it was written', () => {
    const here = root.split(sep).join('/')
    // a checkout right below the root of the file system has too short a name to tell
    if (here.split('/').length < 3) return
    const naming = filesUnder('.', ignored).filter((file) => read(file).includes(`${here}/`))
    expect(naming).toEqual([])
  })

  test('none names the registry from which the packages came', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved": "https?:/)
    const settings = filesUnder('.', ignored).filter((file) => file.endsWith('.npmrc'))
    expect(settings.filter((file) => /registry\s*=/.test(read(file)))).toEqual([])
  })
})

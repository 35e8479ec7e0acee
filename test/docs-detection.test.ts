/** The pages about detection say what its tables, its JSON and its commands say. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { registerCommands } from '../src/cli/commands.ts'
import { incidentJson, incidentsJson, worklistJson } from '../src/cli/incident/json.ts'
import { alphaOf, type ModuleId, modules } from '../src/detectors/budget.ts'
import { ageUnknownDays } from '../src/detectors/peer-memory.ts'
import { burnWindows } from '../src/detectors/policy/vault-budget.ts'
import { bands, measures, pools, scales, statistics } from '../src/detectors/sums/channels.ts'
import { grains } from '../src/detectors/sums/stream.ts'
import { rungs } from '../src/incidents/proposed-actions.ts'
import { memberKinds, type Verdict } from '../src/model/incident.ts'
import { buildFindings } from '../src/testing/incident-builder.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const decides = 'docs/explanation/how-weir-decides.md'
const incidents = 'docs/reference/incidents.md'
const page = (path: string): string => readFileSync(join(root, path), 'utf8')

/** Cells below the head of the table whose first column has this title. */
function tableOf(path: string, title: string): string[][] {
  const lines = page(path).split('\n')
  const head = lines.findIndex((line) => line.startsWith(`| ${title} |`))
  const rows = lines.slice(head + 2, head + 2 + lines.slice(head + 2).findIndex((line) => !line.startsWith('|')))
  return head < 0
    ? []
    : rows.map((row) =>
        row
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      )
}

const code = (text: string): string => `\`${text}\``
const named = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name)
const count = (n: number): string => String(n)

describe('how Weir decides', () => {
  test('channels: which peers', () => {
    expect(tableOf(decides, 'channel')).toEqual(
      bands.map(({ id, title, scales: at, with_unknown, to_days, weight }) => [
        ...[code(id), title, at.join(', ')],
        ...[count(with_unknown ? 0 : ageUnknownDays + to_days), count(weight)],
      ]),
    )
  })

  test('channels: what is measured', () => {
    expect(tableOf(decides, 'measure')).toEqual(
      measures.map(({ id, title, scales: at, weight }) => [code(id), title, at.join(', '), count(weight)]),
    )
  })

  test('statistics', () => {
    expect(tableOf(decides, 'statistic')).toEqual(
      statistics.map(({ id, title, bands: of, scales: at, weight }) => [
        ...[code(id), title, of.map(code).join(', '), at.join(', '), count(weight)],
      ]),
    )
  })

  test('pools', () => {
    expect(tableOf(decides, 'pool')).toEqual(
      pools.map(({ kind, scales: at, weight, entities }) => [
        ...[code(kind), at.join(', ')],
        ...[count(weight), count(entities)],
      ]),
    )
  })

  test('scales, and the past that they need', () => {
    expect(tableOf(decides, 'scale')).toEqual(
      scales.map(({ id, module, weight }) => [
        ...[id, code(module), count(weight)],
        ...[count(grains[id].weak), count(grains[id].mature)],
      ]),
    )
  })

  test('what each module must reach with a budget of one', () => {
    const told = tableOf(decides, 'module').map(([id, , ...numbers]) => [id, ...numbers])
    expect(told).toEqual(
      (Object.keys(modules) as ModuleId[]).map((id) => [
        ...[code(id), count(modules[id].share), count(modules[id].asked)],
        count(Math.round(1 / alphaOf(id, 1))),
      ]),
    )
  })
})

const verdict: Required<Verdict> = {
  ...{ incident: 'W-1001', verdict: 'theft', reason: 'found', owner: 'rk', at_ms: 1, expires_ms: 2 },
}

/** Paths of all keys: `[]` for what a list holds, `KIND` for any kind of members; the facts of evidence are free. */
function pathsOf(value: unknown, at = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, `${at}[]`))
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, item]) => {
    if (item === undefined) return []
    const isKind = /^(members|member_counts|candidates)$/.test(at)
    const path = at === '' ? key : `${at}.${isKind ? 'KIND' : key}`
    const isFree = path.endsWith('.facts') || at === 'candidates'
    return [...(isKind && at !== 'member_counts' ? [] : [path]), ...(isFree ? [] : pathsOf(item, path))]
  })
}

const unique = (all: readonly string[]): string[] => [...new Set(all)].sort()

describe('the reference of incidents', () => {
  const findings = buildFindings()
  const [incident] = findings.incidents

  test('lists every key of an incident, and no other', () => {
    const listed = tableOf(incidents, 'key').flatMap(([keys]) => named(keys))
    const hosts = incident.members.hosts.map((host) => ({ ...host, name: host.id }))
    const whole = { ...incident, verdict, members: { ...incident.members, hosts } }
    const found = unique(pathsOf(incidentJson(whole)))
    expect(unique(listed)).toEqual(found)
  })

  test('names every kind of member and every proposed action', () => {
    expect(page(incidents)).toContain(memberKinds.join(', '))
    expect(page(incidents)).toContain(rungs.map(code).join(', '))
  })

  test('names the keys of the lists', () => {
    for (const list of [incidentsJson(findings), worklistJson(findings)])
      expect(page(incidents).replaceAll('\n', ' ')).toContain(Object.keys(list).map(code).join(', '))
    const besides = { ...incidentsJson(findings), ...worklistJson(findings), incidents: [] }
    const text = page(incidents).slice(page(incidents).indexOf('## Beside the incidents'))
    for (const path of pathsOf(besides)) if (/[.\]]/.test(path)) expect(text).toContain(code(path))
  })

  test('says at which pace a budget is told', () => {
    for (const { name, factor } of burnWindows) expect(page(incidents)).toMatch(new RegExp(`${name}\\b.*\\b${factor}`))
  })
})

const files = ['README.md', 'CHANGELOG.md']
for (const folder of ['docs', 'docs/decisions', 'docs/explanation', 'docs/how-to', 'docs/reference'])
  files.push(
    ...readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  )

test.each(files)('%s: what it links to is there', (path) => {
  const links = [...page(path).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target]) => target)
  const missing = links.filter((target) => !/^https?:/.test(target) && !existsSync(join(root, dirname(path), target)))
  expect(missing).toEqual([])
})

const program = new Command()
registerCommands(program)

/** The command that a line begins with, `config check` as well as `ledger`; undefined if there is none. */
function commandOf(words: readonly string[]): Command | undefined {
  const found = program.commands.find((each) => each.name() === words[0])
  return found && found.commands.length > 0 ? found.commands.find((each) => each.name() === words[1]) : found
}

test.each(files)('%s: commands that it shows, and their options, are there', (path) => {
  const blocks = [...page(path).matchAll(/^```\w*\n(.*?)^```/gms)].flatMap(([, block]) => block.split('\n'))
  const shown = blocks.filter((line) => /^\s*(\.\/)?weir [a-z]/.test(line)).map((line) => line.replace(/\s#.*$/, ''))
  const wrong = shown.filter((line) => {
    const command = commandOf(line.trim().split(/\s+/).slice(1))
    const known = ['--help', ...(command?.options ?? []).map(({ long }) => long)]
    return !command || [...line.matchAll(/(?<![\w-])--[a-z-]+/g)].some(([option]) => !known.includes(option))
  })
  expect(wrong).toEqual([])
})

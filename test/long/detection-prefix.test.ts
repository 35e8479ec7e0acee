/**
 * Log files of one world, read whole, cut at the moment of detection, and dealt out over several runs: the same incident each
 * time, and the same as without log files.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfigFile } from '../../src/cli/load-config-file.ts'
import type { Incident } from '../../src/model/incident.ts'
import { dayMs, firstDayMs } from '../../src/range/centre/day-shape.ts'
import { Shuffler } from '../../src/testing/permutation.ts'
import { Books } from '../support/books.ts'
import { type Judged, judged, scenarioNamed, tell } from '../support/detection/court.ts'
import { type Place, writeWorld } from '../support/detection/written-world.ts'

const scenario = scenarioNamed('thin')
const options = { scenario, seed: 1, scale: 0.01, days: scenario.days, declared: 1 }
const end_ms = firstDayMs + (options.days + 1) * dayMs
const directory = mkdtempSync(join(tmpdir(), 'weir-court-'))
let memory: Judged
let whole: readonly Incident[]

beforeAll(async () => {
  memory = await judged(options)
  tell(memory)
  whole = await analysed('whole', ['logs'], () => 0)
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** The incidents after the last of as many runs as there are folders; late lines need the detail of all days. */
async function analysed(name: string, folders: readonly string[], place: Place): Promise<readonly Incident[]> {
  const more = folders.length > 1 ? 'retention: {flows_days: 400, named_days: 400}\n' : ''
  const { paths, config } = writeWorld(join(directory, name), options, { folders, place, more })
  using books = new Books(readConfigFile(config) as ConstructorParameters<typeof Books>[0])
  let incidents: readonly Incident[] = []
  for (const path of paths) incidents = (await books.analyze([path], end_ms)).incidents
  return incidents
}

/** What was known when it was declared, and nothing else. */
function declared({ id, kind, detected_at_ms, log10_evidence, evidence }: Incident) {
  return { id, kind, detected_at_ms, log10_evidence, evidence }
}

/** Raw records are kept in books alone. */
function withoutRecords(incident: Incident): Incident {
  const facts = incident.facts.map(({ derivation: { records: _, ...derivation }, ...fact }) => ({
    ...fact,
    derivation,
  }))
  return { ...incident, facts }
}

test('the world holds a detection to speak of', () => {
  expect(whole.length).toBeGreaterThan(0)
})

test('the same incidents are found without log files, whole', () => {
  expect(memory.findings.incidents.map(withoutRecords)).toEqual(whole.map(withoutRecords))
})

describe('the first incident', () => {
  test('is the same if the logs end at its detection: id, time, and evidence bit for bit', async () => {
    const [first] = whole
    const cut = await analysed('cut', ['logs'], (at_ms) => (at_ms < first.detected_at_ms ? 0 : -1))
    console.log(`prefix: ${first.id} at ${new Date(first.detected_at_ms).toISOString()}, log10 ${first.log10_evidence}`)
    expect(cut.map(declared)).toEqual([declared(first)])
  })
})

test('lines dealt out at random over three runs give the same incidents', async () => {
  const random = new Shuffler(options.seed)
  const dealt = await analysed('dealt', ['logs-a', 'logs-b', 'logs-c'], () => random.below(3))
  expect(dealt.map(withoutRecords)).toEqual(whole.map(withoutRecords))
})

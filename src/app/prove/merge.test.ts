import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { exactJson } from '../../model/exact-json.ts'
import { parseCampaigns, specText } from '../../prove/spec.ts'
import { version } from '../version.ts'
import { type Measured, mergeMeasured, readMeasured } from './merge.ts'
import { proofOf } from './prove.ts'

const directory = mkdtempSync(join(tmpdir(), 'weir-merge-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const dayMs = 86_400_000

interface Run {
  seed: number
  found: boolean
  line?: string
  weir?: string
}

/** As it comes back from the file that a run wrote. */
function run({ seed, found, line = 'hosts=3,share=0.01/0.02', weir = version }: Run): {
  path: string
  measured: Measured
} {
  const campaigns = parseCampaigns(line)
  const name = `centre ${seed}`
  const placements = campaigns.map((spec) => ({
    ...{ campaign: specText(spec), background: name, start_ms: 0, bytes_out: 100, background_bytes_out_per_day: 1000 },
    ...{ judged_days: 35, sums_bet_days: 30, found, twin_alarms: false, delay_days: found ? seed : null },
    ...{ bytes_lost: found ? 10 : 100, other_incidents: 0, oracle_days: null, usual_rules: [] },
    ...{ peers: { truth: 1, found: 1, right: 1 }, hosts: { truth: 1, found: 1, right: 1 } },
  }))
  const background = {
    name,
    from_ms: 0,
    until_ms: 73 * dayMs,
    hosts: 1,
    bytes_out_per_day: 1000,
    false_incidents: seed,
  }
  const part = { backgrounds: [background], placements, not_placed: [] }
  const path = join(directory, `${seed}.json`)
  writeFileSync(path, exactJson({ ...proofOf([part], { campaigns, seed, complete: true }), weir }, 1))
  return { path, measured: readMeasured(path) }
}

describe('results of several runs', () => {
  test('are added up, everything computed anew', () => {
    const merged = mergeMeasured([
      run({ seed: 1, found: true }),
      run({ seed: 2, found: false }),
      run({ seed: 3, found: true }),
    ])
    expect([merged.seed, merged.seeds, merged.complete]).toEqual([1, [1, 2, 3], true])
    expect(merged.cells).toHaveLength(2)
    for (const cell of merged.cells)
      expect(cell).toMatchObject({
        placements: 3,
        credited: 2,
        power: 2 / 3,
        delay_days_median: 3,
        bytes_lost_share: expect.closeTo(0.4),
      })
    expect(merged.false_incidents).toMatchObject({ count: 6, site_years: 0.6, per_year: 10 })
    expect(merged.backgrounds.map(({ name }) => name)).toEqual(['centre 1', 'centre 2', 'centre 3'])
  })

  test('that were added up already are added to others', () => {
    const path = join(directory, 'merged.json')
    writeFileSync(path, exactJson(mergeMeasured([run({ seed: 1, found: true }), run({ seed: 2, found: true })])))
    const measured = readMeasured(path)
    expect(mergeMeasured([{ path, measured }, run({ seed: 3, found: true })]).seeds).toEqual([1, 2, 3])
  })

  test.each([
    [[run({ seed: 1, found: true })], 'needs two results or more'],
    [
      [run({ seed: 1, found: true }), run({ seed: 1, found: true })],
      "both have the background 'centre 1': give runs other seeds",
    ],
    [
      [run({ seed: 1, found: true }), run({ seed: 2, found: true, weir: 'old' })],
      'was measured by Weir old, and this is ',
    ],
    [[run({ seed: 1, found: true }), run({ seed: 2, found: true, line: 'hosts=3' })], 'has the campaign hosts=3,'],
    [
      [run({ seed: 1, found: true, line: 'hosts=3,share=0.01' }), run({ seed: 2, found: true })],
      'has the campaign hosts=3,',
    ],
  ])('that do not fit together are refused (%#)', (files, message) => {
    expect(() => mergeMeasured(files)).toThrow(message)
  })

  test.each([
    ['{', 'is no result'],
    ['[]', 'all of it: '],
    ['{"weir":"0","seed":1,"complete":true,"backgrounds":[{"name":1}]}', 'backgrounds.0.name: '],
  ])('%s is no result, and says where', (text, message) => {
    const path = join(directory, 'wrong.json')
    writeFileSync(path, text)
    expect(() => readMeasured(path)).toThrow(message)
  })

  test('a file that is not there is told by its name', () => {
    expect(() => readMeasured(join(directory, 'nowhere.json'))).toThrow('nowhere.json cannot be read')
  })
})

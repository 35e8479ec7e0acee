/** What is told of the bytes that left, against the truth: the 90 % interval holds it nearly always, and the best figure is near it. */
import { expect, test } from 'vitest'
import { median } from '../../src/math/robust.ts'
import { judged, peersMatch, scenarioNamed } from '../support/detection/court.ts'

const centres = 8

test(`of the thefts in ${centres} small centres the interval holds the truth of six and more`, async () => {
  let held = 0
  const off: number[] = []
  for (let seed = 1; seed <= centres; seed++) {
    const { truth, findings } = await judged({ scenario: scenarioNamed('demo'), seed, scale: 0.004 })
    const [campaign] = truth.campaigns
    const incident = findings.incidents.find((each) => peersMatch(each, campaign).recall > 0)
    if (!incident) continue
    const { low, best, high } = incident.bytes_out
    const stolen = Number(campaign.bytes_out)
    if (Number(low) <= stolen && stolen <= Number(high)) held++
    off.push(Math.abs(Math.log(Number(best) / stolen)))
    const [from, told, to, really] = [low, best, high, stolen].map((bytes) => `${(Number(bytes) / 1e9).toFixed(0)} GB`)
    console.log(`seed ${seed}: told ${told}, ${from} to ${to}; truth ${really}`)
  }
  expect(off).toHaveLength(centres)
  expect(held).toBeGreaterThanOrEqual(6)
  expect(median(Float64Array.from(off))).toBeLessThan(Math.log(1.15))
})

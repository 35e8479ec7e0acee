import { expect, test } from 'vitest'
import { memberKinds } from '../model/incident.ts'
import { buildIncident } from './incident-builder.ts'

test.each([
  [{}],
  [{ hostile: true }],
  [{ hosts: 31, peers: 400, days: 90, seed: 5 }],
  [{ hosts: 1, peers: 1, days: 1 }],
])('%o: members of each kind and the ribbons add up to the excess', (shape) => {
  const incident = buildIncident(shape)
  for (const kind of memberKinds) {
    const members = incident.members[kind]
    if (members.length === 0) continue
    expect(members.reduce((sum, { bytes_out }) => sum + bytes_out, 0n)).toBe(incident.bytes_out.best)
    expect(members.filter(({ bytes_out }) => bytes_out < 0n)).toEqual([])
  }
  expect(incident.ribbons.reduce((sum, { bytes_out }) => sum + bytes_out, 0n)).toBe(incident.bytes_out.best)
})

test('the same seed gives the same incident, every part of a sentence a fact, and empty kinds stay empty', () => {
  const shape = { seed: 7, empty: ['peers', 'vaults'] as const }
  const incident = buildIncident(shape)
  expect(buildIncident(shape)).toEqual(incident)
  expect(buildIncident({ seed: 8 }).score).not.toEqual(incident.score)
  const facts = new Set(incident.facts.map(({ id }) => id))
  const used = incident.sentences.flatMap(({ parts }) =>
    parts.flatMap((part) => (typeof part === 'string' ? [] : [part.fact])),
  )
  expect(used.filter((id) => !facts.has(id))).toEqual([])
  expect(incident.members.peers).toEqual([])
  expect(incident.member_counts.vaults).toBe(0)
})

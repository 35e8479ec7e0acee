import { expect, test } from 'vitest'
import { type CaseParts, caseOf, evenHours, hoursFrom, leadingOf } from '../testing/case-builder.ts'
import { factsOf } from './facts-of.ts'
import { techniquesOf } from './techniques.ts'

const of = (parts: CaseParts = {}): string[] =>
  techniquesOf(factsOf(caseOf(parts))).map(({ id, fact }) => `${id} by ${fact}`)

test('small pieces to many peers are size limits; few peers or large pieces are not', () => {
  expect(of()).toContain('T1030 by median_piece_bytes')
  expect(of({ counts: { peers: 19 } }).join()).not.toContain('T1030')
  expect(of({ median_piece_bytes: 300e6 }).join()).not.toContain('T1030')
})

test('where sizes were compared, evenness decides', () => {
  expect(of({ even_piece_share: 0.6 })).toContain('T1030 by even_piece_share')
  expect(of({ even_piece_share: 0.1 }).join()).not.toContain('T1030')
  expect(of({ even_piece_share: 0.1, leading: [leadingOf({ subject: 'chunk_size:2147483648' })] })).toContain(
    'T1030 by leading_subject',
  )
})

test('hours that the site does not share are a schedule', () => {
  expect(of({ hours: { members: hoursFrom(1, 4), site: evenHours } })).toContain('T1029 by peak_hours_share')
  expect(of({ hours: { members: hoursFrom(1, 4), site: hoursFrom(0, 8) } }).join()).not.toContain('T1029')
})

test('the service names the way out', () => {
  const over = (service: string) => of({ services: [{ service, bytes_out: 9n }] })
  expect(over('ssl')).toContain('T1071.001 by service')
  expect(over('tcp/443')).toContain('T1071.001 by service')
  expect(over('ssh')).toContain('T1048 by service')
  expect(of({ counts: { peer_asns: 1 } })).toContain('T1567 by top_network_share')
  expect(of({ counts: { peer_asns: 1 }, services: [{ service: 'ssh', bytes_out: 9n }] }).join()).not.toContain('T1567')
})

test('accounts and gateways among the members', () => {
  expect(of().join()).not.toMatch(/T1078|T1133/)
  expect(of({ counts: { accounts: 1, gateways: 1 } })).toEqual(
    expect.arrayContaining(['T1078 by accounts', 'T1133 by gateways']),
  )
})

test('without its fact there is no technique, and none is named twice', () => {
  const facts = factsOf(caseOf({ counts: { accounts: 1, gateways: 1, peer_asns: 1 }, even_piece_share: 0.9 }))
  const found = techniquesOf(facts)
  expect(new Set(found.map(({ id }) => id)).size).toBe(found.length)
  for (const { id, fact } of found) {
    const rest = techniquesOf(facts.filter((each) => each.id !== fact))
    expect(rest).not.toContainEqual({ id, fact })
  }
})

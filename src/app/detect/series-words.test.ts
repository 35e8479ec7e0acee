import { expect, test } from 'vitest'
import { pools } from '../../detectors/sums/channels.ts'
import { hostRoles } from '../../model/site.ts'
import { dayRowsOf } from '../../testing/day-rows-builder.ts'
import { entityName } from './series-words.ts'

const text = (id: number): string => (id === 0 ? '' : `name-${id}`)

test('every pool has a name for what it sums', () => {
  const rows = dayRowsOf(20_500, [
    { peer: 1, role: 3, service: 7, peer_asn: 64500, bytes_out: 2 ** 21, flows: 1, untold: true },
  ])
  const names = pools.map(({ kind, entityOf }) => [kind, entityName(kind, entityOf(rows, 0), text)])
  expect(Object.fromEntries(names)).toMatchObject({
    role: hostRoles[3],
    service: 'name-7',
    unattributed: `${hostRoles[3]}/name-7`,
    peer_asn: 'AS64500',
    piece_size: '2097152-4194304',
  })
})

test('an unknown service has a name', () => {
  const unattributed = pools.find(({ kind }) => kind === 'unattributed')
  const entity = unattributed?.entityOf(dayRowsOf(20_500, [{ peer: 1, role: 3, bytes_out: 1, untold: true }]), 0) ?? 0
  expect(entityName('unattributed', entity, text)).toBe(`${hostRoles[3]}/unknown`)
})

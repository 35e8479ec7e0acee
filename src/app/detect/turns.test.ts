import { expect, test } from 'vitest'
import { Turns } from './turns.ts'

test('a campaign is told once as it is named, and when it becomes twice or half as many', () => {
  const turns = new Turns()
  turns.declared(99, 'sums')
  for (const [tick, peers, hosts] of [
    [99, 10, 4],
    [243, 12, 4],
    [387, 20, 5],
    [531, 39, 5],
    [675, 41, 11],
    [819, 11, 10],
    [963, 12, 9],
  ])
    turns.counted(tick, peers, hosts)
  turns.joined(1000, 'fan_in', 60, 12)
  turns.counted(1107, 61, 12)
  turns.parted(1200, 'sums', 30, 10)
  turns.counted(1251, 31, 10)
  const minutes = (tick: number): number => (tick + 1) * 600_000
  expect(turns.all).toEqual([
    { at_ms: minutes(99), kind: 'declared', detector: 'sums', peers: 0, hosts: 0 },
    { at_ms: minutes(99), kind: 'named', peers: 10, hosts: 4 },
    { at_ms: minutes(387), kind: 'grew', peers: 20, hosts: 5 },
    { at_ms: minutes(675), kind: 'grew', peers: 41, hosts: 11 },
    { at_ms: minutes(819), kind: 'shrank', peers: 11, hosts: 10 },
    { at_ms: minutes(1000), kind: 'joined', detector: 'fan_in', peers: 60, hosts: 12 },
    { at_ms: minutes(1200), kind: 'parted', detector: 'sums', peers: 30, hosts: 10 },
  ])
})

test('one host more or less is no turn where there are few', () => {
  const turns = new Turns()
  turns.counted(1, 100, 0)
  turns.counted(2, 100, 0)
  turns.counted(3, 100, 1)
  turns.counted(4, 100, 0)
  turns.counted(5, 0, 0)
  turns.counted(6, 0, 0)
  expect(turns.all.map(({ kind }) => kind)).toEqual(['named', 'shrank'])
})

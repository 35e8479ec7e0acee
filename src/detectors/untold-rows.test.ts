import { expect, test } from 'vitest'
import { type BuiltRow, dayRowsOf } from '../testing/day-rows-builder.ts'

const untoldOf = (...rows: Partial<BuiltRow>[]): number[] => {
  const built = rows.map((more, i) => ({ peer: i, bytes_out: 1e6, service: 3, host: 1, ...more }))
  return [...dayRowsOf(20_500, built).untold]
}

test('what no log ties counts where one ties others of the same host, service and hour', () => {
  expect(untoldOf({ account: 5 }, {}, { tick: 5 })).toEqual([0, 1, 1])
  expect(untoldOf({ vault: 5 }, {})).toEqual([0, 1])
  // another host, another service, another hour: no log is known that could have told
  expect(untoldOf({ account: 5 }, { host: 2 }, { service: 4 }, { tick: 6 })).toEqual([0, 0, 0, 0])
})

test('what comes with what was told is its framing, up to a twentieth', () => {
  const told = { peer: 1, vault: 5, bytes_out: 1e9 }
  expect(untoldOf(told, { peer: 1, bytes_out: 3e7, tick: 1 }, { peer: 1, bytes_out: 2e7, tick: 2 })).toEqual([0, 0, 0])
  expect(untoldOf(told, { peer: 1, bytes_out: 3e7, tick: 1 }, { peer: 1, bytes_out: 2.1e7, tick: 2 })).toEqual([
    0, 1, 1,
  ])
  // that of another peer or host is none
  expect(untoldOf(told, { peer: 2, bytes_out: 1e6 })).toEqual([0, 1])
  expect(untoldOf(told, { peer: 3, vault: 5, host: 2 }, { peer: 1, bytes_out: 1e6, host: 2 })).toEqual([0, 0, 1])
})

test('where no log tells of anything, nothing is missing in it', () => {
  expect(untoldOf({}, { tick: 9 }, { host: 7 })).toEqual([0, 0, 0])
})

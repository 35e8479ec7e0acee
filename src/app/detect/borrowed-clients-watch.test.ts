import { expect, test } from 'vitest'
import { type BuiltRow, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { BorrowedClientsWatch } from './borrowed-clients-watch.ts'

const nothingTaken = (): boolean => false
/** Hundreds of a peer are its network; those of network 99 share a /24. */
const names = {
  text: String,
  peer: (peer: number) => `10.${Math.floor(peer / 100)}.${peer >= 9900 ? 0 : peer % 100}.1`,
}
const login = (account: number, client_fp: number, network: number): BuiltRow => ({
  ...{ account, client_fp, peer: 100 * network + (account % 100), bytes_out: 5e6 },
})
const usual = Array.from({ length: 200 }, (_, i) => login(i + 1, 1 + (i % 20), 1 + (i % 10)))
const many = (count: number, of: (i: number) => BuiltRow): BuiltRow[] => Array.from({ length: count }, (_, i) => of(i))

function toldAfterQuietDays(last: readonly BuiltRow[]): string | undefined {
  const watch = new BorrowedClientsWatch({ names, alpha: 0.001 })
  for (let day = 0; day < 50; day++) watch.day(dayRowsOf(day, usual), nothingTaken)
  return watch.day(dayRowsOf(50, [...usual, ...last]), nothingTaken).told?.leading[0].subject
}

const guests = many(10, (i) => login(1 + i, 77, 99))
/** A new version: five of twenty-five happen to be away. */
const rollOut = many(25, (i) => login(101 + i, 88, i < 5 ? 50 : 1 + ((100 + i) % 10)))

test('a client in the hands of many is told', () => {
  expect(toldAfterQuietDays(many(10, (i) => login(1 + i, 77, 50)))).toBe('client_fp:77')
})

test('the evidence of a client that may not be told is nobody else’s', () => {
  expect(toldAfterQuietDays(guests)).toBeUndefined()
  expect(toldAfterQuietDays(rollOut)).toBeUndefined()
  expect(toldAfterQuietDays([...guests, ...rollOut])).toBeUndefined()
})

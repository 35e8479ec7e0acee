import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Connections } from './connections.ts'

test('whatever the order and however often, a connection counts as much as its largest record each way', () => {
  const count = fc.oneof(
    fc.nat(50),
    fc.constantFrom(2 ** 32 - 2, 2 ** 32 - 1, 2 ** 32, 2 ** 51),
    fc.bigInt(2n ** 52n, 2n ** 60n),
  )
  const record = fc.record({ conn: fc.nat(3), out: count, back: count })
  fc.assert(
    fc.property(fc.array(record, { maxLength: 20 }), (records) => {
      const connections = new Connections()
      const totals = new Map<number, { out: bigint; in: bigint; began: number }>()
      for (const { conn, out, back } of records) {
        const isNew = !totals.has(conn)
        const total = totals.get(conn) ?? { out: 0n, in: 0n, began: 0 }
        totals.set(conn, total)
        const says = connections.grow(conn, 9, out, back)
        const grown = BigInt(connections.grown_out) + BigInt(connections.grown_in)
        expect(says).toBe(isNew || grown > 0n)
        expect(connections.began).toBe(total.out + total.in === 0n)
        total.out += BigInt(connections.grown_out)
        total.in += BigInt(connections.grown_in)
      }
      const largest = (values: (number | bigint)[]): bigint => values.map(BigInt).reduce((a, b) => (a > b ? a : b), 0n)
      for (const [conn, total] of totals) {
        const own = records.filter((each) => each.conn === conn)
        const expected = { out: largest(own.map(({ out }) => out)), in: largest(own.map(({ back }) => back)) }
        expect([total.out, total.in]).toEqual([expected.out, expected.in])
        expect(connections.known(conn, 9)).toEqual(expected)
      }
      expect(connections.known(77, 9)).toBeUndefined()
      expect(connections.size).toBe(totals.size)
    }),
    { seed: 1 },
  )
})

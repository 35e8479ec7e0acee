import { describe, expect, test } from 'vitest'
import { type BuiltRow, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { type NewClient, NewClients, newDays } from './new-clients.ts'

const usual: BuiltRow[] = Array.from({ length: 20 }, (_, i) => ({
  ...{ peer: i, host: 1 + (i % 3), client_fp: 1 + (i % 4), bytes_out: 5e9 },
}))
const brought = (client_fp: number, bytes_out: number, more: Partial<BuiltRow> = {}): BuiltRow => ({
  ...{ peer: 90, host: 2, client_fp, bytes_out, ...more },
})

class Site {
  readonly #clients = new NewClients()
  day = 0

  next(more: readonly BuiltRow[] = [], isTaken: (client: number) => boolean = () => false): NewClient[] {
    const rows = dayRowsOf(this.day++, [...usual, ...more])
    return this.#clients.day(rows, (of, i) => isTaken(of.client_fp[i]))
  }

  quietDays(count: number): this {
    for (let i = 0; i < count; i++) expect(this.next()).toEqual([])
    return this
  }
}

describe('a client that was never seen before', () => {
  test('and takes a tenth of what leaves is shown, with what is known of it', () => {
    const site = new Site().quietDays(40)
    site.next([brought(77, 10e9)])
    const [found, ...others] = site.next([brought(77, 12e9, { peer: 91 }), brought(77, 3e9, { peer: 92, host: 3 })])
    expect(others).toEqual([])
    expect(found).toMatchObject({ client: 77, first_day: 40, days: 2, bytes_out: 25e9, peers: 3, hosts: 2, earlier: 0 })
    expect(found.share).toBeCloseTo(25 / 225, 9)
  })

  test('is nobody’s concern below a hundredth, in the first month, after two weeks, or in an open incident', () => {
    expect(new Site().quietDays(40).next([brought(77, 0.9e9)])).toEqual([])
    expect(new Site().quietDays(29).next([brought(77, 50e9)])).toEqual([])
    const site = new Site().quietDays(40)
    for (let day = 0; day < newDays; day++) expect(site.next([brought(77, 50e9)])).toHaveLength(1)
    expect(site.next([brought(77, 50e9)])).toEqual([])
    expect(new Site().quietDays(40).next([brought(77, 50e9)], (client) => client === 77)).toEqual([])
  })

  test('is ranked among the newcomers before it', () => {
    const site = new Site().quietDays(40)
    for (const [i, bytes] of [1e9, 20e9, 2e9].entries()) {
      site.next([brought(100 + i, bytes * newDays)])
      for (let day = 1; day < newDays; day++) site.next()
    }
    const [found] = site.next([brought(77, 15e9)])
    expect(found).toMatchObject({ earlier: 3, as_large: 1 })
  })

  test('what was agreed does not count', () => {
    expect(new Site().quietDays(40).next([brought(77, 50e9, { unexplained: false })])).toEqual([])
  })
})

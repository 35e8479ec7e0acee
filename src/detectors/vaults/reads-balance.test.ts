import { describe, expect, test } from 'vitest'
import { type BuiltRow, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { Shuffler } from '../../testing/permutation.ts'
import { readRowsOf, type StorageRead } from '../names/read-rows.ts'
import { type BalanceSubject, ReadsBalance } from './reads-balance.ts'

const vaults = 30
const target = 3

interface Change {
  reads?: (read: StorageRead, day: number) => StorageRead
  rows?: (row: BuiltRow, day: number) => BuiltRow
  more?: (day: number) => { reads?: StorageRead[]; rows?: BuiltRow[] }
}

/** What is read of a vault varies by a lognormal law from day to day, less at weekends; most of it leaves, some of that explained. */
function run(
  change: Change = {},
  { seed = 1, days = 220, idOf = (vault: number) => vault, nameOf = (vault: number) => `v${vault}` } = {},
) {
  const random = new Shuffler(seed)
  const uniform = (): number => (random.below(0x40000000) + 0.5) / 0x40000000
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
  const balance = new ReadsBalance({ seed: 1, nameOf, isQuiet: () => false })
  const told: { day: number; subject: BalanceSubject }[] = []
  let most = Number.NEGATIVE_INFINITY
  for (let day = 0; day < days; day++) {
    const usual = Array.from({ length: vaults }, (_, i) => {
      const weekend = (day + 4) % 7 === 0 || (day + 4) % 7 === 6
      const read = 1e11 * (1 + (i % 5)) * (weekend ? 0.5 : 1) * Math.exp(0.5 * normal())
      const left = read * (0.5 + 0.4 * uniform())
      const vault = idOf(i + 1)
      return {
        reads: [{ account: 1, vault, host: 1 + (i % 3), bytes: read }],
        rows: [
          { peer: 1, vault, bytes_out: left * 0.7 },
          { peer: 2, vault, bytes_out: left * 0.3, unexplained: i % 4 !== 0 },
        ],
      }
    })
    const more = change.more?.(day)
    const reads = [...usual.flatMap((each) => each.reads), ...(more?.reads ?? [])]
    const rows: BuiltRow[] = [...usual.flatMap((each) => each.rows), ...(more?.rows ?? [])]
    balance.day(
      dayRowsOf(
        day,
        rows.map((row) => change.rows?.(row, day) ?? row).filter(({ bytes_out }) => bytes_out > 0),
      ),
      readRowsOf(
        day,
        reads.map((read) => change.reads?.(read, day) ?? read).filter(({ bytes }) => bytes > 0),
      ),
    )
    most = Math.max(most, balance.log_e)
    for (const subject of balance.strongest(10)) if (subject.log_e >= 0) told.push({ day, subject })
  }
  return { told, most, balance }
}

const first = ({ told }: ReturnType<typeof run>) => told[0]
const since = 130

describe('is told', () => {
  test('reads that stay inside: staged, of that vault, within three weeks', () => {
    const found = first(
      run({ more: (day) => (day >= since ? { reads: [{ account: 1, vault: target, host: 1, bytes: 8e11 }] } : {}) }),
    )
    expect(found.subject).toMatchObject({ vault: target })
    expect(['staged', 'read']).toContain(found.subject.question)
    expect(found.day - since).toBeLessThan(21)
    expect(Math.abs(found.subject.since_day - since)).toBeLessThan(14)
  })

  test('departures that no audit saw: unread', () => {
    const found = first(
      run({ more: (day) => (day >= since ? { rows: [{ peer: 9, vault: target, bytes_out: 8e11 }] } : {}) }),
    )
    expect(found.subject).toMatchObject({ vault: target, question: 'unread' })
    expect(found.day - since).toBeLessThan(21)
  })

  test('reads that rise fivefold within a month, and leave: read', () => {
    const more = (day: number) => {
      const bytes = 1.5e10 * Math.min(30, Math.max(0, day - since))
      const [reads, rows] = [
        [{ account: 1, vault: 1, host: 1, bytes }],
        [{ peer: 9, vault: 1, bytes_out: 0.7 * bytes }],
      ]
      return { reads, rows }
    }
    const found = first(run({ more }))
    expect(found.subject).toMatchObject({ vault: 1, question: 'read' })
    expect(found.day - since).toBeLessThan(35)
  })
})

describe('is silent', () => {
  test('in a year in which nothing happens: of two sites one is told of at most', () => {
    const sites = [11, 12].map((seed) => run({}, { seed, days: 365 }))
    expect(sites.filter(({ told, most }) => told.length > 0 || most >= 0).length).toBeLessThanOrEqual(1)
  })

  test.each([
    [
      'where an audit is switched on for a host that had none',
      { more: (day) => (day >= since ? { reads: [{ account: 1, vault: target, host: 9, bytes: 8e11 }] } : {}) },
    ],
    [
      'in a gap of the audit',
      { reads: (read, day) => (day >= since && day < since + 5 ? { ...read, bytes: 0 } : read) },
    ],
    [
      'in a gap of the audit of one host of three',
      { reads: (read, day) => (day >= since && day < since + 10 && read.host === 1 ? { ...read, bytes: 0 } : read) },
    ],
    [
      'in a gap of the flows',
      { rows: (row, day) => (day >= since && day < since + 3 ? { ...row, bytes_out: 0 } : row) },
    ],
    [
      'where a sensor loses a third of all',
      { rows: (row, day) => (day >= since ? { ...row, bytes_out: 0.67 * row.bytes_out } : row) },
    ],
    [
      'where a new collaboration reads, and what leaves to it is explained',
      {
        more: (day) =>
          day >= since
            ? {
                reads: [{ account: 1, vault: target, host: 1, bytes: 8e11 }],
                rows: [{ peer: 9, vault: target, bytes_out: 8e11, unexplained: false }],
              }
            : {},
      },
    ],
  ] as [string, Change][])('%s', (_, change) => {
    const { told, most } = run(change)
    expect(told).toEqual([])
    expect(most).toBeLessThan(0)
  })
})

test('vaults that are idle on most days are not told of what all others do', () => {
  const share = (vault: number, day: number): number =>
    vault > 20 && (day * 7 + vault) % 5 !== 0
      ? 0
      : vault > 20 || day < since
        ? 1
        : Math.max(0.4, 1 - (day - since) / 60)
  const { told } = run(
    {
      reads: (read, day) => ({ ...read, bytes: read.bytes * Math.sign(share(read.vault, day)) }),
      rows: (row, day) => ({ ...row, bytes_out: row.bytes_out * share(row.vault ?? 0, day) }),
    },
    { days: 260 },
  )
  expect(told.filter(({ subject }) => subject.vault > 20)).toEqual([])
})

test('ids of vaults decide nothing', () => {
  const seen = [(vault: number) => vault, (vault: number) => 999 - vault].map((idOf) => {
    const more = (day: number) =>
      day >= since ? { reads: [{ account: 1, vault: idOf(target), host: 1, bytes: 4e11 }] } : {}
    const nameOf = (id: number) => `v${idOf(id)}`
    return run({ more }, { days: 150, idOf, nameOf })
      .balance.strongest(5)
      .map(({ vault, ...rest }) => ({ ...rest, vault: idOf(vault) }))
  })
  expect(seen[0]).toHaveLength(5)
  expect(seen[0]).toEqual(seen[1])
})

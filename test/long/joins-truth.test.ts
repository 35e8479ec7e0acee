/**
 * Joins against the truth: logs of a site whose every flow has a known owner, with what is wrong with logs in the field.
 * Reads them as any user does and compares who is named with who it was.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Attributor } from '../../src/app/attributor.ts'
import { SiteNames } from '../../src/app/site-names.ts'
import { siteOf } from '../../src/app/site-of.ts'
import { openState } from '../../src/app/state.ts'
import { readFlowTable } from '../../src/ledger/read-flow.ts'
import { addressAt, formatHalves } from '../../src/model/address.ts'
import { emptyLabel, type Label, methods } from '../../src/model/label.ts'
import { Books, configOf } from '../support/books.ts'
import { Draw } from '../support/truth/draw.ts'
import { config, day, days, hour, type SiteLogs, simulate, type TrueFlow, t0 } from '../support/truth/truth-site.ts'

const now_ms = t0 + (days + 1) * day
const timeout = 120_000

/** What was said of one flow, beside what is true of it. */
interface Said {
  flow: TrueFlow
  label: Label
  account: string
  candidate: string
  runner_up: string
}

let site: SiteLogs
let books: Books
let said: Said[]

beforeAll(async () => {
  site = simulate(20_260_302, 0.35)
  books = new Books(config)
  await books.run(site.logs, now_ms)
  said = await everyFlow(books, site.flows)
}, timeout)
afterAll(() => books[Symbol.dispose]())

const keyOf = (start_ms: number, peer: string, port: number): string => `${start_ms} ${peer} ${port}`

/** The label of every flow in the books, before transfers are laid over them. */
async function everyFlow({ state }: Books, truth: readonly TrueFlow[]): Promise<Said[]> {
  const { store, close } = await openState(state)
  try {
    const names = await SiteNames.of(siteOf(configOf(config)), store)
    const span = [t0 - day, now_ms] as const
    const attributor = await Attributor.load(store, names, ...span)
    const flows = new Map(truth.map((flow) => [keyOf(flow.start_ms, flow.peer, flow.peer_port), flow]))
    const result: { flow: TrueFlow; label: Label }[] = []
    for await (const columns of store.readFlows(readFlowTable, ...span, false)) {
      const { start_ms, peer, peer_port } = columns.data
      for (let i = 0; i < columns.length; i++) {
        const { hi, lo } = addressAt(peer, i)
        const flow = flows.get(keyOf(start_ms[i], formatHalves(hi, lo), peer_port[i]))
        if (!flow) throw new Error(`a flow that nobody sent: ${formatHalves(hi, lo)}`)
        const label = emptyLabel()
        attributor.label(columns, i, label)
        result.push({ flow, label })
      }
    }
    const texts = await store.nameTexts(
      result.flatMap(({ label }) => [label.account, label.candidate, label.runner_up]),
    )
    const text = (id: number): string => texts.get(id) ?? ''
    return result.map(({ flow, label }) => ({
      flow,
      label,
      account: text(label.account),
      candidate: text(label.candidate),
      runner_up: text(label.runner_up),
    }))
  } finally {
    await close()
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const percent = (share: number): string => `${(100 * share).toFixed(3)} %`

test('every flow is in the books, with its bytes', async () => {
  expect(said).toHaveLength(site.flows.length)
  const { total } = await books.ask((store) => store.query({ by: [], where: [] }))
  expect(total.bytes_out).toBe(BigInt(sum(site.flows.map(({ bytes_out }) => bytes_out))))
  expect(total.bytes_in).toBe(BigInt(sum(site.flows.map(({ bytes_in }) => bytes_in))))
})

describe('of leases, logins and jobs', () => {
  test('at least 99 % are joined to their flows, by the join that should', () => {
    for (const kind of ['vpn', 'ssh', 'job'] as const) {
      const ofKind = said.filter(({ flow }) => flow.kind === kind)
      const units = new Set(ofKind.map(({ flow }) => flow.unit))
      const joined = new Set(
        ofKind.filter(({ flow, account }) => account === flow.account).map(({ flow }) => flow.unit),
      )
      const how = new Set(ofKind.filter(({ account }) => account !== '').map(({ label }) => methods[label.method]))
      console.log(
        `${kind}: ${joined.size} of ${units.size} joined (${percent(joined.size / units.size)}), by ${[...how].join(', ')}`,
      )
      expect(units.size).toBeGreaterThan(50)
      if (kind !== 'job') expect(joined.size / units.size).toBeGreaterThanOrEqual(0.99)
    }
  })

  test('jobs that were alone on their node are joined; of those that shared it, all are candidates', () => {
    const jobs = said.filter(({ flow }) => flow.kind === 'job')
    const named = jobs.filter(({ account }) => account !== '')
    const doubtful = jobs.filter(({ account, label }) => account === '' && label.candidates > 1)
    expect(named.length + doubtful.length).toBeGreaterThanOrEqual(0.99 * jobs.length)
    expect(named.length).toBeGreaterThan(0.5 * jobs.length)
  })

  test('wrong names are at most 0.1 % of the bytes', () => {
    const wrong = said.filter(
      ({ flow, account }) => account !== '' && account !== flow.account && flow.kind !== 'gridftp',
    )
    const share = sum(wrong.map(({ flow }) => flow.bytes_out)) / sum(said.map(({ flow }) => flow.bytes_out))
    console.log(`wrong names: ${wrong.length} of ${said.length} flows, ${percent(share)} of the bytes`)
    expect(share).toBeLessThanOrEqual(0.001)
  })

  test('weights mean what they say', () => {
    const claims = said.flatMap(({ flow, label, account, candidate, runner_up }) => {
      const best = account || candidate
      return [
        ...(best === '' ? [] : [{ weight: label.confidence, right: best === flow.account }]),
        ...(runner_up === '' ? [] : [{ weight: label.runner_up_confidence, right: runner_up === flow.account }]),
      ]
    })
    for (let low = 0; low < 100; low += 10) {
      const bin = claims.filter(({ weight }) => weight >= low && weight < low + 10)
      if (bin.length === 0) continue
      const said_percent = sum(bin.map(({ weight }) => weight)) / bin.length
      const right = bin.filter((claim) => claim.right).length / bin.length
      console.log(
        `weight ${low}–${low + 9} %: ${bin.length} names, said ${said_percent.toFixed(1)} %, right ${percent(right)}`,
      )
      // three standard errors of a share; what is said errs on the side of doubt, as clocks here differ by less than allowed
      const error = 3 * Math.sqrt((right * (1 - right) + 0.01) / bin.length)
      if (low >= 50) expect(right).toBeGreaterThanOrEqual(said_percent / 100 - error)
      else expect(right).toBeLessThanOrEqual(said_percent / 100 + error)
    }
  })
})

test('transfers over parallel streams are named by the transfer log, bytes counted once', async () => {
  const truth = site.flows.filter(({ kind }) => kind === 'gridftp')
  const peers = new Map(truth.map(({ peer, account }) => [peer, account]))
  const rows = (await books.answer(['peer', 'account', 'vault'])).filter(({ key }) => peers.has(key[0]))
  const named = rows.filter(({ key: [, account, vault] }) => account !== '' && vault !== '')
  for (const { key } of named) expect(key[1]).toBe(peers.get(key[0]))
  const bytes = (of: typeof rows): number => Number(of.reduce((total, { sums }) => total + sums.bytes_out, 0n))
  expect(bytes(rows)).toBe(sum(truth.map(({ bytes_out }) => bytes_out)))
  console.log(`transfers: ${percent(bytes(named) / bytes(rows))} of the bytes named`)
  expect(bytes(named) / bytes(rows)).toBeGreaterThanOrEqual(0.99)
})

test('bytes are the same with and without the logs that name them', { timeout }, async () => {
  using bare = new Books(config)
  await bare.run({ 'zeek/conn.log': site.logs['zeek/conn.log'] }, now_ms)
  for (const by of [['day'], ['day', 'inside', 'service']])
    expect(await bare.bytesOut(...by)).toEqual(await books.bytesOut(...by))
})

test('the clock that is two hours ahead is found, and no other', async () => {
  const offsets = await books.ask((store) =>
    store.rows<{ host: string; hours: number }>(
      'SELECT n.text AS host, o.hours AS hours FROM clock_offsets o JOIN names n ON n.id = o.origin',
    ),
  )
  expect(offsets).toEqual([{ host: 'login2', hours: -2 }])
})

test('what was known on Monday evening can still be asked', async () => {
  const ask = (known_at_ms?: number) =>
    books.ask((store) =>
      store.query({ by: ['account'], where: [{ column: 'host', value: 'nat' }], to_ms: t0 + 18 * hour, known_at_ms }),
    )
  const bytesNamed = ({ rows }: Awaited<ReturnType<typeof ask>>): bigint =>
    rows.filter(({ account }) => account !== '').reduce((total, { bytes_out }) => total + (bytes_out as bigint), 0n)
  const [then, today] = [await ask(t0 + 18 * hour), await ask()]
  // jobs are known at their end: some that ran in the evening were not
  expect(bytesNamed(then)).toBeGreaterThan(0n)
  expect(bytesNamed(then)).toBeLessThan(bytesNamed(today))
  expect(then.total.bytes_out).toBeLessThanOrEqual(today.total.bytes_out as bigint)
})

describe('logs in any order and split', () => {
  /** Pieces of a log as rotation makes them: between records, and with the header again where there is one. */
  function pieces(name: string, text: string, parts: number): [string, string][] {
    const isDetail = name.endsWith('detail')
    const lines = isDetail
      ? text.split('\n\n').map((record) => `${record}\n\n`)
      : text.split('\n').map((line) => `${line}\n`)
    const header = lines.findIndex((line) => !line.startsWith('#'))
    const head = name.endsWith('sacct.txt') ? lines.splice(0, 1) : lines.splice(0, header)
    const whole = lines.filter((line) => line.trim() !== '')
    return Array.from({ length: parts }, (_, i) => {
      const from = Math.floor((whole.length * i) / parts)
      const to = Math.floor((whole.length * (i + 1)) / parts)
      return [`part${i}/${name}`, [...head, ...whole.slice(from, to)].join('')]
    })
  }

  test('name the same accounts for the same bytes', { timeout }, async () => {
    const small = simulate(7, 0.08)
    using whole = new Books(config)
    using split = new Books(config)
    await whole.run(small.logs, now_ms)
    const parts = Object.entries(small.logs).flatMap(([name, text]) => pieces(name, text, 3))
    const draw = new Draw(11)
    const shuffled = parts.map((part) => ({ part, at: draw.random() })).sort((a, b) => a.at - b.at)
    for (let run = 0; run < 3; run++) {
      const files = shuffled.filter((_, i) => i % 3 === run).map(({ part }) => part)
      await split.run(Object.fromEntries(files), now_ms)
    }
    expect(await split.snapshot()).toEqual(await whole.snapshot())
  })
})

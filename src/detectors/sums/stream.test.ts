import { expect, test } from 'vitest'
import { keyedUniform } from '../../math/keyed-uniform.ts'
import { normalQuantile } from '../../math/normal.ts'
import type { ScaleId } from './channels.ts'
import { grains, Stream } from './stream.ts'

const firstDay = 20_454
const draw = (...keys: (string | number)[]): number => normalQuantile(keyedUniform(1, ...keys))
const streamOf = (scale: ScaleId, name = 'site all bytes', seed = 1): Stream =>
  new Stream({ name, seed, scale, usable_from_day: firstDay })

/** Deviation of a slot's logarithm around its season. */
const sd = 0.5

/** Logarithms of bytes: a day's season, 10 % more every year, and around it AR(1) with φ = 0.3. */
function valuesOf(scale: ScaleId, days: number, seed: number, phi = 0.3): Float64Array {
  const { slotsPerDay } = grains[scale]
  const values = new Float64Array(days * slotsPerDay)
  let deviation = draw(seed, 'start')
  for (let slot = 0; slot < values.length; slot++) {
    const hour = ((slot % slotsPerDay) / slotsPerDay) * 24
    const season = slotsPerDay === 1 ? 0 : 0.8 * Math.sin((2 * Math.PI * (hour - 9)) / 24)
    const growth = (Math.log(1.1) * slot) / (365 * slotsPerDay)
    values[slot] = 18 + season + growth + sd * deviation
    deviation = phi * deviation + Math.sqrt(1 - phi * phi) * draw(seed, slot)
  }
  return values
}

interface Fed {
  from?: number
  control?: (slot: number) => number
  quiet?: (slot: number) => boolean
  onSlot?: (slot: number) => void
}

/** Feeds values by their place since the first day. */
function feed(stream: Stream, values: Float64Array, { from = 0, control, quiet, onSlot }: Fed = {}): void {
  const { slotsPerDay } = grains[stream.scale]
  for (let i = from; i < values.length; i++) {
    stream.step(firstDay * slotsPerDay + i, values[i], control?.(i) ?? Number.NaN, quiet?.(i) ?? false)
    onSlot?.(i)
  }
}

/** The highest evidence of a year after so many days of past. */
function highest(scale: ScaleId, past_days: number, seed: number): number {
  const { slotsPerDay } = grains[scale]
  const stream = streamOf(scale, `stream ${seed}`)
  const values = valuesOf(scale, past_days + 365, seed)
  let most = Number.NEGATIVE_INFINITY
  feed(stream, values, {
    onSlot: (i) => {
      if (i === past_days * slotsPerDay) stream.spend(firstDay * slotsPerDay + i)
      if (i > past_days * slotsPerDay) most = Math.max(most, stream.log_e)
    },
  })
  return most
}

// with one unit of stake a year, 1/0.03 is reached in at most 3 years of 100
const rare = -Math.log(0.03)

test('by the hour: ordinary years, the first one included, bring no evidence in 19 of 20', () => {
  const most = Array.from({ length: 20 }, (_, seed) => highest('1 h', 0, seed)).sort((a, b) => a - b)
  expect(most[18]).toBeLessThan(rare)
  expect(most[10]).toBeLessThan(0)
})

test('by the day: ordinary years, the first one included, bring no evidence in 97 of 100', () => {
  const most = Array.from({ length: 100 }, (_, seed) => highest('1 d', 0, seed)).sort((a, b) => a - b)
  expect(most[96]).toBeLessThan(rare)
  expect(most[50]).toBeLessThan(0)
})

test.each([
  ['1 h', 1.5, 150, 4],
  ['10 min', 4, 45, 1],
] as const)(
  'by the %s: a step of %d deviations is found in days, and its beginning told',
  (scale, step, past_days, most_days) => {
    const { slotsPerDay } = grains[scale]
    for (let seed = 0; seed < 4; seed++) {
      const values = valuesOf(scale, past_days + most_days, 1000 + seed)
      for (let slot = past_days * slotsPerDay; slot < values.length; slot++) values[slot] += step * sd
      const stream = streamOf(scale)
      let before = Number.NEGATIVE_INFINITY
      feed(stream, values, {
        onSlot: (i) => {
          if (i < past_days * slotsPerDay) before = Math.max(before, stream.log_e)
        },
      })
      expect(before).toBeLessThan(rare)
      expect(stream.log_e).toBeGreaterThan(Math.log(1000))
      const began = (stream.since() as number) / slotsPerDay - firstDay - past_days
      expect(Math.abs(began)).toBeLessThan(1)
    }
  },
)

test('less than ever before is no evidence, however much less', () => {
  const values = valuesOf('1 h', 120, 7)
  for (let slot = 90 * 24; slot < values.length; slot++) values[slot] -= 10 * sd
  const stream = streamOf('1 h')
  feed(stream, values)
  expect(stream.log_e).toBeLessThan(0)
})

test('one slot a million times its usual is less than a campaign', () => {
  const values = valuesOf('1 h', 120, 8)
  values[119 * 24] += Math.log(1e6)
  const stream = streamOf('1 h')
  feed(stream, values)
  expect(stream.log_e).toBeLessThan(Math.log(1000))
})

test('quiet slots and gaps teach nothing: whatever their values, what follows is judged the same', () => {
  const values = valuesOf('1 h', 90, 3)
  const isQuiet = (i: number): boolean => Math.floor(i / 24) % 9 === 4
  const told = [0, 30, Number.NaN].map((value) => {
    const stream = streamOf('1 h')
    const all: number[] = []
    feed(
      stream,
      values.map((each, i) => (isQuiet(i) ? value : each)),
      { quiet: isQuiet, onSlot: () => all.push(stream.log_e, stream.reference) },
    )
    return all
  })
  expect(told[1]).toEqual(told[0])
  expect(told[2]).toEqual(told[0])
  const missing = streamOf('1 h')
  feed(
    missing,
    values.map((each, i) => (isQuiet(i) ? Number.NaN : each)),
  )
  expect([missing.log_e, missing.reference]).toEqual(told[0].slice(-2))
})

test('a quiet slot has no opinion: evidence stays as it was, and its season too', () => {
  const values = valuesOf('1 h', 61, 4)
  const stream = streamOf('1 h')
  feed(stream, values.subarray(0, 60 * 24))
  const before = { log_e: stream.log_e, reference: stream.reference, last: stream.last }
  feed(
    stream,
    values.map((value) => value + 5),
    { from: 60 * 24, quiet: () => true },
  )
  expect({ log_e: stream.log_e, reference: stream.reference, last: stream.last }).toEqual(before)
})

test('a replay gives the same to the last bit, and another future changes nothing before it', () => {
  const values = valuesOf('1 h', 80, 5)
  const other = values.map((value, i) => (i < 50 * 24 ? value : value + 3))
  const told = [values, values, other].map((each) => {
    const stream = streamOf('1 h')
    const all: number[] = []
    feed(stream, each, { onSlot: () => all.push(stream.log_e, stream.since() ?? -1, stream.last.usual) })
    return all
  })
  expect(told[1]).toEqual(told[0])
  expect(told[2].slice(0, 3 * 50 * 24)).toEqual(told[0].slice(0, 3 * 50 * 24))
  expect(told[2]).not.toEqual(told[0])
})

test('ties are split by name and seed, so that streams of equal values are not one', () => {
  const values = valuesOf('1 d', 60, 6).map((value) => Math.round(value))
  const [a, same, b, c] = [['x'], ['x'], ['y'], ['x', 2]].map(([name, seed]) => {
    const stream = streamOf('1 d', name as string, seed as number | undefined)
    feed(stream, values)
    return stream.log_e
  })
  expect(same).toBe(a)
  expect(b).not.toBe(a)
  expect(c).not.toBe(a)
})

test('nothing before the channel is comparable counts', () => {
  const values = valuesOf('1 h', 50, 9)
  const late = new Stream({ name: 'x', seed: 1, scale: '1 h', usable_from_day: firstDay + 20 })
  feed(late, values)
  const fresh = new Stream({ name: 'x', seed: 1, scale: '1 h', usable_from_day: firstDay + 20 })
  feed(fresh, values, { from: 20 * 24 })
  expect([late.log_e, late.reference, late.since()]).toEqual([fresh.log_e, fresh.reference, fresh.since()])
})

test.each(['10 min', '1 h', '1 d'] as const)(
  'by the %s: bets from its weak length on, is mature at its mature one',
  (scale) => {
    const { weak, mature, slotsPerDay } = grains[scale]
    const stream = streamOf(scale)
    const first: Record<string, number> = {}
    feed(stream, valuesOf(scale, Math.ceil(mature / slotsPerDay) + 40, 10), {
      onSlot: () => {
        first[stream.level] ??= stream.reference
        expect(stream.bets).toBe(stream.level !== 'policy_only')
        if (!stream.bets) expect(stream.log_e).toBe(Number.NEGATIVE_INFINITY)
      },
    })
    expect(first).toEqual({ policy_only: 0, weak, mature })
  },
)

test('spent evidence is gone, and its past stays', () => {
  const values = valuesOf('1 h', 160, 11)
  for (let slot = 150 * 24; slot < values.length; slot++) values[slot] += 2 * sd
  const stream = streamOf('1 h')
  feed(stream, values)
  const { reference } = stream
  expect(stream.log_e).toBeGreaterThan(9)
  stream.spend((firstDay + 160) * 24)
  expect(stream.log_e).toBe(Number.NEGATIVE_INFINITY)
  expect([stream.since(), stream.reference]).toEqual([undefined, reference])
  stream.step((firstDay + 160) * 24, 18, Number.NaN, false)
  expect(stream.since()).toBe((firstDay + 160) * 24)
})

test('what the control does as well is not held against the stream', () => {
  const days = 150
  const control = valuesOf('1 h', days, 12)
  const own = valuesOf('1 h', days, 13)
  // both follow one fashion, which at the end rises by three deviations
  for (let slot = 140 * 24; slot < control.length; slot++) control[slot] += 3 * sd
  const values = own.map((value, i) => 0.4 * value + 0.6 * control[i])
  const with_control = streamOf('1 h')
  feed(with_control, values, { control: (i) => control[i] })
  const without = streamOf('1 h')
  feed(without, values)
  expect(without.log_e).toBeGreaterThan(9)
  expect(with_control.log_e).toBeLessThan(rare)
})

test('what was spent before a stream began leaves its beginning where it is', () => {
  const values = valuesOf('1 d', 400, 3)
  const risen = values.map((value, i) => value + (i >= 380 ? 3 : 0))
  const [plain, spent] = [streamOf('1 d'), streamOf('1 d')]
  spent.spend(firstDay - 100)
  for (const stream of [plain, spent]) feed(stream, risen)
  expect(spent.log_e).toBe(plain.log_e)
  expect(spent.since()).toBe(plain.since())
  expect((spent.since() as number) - firstDay).toBeGreaterThan(370)
})

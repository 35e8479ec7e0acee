import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { logClock } from '../../model/log-clock.ts'
import { bytesOf } from '../../testing/parse-lines.ts'
import {
  decimalMicros,
  durationProblem,
  isoMicros,
  milliPlaces,
  millisOf,
  secondPlaces,
  timeProblem,
} from './time-text.ts'

fc.configureGlobal({ seed: 20_260_101 })

const seconds = (text: string) => decimalMicros(bytesOf(text), 0, text.length, secondPlaces)
const iso = (text: string, timezone = 'UTC') => isoMicros(bytesOf(text), 0, text.length, logClock({ timezone }))

describe('decimal seconds', () => {
  test('become microseconds digit by digit', () => {
    expect(seconds('1258790493.773208')).toBe(1258790493773208)
    expect(seconds('1258790493')).toBe(1258790493000000)
    expect(seconds('1258790493.7')).toBe(1258790493700000)
    expect(seconds('0.000001')).toBe(1)
    expect(seconds('-12.5')).toBe(-12500000)
  })

  test('round the seventh place, so that a double and its %.6f agree', () => {
    expect(seconds('1588205198.8997103')).toBe(1588205198899710)
    expect(seconds('1588205198.9999997')).toBe(1588205199000000)
    expect(seconds('0.0015780925750732422')).toBe(1578)
    expect(seconds('0.001578')).toBe(1578)
  })

  test('read exponents', () => {
    expect(seconds('1e-06')).toBe(1)
    expect(seconds('9.5367431640625e-07')).toBe(1)
    expect(seconds('4.294967296e+09')).toBe(4294967296000000)
    expect(seconds('1.5E3')).toBe(1500000000)
  })

  test('are not times otherwise', () => {
    for (const text of [
      '',
      '-',
      '.5',
      '5.',
      '+5',
      '1e',
      '1e+',
      'nan',
      'inf',
      '1 ',
      ' 1',
      '1.2.3',
      '1x',
      'XXXXXXXXXX.XXXXXX',
    ]) {
      expect(seconds(text), text).toBeNaN()
    }
  })

  test('of any length neither throw nor pass for a time', () => {
    expect(timeProblem(millisOf(seconds('9'.repeat(5000))))).toBe('time_out_of_range')
    expect(seconds(`1${'0'.repeat(50)}e9`)).toBeNaN()
  })

  test('give the millisecond of the digits, whatever the double would say', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 631152000, max: 4102444799 }),
        fc.integer({ min: 0, max: 999999 }),
        (whole, micros) => {
          const text = `${whole}.${String(micros).padStart(6, '0')}`
          expect(millisOf(seconds(text))).toBe(whole * 1000 + Math.trunc(micros / 1000))
        },
      ),
    )
  })

  test('and milliseconds share the parser', () => {
    const ms = (text: string) => millisOf(decimalMicros(bytesOf(text), 0, text.length, milliPlaces))
    expect(ms('1588205198899')).toBe(1588205198899)
    expect(ms('1588205198899.9994')).toBe(1588205198899)
    expect(ms('1.7e12')).toBe(1700000000000)
  })
})

describe('ISO 8601', () => {
  test('knows zones, fractions and the space', () => {
    const utc = Date.UTC(2018, 2, 24, 17, 15, 20) * 1000
    expect(iso('2018-03-24T17:15:20.615923Z')).toBe(utc + 615923)
    expect(iso('2018-03-24 17:15:20Z')).toBe(utc)
    expect(iso('2018-03-24T19:15:20+0200')).toBe(utc)
    expect(iso('2018-03-24T12:45:20.5-04:30')).toBe(utc + 500000)
    expect(iso('2018-03-24T18:15:20,123456789+01')).toBe(utc + 123457)
    expect(iso('2018-03-24T17:15:20.9999999Z')).toBe(utc + 1000000)
  })

  test('takes a time without zone as local', () => {
    expect(iso('2018-03-24T17:15:20', 'Europe/Berlin')).toBe(Date.UTC(2018, 2, 24, 16, 15, 20) * 1000)
  })

  test('agrees with Date over four centuries', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1800-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }),
        (date) => {
          expect(millisOf(iso(date.toISOString()))).toBe(date.getTime())
        },
      ),
    )
  })

  test('refuses what is no date', () => {
    const bad = ['2018-13-01T00:00:00Z', '2018-02-29T00:00:00Z', '2018-00-10T00:00:00Z', '2018-01-00T00:00:00Z']
    bad.push('2018-01-01T24:00:00Z', '2018-01-01T00:60:00Z', '2018-01-01T00:00:61Z', '2018-01-01', '2018-01-01T00:00')
    bad.push(
      '2018-01-01T00:00:00.Z',
      '2018-01-01T00:00:00 UTC',
      '2018-01-01T00:00:00+1',
      '2018-01-01X00:00:00Z',
      '2o18-01-01T00:00:00Z',
    )
    for (const text of bad) expect(iso(text), text).toBeNaN()
    expect(iso('2016-02-29T23:59:60Z')).toBe(Date.UTC(2016, 2, 1) * 1000)
  })
})

test('times before 1990 and from 2100 on are out of range', () => {
  expect(timeProblem(Date.UTC(1990, 0, 1))).toBeUndefined()
  expect(timeProblem(Date.UTC(1990, 0, 1) - 1)).toBe('time_out_of_range')
  expect(timeProblem(Date.UTC(2100, 0, 1) - 1)).toBeUndefined()
  expect(timeProblem(Date.UTC(2100, 0, 1))).toBe('time_out_of_range')
  expect(timeProblem(0)).toBe('time_out_of_range')
  expect(timeProblem(Number.POSITIVE_INFINITY)).toBe('time_out_of_range')
  expect(timeProblem(Number.NaN)).toBe('bad_time')
})

test('a record lasts from nothing to two years; an open end is no fault', () => {
  expect(durationProblem(1000, 1000)).toBeUndefined()
  expect(durationProblem(1000, 999)).toBe('bad_value')
  expect(durationProblem(0, 2 * 366 * 86400000)).toBeUndefined()
  expect(durationProblem(0, 2 * 366 * 86400000 + 1)).toBe('time_out_of_range')
  expect(durationProblem(1000, Number.NaN)).toBeUndefined()
})

/**
 * Facts as people read them. Sentences show numbers only through these functions, so that what is shown is the fact:
 * an estimate never appears without its interval, unless that is narrower than the digits shown.
 */
import { bytesText, countText, dateText, durationText, timesText, timeText } from '../model/amount-text.ts'
import type { Fact } from '../model/incident.ts'

/** How sure the interval of an estimate is. */
const interval = '90 % interval'
const mostDigits = 9

export function factText(fact: Fact): string {
  const text = valueText(fact, fact.value)
  if (fact.low === undefined || fact.high === undefined) return text
  const [low, high] = [valueText(fact, fact.low), valueText(fact, fact.high)]
  return low === text && high === text ? text : `${text} (${interval} ${low} to ${high})`
}

/** A count with its noun: `1 host`, `30 hosts`, `12.5 hosts (90 % interval …)`. */
export function countOf(one: string, many = `${one}s`): (fact: Fact) => string {
  return (fact) => `${factText(fact)} ${Number(fact.value) === 1 ? one : many}`
}

/** A moment to the minute. */
export const minuteText = (fact: Fact): string => `${timeText(Number(fact.value))} UTC`

export const perDayText = (fact: Fact): string => `${factText(fact)} a day`

/** `27 %`, `0.043 %`; `<0.0001 %` of what is there, `>99 %` of what is not all. */
export function percentText(share: number): string {
  const percent = share * 100
  if (percent <= 0) return '0 %'
  if (percent < 0.0001) return '<0.0001 %'
  if (percent < 0.095) return `${percent.toFixed(1 - Math.floor(Math.log10(percent)))} %`
  if (share < 1 && percent >= 99.5) return '>99 %'
  return `${percent < 9.95 ? percent.toFixed(1) : countText(Math.round(percent))} %`
}

/** `68 % of its line`, `26.4 times its line`. */
export function ofItsLine({ value }: Fact): string {
  const times = timesText(Number(value))
  return times === undefined ? `${percentText(Number(value))} of its line` : `${times} its line`
}

/** A factor of which the decimal logarithm is given: two digits up to a thousand million, powers of ten beyond. */
export function factorText(log10: number): string {
  if (log10 >= mostDigits) return `10^${log10.toFixed(1)}`
  const factor = 10 ** log10
  if (factor < 10) return factor.toFixed(1)
  const step = 10 ** (Math.floor(log10) - 1)
  return countText(Math.round(factor / step) * step)
}

/** `a`, `a and b`, `a, b and c`. */
export function namesText(names: readonly string[]): string {
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`
}

function valueText(fact: Fact, value: Fact['value']): string {
  if (typeof value === 'object') return namesText(value)
  if (typeof value === 'string') return value
  switch (fact.unit) {
    case 'bytes':
    case 'bytes_per_day':
      return bytesText(typeof value === 'bigint' ? value : Math.round(value))
    case 'count':
      return typeof value === 'bigint' || Number.isInteger(value) ? countText(value) : decimalText(value)
    case 'share':
      return percentText(Number(value))
    case 'time_ms':
      return dateText(Number(value))
    case 'ms':
      return durationText(Number(value))
    case 'nats':
      return factorText(Number(value) / Math.LN10)
    case 'log10':
      return factorText(Number(value))
    case 'name':
    case 'names':
      return String(value)
  }
}

function decimalText(value: number): string {
  if (value >= 100) return countText(Math.round(value))
  return value.toFixed(value < 1 ? 2 : 1)
}

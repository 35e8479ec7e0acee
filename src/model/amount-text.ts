/** Sizes, counts, shares and times as people read them. Decimal units, times in UTC. */

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']

/** Three significant digits: `12.3 MB`. Exact for what a double cannot hold, as it divides as bigint first. */
export function bytesText(bytes: bigint | number): string {
  const value = BigInt(bytes)
  let unit = 0
  let scale = 1n
  while (value / scale >= 1000n && unit < units.length - 1) {
    scale *= 1000n
    unit++
  }
  if (unit === 0) return `${value} B`
  const shown = Number((value * 1000n) / scale) / 1000
  return `${shown.toFixed(shown < 10 ? 2 : shown < 100 ? 1 : 0)} ${units[unit]}`
}

/** Digits in groups of three: `1,234,567`. */
export function countText(count: bigint | number): string {
  return count.toString().replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** A part of a whole: `27 %`, `<0.1 %`, and `–` of nothing. */
export function shareText(part: bigint | number, whole: bigint | number): string {
  if (BigInt(whole) === 0n) return '–'
  const percent = Number((BigInt(part) * 100_000n) / BigInt(whole)) / 1000
  if (percent < 0.05) return BigInt(part) === 0n ? '0 %' : '<0.1 %'
  return `${percent < 10 ? percent.toFixed(1) : percent.toFixed(0)} %`
}

/** From which on a share is told as times what it is of. */
const fewTimes = 3

/** `26.4 times`, of a share that is too large for a percentage, and no more than that of what is nearly nothing; else undefined. */
export function timesText(share: number): string | undefined {
  if (!(share >= fewTimes)) return undefined
  if (share >= 1000) return 'more than 1,000 times'
  return `${share < 100 ? share.toFixed(1) : Math.round(share)} times`
}

/** `1 file`, `2 files`. */
export function plural(count: bigint | number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${BigInt(count) === 1n ? one : many}`
}

export function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
}

export function dateText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

export function durationText(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`
  if (ms < 172_800_000) return `${(ms / 3_600_000).toFixed(1)} h`
  return `${(ms / 86_400_000).toFixed(ms < 864_000_000 ? 1 : 0)} days`
}

/**
 * Control characters, escapes, direction marks and whatever else cannot be seen made visible, so that a log line cannot
 * drive the terminal. By UTF-16 units, as JSON escapes them: within a string of JSON it stays the same string.
 */
export function plain(text: string): string {
  return text.replaceAll(/(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) =>
    Array.from({ length: char.length }, (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  )
}

/** Cut in the middle to at most so many characters. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text
  const head = Math.ceil((most - 1) / 2)
  return `${text.slice(0, head)}…${text.slice(text.length - (most - 1 - head))}`
}

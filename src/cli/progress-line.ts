/**
 * Progress on standard error: a bar with rate and time left on a terminal, a plain line every ten seconds otherwise
 * (JSON lines with --log-format json), nothing with --quiet.
 */
import pc from 'picocolors'
import type { Progress } from '../app/progress.ts'
import { bytesText, countText, durationText, plain } from './text.ts'

export interface ProgressOptions {
  shown: boolean
  json: boolean
  stream: NodeJS.WriteStream
  now: () => number
}

const barWidth = 24

export function progressLine({ shown, json, stream, now }: ProgressOptions): Progress {
  const live = shown && !json && stream.isTTY === true
  let name = ''
  let unit = ''
  let total = 0
  let done = 0
  let began = now()
  let told = began

  const amount = (units: number): string =>
    unit === 'bytes' ? bytesText(Math.round(units)) : `${countText(Math.round(units))} ${unit}`
  const text = (): string => {
    const seconds = Math.max(0.001, (now() - began) / 1000)
    const rate = done / seconds
    const share = total > 0 ? Math.min(1, done / total) : 0
    const left = rate > 0 && total > done ? ` · ${durationText(((total - done) / rate) * 1000)} left` : ''
    return `${amount(done)} of ${amount(total)} · ${amount(rate)}/s${left}${live ? '' : ` (${Math.floor(share * 100)} %)`}`
  }
  const tell = (): void => {
    told = now()
    if (json) stream.write(`${JSON.stringify({ level: 'info', event: 'progress', phase: name, done, total, unit })}\n`)
    else if (live) {
      const filled = total > 0 ? Math.round(barWidth * Math.min(1, done / total)) : 0
      stream.write(
        `\r\x1b[K${pc.bold(name.padEnd(8))} ${'█'.repeat(filled)}${pc.dim('░'.repeat(barWidth - filled))} ${text()}`,
      )
    } else stream.write(`weir: ${name} ${text()}\n`)
  }
  const clear = (): void => {
    if (live && name !== '') stream.write('\r\x1b[K')
  }
  return {
    phase: (phase, units, unitName) => {
      name = phase
      total = units
      unit = unitName
      done = 0
      began = now()
      told = began
    },
    advance: (units) => {
      done += units
      if (shown && now() - told >= (live ? 100 : 10_000)) tell()
    },
    note: (line) => {
      if (!shown) return
      clear()
      stream.write(json ? `${JSON.stringify({ level: 'info', message: line })}\n` : `weir: ${plain(line)}\n`)
    },
    done: clear,
  }
}

/**
 * Progress on standard error: a bar with rate and time left on a terminal, a plain line every ten seconds otherwise
 * (JSON lines with --log-format json), nothing with --quiet.
 */
import pc from 'picocolors'
import type { Progress } from '../app/progress.ts'
import { bytesText, countText, durationText, plain } from './text.ts'

export interface ProgressOptions {
  shown: boolean
  /** What a person should see is told although progress is not; default: as `shown`. */
  notes?: boolean
  json: boolean
  stream: NodeJS.WriteStream
  now: () => number
}

const barWidth = 24
/** At most so often a line is written anew on a terminal, or a new one elsewhere. */
const livePeriodMs = 100
const plainPeriodMs = 10_000

/** As the options of the command line ask for. */
export function progressOf({ quiet, logLevel, logFormat, progress }: Record<string, unknown>): Progress {
  const notes = quiet !== true && (logLevel === 'info' || logLevel === 'debug')
  const shown = notes && progress !== false
  return progressLine({ shown, notes, json: logFormat === 'json', stream: process.stderr, now: Date.now })
}

export function progressLine({ shown, notes = shown, json, stream, now }: ProgressOptions): Progress {
  const live = shown && !json && stream.isTTY === true
  const period = live ? livePeriodMs : plainPeriodMs
  let name = ''
  let unit = ''
  let total = 0
  let done = 0
  let began = now()
  let told = began
  let timer: NodeJS.Timeout | undefined

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
  const tellInTime = (): void => {
    if (shown && now() - told >= period) tell()
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
      // a phase of its own is no reason to be silent for another ten seconds
      if (live || timer === undefined) told = began
      // long steps of the store advance nothing, and a person still wants to see that it lives
      if (shown) timer ??= setInterval(tellInTime, live ? 1000 : 500).unref()
    },
    advance: (units) => {
      done += units
      tellInTime()
    },
    note: (line) => {
      if (!notes) return
      clear()
      const shownLine = plain(line).replaceAll('\n', '\\n')
      stream.write(json ? `${JSON.stringify({ level: 'info', message: line })}\n` : `weir: ${shownLine}\n`)
    },
    done: () => {
      clearInterval(timer)
      timer = undefined
      clear()
    },
  }
}

/**
 * The logs on disk: lines are held until their day is over, then sorted by time (equal times: in the order given) and written,
 * a file for each log and day. Holds little more than a day, as nothing lasts longer.
 */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { dayMs, firstDayMs } from '../centre/day-shape.ts'
import { type Emit, isoDate, type LogFile } from './log.ts'

interface Line {
  at_ms: number
  text: string
}
interface DayFile {
  log: LogFile
  file: string
  lines: Line[]
}
const chunkLength = 1 << 20

export class DayFiles {
  readonly #directory: string
  readonly #late: 'never' | 'next_day'
  readonly #days = new Map<number, Map<string, DayFile>>()
  bytes_written = 0
  #closedUntil = 0

  /** `late`: where a line of a day that is written already goes, as of a program whose clock is behind. */
  constructor(directory: string, late: 'never' | 'next_day' = 'never') {
    this.#directory = directory
    this.#late = late
  }

  readonly emit: Emit = (log, file, at_ms, text) => {
    const first = this.#late === 'next_day' ? this.#closedUntil : 0
    const day = Math.max(first, Math.floor((at_ms - firstDayMs) / dayMs))
    if (day < this.#closedUntil) throw new Error(`${file}: a line for a day that is written already: ${text}`)
    let files = this.#days.get(day)
    if (!files) {
      files = new Map()
      this.#days.set(day, files)
    }
    const key = `${log.folder}/${file}`
    let to = files.get(key)
    if (!to) {
      to = { log, file, lines: [] }
      files.set(key, to)
    }
    to.lines.push({ at_ms, text })
  }

  /** Writes what was logged on `day`; nothing of that day may come later. */
  close(day: number): void {
    const start_ms = firstDayMs + day * dayMs
    for (const { log, file, lines } of this.#days.get(day)?.values() ?? []) {
      lines.sort((a, b) => a.at_ms - b.at_ms)
      const full = join(this.#directory, log.folder, isoDate(start_ms), file)
      mkdirSync(dirname(full), { recursive: true })
      const to = openSync(full, 'wx')
      try {
        let text = log.head?.(start_ms) ?? ''
        for (const line of lines) {
          text += line.text
          if (text.length < chunkLength) continue
          this.#write(to, text)
          text = ''
        }
        this.#write(to, text + (log.foot?.(start_ms + dayMs) ?? ''))
      } finally {
        closeSync(to)
      }
    }
    this.#days.delete(day)
    this.#closedUntil = day + 1
  }

  #write(to: number, text: string): void {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; ) at += writeSync(to, bytes, at)
    this.bytes_written += bytes.length
  }
}

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { progressLine } from './progress-line.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function progress(options: { shown?: boolean; notes?: boolean; json?: boolean; isTTY?: boolean } = {}) {
  const written: string[] = []
  const stream = { isTTY: options.isTTY ?? false, write: (text: string) => written.push(text) }
  const line = progressLine({
    shown: options.shown ?? true,
    ...(options.notes === undefined ? {} : { notes: options.notes }),
    json: options.json ?? false,
    stream: stream as unknown as NodeJS.WriteStream,
    now: Date.now,
  })
  return { line, written }
}

describe('progress', () => {
  test('may be unwanted where notes are not', () => {
    const { line, written } = progress({ shown: false, notes: true })
    line.phase('reading', 1000, 'bytes')
    line.advance(250)
    vi.advanceTimersByTime(30_000)
    line.note('a year was guessed')
    line.done()
    expect(written).toEqual(['weir: a year was guessed\n'])
  })

  test('is a line every ten seconds where there is no terminal, whether or not anything advances', () => {
    const { line, written } = progress()
    line.phase('reading', 1000, 'bytes')
    line.advance(250)
    vi.advanceTimersByTime(9_400)
    expect(written).toEqual([])
    vi.advanceTimersByTime(600)
    expect(written).toEqual(['weir: reading 250 B of 1.00 kB · 25 B/s · 30 s left (25 %)\n'])
    vi.advanceTimersByTime(20_000)
    expect(written).toHaveLength(3)
    line.done()
    vi.advanceTimersByTime(60_000)
    expect(written).toHaveLength(3)
  })

  test('does not go silent over many short phases', () => {
    const { line, written } = progress()
    for (let i = 0; i < 6; i++) {
      line.phase('booking', 100, 'flows')
      vi.advanceTimersByTime(5_000)
    }
    expect(written).toHaveLength(3)
  })

  test('is JSON a line where that is asked for', () => {
    const { line, written } = progress({ json: true })
    line.phase('booking', 100, 'flows')
    line.advance(7)
    line.note('half\nway')
    vi.advanceTimersByTime(10_000)
    expect(written.map((text) => JSON.parse(text))).toEqual([
      { level: 'info', message: 'half\nway' },
      { level: 'info', event: 'progress', phase: 'booking', done: 7, total: 100, unit: 'flows' },
    ])
  })

  test('is one line that is written anew on a terminal, and goes when done', () => {
    const { line, written } = progress({ isTTY: true })
    line.phase('reading', 1000, 'bytes')
    vi.advanceTimersByTime(100)
    line.advance(500)
    expect(written).toHaveLength(1)
    expect(written[0].startsWith('\r\x1b[K')).toBe(true)
    expect(written[0]).toContain('500 B of 1.00 kB')
    line.done()
    expect(written.at(-1)).toBe('\r\x1b[K')
  })

  test('says nothing at all when nobody wants it', () => {
    const { line, written } = progress({ shown: false })
    line.phase('reading', 1000, 'bytes')
    line.note('something')
    vi.advanceTimersByTime(60_000)
    line.done()
    expect(written).toEqual([])
  })

  test('notes stay on their line, whatever a name contains', () => {
    const { line, written } = progress()
    line.note('a\nb \x1b[2J passed over')
    expect(written).toEqual(['weir: a\\nb \\u001b[2J passed over\n'])
  })
})

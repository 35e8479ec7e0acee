import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import picomatch from 'picomatch'
import { afterAll, expect, test } from 'vitest'
import { discover, isMeantBy } from './discover.ts'

const directory = mkdtempSync(join(tmpdir(), 'weir-discover-'))
afterAll(() => rmSync(directory, { recursive: true }))

test('a glob means files below the given path, wherever above them that path ends', () => {
  const zeek = join(directory, 'logs', 'zeek', '2026')
  mkdirSync(zeek, { recursive: true })
  writeFileSync(join(zeek, 'conn.log'), 'x')
  const meant = (glob: string, given: string): boolean => {
    const [file] = discover([given]).files
    return isMeantBy(picomatch(glob, { dot: true }), file)
  }
  // nobody knows from which directory up a configuration will be used
  for (const given of [directory, join(directory, 'logs'), join(directory, 'logs', 'zeek')])
    expect([given, meant('**/zeek/**', given)]).toEqual([given, true])
  expect(meant('zeek/**', join(directory, 'logs'))).toBe(true)
  expect(meant('zeek/**', join(directory, 'logs', 'zeek'))).toBe(true)
  expect(meant('logs/zeek/**', join(directory, 'logs'))).toBe(true)
  expect(meant('conn.log', join(zeek, 'conn.log'))).toBe(true)
  expect(meant(join(directory, '**'), directory)).toBe(true)
  expect(meant('zeek/**', directory)).toBe(false)
  expect(meant('suricata/**', join(directory, 'logs'))).toBe(false)
})

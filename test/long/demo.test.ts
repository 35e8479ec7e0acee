/** The demo as a visitor runs it: it tells the truth beside what was found, leaves its report and nothing else, and can be stopped. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { Folder, runWeir, startWeir } from '../support/weir.ts'

const folder = new Folder()
afterAll(() => folder.remove())

function place(name: string): { cwd: string; temporary: string } {
  const [cwd, temporary] = [folder.at(name), folder.at(`${name}-tmp`)]
  for (const directory of [cwd, temporary]) mkdirSync(directory, { recursive: true })
  return { cwd, temporary }
}

test('tells the truth, removes what it made, and writes over nothing', { timeout: 300_000 }, async () => {
  const { cwd, temporary } = place('visitor')
  mkdirSync(join(cwd, 'weir-demo'))
  writeFileSync(join(cwd, 'weir-demo', 'seed-1.html'), 'of somebody else')
  const { code, stdout, stderr } = await runWeir(['demo', '--no-serve'], { cwd, env: { TMPDIR: temporary } })
  expect([code, stderr.includes('error')]).toEqual([0, false])
  for (const part of ['A simulated centre', 'The look-alike', 'The usual rules meanwhile', 'The truth'])
    expect(stdout).toContain(part)
  expect(stdout).toContain('False incidents: 0')
  expect(stdout).toContain('100 % of it matched what was agreed beforehand')
  expect(readdirSync(temporary)).toEqual([])
  expect(readdirSync(cwd)).toEqual(['weir-demo'])
  expect(readFileSync(join(cwd, 'weir-demo', 'seed-1.html'), 'utf8')).toBe('of somebody else')
})

test.each([1_000, 6_000])(
  'stopped after %i ms it is gone, and so is what it made',
  { timeout: 120_000 },
  async (ms) => {
    const { cwd, temporary } = place(`hasty-${ms}`)
    const { child, ended } = startWeir(['demo', '--quiet'], { cwd, env: { TMPDIR: temporary } })
    while (readdirSync(temporary).length === 0) await pause(20)
    await pause(ms)
    child.kill('SIGINT')
    const { code, stdout } = await ended
    expect([code, stdout]).toEqual([130, ''])
    expect(readdirSync(temporary)).toEqual([])
    expect(readdirSync(cwd)).toEqual([])
  },
)

test('a directory that holds anything is not taken to keep things in', async () => {
  const { cwd } = place('full')
  writeFileSync(join(cwd, 'mine'), '')
  const { code, stderr } = await runWeir(['demo', '--keep', '.'], { cwd })
  expect(code).toBe(2)
  expect(stderr).toContain('is not empty')
  expect(readdirSync(cwd)).toEqual(['mine'])
})

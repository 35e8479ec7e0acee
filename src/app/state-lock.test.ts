import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { lockState } from './state-lock.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-lock-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const lock = join(folder, 'lock')

describe('the lock of a state', () => {
  test('names its holder, keeps others out, and goes with it', () => {
    const held = lockState(folder)
    expect(JSON.parse(readFileSync(lock, 'utf8')).pid).toBe(process.pid)
    expect(() => lockState(folder)).toThrow(`${folder} is in use by process ${process.pid}; wait for it`)
    held.release()
    expect(existsSync(lock)).toBe(false)
    lockState(folder).release()
  })

  test('of a process that is gone, of a number that another has by now, or cut short, is taken over', () => {
    const { pid } = spawnSync('true')
    const locks = [{ pid, started: '1' }, { pid: process.pid, started: '1' }, { pid: 'x' }, { pid: -1 }, null, 7]
    for (const text of [...locks.map((value) => JSON.stringify(value)), '{"pid":1', '', '\0\0']) {
      writeFileSync(lock, text)
      lockState(folder).release()
      expect(existsSync(lock)).toBe(false)
    }
  })

  test('that is no file is told', () => {
    mkdirSync(lock)
    expect(() => lockState(folder)).toThrow('is no lock of Weir')
    rmSync(lock, { recursive: true })
    expect(() => lockState(join(folder, 'nowhere'))).toThrow('nowhere cannot be written: ENOENT')
  })
})

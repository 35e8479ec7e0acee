import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeEmptyDirectory, writeBeside } from './new-files.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-new-files-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

test('a folder that holds anything is refused, a new or empty one is made', () => {
  makeEmptyDirectory(join(directory, 'a', 'b'))
  makeEmptyDirectory(join(directory, 'a', 'b'))
  expect(() => makeEmptyDirectory(directory)).toThrow('is not empty')
  writeFileSync(join(directory, 'file'), '')
  expect(() => makeEmptyDirectory(join(directory, 'file'))).toThrow('cannot be written')
})

test('no file is written over: the next gets a number, an equal one is found again', () => {
  const folder = join(directory, 'reports')
  mkdirSync(folder)
  writeFileSync(join(folder, 'page.html'), 'of somebody else')
  mkdirSync(join(folder, 'page-2.html'))
  expect(writeBeside(folder, 'page', 'html', 'ours')).toBe(join(folder, 'page-3.html'))
  expect(writeBeside(folder, 'page', 'html', 'ours')).toBe(join(folder, 'page-3.html'))
  expect(writeBeside(folder, 'page', 'html', 'ours, later')).toBe(join(folder, 'page-4.html'))
  expect(readFileSync(join(folder, 'page.html'), 'utf8')).toBe('of somebody else')
  expect(readFileSync(join(folder, 'page-3.html'), 'utf8')).toBe('ours')
})

test('a folder that cannot be made is told as such', () => {
  writeFileSync(join(directory, 'file'), '')
  expect(() => writeBeside(join(directory, 'file'), 'page', 'html', '')).toThrow('cannot be written')
})

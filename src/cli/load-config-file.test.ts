import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { configOf } from './load-config-file.ts'

const before = process.cwd()
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-config-'))
  mkdirSync(join(folder, 'here'))
  process.chdir(join(folder, 'here'))
})
afterEach(() => {
  process.chdir(before)
  rmSync(folder, { recursive: true, force: true })
})

/** A configuration that can be told by its name, in a folder that is made if need be. */
function write(...path: string[]): string {
  const file = join(folder, ...path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, `site: {name: ${path[0]}, networks: [10.0.0.0/8]}\n`)
  return file
}
const chosen = (file: unknown, paths: string[]) => {
  const { config, ...rest } = configOf(file, paths)
  return { name: config.site.name, ...rest }
}

test('paths under enrich start at the directory of the file that names them', () => {
  const file = join(folder, 'etc', 'weir.yaml')
  mkdirSync(join(folder, 'etc'))
  const enrich = 'enrich: {asn_db: asn.mmdb, identities: [../people.ldif], vaults: [/srv/vaults.csv]}'
  writeFileSync(file, `site: {networks: [10.0.0.0/8]}\n${enrich}\n`)
  expect(configOf(join('..', 'etc', 'weir.yaml')).config.enrich).toEqual({
    asn_db: `${realpathSync(folder)}/etc/asn.mmdb`,
    geo_db: undefined,
    identities: [`${realpathSync(folder)}/people.ldif`],
    projects: [],
    vaults: ['/srv/vaults.csv'],
  })
})

describe('the configuration of a command', () => {
  test('is the one that was named', () => {
    const file = write('named', 'other.yaml')
    write('here', 'weir.yaml')
    write('logs', 'weir.yaml')
    expect(chosen(file, [join(folder, 'logs')])).toEqual({
      name: 'named',
      configured: true,
      file,
      foundBesideLogs: false,
    })
  })

  test('else ./weir.yaml', () => {
    write('here', 'weir.yaml')
    write('logs', 'weir.yaml')
    const found = { name: 'here', configured: true, file: 'weir.yaml', foundBesideLogs: false }
    expect(chosen(undefined, [join(folder, 'logs')])).toEqual(found)
    expect(chosen(undefined, [])).toEqual(found)
  })

  test('else weir.yaml in the only directory of logs', () => {
    const file = write('logs', 'weir.yaml')
    expect(chosen(undefined, [join(folder, 'logs')])).toEqual({
      name: 'logs',
      configured: true,
      file,
      foundBesideLogs: true,
    })
  })

  test('else an assumption: with several paths, or a file, no one knows which is meant', () => {
    write('logs', 'weir.yaml')
    writeFileSync(join(folder, 'logs', 'conn.log'), '')
    for (const paths of [[join(folder, 'logs'), join(folder, 'here')], [join(folder, 'logs', 'conn.log')], []]) {
      expect(chosen(undefined, paths)).toEqual({ name: 'site', configured: false, foundBesideLogs: false })
    }
  })

  test('with problems is no configuration at all, wherever it was found', () => {
    const file = write('logs', 'weir.yaml')
    writeFileSync(file, 'site: {}\n')
    expect(() => configOf(undefined, [join(folder, 'logs')])).toThrow(`${file} has 1 problem(s):`)
    expect(() => configOf(join(folder, 'none.yaml'))).toThrow('none.yaml cannot be read')
  })
})

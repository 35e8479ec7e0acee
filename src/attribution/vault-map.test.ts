import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normalisePath, VaultMap } from './vault-map.ts'

fc.configureGlobal({ seed: 20_260_101 })

const vaults = [
  { id: 'proj', paths: ['/proj'], buckets: [] },
  { id: 'cfd', paths: ['/proj/cfd', '/archive/cfd/'], buckets: ['cfd', 'cfd-results'] },
  { id: 'cfd-deep', paths: ['/proj/cfd/deep//er/.'], buckets: [] },
  { id: 'climate', paths: ['/data/open/../climate'], buckets: ['climate'] },
]
const map = new VaultMap(vaults)
const find = (path: string, bucket = '') => vaults[map.find(path, bucket)]?.id

describe('the vault of a path', () => {
  test.each([
    ['/proj/cfd/run1/out.h5', 'cfd'],
    ['/proj/cfd', 'cfd'],
    ['/proj/cfd/', 'cfd'],
    ['/archive/cfd/x', 'cfd'],
    ['/proj/cfd/deep/er/x', 'cfd-deep'],
    ['/proj/cfd/deep/x', 'cfd'],
    ['/proj/other', 'proj'],
    ['/data/climate/x', 'climate'],
  ])('%s is %s: the longest prefix', (path, id) => {
    expect(find(path)).toBe(id)
  })

  test.each([
    ['/proj/cfdata/x', 'proj'],
    ['/proj/cf', 'proj'],
    ['/project/x', undefined],
    ['/archive/cfd2', undefined],
    ['/data/climate2', undefined],
    ['/data/open/x', undefined],
    ['/home/proj/cfd', undefined],
    ['', undefined],
  ])('%s is %s: whole segments only', (path, id) => {
    expect(find(path)).toBe(id)
  })

  test.each([
    ['//proj///cfd//x', 'cfd'],
    ['/proj/./cfd/./x', 'cfd'],
    ['/proj/cfd/../cfd/x', 'cfd'],
    ['/proj/cfd/../../data/climate/x', 'climate'],
    ['/../../proj/cfd/x', 'cfd'],
    ['/home/../proj/cfd', 'cfd'],
    ['proj/cfd/x', 'cfd'],
    ['/proj/cfd/x/..', 'cfd'],
    ['/proj/cfd/..', 'proj'],
    ['/proj/cfd/..x/y', 'cfd'],
    ['/proj/cfd...', 'proj'],
  ])('%s is %s: no spelling leaves its vault', (path, id) => {
    expect(find(path)).toBe(id)
  })
})

describe('the vault of a bucket', () => {
  test('counts where no path says more', () => {
    expect(find('', 'cfd-results')).toBe('cfd')
    expect(find('/nowhere', 'climate')).toBe('climate')
    expect(find('/proj/x', 'climate')).toBe('proj')
  })

  test('is the whole name', () => {
    expect(find('', 'cfd-')).toBeUndefined()
    expect(find('', 'CFD')).toBeUndefined()
    expect(find('', '')).toBeUndefined()
  })
})

test('a vault of the root holds every path, but is the last to be asked', () => {
  const all = new VaultMap([
    { paths: ['/'], buckets: [] },
    { paths: ['/proj'], buckets: [] },
  ])
  expect(all.find('/proj/x', '')).toBe(1)
  expect(all.find('/home/x', '')).toBe(0)
  expect(all.find('', 'any')).toBe(-1)
})

test('a normal path stays as it is, and every path becomes normal at once', () => {
  const part = fc.constantFrom('a', 'b', '.', '..', '', '...', ' ', '漢')
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), (parts) => {
      const path = normalisePath(`/${parts.join('/')}`)
      expect(normalisePath(path)).toBe(path)
      expect(path).toMatch(/^\//)
      expect(path.split('/')).not.toContain('..')
    }),
  )
  expect(normalisePath('')).toBe('')
})

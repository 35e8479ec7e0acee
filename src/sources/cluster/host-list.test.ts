import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expandHostList } from './host-list.ts'

const expand = (text: string, most = 100_000) => expandHostList(text, most)

describe("Slurm's rules", () => {
  test.each([
    ['cn0101', ['cn0101']],
    ['cn[0101-0104,0110],login1', ['cn0101', 'cn0102', 'cn0103', 'cn0104', 'cn0110', 'login1']],
    ['gpu-a[1-2]b[3,5]', ['gpu-a1b3', 'gpu-a1b5', 'gpu-a2b3', 'gpu-a2b5']],
    ['n[8-11]', ['n8', 'n9', 'n10', 'n11']],
    ['n[08-11]', ['n08', 'n09', 'n10', 'n11']],
    ['n[098-101]x', ['n098x', 'n099x', 'n100x', 'n101x']],
    ['cn[1-2].example.org', ['cn1.example.org', 'cn2.example.org']],
    ['cpn-f13-03-[01-02],cpn-f13-04-[01-02]', ['cpn-f13-03-01', 'cpn-f13-03-02', 'cpn-f13-04-01', 'cpn-f13-04-02']],
    ['[1-2]', ['1', '2']],
  ])('%s', (text, hosts) => {
    expect(expand(text)).toEqual(hosts)
  })

  test.each([
    '',
    ',',
    'a,',
    ',a',
    'a,,b',
    'a[',
    'a]',
    'a[]',
    'a[1-]',
    'a[-1]',
    'a[2-1]',
    'a[1-2-3]',
    'a[x]',
    'a[1[2]]',
    'a b',
    'a[1234567890]',
  ])('%j is no list', (text) => {
    expect(expand(text)).toBeUndefined()
  })
})

test('no more than asked for, however they are written', () => {
  expect(expand('n[1-100000]')).toHaveLength(100_000)
  expect(expand('n[1-100000],m')).toBeUndefined()
  expect(expand('n[0-999999999]')).toBeUndefined()
  expect(expand('a[1-1000][1-1000]')).toBeUndefined()
  expect(expand(`a${'[1-10]'.repeat(10_000)}`)).toBeUndefined()
  expect(expand(`a[${'1,'.repeat(200_000)}1]`)).toBeUndefined()
  expect(expand('x'.repeat(254))).toBeUndefined()
  expect(expand(`a${'[1]'.repeat(1000)}`)).toBeUndefined()
})

test('whatever was compressed is found again', () => {
  const bracket = fc.record({
    prefix: fc.stringMatching(/^[a-z][a-z-]{0,5}$/),
    from: fc.nat(2000),
    count: fc.integer({ min: 1, max: 30 }),
    width: fc.integer({ min: 1, max: 6 }),
  })
  fc.assert(
    fc.property(fc.array(bracket, { minLength: 1, maxLength: 5 }), (parts) => {
      const pad = (n: number, width: number) => `${n}`.padStart(width, '0')
      const text = parts
        .map((p) => `${p.prefix}[${pad(p.from, p.width)}-${pad(p.from + p.count - 1, p.width)}]`)
        .join(',')
      const hosts = parts.flatMap((p) => Array.from({ length: p.count }, (_, i) => p.prefix + pad(p.from + i, p.width)))
      expect(expand(text)).toEqual(hosts)
    }),
    { seed: 20_260_101 },
  )
})

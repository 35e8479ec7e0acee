import { describe, expect, test } from 'vitest'
import { fullGrid, parseCampaigns, quickGrid, specText } from './spec.ts'

describe('campaigns as text', () => {
  test('lists stand for every combination, the last key the fastest', () => {
    const specs = parseCampaigns('hosts=1/30,share=0.3%/0.01')
    expect(specs.map(({ hosts, share }) => [hosts, share])).toEqual([
      [1, 0.003],
      [1, 0.01],
      [30, 0.003],
      [30, 0.01],
    ])
  })

  test('every key is read, with its unit', () => {
    const line =
      'hosts=2,peers=40,spread=3,share=0.02,days=45,stay=9,hours=night,duty=0.5,history=60,piece=1.5GB,vault=g x,role=dtn'
    const [spec] = parseCampaigns(line)
    expect(spec).toEqual({
      ...{ hosts: 2, peers: 40, spread: 3, share: 0.02, days: 45, stay: 9, hours: 'night', duty: 0.5, history: 60 },
      ...{ piece: 1_500_000_000, vault: 'g x', role: 'dtn' },
    })
    expect(specText(spec)).toBe(line.replace('1.5GB', '1500000000'))
  })

  test('both grids can be read and say nothing twice', () => {
    for (const grid of [[quickGrid], fullGrid]) {
      const texts = grid.flatMap(parseCampaigns).map(specText)
      expect(new Set(texts).size).toBe(texts.length)
    }
    expect(parseCampaigns(quickGrid)).toHaveLength(12)
  })

  test.each([
    ['hosts', "'hosts' is no KEY=VALUE"],
    ['', "'' is no KEY=VALUE"],
    ['colour=red', 'with one of hosts, peers'],
    ['__proto__=1', 'with one of hosts, peers'],
    ['hosts=0', 'hosts=0: a whole number from 1 to 10000 is expected'],
    ['hosts=1e3', 'a whole number'],
    ['hosts=1,hosts=2', 'hosts is given twice'],
    ['share=-1', 'share=-1: a number'],
    ['share=', 'share=: a number'],
    ['share=2000%', 'a number from 0.000001 to 10'],
    ['hours=always', 'one of people, night, flat is expected'],
    ['piece=20', 'a size from 1kB to 10TB'],
    ['role=king', 'one of login'],
    ['vault=', 'the id of a vault is expected'],
  ])('%s is refused with what was expected', (line, message) => {
    expect(() => parseCampaigns(line)).toThrow(message)
  })
})

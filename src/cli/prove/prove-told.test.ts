import { describe, expect, test } from 'vitest'
import { parseCampaigns, specText } from '../../app/prove/campaigns.ts'
import { cellOf, falseIncidentsOf, floorsOf } from '../../app/prove/cells.ts'
import type { Placement } from '../../app/prove/placement.ts'
import type { Proof } from '../../app/prove/prove.ts'
import { provePage } from './page.ts'
import { proveText } from './text.ts'

const hostile = '<script>alert("x")</script>\u001b[2J\u202e\nnext'

function proofOf(): Proof {
  const specs = parseCampaigns(`hosts=3,share=0.01/0.02,vault=${hostile.replaceAll('/', '')}`)
  const placement = (at: number): Placement => ({
    ...{ campaign: specText(specs[at]), background: hostile, start_ms: 1_770_000_000_000, bytes_out: 30e9 },
    ...{ background_bytes_out_per_day: 100e9, found: at === 1, twin_alarms: false, delay_days: at === 1 ? 2.5 : null },
    ...{ judged_days: 35, sums_bet_days: at === 1 ? 35 : 12.5 },
    ...{ bytes_lost: at === 1 ? 3e9 : 30e9, other_incidents: 0, oracle_days: 0.5 },
    peers: { truth: 10, found: at === 1 ? 8 : 0, right: at === 1 ? 6 : 0 },
    hosts: { truth: 3, found: at === 1 ? 3 : 0, right: at === 1 ? 3 : 0 },
    usual_rules: [{ rule: 'host_cusum', delay_days: 3, twin_alarms: true }],
  })
  const placements = [placement(0), placement(1)]
  const cells = specs.map((spec, i) => cellOf(spec, [placements[i]]))
  return {
    ...{ weir: '0', seed: 1, complete: false, cells, floors: floorsOf(cells), placements },
    backgrounds: [
      {
        name: hostile,
        from_ms: 1_760_000_000_000,
        until_ms: 1_780_000_000_000,
        hosts: 3,
        bytes_out_per_day: 1e11,
        false_incidents: 1,
      },
    ],
    false_incidents: falseIncidentsOf(1, 365),
    not_placed: [{ campaign: hostile, background: hostile, reason: hostile }],
  }
}

describe('a proof is told', () => {
  test('on the terminal, with numbers and no way to drive it', () => {
    const text = proveText(proofOf(), { elapsed_ms: 1000 })
    expect(text).toContain('1.00 (0.21–1.00)')
    expect(text).toContain('2.5 d')
    expect(text).toContain('0.75/0.60')
    expect(text).toContain('20 %')
    expect(text).toContain('Stopped early')
    expect(text).toContain('1 in 1.00 site-years without a campaign; 95 % interval 0.0 to 5.6 a year')
    expect(text).not.toContain('\u001b[2J')
    expect(text).not.toContain('\u202e')
    expect(text.split('\n').filter((line) => line.startsWith('next'))).toEqual([])
  })

  test('on the page, where only what we wrote is markup', () => {
    const page = provePage(proofOf())
    expect(page).not.toMatch(/<script/i)
    expect(page).not.toContain('\u001b')
    expect(page).not.toContain('\u202e')
    expect(page).toContain('&#60;script&#62;')
    expect(page).toContain('<polyline')
    expect(page).toContain("default-src 'none'")
    const figures = page.match(/<svg viewBox="0 0 560 240" role="img" aria-label="[^"]*"/g) ?? []
    expect(figures).toHaveLength(3)
    expect(figures[0]).toContain('Power by share of egress')
    expect(figures[1]).toMatch(/Median days until found by .*: 3 hosts 1 % none, 2 % 2\.5 d"/)
    expect(figures[2]).toContain('Bytes lost by share of egress')
  })

  test('over the history, where that is what differs', () => {
    const proof = proofOf()
    const cells = parseCampaigns('history=7/30/90').map((spec, i) =>
      cellOf(spec, [{ ...proof.placements[i === 2 ? 1 : 0], sums_bet_days: 12 * i }]),
    )
    const page = provePage({ ...proof, cells, floors: floorsOf(cells) })
    expect(page).toContain('Power by days of history, 1 % of egress: 30 hosts 7 none, 30 0, 90 1"')
    expect(page.match(/<polyline/g)).toHaveLength(3)
  })

  test('a power that rests on a part of the days says so, and where no sum could bet, it is not possible yet', () => {
    const proof = proofOf()
    expect(proveText(proof, { elapsed_ms: 0 })).toContain('12 of 35 d')
    expect(provePage(proof)).toContain('12 of 35 d')
    const young = proof.placements.map((each) => ({ ...each, sums_bet_days: 0 }))
    const cells = proof.cells.map(({ spec }, i) => cellOf(spec, [young[i]]))
    // what was found although no sum could bet was possible
    expect(cells.map(({ not_possible_yet }) => not_possible_yet)).toEqual([true, false])
    const told = { ...proof, cells: [cells[0]], floors: floorsOf([cells[0]]) }
    for (const text of [proveText(told, { elapsed_ms: 0 }), provePage(told)]) {
      expect(text.match(/not possible yet/g)?.length).toBeGreaterThan(1)
      expect(text).not.toContain('0.00 (')
      expect(text).not.toContain('not reached')
    }
  })

  test('a rule that alarms without the campaign is not credited', () => {
    const [cell] = proofOf().cells
    expect(cell.usual_rules.find(({ rule }) => rule === 'host_cusum')).toMatchObject({ power: 0, twin_alarms_share: 1 })
  })

  test('also when nothing was measured', () => {
    const empty = { ...proofOf(), cells: [], floors: [], placements: [], backgrounds: [], not_placed: [] }
    expect(proveText(empty, { elapsed_ms: 0 })).toContain('0 campaigns placed')
    expect(provePage(empty)).toContain('Nothing was measured.')
  })
})

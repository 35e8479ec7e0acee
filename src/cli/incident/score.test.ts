import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Ribbon, ScoreRow } from '../../model/incident.ts'
import { dayMs } from '../../model/window.ts'
import { buildIncident } from '../../testing/incident-builder.ts'
import { chart, plotWidth, xOf } from './axis.ts'
import { atLine, cellOf, notMeasured, palette } from './colours.ts'
import { indexedPng } from './png.ts'
import { drawing, layoutRibbons } from './ribbon-layout.ts'
import { drawnRows, mostRows } from './score-rows.ts'
import { placeMarkers } from './score-sum.ts'

test('a cell is the percent of the own line; traces, the line and gaps are told apart', () => {
  expect([0, 0.0001, 0.014, 0.5, 0.999, 1, 7, Number.NaN].map(cellOf)).toEqual([
    0,
    1,
    1,
    50,
    100,
    atLine,
    atLine,
    notMeasured,
  ])
})

test('all colours differ, and lightness runs one way from a trace to the line', () => {
  const light = ([r, g, b]: readonly [number, number, number]): number => 0.2126 * r + 0.7152 * g + 0.0722 * b
  for (const [theme, sign] of [
    ['light', -1],
    ['dark', 1],
  ] as const) {
    const colours = palette(theme)
    expect(new Set(colours.map(String)).size).toBe(103)
    const steps = colours.slice(1, 101).map(light)
    expect(steps.filter((value, i) => i > 0 && sign * (value - steps[i - 1]) <= 0)).toEqual([])
  }
})

test('the picture holds the cells, byte for byte', () => {
  const pixels = Uint8Array.from([0, 1, 2, 3, 4, 102])
  const png = indexedPng(3, 2, pixels, palette('light'))
  const data = png.subarray(png.indexOf('IDAT') + 4, png.indexOf('IEND') - 8)
  expect([...inflateSync(data)]).toEqual([0, 0, 1, 2, 0, 3, 4, 102])
  expect(png.readUInt32BE(16)).toBe(3)
  expect(png.readUInt32BE(20)).toBe(2)
  // the published check sum of an empty IEND
  expect(png.subarray(-4).toString('hex')).toBe('ae426082')
})

test('a moment stands in the column of its day; outside and in gaps at the border', () => {
  const days_ms = [0, dayMs, 4 * dayMs, 5 * dayMs]
  const at = (ms: number): number => (xOf(days_ms, ms) - chart.left) / plotWidth
  expect(at(-1)).toBe(0)
  expect(at(dayMs / 2)).toBeCloseTo(0.125)
  expect(at(dayMs)).toBeCloseTo(0.25)
  expect(at(3 * dayMs)).toBeCloseTo(0.5)
  expect(at(4.5 * dayMs)).toBeCloseTo(0.625)
  expect(at(99 * dayMs)).toBeCloseTo(1)
})

test('labels of markers cover neither each other nor a line', () => {
  const markers = [88, 90, 300, 305, 310, 900, 940].map((x, i) => ({ x, text: `marker number ${i} 01-05` }))
  const placed = placeMarkers(markers)
  const spans = placed.map(({ x, anchor, text }) => {
    const wide = text.length * 6
    return anchor === 'start' ? [x, x + wide] : [x - wide, x]
  })
  const wrong: string[] = []
  for (const [i, a] of placed.entries())
    for (const [j, b] of placed.entries()) {
      const covers = spans[i][0] < b.x && b.x < spans[i][1] && b.lane < a.lane
      const overlaps = i < j && a.lane === b.lane && spans[i][0] < spans[j][1] && spans[j][0] < spans[i][1]
      if (covers || overlaps) wrong.push(`${i} ${j}`)
    }
  expect(wrong).toEqual([])
  expect(spans.every(([from, to]) => from >= 0 && to <= chart.width)).toBe(true)
})

test('rows stand by the day they joined; of too many the largest are drawn', () => {
  const row = (id: string, shares: number[]): ScoreRow => ({ kind: 'peer', id, own_line_bytes: 100, shares })
  const rows = [row('late', [0, 0, 0.5]), row('never', [0, 0, 0]), row('b', [0, 0.1, 0.9]), row('a', [0, 0.2, 0.1])]
  const { drawn } = drawnRows([...rows, { ...row('host', [1, 1, 1]), kind: 'host' }], 'peer')
  expect(drawn.map(({ row: { id }, bytes, joined, busiest }) => [id, Math.round(bytes), joined, busiest])).toEqual([
    ['a', 30, 1, 1],
    ['b', 100, 1, 2],
    ['late', 50, 2, 2],
    ['never', 0, 3, 0],
  ])
  const many = Array.from({ length: mostRows + 5 }, (_, i) => row(`p${i}`, [i / 5000]))
  const cut = drawnRows(many, 'peer')
  expect(cut.left_out).toBe(5)
  expect(cut.drawn.some(({ row: { id } }) => id === 'p4')).toBe(false)
})

test('ribbons keep every byte: through each column, and into and out of each node', () => {
  const { ribbons } = buildIncident({ hosts: 40, peers: 300 })
  const total = ribbons.reduce((sum, { bytes_out }) => sum + bytes_out, 0n)
  const { nodes, links, paths } = layoutRibbons(ribbons)
  const sum = (list: readonly { bytes: bigint }[]): bigint => list.reduce((all, { bytes }) => all + bytes, 0n)
  for (let column = 0; column < 5; column++) expect(sum(nodes.filter((node) => node.column === column))).toBe(total)
  for (const [i, node] of nodes.entries()) {
    if (node.column > 0) expect(sum(links.filter(({ to }) => to === i))).toBe(node.bytes)
    if (node.column < 4) expect(sum(links.filter(({ from }) => from === i))).toBe(node.bytes)
  }
  expect(nodes.filter(({ column }) => column === 1)).toHaveLength(12)
  expect(nodes.find(({ column, names }) => column === 1 && names > 1)?.names).toBe(29)
  expect(new Set(paths.map(String)).size).toBe(paths.length)
})

test('nodes of a column stand below each other inside the drawing', () => {
  const { nodes } = layoutRibbons(buildIncident({ hosts: 40, peers: 300 }).ribbons)
  for (let column = 0; column < 5; column++) {
    const stack = nodes.filter((node) => node.column === column)
    const overlapping = stack.filter((node, i) => i > 0 && node.y < stack[i - 1].y + stack[i - 1].height)
    expect(overlapping).toEqual([])
    const last = stack[stack.length - 1]
    expect(stack[0].y).toBeGreaterThanOrEqual(drawing.top - 0.001)
    expect(last.y + last.height).toBeLessThanOrEqual(drawing.height + 0.001)
  }
})

test('ribbons without bytes draw nothing', () => {
  const empty: Ribbon = { account: '', host: '', gateway: '', peer_network: '', vault: '', bytes_out: 0n }
  expect(layoutRibbons([empty])).toEqual({ nodes: [], links: [], paths: [] })
})

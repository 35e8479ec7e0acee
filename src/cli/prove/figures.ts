/**
 * Which figures a proof needs: each measure over the share of egress, a figure for each shape; over the history where shapes differ in
 * it and have one share. Hosts are the lines.
 */
import type { Cell } from '../../app/prove/cells.ts'
import type { Html } from '../html/html.ts'
import { plural } from '../text.ts'
import { axes, figureHtml, measures } from './curves.ts'
import { othersText, percent } from './words.ts'

export function figuresOf(cells: readonly Cell[]): Html[] {
  const measured = cells.filter(({ placements }) => placements > 0)
  const isOverHistory = countOf(measured, axes.share.of) === 1 && countOf(measured, axes.history.of) > 1
  const axis = isOverHistory ? axes.history : axes.share
  const figures = new Map<string, Map<string, Cell[]>>()
  for (const cell of measured) {
    const { spec } = cell
    const others = othersText(spec)
    const fixed = isOverHistory ? `${percent(spec.share)} of egress` : `${plural(spec.history, 'day')} of history`
    const title = `${fixed}${others === '' ? '' : `, ${others}`}`
    const curves = figures.get(title) ?? new Map<string, Cell[]>()
    figures.set(title, curves)
    const name = plural(spec.hosts, 'host')
    curves.set(name, [...(curves.get(name) ?? []), cell])
  }
  const shapes = [...figures].map(([title, curves]) => ({
    title,
    curves: [...curves].map(([name, of]) => ({ name, cells: of })),
  }))
  // shapes side by side
  return measures.flatMap((measure) => shapes.map(({ title, curves }) => figureHtml(measure, axis, title, curves)))
}

function countOf(cells: readonly Cell[], of: (cell: Cell) => number): number {
  return new Set(cells.map(of)).size
}

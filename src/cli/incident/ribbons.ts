/** Last band of the score: account → host → gateway → peer network → vault, as ribbons as wide as their bytes. */
import type { Ribbon } from '../../model/incident.ts'
import { type Cell, type Html, html, tableHtml } from '../html/html.ts'
import { bytesText, countText, oneLine, plural, shorten } from '../text.ts'
import { drawing, layoutRibbons, type RibbonLink, type RibbonNode, ribbonColumns } from './ribbon-layout.ts'

const titles = ['Account', 'Host', 'Gateway', 'Peer network', 'Vault'] as const
const many = ['accounts', 'hosts', 'gateways', 'peer networks', 'vaults'] as const
const mostRows = 50
const longestName = 22
/** A ribbon thinner than this is drawn as thin as this. */
const thinnest = 0.6

export function ribbonsFigure(ribbons: readonly Ribbon[]): Html {
  const { nodes, links, paths } = layoutRibbons(ribbons)
  if (nodes.length === 0) return html`<p class="none">No bytes are tied to accounts, gateways or vaults.</p>`
  const sorted = [...ribbons].sort((a, b) => (a.bytes_out < b.bytes_out ? 1 : -1))
  const shown = sorted.slice(0, mostRows)
  return html`<figure class="ribbons">
<figcaption>Bytes of the members by account, host, gateway, peer network and vault. A ribbon is as wide as its bytes; pointing at a name, or reaching it by keyboard, marks all that runs through it. A name that the logs do not give is <i>unknown</i>.</figcaption>
<div class="wide"><svg viewBox="0 0 ${drawing.width} ${drawing.height + 4}" role="group" aria-label="Ribbons from accounts to vaults" data-paths="${JSON.stringify(paths)}">
${titles.map((title, i) => html`<text class="tick" x="${columnX(i)}" y="12" text-anchor="${anchorOf(i)}">${title}</text>`)}
${links.map((link) => linkHtml(link, nodes))}
${nodes.map(nodeHtml)}
</svg></div>
<output class="told" aria-live="polite"></output>
</figure>
<details class="rows"><summary>The ribbons in numbers</summary>
${tableHtml(
  shown.length < ribbons.length
    ? `The largest ${countText(shown.length)} of ${countText(ribbons.length)} ribbons`
    : plural(ribbons.length, 'ribbon'),
  [...titles.map((title) => ({ title })), { title: 'Bytes', right: true }],
  shown.map((ribbon): Cell[] => [
    ...ribbonColumns.map((key) => ({ name: ribbon[key] })),
    { number: bytesText(ribbon.bytes_out) },
  ]),
)}</details>`
}

function linkHtml({ from, to, bytes, width, y0, y1 }: RibbonLink, nodes: readonly RibbonNode[]): Html {
  const [x0, x1] = [nodes[from].x + drawing.nodeWidth, nodes[to].x]
  const middle = (x0 + x1) / 2
  const n = (value: number): string => value.toFixed(1)
  return html`<path class="link" data-l="${from},${to}" d="M${n(x0)} ${n(y0)}C${n(middle)} ${n(y0)} ${n(middle)} ${n(y1)} ${n(x1)} ${n(y1)}" stroke-width="${Math.max(thinnest, width).toFixed(2)}"><title>${nameOf(nodes[from])} → ${nameOf(nodes[to])}: ${bytesText(bytes)}</title></path>`
}

function nodeHtml(node: RibbonNode, i: number): Html {
  const { column, x, y, height, bytes } = node
  const name = nameOf(node)
  const inside = column < 4
  return html`<g class="node" tabindex="0" role="img" data-n="${i}" aria-label="${titles[column]} ${name}: ${bytesText(bytes)}"><title>${name}: ${bytesText(bytes)}</title><rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${drawing.nodeWidth}" height="${Math.max(1, height).toFixed(1)}"/><text x="${(inside ? x + drawing.nodeWidth + 5 : x - 5).toFixed(1)}" y="${(y + height / 2 + 4).toFixed(1)}" text-anchor="${inside ? 'start' : 'end'}">${shorten(oneLine(name), longestName)}</text></g>`
}

function nameOf({ column, name, names }: RibbonNode): string {
  if (names > 1 || (names === 1 && name === ''))
    return names > 1 ? `${countText(names)} more ${many[column]}` : 'unknown'
  return name
}

function columnX(column: number): number {
  return column === titles.length - 1
    ? drawing.width
    : (column / (titles.length - 1)) * (drawing.width - drawing.nodeWidth)
}

function anchorOf(column: number): string {
  return column === titles.length - 1 ? 'end' : 'start'
}

/** The look of the page of an incident, beside that of all pages. */
import { chart } from './axis.ts'

const share = (part: number): string => `${((100 * part) / chart.width).toFixed(3)}%`

export const incidentStyle = `
:root{--band:#b9dcd9;--best:#0b6a73;--mark:#5b4a8a;--link:#5f9ea3;--judged:#fdf3dc}
@media (prefers-color-scheme:dark){:root{--band:#245057;--best:#8ad9d0;--mark:#b9a8ee;--link:#3f8d95;--judged:#2e2a1c}}
.story{font-size:1.12rem;line-height:1.6;max-width:52rem}
.story a{font-weight:600;text-decoration-thickness:1px;text-underline-offset:.15em}
.tags{color:var(--soft)}
.verdict{background:var(--judged);border:1px solid var(--line);border-left:4px solid var(--mark);border-radius:6px;padding:.7rem .9rem;margin:0 0 1rem;max-width:60rem}
.value a{color:inherit;text-decoration-color:var(--soft);text-decoration-thickness:1px;text-underline-offset:.18em}
.score h3{font-size:1rem;margin:1.1rem 0 .25rem;font-weight:650}
.score svg text{font-family:inherit}
.interval{fill:var(--band)}
.best{fill:none;stroke:var(--best);stroke-width:2.2;stroke-linejoin:round}
.marker{stroke:var(--mark);stroke-width:1.2;stroke-dasharray:4 3}
.label{fill:var(--mark);font-size:12px;font-weight:600}
.band{display:grid;grid-template-columns:${share(chart.left)} minmax(0,1fr) ${share(chart.right)};align-items:start;margin-bottom:4px}
.gutter{color:var(--soft);font-size:.8rem;text-align:right;padding-right:.5rem;line-height:1.25}
.cells{grid-column:2;position:relative;line-height:0;border:1px solid var(--line);cursor:crosshair;touch-action:pan-y}
.cells img,.cells canvas{display:block;width:100%;image-rendering:pixelated}
.cells .at{position:absolute;pointer-events:none;outline:2px solid var(--ink);outline-offset:0;min-width:3px;min-height:3px}
.cells .row{position:absolute;pointer-events:none;left:0;right:0;outline:1px solid var(--ink)}
.told{display:block;min-height:1.5em;font-size:.9rem;color:var(--ink);margin:.2rem 0 0 ${share(chart.left)};overflow-wrap:anywhere}
.ribbons .told{margin-left:0}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.15rem .9rem;margin:.2rem 0 .4rem ${share(chart.left)};padding:0;font-size:.83rem;color:var(--soft)}
.swatch{display:inline-block;width:1em;height:1em;border:1px solid var(--line);border-radius:2px;vertical-align:-.12em;margin-right:.35em;background:var(--light)}
@media (prefers-color-scheme:dark){.painted .swatch{background:var(--dark)}}
.sorting{border:0;margin:.3rem 0 .2rem ${share(chart.left)};padding:0;font-size:.9rem}
.sorting legend{float:left;color:var(--soft);padding:0 .6rem 0 0}
.sorting label{margin-right:.9rem;cursor:pointer}
.score>.note{margin:.15rem 0 .1rem ${share(chart.left)};color:var(--soft)}
.score>.rows{margin-left:${share(chart.left)}}
.rows summary{font-size:.88rem;margin:0}
.rows .table{max-height:26rem;overflow:auto}
.rows td:nth-child(n+3):nth-last-child(n+2){text-align:right;white-space:nowrap}
.rows td{white-space:nowrap}
.rows tbody th{font:.92em/1.4 "JetBrains Mono",ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
.wide{overflow-x:auto}
.link{fill:none;stroke:var(--link);stroke-opacity:.42}
.node rect{fill:var(--best)}
.node text{font-size:12px;fill:var(--ink);paint-order:stroke;stroke:var(--panel);stroke-width:3px}
.node{cursor:pointer;outline:none}
.node:focus-visible rect,.node:hover rect{stroke:var(--ink);stroke-width:2}
.marked .link{stroke-opacity:.1}
.marked .link.on,.link:hover{stroke-opacity:.85}
.marked .node{opacity:.35}
.marked .node.on{opacity:1}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(20rem,1fr));gap:1rem}
.two>div{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:.7rem .9rem}
.two h3{font-size:.95rem;margin:0 0 .3rem}
.two p{margin:0}
.fact{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:.6rem .9rem;margin:0 0 .6rem}
.fact:target{border-color:var(--accent);box-shadow:0 0 0 2px var(--accent)}
.fact h3{font-size:.95rem;margin:0 0 .15rem;font-weight:400}
.fact p{margin:.1rem 0}
.fact .basis{color:var(--soft);font-size:.88rem}
.command{display:flex;gap:.5rem;align-items:start;margin:.3rem 0}
.command code{flex:0 1 auto;background:var(--ground);border:1px solid var(--line);border-radius:4px;padding:.15rem .5rem;user-select:all}
button{font:inherit;font-size:.85rem;color:var(--ink);background:var(--panel);border:1px solid var(--soft);border-radius:4px;padding:.12rem .6rem;cursor:pointer}
button:hover{border-color:var(--accent)}
#orgs details{margin:0 0 .6rem}
#evidence td code{display:block;min-width:9rem}
#evidence td:last-child{min-width:9rem}
.orgs li{overflow-wrap:anywhere}
@media (max-width:60rem){.score{overflow-x:auto}.score>*{min-width:40rem}.ribbons svg{min-width:44rem}.two{display:block}.two>div{margin-bottom:.8rem}}
@media print{.sorting,button,.told{display:none}.fact{break-inside:avoid}.score{break-inside:auto}details.rows{display:none}}
`

/** The look of all pages: quiet, tabular figures, both colour schemes, also on paper. */
export const style = `
:root{color-scheme:light dark;--ground:#f7f8f8;--panel:#fff;--line:#d8dddd;--ink:#1b2324;--soft:#566264;--accent:#0b6a73;--bar:#8fc3c7;--in:#a8b2b5}
@media (prefers-color-scheme:dark){:root{--ground:#12181a;--panel:#182023;--line:#2d383b;--ink:#e4eaea;--soft:#9aa8aa;--accent:#6fc6cf;--bar:#2f7f87;--in:#65767b}}
*{box-sizing:border-box}
html{font:15px/1.5 Inter,system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;background:var(--ground);color:var(--ink);font-variant-numeric:tabular-nums;scroll-padding-top:1rem}
body{margin:0 auto;max-width:76rem;padding:2rem 1.5rem 3rem;display:grid;grid-template-columns:13.5rem minmax(0,1fr);column-gap:2.5rem}
header,footer{grid-column:1/-1}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .3rem;font-weight:650}
h2{font-size:1.2rem;margin:0 0 .4rem;font-weight:650}
p{margin:0 0 .6rem}
.when{font-size:1.05rem}
.how,.lead,.note,footer,caption,dt{color:var(--soft)}
.lead{max-width:46rem}
header{border-bottom:1px solid var(--line);padding-bottom:.8rem;margin-bottom:1.6rem}
footer{border-top:1px solid var(--line);margin-top:2rem;padding-top:.8rem;font-size:.9rem}
nav{position:sticky;top:1rem;align-self:start;font-size:.93rem}
nav ol{list-style:none;margin:0;padding:0}
nav a{display:block;padding:.2rem .5rem;border-left:2px solid var(--line);color:var(--soft);text-decoration:none}
nav a:hover,nav a:focus-visible{color:var(--ink);border-color:var(--accent)}
a{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;background:var(--panel);padding:.4rem .8rem;z-index:2}
section{margin-bottom:2.2rem}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:.7rem;margin:.4rem 0 1.2rem}
.figures>div{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:.7rem .9rem}
dt{font-size:.88rem}
dd{margin:0}
.value{display:block;font-size:1.45rem;line-height:1.25;font-weight:600}
.note{display:block;font-size:.85rem}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(26rem,1fr));gap:0 1.2rem}
.table{background:var(--panel);border:1px solid var(--line);border-radius:6px;overflow-x:auto;margin:0 0 1rem}
table{border-collapse:collapse;width:100%}
caption{text-align:left;padding:.55rem .9rem .3rem;font-size:.88rem}
th,td{padding:.28rem .8rem;text-align:left;font-weight:400;vertical-align:top;border-top:1px solid var(--line)}
thead th{color:var(--soft);font-size:.85rem;border-top:0;white-space:nowrap}
.number{text-align:right}
.number,.short{white-space:nowrap}
tbody th code{display:block;min-width:9rem}
code{font:.92em/1.4 "JetBrains Mono",ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
td.bar svg{display:block;width:100%;min-width:5rem;height:3px;margin-top:2px}
td.bar rect{fill:var(--bar)}
details{margin:0 0 1.2rem}
summary{cursor:pointer;color:var(--soft);margin-bottom:.5rem}
figure{margin:0 0 1rem;background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:.7rem .9rem .5rem}
figcaption{color:var(--soft);font-size:.88rem;margin-bottom:.3rem}
figure svg{display:block;width:100%;height:auto}
.out{fill:var(--accent)}
.in{fill:var(--in)}
.axis{stroke:var(--line);stroke-width:1}
.tick{fill:var(--soft);font-size:12px;font-family:inherit}
.key{display:inline-block;width:.7em;height:.7em;border-radius:2px;margin:0 .3em 0 .8em}
.key.out{background:var(--accent)}
.key.in{background:var(--in)}
.none{color:var(--soft)}
ul.plain{margin:0;padding:0 0 0 1.1rem}
ul.plain li{margin-bottom:.25rem}
@media (max-width:60rem){body{display:block;padding:1.2rem}nav{position:static;margin-bottom:1.5rem}nav ol{display:flex;flex-wrap:wrap}.pair{display:block}}
@media print{nav,.skip{display:none}body{display:block;max-width:none;padding:0}section,figure,.table{break-inside:avoid}}
`

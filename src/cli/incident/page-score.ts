/** The score: the sum, the parts and the control strip on one axis of time, and the ribbons. */
import { dateText } from '../../model/amount-text.ts'
import type { Incident } from '../../model/incident.ts'
import { type Html, html, raw } from '../html/html.ts'
import { ribbonsFigure } from './ribbons.ts'
import { legend, paletteText, strip } from './score-strips.ts'
import { sumBand } from './score-sum.ts'

export function scoreSection({ score, ribbons }: Incident): Html {
  const { days_ms, cumulative, members, control } = score
  if (days_ms.length === 0 || cumulative.length === 0)
    return html`<p class="none">There is no picture: the books hold no day of this incident.</p>`
  const parts = strip('parts', members, days_ms)
  const matched = strip('control', control, days_ms)
  return html`<figure class="score" data-days="${JSON.stringify(days_ms.map(dateText))}" data-light="${paletteText('light')}" data-dark="${paletteText('dark')}">
<h3>The sum: excess bytes since the first activity</h3>
${sumBand(score)}
<h3>The parts: each member against its own alarm line</h3>
<fieldset class="sorting" hidden><legend>Rows by</legend>${(['joined', 'name', 'bytes'] as const).map(
    (order) =>
      html`<label><input type="radio" name="order" value="${order}"${raw(order === 'joined' ? ' checked' : '')}> ${order === 'joined' ? 'day they joined' : order}</label>`,
  )}</fieldset>
${legend()}
${parts === undefined ? html`<p class="none">No member has a row.</p>` : parts}
<h3>The control strip: as many that are not members, drawn and sorted alike</h3>
${matched === undefined ? html`<p class="none">There is no control: nothing of the same kind and size was left to compare with.</p>` : matched}
<p class="note">Colour is the share of an entity's own alarm line, the level at which a rule for it alone would speak; the scale is a square root. Sorting by the day of joining draws a diagonal in any data: only the difference between the two strips says something. If both look alike, there is nothing here.</p>
</figure>
${ribbonsFigure(ribbons)}`
}

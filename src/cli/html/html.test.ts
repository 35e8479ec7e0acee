import { expect, test } from 'vitest'
import { escapeHtml, html, raw, tableHtml } from './html.ts'

test('only what was written here is markup', () => {
  expect(html`<p title="${'"><script>'}">${"a & b's `x` = <i>"}</p>`.text).toBe(
    '<p title="&#34;&#62;&#60;script&#62;">a &#38; b&#39;s &#96;x&#96; &#61; &#60;i&#62;</p>',
  )
  expect(html`<b>${[html`<i>${'<'}</i>`, raw('<br>')]}${7}</b>`.text).toBe('<b><i>&#60;</i><br>7</b>')
})

test('control characters, direction marks and line breaks are seen', () => {
  expect(escapeHtml('\u001b[2J\u202ea\nb\u0000')).toBe('\\u001b[2J\\u202ea\\nb\\u0000')
})

test('tables have a caption, headings and a name that can be reached by keyboard', () => {
  const { text } = tableHtml(
    'Most <',
    [{ title: 'Host' }, { title: 'Out', right: true }],
    [
      [{ name: '' }, { number: '1 B', share: 0.5 }],
      [{ name: '<x>' }, { number: '2 B', share: 7 }],
    ],
  )
  expect(text).toContain('role="region" aria-label="Most &#60;" tabindex="0"')
  expect(text).toContain('<caption>Most &#60;</caption>')
  expect(text).toContain('<th scope="col" class="number">Out</th>')
  expect(text).toContain('<th scope="row"><i>unknown</i></th>')
  expect(text).toContain('<code>&#60;x&#62;</code>')
  expect([...text.matchAll(/rect width="([\d.]+)"/g)].map(([, width]) => width)).toEqual(['50.0', '100.0'])
})

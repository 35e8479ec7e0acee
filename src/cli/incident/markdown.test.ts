import { expect, test } from 'vitest'
import { version } from '../../app/version.ts'
import { buildIncident } from '../../testing/incident-builder.ts'
import { hostileNames } from '../../testing/incident-story.ts'
import { incidentMarkdown } from './markdown.ts'
import { md, mdCode, mdCodeCell } from './markdown-escape.ts'

test('a small incident, whole', async () => {
  const text = incidentMarkdown(buildIncident({ hosts: 2, peers: 3, days: 10 }), { state: '/srv/weir state' })
  await expect(text.replaceAll(`Weir ${version}`, 'Weir VERSION')).toMatchFileSnapshot('./golden/small.md')
})

test('every footnote that is used is there, once', () => {
  const text = incidentMarkdown(buildIncident())
  const notes = [...text.matchAll(/^\[\^([^\]]+)\]:/gm)].map(([, id]) => id)
  const used = [...text.matchAll(/(?<!^)\[\^([^\]]+)\]/gm)].map(([, id]) => id)
  expect(new Set(notes).size).toBe(notes.length)
  expect(used.length).toBeGreaterThan(5)
  expect(used.filter((id) => !notes.includes(id))).toEqual([])
})

test('names of logs stay text: no markup, no link, no mention, no line of their own', () => {
  const text = incidentMarkdown(buildIncident({ hostile: true }))
  const withoutCode = text.replaceAll(/(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '')
  expect(withoutCode).not.toMatch(/<script|<img|\]\(http|:\/\//)
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
  expect(text.split('\n').filter((line) => line.startsWith('break'))).toEqual([])
})

test('what Markdown would read as its own is escaped', () => {
  expect(md('[a](b) *c* `d` <e> & f|g ~h~ _i_ j_k')).toBe(
    '\\[a\\](b) \\*c\\* \\`d\\` &#60;e&#62; &#38; f\\|g \\~h\\~ \\_i\\_ j_k',
  )
  expect(md('# a')).toBe('\\# a')
  expect(md('- a')).toBe('\\- a')
  expect(md('12. a')).toBe('12\\. a')
  expect(md('see https://x.example, www.x.example, @someone')).toBe(
    'see https&#58;//x.example, www&#46;x.example, &#64;someone',
  )
  expect(mdCode('a``b`')).toBe('``` a``b` ```')
  expect(mdCodeCell('a|b')).toBe('`a\\|b`')
  expect(mdCode(hostileNames[5])).toBe('`line\\nbreak`')
})

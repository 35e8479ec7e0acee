import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { buildFindings, buildIncident } from '../../testing/incident-builder.ts'
import { incidentsText, noticesText, worklistText } from './list-text.ts'
import { incidentText } from './text.ts'
import { lineWidth, wrap } from './wrap.ts'

const plainly = { colour: false }

test('an incident says what left, by whom, how sure, what else it may be, and what is next', () => {
  const text = incidentText(buildIncident(), plainly)
  for (const said of [
    '12 peers drew from 4 hosts',
    'W-1001 · campaign · open · severity high',
    'No member crossed its own alarm line',
    'by chance alone reached with a probability of at most 1 in 15,849',
    'Peers 12',
    'and 7 more',
    '5 accounts: user1 ',
    'A collaboration began to fetch a data set',
    'Ask the owner of cfd-archive',
    'possible 2: hydro-institute, turbine-works',
    'Cost: 2.30 GB of honest bytes a day, 3 honest users.',
    'weir incident W-1001 --html incident.html',
  ])
    expect(text.replaceAll(/\s+/g, ' ')).toContain(said)
})

test('colours are added only where they are wanted, and change no word', () => {
  const incident = buildIncident()
  const text = incidentText(incident, plainly)
  const coloured = incidentText(incident, { colour: true })
  expect(text).not.toContain('\u001b')
  expect(coloured).toContain('\u001b[1m')
  expect(stripVTControlCharacters(coloured)).toBe(text)
})

test('names of logs drive no terminal and begin no line', () => {
  const findings = buildFindings([buildIncident({ hostile: true })])
  const texts = [incidentText(findings.incidents[0], plainly), incidentsText(findings, plainly)]
  for (const text of texts) expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
  expect(texts[0].split('\n').filter((line) => line.startsWith('break'))).toEqual([])
})

test('sentences without their facts are not told', () => {
  const incident = buildIncident()
  const facts = incident.facts.filter(({ id }) => id !== 'vaults')
  const text = incidentText({ ...incident, facts }, plainly)
  expect(text).not.toContain('The bytes are of')
  expect(text).toContain('No member crossed')
})

test('the list names each incident, and with what it was judged', () => {
  const text = incidentsText(buildFindings(), plainly)
  expect(text).toMatch(/W-1001 +open +high +12 peers drew from 4 hosts +\d+ GB +10\^4\.2 +2026-01-05 +2026-01-18/)
  expect(text).toContain('weir worklist   (1 item)')
  const elsewhere = incidentsText(buildFindings(), { colour: false, state: '/srv/a b' })
  expect(elsewhere).toContain("weir incident --state '/srv/a b' W-1001")
  expect(text).toContain('sensor: 2026-01-05 00:00 UTC: zeek-border logged nothing')
})

test('no incident is told as what was judged until when, never as peace', () => {
  const text = incidentsText(buildFindings([]), plainly)
  expect(text).toContain('No incident.')
  expect(text).toContain('Judged until 2026-02-04 00:00 UTC.')
  expect(text).toContain('of 3 pools and scales 1 mature, 1 weak, 1 blind; the next becomes mature on 2026-02-14.')
  expect(text).toContain('Budget: 1 false incident a year; 0.08 spent since 1 January.')
  expect(text).not.toMatch(/clear|safe|clean|all good/i)
  const unjudged = incidentsText({ ...buildFindings([]), judged_until_ms: null, maturity: [] }, plainly)
  expect(unjudged).toContain('Nothing was judged yet: the books hold no closed tick.')
  expect(unjudged).toContain('Sight: no pool was judged.')
})

test('the worklist is told by week and rank, without a claim', () => {
  const findings = buildFindings()
  const [item] = findings.worklist
  const worklist = [{ ...item, rank: 2, id: 'L-2' }, item]
  const text = worklistText({ ...findings, worklist }, plainly)
  expect(text.indexOf('L-1')).toBeLessThan(text.indexOf('L-2'))
  expect(text).toContain('Week of 2026-01-05')
  expect(text).toContain('excess bytes 4.20 GB')
  expect(text).toContain('no claim is made of how often they are wrong')
  expect(worklistText({ ...findings, worklist: [] }, plainly)).toContain('The worklist is empty.\nJudged until')
})

test('notices are all told when asked for, else the first ten', () => {
  const findings = buildFindings()
  const notices = Array.from({ length: 12 }, (_, i) => ({ id: `N-${i}`, kind: 'sensor' as const, text: `gap ${i}` }))
  expect(noticesText({ ...findings, notices })).toContain('gap 11')
  const listed = incidentsText({ ...findings, notices }, plainly)
  expect(listed).not.toContain('gap 10')
  expect(listed).toContain('and 2 more')
  expect(noticesText({ ...findings, notices: [] })).toBe('No notice.\n')
})

test('prose keeps to the width, except for words that are longer', () => {
  const lines = wrap(`${'word '.repeat(60)}${'x'.repeat(150)} end`, '  ')
  expect(lines.filter((line) => line.length > lineWidth)).toEqual([`  ${'x'.repeat(150)}`])
  expect(lines.map((line) => line.trim()).join(' ')).toBe(`${'word '.repeat(60)}${'x'.repeat(150)} end`)
})

import { expect, test } from 'vitest'
import { csvTable } from './csv-table.ts'
import { MapProblems } from './map-problems.ts'

const columns = { account: ['account', 'user_name'], groups: ['groups'] } as const

function read(text: string) {
  const problems = new MapProblems()
  const { header, rows } = csvTable(text, 'p.csv', columns, problems)
  return {
    header: Object.fromEntries(header),
    rows: rows.map((row) => [row.line, row.text('account'), ...row.list('groups')]),
    problems: problems.files.flatMap(({ examples }) => examples.map((e) => `${e.place}: ${e.reason}`)),
  }
}

test('a byte order mark, other columns, quotes, comments, empty lines and blanks around', () => {
  const { header, rows, problems } = read(
    '\ufeff# from the portal\r\nId, User-Name ,GROUPS\r\n1,alice,"a; b,c"\r\n\r\n# bob has left\r\n2, "bo""b" ,\r\n3,"# no comment",x\r\n',
  )
  expect(header).toEqual({ account: 'user_name', groups: 'groups' })
  expect(rows).toEqual([
    [3, 'alice', 'a', 'b', 'c'],
    [6, 'bo"b'],
    [7, '# no comment', 'x'],
  ])
  expect(problems).toEqual([])
})

test('whatever separates the header separates the rest', () => {
  expect(read('account;groups\nalice;a|b\n').rows).toEqual([[2, 'alice', 'a', 'b']])
  expect(read('x\taccount\tgroups\n1\tali,ce\ta\n').rows).toEqual([[2, 'ali,ce', 'a']])
})

test('a line with too few or too many fields is told and passed over', () => {
  const { rows, problems } = read('account,groups\nalice,a\nbob\ncarol,c,d\ndave,d\n')
  expect(rows.map(([, account]) => account)).toEqual(['alice', 'dave'])
  expect(problems).toEqual(['line 3: 1 fields where the header has 2', 'line 4: 3 fields where the header has 2'])
})

test('quotes in the middle of a text are text', () => {
  expect(read('account,groups\nAl "the cat" B,a\n"x"y,b\nz,c\n').rows).toEqual([
    [2, 'Al "the cat" B', 'a'],
    [3, '"x"y', 'b'],
    [4, 'z', 'c'],
  ])
})

test('a quotation mark that is never closed is an error with its line', () => {
  expect(() => read('account,groups\nalice,a\nbob,"b\ncarol,c\n')).toThrow(
    expect.objectContaining({
      code: 'config_invalid',
      message: expect.stringMatching(/^p\.csv:\d+: a quotation mark is opened and never closed$/),
    }),
  )
  expect(() => read(`account,groups\nalice,"${'x\n'.repeat(50_000)}"\n`)).toThrow(/^p\.csv:\d+: a record of more than/)
})

test('an empty file has neither columns nor rows', () => {
  expect(read('')).toEqual({ header: {}, rows: [], problems: [] })
  expect(read('# nothing\n\n')).toEqual({ header: {}, rows: [], problems: [] })
})

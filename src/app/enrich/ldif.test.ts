import { describe, expect, test } from 'vitest'
import { firstRdnValue, ldifEntries } from './ldif.ts'
import { MapProblems } from './map-problems.ts'

function read(text: string) {
  const problems = new MapProblems()
  const entries = [...ldifEntries(text, 'p.ldif', problems)].map(({ dn, line, attributes }) => ({
    dn,
    line,
    ...Object.fromEntries(attributes),
  }))
  return { entries, problems: problems.files.flatMap(({ examples }) => examples.map((e) => `${e.place}: ${e.reason}`)) }
}

describe('an export of a directory', () => {
  test('folded lines, comments with folds of their own, base64, options and several values', () => {
    const { entries, problems } = read(
      [
        'version: 1',
        '# people',
        ' of the centre',
        'dn: uid=alice,ou=people,',
        ' dc=example,dc=org',
        'uid: alice',
        'cn:: QWzDrWNlIMOJbHVhcmQ=',
        'CN;lang-de: Alice',
        'description: begins',
        '  with two blanks of which one is kept',
        'mail:alice@example.org',
        '',
        '',
        'dn:: dWlkPWLDtmIsZGM9eA==',
        'uid: bob',
        '',
      ].join('\r\n'),
    )
    expect(problems).toEqual([])
    expect(entries).toEqual([
      {
        dn: 'uid=alice,ou=people,dc=example,dc=org',
        line: 4,
        uid: ['alice'],
        cn: ['Alíce Éluard', 'Alice'],
        description: ['begins with two blanks of which one is kept'],
        mail: ['alice@example.org'],
      },
      { dn: 'uid=böb,dc=x', line: 14, uid: ['bob'] },
    ])
  })

  test('without a line break at the end, and empty ones only', () => {
    expect(read('dn: a=b\nuid: x').entries).toEqual([{ dn: 'a=b', line: 1, uid: ['x'] }])
    expect(read('\n\n').entries).toEqual([])
    expect(read('version: 1\n').entries).toEqual([])
  })

  test('a bad record is passed over with its line and reason, the others stand', () => {
    const { entries, problems } = read(
      [
        'dn: uid=a\nuid: a',
        'uid: no-dn',
        'dn: uid=b\njpegPhoto:< file:///etc/passwd\nuid: b',
        'dn: uid=c\ncn:: &&&',
        'dn: uid=d\nno colon here',
        'dn: uid=e\nuid: e\nphoto:: /9j/4A==',
        ' dn: uid=f',
      ].join('\n\n'),
    )
    expect(entries[1]).toEqual({ dn: 'uid=b', line: 6, uid: ['b'] })
    expect(entries.map(({ dn }) => dn)).toEqual(['uid=a', 'uid=b', 'uid=e'])
    expect(problems).toEqual([
      'line 4: a record that does not begin with dn:',
      'line 11: a value that is no base64',
      'line 14: no attribute',
      'line 20: a record that does not begin with dn:',
    ])
  })

  test('a list of changes is refused whole', () => {
    for (const type of ['modify', 'delete', 'add'])
      expect(() => read(`dn: uid=a\nuid: a\n\ndn: uid=b\nchangetype: ${type}\nreplace: mail\n-\n`)).toThrow(
        expect.objectContaining({
          code: 'config_invalid',
          message:
            'p.ldif:5: changetype: this is a list of changes, not of what is there: export it with ldapsearch -LLL',
        }),
      )
  })

  test('ten thousand folds of one value take no more than their length', () => {
    const text = `dn: uid=a\ncn: x${'\n y'.repeat(200_000)}\n`
    expect(read(text).entries).toMatchObject([{ cn: [`x${'y'.repeat(200_000)}`] }])
  })
})

test.each([
  ['cn=cfd,ou=groups,dc=example', 'cfd'],
  ['CN=Deep Sea 12+uid=x,dc=y', 'Deep Sea 12'],
  ['cn=Lučić\\, Hans,dc=y', 'Lučić, Hans'],
  ['cn=caf\\C3\\A9 \u{1f30a},dc=y', 'café \u{1f30a}'],
  ['cn=last\\', 'last'],
  ['cn=only', 'only'],
  ['nothing', ''],
  ['', ''],
])('the first value of %s is %s', (dn, value) => {
  expect(firstRdnValue(dn)).toBe(value)
})

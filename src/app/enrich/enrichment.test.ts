import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { configSchema, resolveConfig } from '../../config/config-schema.ts'
import { canonicalAccountIds } from './account-ids.ts'
import { loadEnrichment } from './enrichment.ts'
import { problemsText } from './map-problems.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-maps-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function load(enrich: Record<string, string[]>, vaults: object[] = []) {
  return loadEnrichment(resolveConfig(configSchema.parse({ site: { networks: ['10.0.0.0/8'] }, vaults, enrich })))
}
const told = ({ problems }: ReturnType<typeof load>) =>
  problems.flatMap(({ examples }) => examples.map(({ place, reason }) => `${place}: ${reason}`))
const at = (date: string) => Date.parse(date)

const people = `dn: uid=alice,ou=people,dc=x
objectClass: posixAccount
uid: alice
uid: aalvarez
uidNumber: 12345
cn: Alice Alvarez
mail: Alice.Alvarez@Example.org
krbPrincipalName: alice@EXAMPLE.ORG
wireguardPublicKey: aB3+/x=
o: University of Somewhere
memberOf: cn=cfd,ou=groups,dc=x
memberOf: cn=everybody,ou=groups,dc=x

dn: uid=bob,ou=people,dc=x
objectClass: posixAccount
uid: bob
uidNumber: 12346

dn: cn=printers,dc=x
objectClass: device
cn: printers

dn: cn=cfd,ou=groups,dc=x
objectClass: posixGroup
cn: cfd
memberUid: bob
o: aero-lab

dn: cn=ocean,ou=groups,dc=x
objectClass: groupOfNames
cn: ocean
member: uid=bob,ou=people,dc=x
member: cn=everybody,ou=groups,dc=x
`

describe('identities from a directory', () => {
  test('other names of an account lead to it, whatever the case of the realm; unknown names stay', () => {
    const { identities, problems } = load({ identities: [file('people.ldif', people)] })
    expect(problems).toEqual([])
    const names = ['alice', 'aalvarez', 'uid:12345', 'wg:aB3+/x=', 'alice@example.org', 'alice@EXAMPLE.org']
    expect(names.map((name) => identities.canonicalAccount(name))).toEqual(names.map(() => 'alice'))
    expect(identities.canonicalAccount('Alice.Alvarez@EXAMPLE.ORG')).toBe('alice')
    const others = [
      'uid:99',
      'wg:AB3+/x=',
      'alice@elsewhere.org',
      'Alice',
      'ALICE@example.org',
      '',
      'x@',
      '@x',
      '__proto__',
    ]
    expect(others.map((name) => identities.canonicalAccount(name))).toEqual(others)
    expect(identities.personOf('uid:12345')).toEqual({ person: 'Alice Alvarez', home_org: 'University of Somewhere' })
    expect(identities.personOf('carol')).toBeUndefined()
  })

  test('groups count as projects only where something else says that they are', () => {
    const identities = [file('people.ldif', people)]
    expect(load({ identities }).identities.projectOf('alice', 0)).toBe('')
    const vault = [{ id: 'v', paths: ['/v'], project: 'cfd' }]
    const known = load({ identities }, vault).identities
    expect([known.projectOf('alice', 0), known.projectOf('uid:12346', 0)]).toEqual(['cfd', 'cfd'])
    const all = load({ projects: identities }).identities
    expect(all.projectsOf('alice', 0)).toEqual(['cfd', 'everybody'])
    expect(all.projectsOf('bob', 0)).toEqual(['cfd', 'ocean'])
    expect(all.projectOf('bob', 0)).toBe('')
    expect([all.clientOrgOf('cfd'), all.clientOrgOf('ocean')]).toEqual(['aero-lab', ''])
  })
})

describe('identities from CSV', () => {
  test('by the usual names of columns; a line may be an account in a project for a time', () => {
    const path = file(
      'people.csv',
      [
        'uid,uidnumber,name,org,project,mail,wireguard,from,until',
        'carol,700,Carol C.,Uni,cfd,carol@uni.example,KEY1=;KEY2=,2026-01-01,2026-06-30',
        'carol,700,Carol C.,Uni,ocean,,,2026-07-01,',
        'dan,701,,,,,,,',
      ].join('\n'),
    )
    const { identities } = load({ identities: [path] })
    expect(['uid:700', 'wg:KEY2=', 'carol@uni.example', 'uid:701'].map((n) => identities.canonicalAccount(n))).toEqual([
      'carol',
      'carol',
      'carol',
      'dan',
    ])
    const days = ['2025-12-31T23:59:59Z', '2026-01-01', '2026-06-30T23:59:59Z', '2026-07-01', '2030-01-01']
    expect(days.map((day) => identities.projectOf('wg:KEY1=', at(day)))).toEqual(['', 'cfd', 'cfd', 'ocean', 'ocean'])
    expect(identities.personOf('carol')).toEqual({ person: 'Carol C.', home_org: 'Uni' })
  })

  test('uid beside a username is the number; alone it is the login', () => {
    const both = load({ identities: [file('a.csv', 'username;uid\nerin;55\n')] }).identities
    expect([both.canonicalAccount('uid:55'), both.canonicalAccount('55')]).toEqual(['erin', '55'])
    const alone = load({ identities: [file('b.csv', 'uid\n55\n')] }).identities
    expect([alone.canonicalAccount('uid:55'), alone.personOf('55')]).toEqual(['uid:55', { person: '', home_org: '' }])
  })

  test('a name that two accounts claim is nobody’s, and an account’s own name is never another’s', () => {
    const path = file('c.csv', 'account,uidnumber,aliases\nfay,1,shared;gus\ngus,1,shared;g.us\n')
    const { identities } = load({ identities: [path] })
    const names = ['uid:1', 'shared', 'gus', 'g.us', 'fay']
    expect(names.map((name) => identities.canonicalAccount(name))).toEqual(['uid:1', 'shared', 'gus', 'gus', 'fay'])
    expect(identities.ambiguous_aliases).toBe(2)
  })

  test('one bad line of 6,000 is told with its place, and the rest stands', () => {
    const lines = Array.from({ length: 6000 }, (_, i) => `user${i},${i},p${i % 7}`)
    lines[4000] = 'user4000,4000,p3,too many'
    lines[5000] = 'bad\u0007name,5000,p3'
    const enrichment = load({ identities: [file('big.csv', ['account,uidnumber,project', ...lines, ''].join('\n'))] })
    expect(enrichment.problems.map(problemsText)).toEqual([
      `${join(folder, 'big.csv')}: 2 entries were passed over: line 4002: 4 fields where the header has 3; ` +
        "line 5002: 'bad name' is no account (text without blanks around it or control characters, of at most 256)",
    ])
    expect(enrichment.identities.canonicalAccount('uid:5999')).toBe('user5999')
    expect(enrichment.identities.projectOf('user8', 0)).toBe('p1')
  })

  test('dates that are none, and periods that end before they begin', () => {
    const path = file(
      'd.csv',
      'account,project,from,until\na,p,1.2.2026,\nb,p,2026-02-30,\nc,p,2026-03-01,2026-02-01\nd,p,,\n',
    )
    const enrichment = load({ identities: [path] })
    expect(told(enrichment)).toEqual([
      "line 2: from: expected a date such as 2026-01-31, received '1.2.2026'",
      "line 3: from: expected a date such as 2026-01-31, received '2026-02-30'",
      "line 4: until: expected a time after from (2026-03-01), received '2026-02-01'",
    ])
    expect(enrichment.identities.projectOf('d', 0)).toBe('p')
  })
})

describe('projects', () => {
  test('from CSV: accounts, the one who leads it, and whose data they are', () => {
    const path = file(
      'projects.csv',
      'project;accounts;pi;client org\ncfd;alice,bob;prof;aero-lab\nocean;;prof;\n;x;;\n',
    )
    const enrichment = load({ projects: [path] })
    const { identities } = enrichment
    expect(['alice', 'bob', 'prof'].map((account) => identities.projectsOf(account, 0))).toEqual([
      ['cfd'],
      ['cfd'],
      ['cfd', 'ocean'],
    ])
    expect([identities.clientOrgOf('cfd'), identities.clientOrgOf('ocean')]).toEqual(['aero-lab', ''])
    expect(told(enrichment)).toEqual(['line 4: no project'])
  })

  const coldfront = [
    {
      id: 1,
      title: 'Computational fluids',
      pi: 'prof',
      status: 'Active',
      institution: 'aero-lab',
      project_users: [
        { user: 'alice', role: 'User', status: 'Active' },
        { user: 'left', role: 'User', status: 'Removed' },
        { user: 'soon', role: 'User', status: { name: 'Pending - Add' } },
      ],
      allocations: [
        { id: 7, resource: 'cluster', status: 'Active', attributes: [{ name: 'slurm_account_name', value: 'cfd' }] },
        {
          id: 8,
          resource: 'lustre',
          status: 'Active',
          allocation_attributes: { 'Storage Path': '/proj/cfd', 'Storage Quota (TB)': 100 },
        },
        { id: 9, resource: 'old', status: 'Expired', path: '/proj/old' },
      ],
    },
    { title: 'Archived one', pi: { username: 'prof' }, status: 'Archived', users: ['alice'] },
    {
      title: 'ocean',
      users: ['bob', { username: 'eve' }],
      start_date: '2026-01-01',
      end_date: '2026-01-31',
      allocations: null,
    },
    { title: 5 },
    'nonsense',
    { status: 'Active' },
  ]

  test('from ColdFront: the Slurm account names it; those who left, wait or are archived do not count', () => {
    for (const content of [coldfront, { results: coldfront }, { projects: coldfront }]) {
      const enrichment = load({ projects: [file('coldfront.json', JSON.stringify(content))] })
      const { identities } = enrichment
      const members = ['prof', 'alice', 'left', 'soon', 'bob', 'eve'].map((account) =>
        identities.projectOf(account, at('2026-01-31T12:00:00Z')),
      )
      expect(members).toEqual(['cfd', 'cfd', '', '', 'ocean', 'ocean'])
      expect(identities.projectOf('bob', at('2026-02-01'))).toBe('')
      expect(identities.clientOrgOf('cfd')).toBe('aero-lab')
      expect(told(enrichment).map((text) => text.slice(0, 15))).toEqual([
        'entry 4: title:',
        'entry 5: the en',
        'entry 6: no pro',
      ])
    }
  })

  test('their storage, from ColdFront, is vaults', () => {
    const { vaults } = load({ vaults: [file('coldfront.json', JSON.stringify(coldfront))] })
    expect(vaults).toMatchObject([
      { id: 'cfd@lustre', paths: ['/proj/cfd'], buckets: [], project: 'cfd', client_org: 'aero-lab' },
    ])
    expect(vaults[0].size_bytes).toBeUndefined()
  })
})

describe('vaults from CSV', () => {
  const csv = (...lines: string[]) =>
    file('v.csv', ['id,path,bucket,project,client_org,sensitivity,size_bytes', ...lines, ''].join('\n'))

  test('several lines of one id are one vault; each line is checked like one of weir.yaml', () => {
    const path = csv(
      'cfd,/proj/cfd/,,cfd,aero-lab,HIGH,9007199254740991',
      'cfd,/proj/cfd2;/scratch//cfd,bucket-a,,,,',
      'rel,proj/x,,,,,',
      'odd,/odd,,,,secret,',
      'half,/half,,,,,1.5',
      'zero,/zero,,,,,0',
      'thief,/proj/cfd,,,,,',
      ',/nameless,,,,,',
    )
    const enrichment = load({ vaults: [path] })
    expect(enrichment.vaults.map(({ id }) => id)).toEqual(['cfd', 'thief'])
    expect(enrichment.vaults[0]).toEqual({
      id: 'cfd',
      paths: ['/proj/cfd', '/proj/cfd2', '/scratch/cfd'],
      buckets: ['bucket-a'],
      project: 'cfd',
      client_org: 'aero-lab',
      sensitivity: 'high',
      size_bytes: 9007199254740991,
    })
    expect(enrichment.problems[0].count).toBe(6)
    expect(told(enrichment)).toEqual([
      "line 4: paths.0: expected an absolute path such as /proj/cfd, received 'proj/x'",
      "line 5: sensitivity: expected one of low, medium, high, critical, received 'secret'",
      'line 6: size_bytes: expected a whole number, received number 1.5',
      'line 7: size_bytes: expected at least 1, received number 0',
      "line 9: id: expected text without blanks around it or control characters, received ''",
    ])
  })

  test('the configuration wins; a map fills in what it leaves open', () => {
    const path = csv('cfd,/proj/cfd,,other,other-lab,low,5', 'new,/proj/mine,taken,p,,,', 'new,/proj/new,,,,,')
    const configured = [
      { id: 'cfd', project: 'cfd', sensitivity: 'high' },
      { id: 'mine', paths: ['/proj/mine'], buckets: ['taken'] },
    ]
    const enrichment = load({ vaults: [path] }, configured)
    expect(enrichment.vaults).toMatchObject([
      { id: 'cfd', paths: ['/proj/cfd'], project: 'cfd', client_org: 'other-lab', sensitivity: 'high', size_bytes: 5 },
      { id: 'mine', paths: ['/proj/mine'], buckets: ['taken'] },
      { id: 'new', paths: ['/proj/new'], buckets: [], project: 'p' },
    ])
    expect(told(enrichment)).toEqual([
      "line 3: path /proj/mine belongs to vault 'mine'",
      "line 3: bucket taken belongs to vault 'mine'",
    ])
  })
})

describe('files that cannot be used at all', () => {
  test.each([
    ['identities', 'none.csv', undefined, /^enrich\.identities: .*none\.csv cannot be read: ENOENT/],
    ['vaults', 'bin.csv', Buffer.of(0x69, 0x64, 0xff, 0xfe), /^enrich\.vaults: .*bin\.csv is no text in UTF-8$/],
    ['identities', 'h.csv', 'alice,5\nbob,6\n', /h\.csv:1: expected a header with a column account, username, /],
    ['projects', 'h.csv', 'account\nalice\n', /h\.csv:1: expected a header with a column project, /],
    ['vaults', 'h.csv', 'id,project\na,b\n', /h\.csv:1: expected a header with a column id, and one path or bucket/],
    ['vaults', 'p.ldif', people, /p\.ldif is a directory \(LDIF\), which says nothing of vaults/],
    ['projects', 'x.json', '[{"title": ', /x\.json is no JSON: /],
    ['projects', 'x.json', '{"title": "a"}', /x\.json: expected a list of projects, or a mapping with/],
    [
      'identities',
      'c.ldif',
      'dn: uid=a\nchangetype: add\nuid: a\n',
      /c\.ldif:2: changetype: this is a list of changes/,
    ],
  ] as const)('%s: %s', (key, name, content, message) => {
    const path = content === undefined ? join(folder, name) : file(name, content)
    expect(() => load({ [key]: [path] })).toThrow(
      expect.objectContaining({ code: 'config_invalid', message: expect.stringMatching(message) }),
    )
  })
})

test('any text whatever is a map or a configuration error', () => {
  const line = fc.constantFrom(
    'dn: uid=a,dc=b',
    'uid: a',
    'uid:: YQ==',
    'memberOf: cn=\\',
    ' fold',
    'objectClass: posixGroup',
    'cn: g',
    '',
    'version: 1',
    'id,path,project,account',
    'a,/b,c,d',
    '"',
    'x,"y',
    '[{"title":"a","users":["b",{"user":null}]}',
    ']',
    ',',
    '# c',
    'a;b\t|',
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.oneof(line, fc.string()), { maxLength: 12 }).map((l) => l.join('\n')),
  )
  fc.assert(
    fc.property(text, fc.constantFrom('identities', 'projects', 'vaults'), (content, key) => {
      try {
        expect(load({ [key]: [file('any', content)] }).asn).toBeUndefined()
      } catch (error) {
        expect(error).toMatchObject({ code: 'config_invalid', message: expect.stringContaining(folder) })
      }
    }),
    { numRuns: 500, seed: 20_260_101 },
  )
})

describe('the content hash', () => {
  test('is that of what is said, not of how, where or in which order', () => {
    const hash = (name: string, content: string) => load({ identities: [file(name, content)] }).content_hash
    const one = hash('1.csv', 'account,uidnumber\nalice,1\nbob,2\n')
    expect(hash('2.csv', '# exported today\nuid_number;login;phone\n2;bob;555\n1;alice;556\n')).toBe(one)
    expect(hash('3.csv', 'account,uidnumber\nalice,1\nbob,3\n')).not.toBe(one)
    expect(load({}).content_hash).toBe('')
  })
})

test('ids of the store: every name of an account gets the id of the account', async () => {
  const texts = ['', 'uid:12345', 'carol', 'alice@example.org', 'bob']
  const store = {
    nameTexts: async (ids: Iterable<number>) => new Map([...ids].map((id) => [id, texts[id]])),
    internNames: async (names: readonly string[]) =>
      Int32Array.from(names, (name) => (texts.includes(name) ? texts.indexOf(name) : texts.push(name) - 1)),
  }
  const { identities } = load({ identities: [file('people.ldif', people)] })
  const canonical = await canonicalAccountIds(store, identities, [0, 1, 2, 3, 4])
  expect([0, 1, 2, 3, 4, 77].map(canonical)).toEqual([0, 5, 2, 5, 4, 77])
  expect(texts[5]).toBe('alice')
})

/** Maps of identities in the books: one account for all its names, and the project that it was in at the time. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Books } from './support/books.ts'
import { hour, siteConfig, base_ms as t0 } from './support/mixtures.ts'

const directory = mkdtempSync(join(tmpdir(), 'weir-people-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

function file(name: string, text: string): string {
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

const people = `dn: uid=alice,ou=people,dc=example,dc=org
objectClass: posixAccount
uid: alice
uidNumber: 12345
cn: Alice Example
mail: alice@example.org

dn: uid=bob,ou=people,dc=example,dc=org
objectClass: posixAccount
uid: bob
uidNumber: 12346
cn: Bob Example
`
const members = `account,project,client_org,from,until
alice,p100,aero-lab,,2026-03-02
alice,p200,wind-lab,2026-03-03,
bob,p100,aero-lab,,
bob,p200,wind-lab,,
`

const flow = (hours: number, peer: string, bytes: number): object => ({
  type: 'flow',
  start_ms: t0 + hours * hour,
  end_ms: t0 + hours * hour + 1000,
  ...{
    src_ip: peer,
    src_port: 50_000,
    dst_ip: '10.1.0.11',
    dst_port: 443,
    proto: 'tcp',
    bytes_src: 1,
    bytes_dst: bytes,
  },
  sensor: 'zeek-a',
})
const login = (hours: number, account: string, peer_ip: string): object => {
  return {
    type: 'session',
    kind: 'portal',
    account,
    peer_ip,
    start_ms: t0 + hours * hour,
    end_ms: t0 + (hours + 1) * hour,
  }
}

const records = [
  ...[login(1, 'uid:12345', '198.51.100.7'), flow(1.5, '198.51.100.7', 100)],
  ...[login(30, 'alice@EXAMPLE.org', '198.51.100.8'), flow(30.5, '198.51.100.8', 20)],
  ...[login(1, 'bob', '203.0.113.9'), flow(1.5, '203.0.113.9', 3)],
  ...[login(1, 'uid:77', '203.0.113.10'), flow(1.5, '203.0.113.10', 4)],
]

test('an account has one name and the project of its time; who is in two is in none', async () => {
  const enrich = {
    identities: [file('people.ldif', people), file('members.csv', members)],
    projects: [file('projects.csv', 'project,client_org\np100,aero-lab\np200,wind-lab\n')],
  }
  using books = new Books(siteConfig({ expectations: [], enrich }))
  await books.run({ 'events.ndjson': records })
  expect(await books.bytesOut('account', 'project', 'client_org')).toEqual({
    'alice p100 aero-lab': 100n,
    'alice p200 wind-lab': 20n,
    'bob  ': 3n,
    'uid:77  ': 4n,
  })
})

test('without maps every name is an account of its own', async () => {
  using books = new Books(siteConfig({ expectations: [] }))
  await books.run({ 'events.ndjson': records })
  expect(await books.bytesOut('account', 'project')).toEqual({
    'alice@EXAMPLE.org ': 20n,
    'bob ': 3n,
    'uid:12345 ': 100n,
    'uid:77 ': 4n,
  })
})

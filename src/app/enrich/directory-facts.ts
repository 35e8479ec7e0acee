/**
 * People and groups of a directory (LDIF): posixAccount and whatever else has a `uid` beside a `uidNumber` or a person's
 * class; posixGroup, groupOfNames and their kin by `memberUid`, `member`, `uniqueMember`, and `memberOf` of people.
 * Primary groups (`gidNumber`) are passed over: they are mostly everybody's, or one person's own.
 */
import { firstRdnValue, type LdifEntry, ldifEntries } from './ldif.ts'
import { isName, type MapFacts, notAName } from './map-facts.ts'
import type { MapProblems } from './map-problems.ts'

/** Attributes whose values are other names of the account, as VPN, RADIUS and Kerberos log them. */
const aliasAttributes = ['mail', 'edupersonprincipalname', 'krbprincipalname', 'userprincipalname']
const wireguardAttributes = ['wireguardpublickey', 'wgpublickey']
const personClasses = ['posixaccount', 'person', 'inetorgperson', 'organizationalperson', 'user']
const groupClasses = ['posixgroup', 'groupofnames', 'groupofuniquenames', 'group', 'ipausergroup']
const memberAttributes = ['member', 'uniquemember']

export interface DirectoryReading {
  file: string
  /** Whether every group is a project, or only those that something else says are. */
  groups_are_projects: boolean
}

export function addDirectoryFacts(
  text: string,
  { file, groups_are_projects }: DirectoryReading,
  facts: MapFacts,
  problems: MapProblems,
): void {
  const member = (account: string, project: string, line: number): void => {
    const wrong = [
      ['account', account],
      ['group', project],
    ].find(([, each]) => !isName(each))
    if (wrong) problems.add(file, `line ${line}`, notAName(wrong[0], wrong[1]))
    else
      facts.memberships.push({
        account,
        project,
        from_ms: Number.NEGATIVE_INFINITY,
        until_ms: Number.POSITIVE_INFINITY,
        if_project: !groups_are_projects,
      })
  }
  for (const entry of ldifEntries(text, file, problems)) {
    const values = (attribute: string): string[] => entry.attributes.get(attribute) ?? []
    if (isPerson(entry)) {
      const [account, ...others] = values('uid')
      if (!isName(account)) {
        problems.add(file, `line ${entry.line}`, notAName('account', account))
        continue
      }
      facts.accounts.push({
        account,
        aliases: [
          ...others,
          ...values('uidnumber').map((number) => `uid:${number}`),
          ...aliasAttributes.flatMap(values),
          ...wireguardAttributes.flatMap(values).map((key) => `wg:${key}`),
        ].filter(isName),
        person: plain(values('cn')[0] ?? values('displayname')[0] ?? ''),
        home_org: plain(values('o')[0] ?? ''),
      })
      for (const dn of values('memberof')) member(account, firstRdnValue(dn), entry.line)
    } else if (hasClass(entry, groupClasses) && values('cn').length > 0) {
      const [project] = values('cn')
      if (groups_are_projects && isName(project))
        facts.projects.push({ project, client_org: plain(values('o')[0] ?? '') })
      for (const account of values('memberuid')) member(account, project, entry.line)
      for (const dn of memberAttributes.flatMap(values))
        if (/^uid=/i.test(dn)) member(firstRdnValue(dn), project, entry.line)
    }
  }
}

function isPerson(entry: LdifEntry): boolean {
  if ((entry.attributes.get('uid') ?? []).length === 0) return false
  return entry.attributes.has('uidnumber') || hasClass(entry, personClasses)
}

function hasClass(entry: LdifEntry, wanted: readonly string[]): boolean {
  return (entry.attributes.get('objectclass') ?? []).some((each) => wanted.includes(each.toLowerCase()))
}

function plain(text: string): string {
  return isName(text) ? text : ''
}

/** People, projects and memberships of a CSV file: one line is an account, a project, or one in the other. */
import { moment, periodOf } from '../../config/fields.ts'
import { AppError } from '../../model/errors.ts'
import { type CsvRow, csvTable } from './csv-table.ts'
import { isName, type MapFacts, notAName } from './map-facts.ts'
import type { MapProblems } from './map-problems.ts'

const columns = {
  account: ['account', 'username', 'user', 'login', 'accounts', 'users', 'members', 'uid'],
  uid_number: ['uidnumber', 'uid_number', 'uid'],
  person: ['person', 'full_name', 'name', 'cn', 'display_name'],
  home_org: ['home_org', 'org', 'organisation', 'organization', 'institution', 'o'],
  client_org: ['client_org', 'client', 'org', 'organisation', 'organization', 'institution'],
  project: ['project', 'projects', 'allocation', 'allocations'],
  pi: ['pi'],
  aliases: ['aliases', 'alias'],
  mail: ['mail', 'email', 'e_mail'],
  principal: ['principal', 'eppn', 'edupersonprincipalname'],
  wireguard: ['wireguard', 'wireguard_key', 'wg', 'wg_key', 'public_key'],
  from: ['from', 'start', 'start_date', 'valid_from'],
  until: ['until', 'end', 'end_date', 'expires', 'valid_until'],
} as const

/** `what`: under which setting the file stands; it says whose an organisation is, and which column there must be. */
export function addCsvFacts(
  text: string,
  file: string,
  what: 'identities' | 'projects',
  facts: MapFacts,
  problems: MapProblems,
): void {
  const { header, rows } = csvTable(text, file, columns, problems)
  const needed = what === 'identities' ? 'account' : 'project'
  if (!header.has(needed))
    throw new AppError(
      'config_invalid',
      `${file}:1: expected a header with a column ${columns[needed].join(', ')}; no such name is in the first line`,
    )
  for (const row of rows) {
    const place = `line ${row.line}`
    const accounts = row.list('account')
    const projects = row.list('project')
    const wrong = accounts.find((each) => !isName(each)) ?? projects.find((each) => !isName(each)) ?? missing(what, row)
    if (wrong !== undefined) {
      problems.add(
        file,
        place,
        notAName(accounts.includes(wrong) || what === 'identities' ? 'account' : 'project', wrong),
      )
      continue
    }
    const period = periodIn(row)
    if (typeof period === 'string') {
      problems.add(file, place, period)
      continue
    }
    if (what === 'identities') {
      // one line is one person: several accounts in it share the name and nothing else
      const aliases = accounts.length === 1 ? aliasesIn(row, header.get('uid_number') !== header.get('account')) : []
      const [person, home_org] = [plain(row.text('person')), plain(row.text('home_org'))]
      for (const account of accounts) facts.accounts.push({ account, aliases, person, home_org })
    } else for (const project of projects) facts.projects.push({ project, client_org: plain(row.text('client_org')) })
    const members = what === 'projects' ? [...accounts, ...row.list('pi').filter(isName)] : accounts
    for (const account of members)
      for (const project of projects) facts.memberships.push({ account, project, ...period, if_project: false })
  }
}

function missing(what: 'identities' | 'projects', row: CsvRow<typeof columns>): string | undefined {
  return row.list(what === 'identities' ? 'account' : 'project').length === 0 ? '' : undefined
}

/** A column `uid` is the login, unless another column is: then it is the number. */
function aliasesIn(row: CsvRow<typeof columns>, uid_is_number: boolean): string[] {
  const number = row.text('uid_number')
  return [
    ...(/^\d{1,10}$/.test(number) && uid_is_number ? [`uid:${number}`] : []),
    ...(['aliases', 'mail', 'principal'] as const).flatMap((column) => row.list(column)),
    ...row.list('wireguard').map((key) => `wg:${key}`),
  ].filter(isName)
}

function periodIn(row: CsvRow<typeof columns>): { from_ms: number; until_ms: number } | string {
  const stated = { from: row.text('from') || undefined, until: row.text('until') || undefined }
  for (const [column, text] of Object.entries(stated)) {
    if (text !== undefined && !moment.safeParse(text).success)
      return `${column}: expected a date such as 2026-01-31, received '${text.slice(0, 40)}'`
  }
  const { start_ms, end_ms } = periodOf(stated)
  if (end_ms <= start_ms) return `until: expected a time after from (${stated.from}), received '${stated.until}'`
  return { from_ms: start_ms, until_ms: end_ms }
}

function plain(text: string): string {
  return isName(text) ? text : ''
}

/** Ledger questions in SQL: which table answers, its conditions, its sums. Names of columns come from a closed list; values are bound or numbers. */
import { formatHalves } from '../../model/address.ts'
import { AppError } from '../../model/errors.ts'
import type { LedgerAnswer, LedgerQuery, QueryColumn } from '../../model/ledger-query.ts'
import { maskWords, parseNetwork } from '../../model/network.ts'
import { tickMs, ticksPerDay } from '../../model/window.ts'
import type { Session } from './session.ts'

export interface QueryTerms {
  cubeDimensions: readonly string[]
  peerClasses: readonly string[]
  roles: readonly string[]
  explanations: readonly string[]
  methods: readonly string[]
  /** Detail by hour and several columns is kept from this day on; 0 if none was dropped yet. */
  detail_day: number
  idsOfText: (text: string) => Promise<number>
  textsOf: (ids: Iterable<number>) => Promise<Map<number, string>>
}

const answerSums = ['bytes_out', 'bytes_out_lo', 'bytes_out_hi', 'bytes_in', 'flows'] as const
const timeColumns = ['window', 'hour', 'day', 'month']
const nameColumns = [
  'sensor',
  'host',
  'service',
  'account',
  'project',
  'vault',
  'client_org',
  'gateway',
  'client_fp',
  'explanation',
  'candidate',
  'runner_up',
]
const addressColumns: Record<string, string> = { inside: 'a.', peer: 't.peer_', leased_ip: 'z.' }
/** Columns that stand in the tables that rows refer to by number. */
const labelColumns = [
  'account',
  'project',
  'vault',
  'client_org',
  'gateway',
  'peer_asn',
  'client_fp',
  'explanation',
  'explained',
  'method',
  'confidence',
  'candidates',
  'candidate',
  'runner_up',
]
const hostColumns = ['host', 'role', 'inside']
const dayMs = ticksPerDay * tickMs

export async function answerQuery(session: Session, query: LedgerQuery, terms: QueryTerms): Promise<LedgerAnswer> {
  const source = sourceOf(query, terms)
  const conditions = [...source.conditions, ...timeConditions(query, source.table)]
  for (const { column, value } of query.where) {
    conditions.push(await condition(sqlColumn(column, source), column as QueryColumn, value, terms))
  }
  const from = fromClause(query, source)
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''
  const sums = answerSums.map((name) => `CAST(coalesce(sum(${name}), 0) AS HUGEINT) AS ${name}`).join(', ')
  const total = await session.one<Record<string, bigint>>(`SELECT ${sums} FROM ${from} ${where}`)
  const keys = query.by.flatMap((column) => keyExpressions(column as QueryColumn, source))
  if (keys.length === 0) {
    return { columns: [...answerSums], rows: [total], total, answered_from: source.table }
  }
  const raw = await session.rows(groupedSql(keys, from, where, query.top))
  const nameKeys = query.by.filter((column) => nameColumns.includes(column))
  const texts = await terms.textsOf(raw.flatMap((row) => nameKeys.map((key) => Number(row[`k_${key}`]))))
  const rows = raw.map((row) => {
    const shown: Record<string, string | number | bigint | null> = {}
    for (const column of query.by) Object.assign(shown, display(column as QueryColumn, row, texts, terms))
    for (const name of answerSums) shown[name] = row[name] as bigint
    return shown
  })
  const order = (a: (typeof rows)[number], b: (typeof rows)[number]): number => {
    if (a.bytes_out !== b.bytes_out) return (a.bytes_out as bigint) > (b.bytes_out as bigint) ? -1 : 1
    const column = query.by.find((name) => a[name] !== b[name])
    return column === undefined ? 0 : String(a[column]) < String(b[column]) ? -1 : 1
  }
  return { columns: [...query.by, ...answerSums], rows: rows.sort(order), total, answered_from: source.table }
}

/**
 * The groups, most bytes out first. Of the first N only, the ranking needs one sum per group and the other sums only for
 * the groups that are shown: with millions of groups that is what fits into memory.
 */
function groupedSql(keys: readonly Key[], from: string, where: string, top: number | undefined): string {
  const list = keys.map(({ sql, as }) => `${sql} AS ${as}`).join(', ')
  const names = keys.map(({ as }) => as).join(', ')
  const sums = answerSums.map((name) => `CAST(sum(${name}) AS HUGEINT) AS ${name}`).join(', ')
  const order = `ORDER BY bytes_out DESC, ${names}`
  if (top === undefined)
    return `SELECT * FROM (SELECT ${list}, ${sums} FROM ${from} ${where} GROUP BY ${names}) g ${order}`
  const same = keys.map(({ sql, as }) => `${sql} = best.${as}`).join(' AND ')
  const first = `SELECT ${names} FROM (SELECT ${list}, sum(bytes_out) AS bytes_out FROM ${from} ${where} GROUP BY ${names}) r
    ${order} LIMIT ${Math.max(0, Math.floor(top))}`
  return `SELECT * FROM (SELECT ${keys.map(({ as }) => `best.${as} AS ${as}`).join(', ')}, ${sums}
    FROM ${from} JOIN (${first}) best ON ${same} ${where} GROUP BY ALL) g ${order}`
}

interface Source {
  table: LedgerAnswer['answered_from']
  dimension?: string
  conditions: string[]
}

function sourceOf(query: LedgerQuery, terms: QueryTerms): Source {
  const used = [...new Set([...query.by, ...query.where.map(({ column }) => column)])].filter(
    (column) => !timeColumns.includes(column),
  )
  if (query.known_at_ms !== undefined) {
    return detailOf(query, used, terms, [`known_tick <= ${Math.floor(query.known_at_ms / tickMs)}`])
  }
  const others = used.filter((column) => column !== 'peer_class')
  const dimension = others.length === 0 ? 'site' : others.length === 1 ? others[0] : undefined
  const code = dimension === undefined ? -1 : terms.cubeDimensions.indexOf(dimension)
  const byHour = query.by.some((column) => column === 'window' || column === 'hour')
  const wholeDays = [query.from_ms, query.to_ms].every((ms) => ms === undefined || ms % dayMs === 0)
  if (code >= 0) {
    return { table: byHour || !wholeDays ? 'cubes' : 'cube_days', dimension, conditions: [`dimension = ${code}`] }
  }
  if (!byHour && wholeDays) return { table: 'pair_days', conditions: [] }
  return detailOf(query, used, terms, [])
}

/** Postings answer: within the detail that is kept, and for all columns but those that are known by day. */
function detailOf(query: LedgerQuery, used: readonly string[], terms: QueryTerms, conditions: string[]): Source {
  if (used.includes('peer_class') || used.includes('cohort'))
    throw new AppError(
      'usage',
      'peer_class and cohort are known by day: with several columns ask --by day, for whole days and as known today',
    )
  const from_ms = query.from_ms ?? 0
  if (from_ms < terms.detail_day * dayMs) {
    const since = new Date(terms.detail_day * dayMs).toISOString().slice(0, 10)
    throw new AppError(
      'usage',
      query.known_at_ms === undefined
        ? `hours with several columns are kept from ${since} on: add --from ${since} or later, or ask by day, or for one column`
        : `what was known when is kept from ${since} on: add --from ${since} or later`,
    )
  }
  return { table: 'postings', conditions }
}

function isByDay(table: Source['table']): boolean {
  return table === 'pair_days' || table === 'cube_days'
}

function timeConditions(query: LedgerQuery, table: Source['table']): string[] {
  const unit = isByDay(table) ? dayMs : tickMs
  const column = isByDay(table) ? 'day' : 'tick'
  const conditions: string[] = []
  if (query.from_ms !== undefined) conditions.push(`${column} >= ${Math.ceil(query.from_ms / unit)}`)
  if (query.to_ms !== undefined) conditions.push(`${column} < ${Math.ceil(query.to_ms / unit)}`)
  return conditions
}

/** The table with what it must be joined to for the columns asked for. */
function fromClause(query: LedgerQuery, source: Source): string {
  const used = [...query.by, ...query.where.map(({ column }) => column)]
  if (source.dimension !== undefined) return `${source.table} t`
  const needs = (columns: readonly string[]): boolean => used.some((column) => columns.includes(column))
  return [
    `${source.table} t`,
    needs(labelColumns) ? 'JOIN labels l ON l.id = t.label' : '',
    needs(hostColumns) ? 'JOIN addresses a ON a.id = t.inside' : '',
    needs(['leased_ip']) ? 'JOIN addresses z ON z.id = t.leased' : '',
  ].join(' ')
}

/** Where a column stands; of an address, what its halves begin with. */
function sqlColumn(column: string, source: Source): string {
  if (source.dimension === column) return 't.entity'
  if (column in addressColumns) return addressColumns[column]
  if (labelColumns.includes(column)) return `l.${column}`
  return hostColumns.includes(column) ? `a.${column}` : `t.${column}`
}

interface Key {
  sql: string
  as: string
}

function keyExpressions(column: QueryColumn, source: Source): Key[] {
  const isDay = isByDay(source.table)
  switch (column) {
    case 'window':
      return [{ sql: 'tick', as: 'k_window' }]
    case 'hour':
      return [{ sql: 'tick // 6', as: 'k_hour' }]
    case 'day':
      return [{ sql: isDay ? 'day' : `tick // ${ticksPerDay}`, as: 'k_day' }]
    case 'month': {
      const day = isDay ? 'day' : `tick // ${ticksPerDay}`
      const date = `(DATE '1970-01-01' + CAST(${day} AS INTEGER))`
      return [{ sql: `year(${date}) * 100 + month(${date})`, as: 'k_month' }]
    }
    case 'inside':
    case 'peer':
    case 'leased_ip': {
      const halves = ['hi', 'lo'].map((half) => ({
        sql: `${addressColumns[column]}${half}`,
        as: `k_${column}_${half}`,
      }))
      return column === 'peer' && source.table === 'pair_days'
        ? [...halves, { sql: 'peer_bits', as: 'k_peer_bits' }]
        : halves
    }
    default:
      return [{ sql: sqlColumn(column, source), as: `k_${column}` }]
  }
}

function display(
  column: QueryColumn,
  row: Record<string, unknown>,
  texts: Map<number, string>,
  terms: QueryTerms,
): Record<string, string | number | null> {
  const value = row[`k_${column}`]
  switch (column) {
    case 'window':
    case 'hour': {
      const ms = Number(value) * (column === 'hour' ? 6 * tickMs : tickMs)
      return { [column]: `${new Date(ms).toISOString().slice(0, 16)}Z`, [`${column}_ms`]: ms }
    }
    case 'day':
      return { day: new Date(Number(value) * dayMs).toISOString().slice(0, 10), day_ms: Number(value) * dayMs }
    case 'month':
    case 'cohort': {
      const month = String(value)
      return { [column]: value === 0 || value === 0n ? '' : `${month.slice(0, 4)}-${month.slice(4)}` }
    }
    case 'inside':
    case 'peer':
    case 'leased_ip': {
      const [hi, lo] = [row[`k_${column}_hi`] as bigint, row[`k_${column}_lo`] as bigint]
      if (hi === 0n && lo === 0n) return { [column]: column === 'leased_ip' ? '' : '::' }
      return { [column]: `${formatHalves(hi, lo)}${suffix(column, hi, Number(row.k_peer_bits ?? 0))}` }
    }
    case 'role':
      return { role: terms.roles[Number(value)] }
    case 'peer_class':
      return { peer_class: terms.peerClasses[Number(value)] }
    case 'explained':
      return { explained: terms.explanations[Number(value)] }
    case 'method':
      return { method: terms.methods[Number(value)] }
    case 'peer_asn':
    case 'confidence':
    case 'candidates':
      return { [column]: Number(value) }
    default:
      return { [column]: texts.get(Number(value)) ?? '' }
  }
}

/** An IPv6 peer of the books is its /64; folded peers are /24 or /48. */
function suffix(column: string, hi: bigint, bits: number): string {
  if (column !== 'peer') return ''
  if (bits === 120) return '/24'
  if (bits === 48) return '/48'
  return hi === 0n ? '' : '/64'
}

async function condition(sql: string, column: QueryColumn, value: string, terms: QueryTerms): Promise<string> {
  if (nameColumns.includes(column)) return value === '' ? `${sql} = 0` : `${sql} = ${await terms.idsOfText(value)}`
  if (column in addressColumns) return addressCondition(sql, column, value)
  switch (column) {
    case 'role':
      return `${sql} = ${member(terms.roles, column, value)}`
    case 'peer_class':
      return `${sql} = ${member(terms.peerClasses, column, value)}`
    case 'explained':
      return `${sql} = ${member(terms.explanations, column, value)}`
    case 'method':
      return `${sql} = ${member(terms.methods, column, value)}`
    case 'peer_asn':
    case 'confidence':
    case 'candidates':
    case 'cohort': {
      const digits = value === '' ? '0' : value.replace('-', '')
      if (!/^\d{1,10}$/.test(digits)) throw new AppError('usage', `--where ${column}=${value}: a number is expected`)
      return `${sql} = ${digits}`
    }
    default:
      throw new AppError('usage', `--where ${column}: use --from and --to for time`)
  }
}

function member(list: readonly string[], column: string, value: string): number {
  const code = list.indexOf(value)
  if (code < 0) throw new AppError('usage', `--where ${column}=${value}: one of ${list.join(', ')} is expected`)
  return code
}

function addressCondition(sql: string, column: QueryColumn, value: string): string {
  const network = parseNetwork(value)
  if (!network)
    throw new AppError(
      'usage',
      `--where ${column}=${value}: an address or a network such as 198.51.100.0/24 is expected`,
    )
  const isV6Peer = column === 'peer' && network.bits > 64 && network.words[0] + network.words[1] !== 0
  const low = isV6Peer ? maskWords(network.words, 64) : network.words
  const bits = isV6Peer ? 64 : network.bits
  const high = low.map(
    (word, i) =>
      (word | ~(bits >= 32 * (i + 1) ? 0xffffffff : bits <= 32 * i ? 0 : 0xffffffff << (32 * (i + 1) - bits))) >>> 0,
  )
  const half = (words: Uint32Array, i: number): bigint => (BigInt(words[i]) << 32n) | BigInt(words[i + 1])
  if (bits <= 64) return `${sql}hi BETWEEN ${half(low, 0)} AND ${half(high, 0)}`
  return `${sql}hi = ${half(low, 0)} AND ${sql}lo BETWEEN ${half(low, 2)} AND ${half(high, 2)}`
}

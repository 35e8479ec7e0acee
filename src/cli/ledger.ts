/** `weir ledger`: a question to the books, answered as a table, JSON, CSV or Parquet. */
import { ledgerParquet } from '../app/ledger-parquet.ts'
import { readState } from '../app/state.ts'
import { AppError } from '../model/errors.ts'
import { exactJson } from '../model/exact-json.ts'
import { type LedgerAnswer, type LedgerQuery, queryColumns } from '../model/ledger-query.ts'
import { csvText } from './csv.ts'
import { writeResult } from './output.ts'
import { bytesText, countText, oneLine, shareText, table } from './text.ts'

const rowsOnScreen = 20

export async function run(_: string[], options: Record<string, unknown>): Promise<void> {
  const screen = options.json === undefined && options.csv === undefined && options.parquet === undefined
  const query = queryOf(options)
  const store = await readState(String(options.state))
  try {
    if (typeof options.parquet === 'string') {
      await ledgerParquet(store, query, options.parquet)
      return
    }
    const answer = await store.query(screen && query.top === undefined ? { ...query, top: rowsOnScreen + 1 } : query)
    if (options.json !== undefined)
      writeResult(options.json, exactJson({ columns: answer.columns, rows: answer.rows, total: answer.total }, 1))
    else if (options.csv !== undefined) writeResult(options.csv, csvText(answer.columns, answer.rows))
    else process.stdout.write(`${screenText(answer, query)}\n`)
  } finally {
    await store.close()
  }
}

export function queryOf(options: Record<string, unknown>): LedgerQuery {
  const by = String(options.by)
    .split(',')
    .map((column) => column.trim())
    .filter((column) => column !== '')
  const where = (options.where as string[]).map((text) => {
    const equals = text.indexOf('=')
    if (equals < 1)
      throw new AppError('usage', `--where '${text}': COLUMN=VALUE is expected, such as peer=198.51.100.0/24`)
    return { column: text.slice(0, equals), value: text.slice(equals + 1) }
  })
  for (const column of [...by, ...where.map((condition) => condition.column)]) {
    if (!(queryColumns as readonly string[]).includes(column))
      throw new AppError(
        'usage',
        `'${oneLine(column)}' is no column of the books; there are ${queryColumns.join(', ')}`,
      )
  }
  const top = options.top === undefined ? undefined : Number(options.top)
  if (top !== undefined && (!Number.isInteger(top) || top < 1))
    throw new AppError('usage', `--top '${options.top}': a whole number from 1 is expected`)
  return {
    by,
    where,
    from_ms: timeOf('--from', options.from),
    to_ms: timeOf('--to', options.to),
    known_at_ms: timeOf('--known-at', options.knownAt),
    top,
  }
}

function timeOf(option: string, value: unknown): number | undefined {
  if (value === undefined) return undefined
  const text = String(value)
  if (/^\d{12,14}$/.test(text)) return Number(text)
  const form = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/
  const ms = form.test(text)
    ? Date.parse(text.includes('T') && !/(Z|[+-]\d{2}:\d{2})$/.test(text) ? `${text}Z` : text)
    : Number.NaN
  if (Number.isNaN(ms))
    throw new AppError(
      'usage',
      `${option} '${text}': a date such as 2026-01-31, a time such as 2026-01-31T18:00Z (UTC), or epoch milliseconds are expected`,
    )
  return ms
}

function screenText(answer: LedgerAnswer, query: LedgerQuery): string {
  const keys = query.by
  const total = answer.total.bytes_out
  const shown = query.top === undefined ? answer.rows.slice(0, rowsOnScreen) : answer.rows
  const lines = table(
    [
      ...keys.map((title) => ({ title })),
      ...['bytes out', 'share', 'bytes in', 'flows'].map((title) => ({ title, right: true })),
    ],
    shown.map((row) => [
      ...keys.map((key) => (row[key] === '' || row[key] === null ? '–' : String(row[key]))),
      bytesText(row.bytes_out as bigint),
      shareText(row.bytes_out as bigint, total),
      bytesText(row.bytes_in as bigint),
      countText(row.flows as bigint),
    ]),
  )
  const more =
    answer.rows.length > shown.length ? ['… and more: --top N, --csv FILE or --json FILE gives them all'] : []
  return [
    ...lines,
    ...more,
    `total ${bytesText(total)} out (${countText(total)} bytes), ${bytesText(answer.total.bytes_in)} in`,
  ].join('\n')
}

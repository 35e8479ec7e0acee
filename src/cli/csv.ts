/**
 * CSV (RFC 4180). A text that a spreadsheet would take for a formula gets a leading apostrophe: names in the books come
 * from logs, and attackers write into logs. What holds the list separator of another locale is quoted too, so that no
 * second cell begins there. Source: OWASP, CSV Injection.
 */
export function csvText(columns: readonly string[], rows: readonly Record<string, unknown>[]): string {
  const lines = [columns.join(','), ...rows.map((row) => columns.map((column) => cell(row[column])).join(','))]
  return `${lines.join('\r\n')}\r\n`
}

function cell(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  const text = value === null || value === undefined ? '' : String(value)
  const safe = /^[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/.test(text) ? `'${text}` : text
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

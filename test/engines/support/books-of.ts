/** What Weir makes of a folder of logs, through its command line: an analysis, and answers of the books. */
import { type Analyzed, analysisBy, type Folder, runWeir } from '../../support/weir.ts'
import type { FlowEvent } from './capture.ts'

export interface LedgerRow extends Record<string, string | number | undefined> {
  bytes_out: number
  bytes_in: number
  flows: number
}

export interface AnsweringBooks {
  json: Analyzed
  stderr: string
  /** bytes_out by the text of the columns, parted by a space; rows that are nothing but bytes in are left out. */
  bytesOut(...by: string[]): Promise<Record<string, number>>
}

/** `files`: name in a folder of logs → content; flow events under `flows`. */
export async function booksOf(
  folder: Folder,
  config: string,
  files: Readonly<Record<string, string>>,
): Promise<AnsweringBooks> {
  const state = folder.state()
  const logs = `${state}-logs`
  for (const [name, content] of Object.entries(files))
    folder.file(`${logs.slice(folder.path.length + 1)}/${name}`, content)
  const weir_yaml = folder.file(`${logs.slice(folder.path.length + 1)}.yaml`, config)
  const { code, json, stderr } = await analysisBy([logs, '--config', weir_yaml, '--state', state])
  if (code !== 0) throw new Error(`analyze: exit ${code}\n${stderr}`)
  return {
    json,
    stderr,
    bytesOut: async (...by) => {
      const ran = await runWeir(['ledger', '--state', state, '--by', by.join(','), '--json', '-'])
      if (ran.code !== 0) throw new Error(`ledger: exit ${ran.code}\n${ran.stderr}`)
      const { rows } = JSON.parse(ran.stdout) as { rows: LedgerRow[] }
      return Object.fromEntries(
        rows
          .filter((row) => row.bytes_out > 0)
          .map((row) => [by.map((column) => row[column] ?? '').join(' '), row.bytes_out]),
      )
    },
  }
}

export function flowLines(flows: readonly FlowEvent[]): string {
  return flows.map((flow) => `${JSON.stringify(flow)}\n`).join('')
}

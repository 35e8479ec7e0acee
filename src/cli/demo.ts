/** `weir demo`: everything in a temporary directory, unless it is to be kept; the pages of what was found stay. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { demo } from '../app/demo.ts'
import { makeEmptyDirectory, writeBeside } from './demo/new-files.ts'
import { demoText } from './demo/text.ts'
import { incidentPage } from './incident/page.ts'
import { readConfigFile } from './load-config-file.ts'
import { isColourful, unwritable } from './output.ts'
import { progressOf } from './progress-line.ts'
import { stopSignal } from './stop-signal.ts'

const reportDirectory = 'weir-demo'

export async function run(_args: string[], options: Record<string, unknown>): Promise<void> {
  // before there is anything to clean up
  const signal = stopSignal()
  const began = Date.now()
  const progress = progressOf(options)
  const kept = typeof options.keep === 'string' ? options.keep : undefined
  if (kept !== undefined) makeEmptyDirectory(kept)
  const directory = kept ?? temporaryDirectory()
  try {
    const result = await demo({
      directory,
      seed: options.seed as number,
      readConfig: readConfigFile,
      progress,
      signal,
      now_ms: Date.now(),
    })
    const reports = result.analysis.incidents.map((incident, i) =>
      writeBeside(
        kept ?? reportDirectory,
        `seed-${options.seed}${i === 0 ? '' : `-incident-${i + 1}`}`,
        'html',
        incidentPage(incident, kept === undefined ? {} : { state: result.state }),
      ),
    )
    if (options.quiet === true) {
      for (const path of reports) process.stdout.write(`${path}\n`)
      return
    }
    const colour = isColourful(process.stdout)
    const text = demoText(result, { colour, elapsed_ms: Date.now() - began, reports, kept })
    process.stdout.write(colour ? text : stripVTControlCharacters(text))
  } finally {
    if (kept === undefined) rmSync(directory, { recursive: true, force: true })
  }
}

function temporaryDirectory(): string {
  const parent = tmpdir()
  try {
    return mkdtempSync(join(parent, 'weir-demo-'))
  } catch (cause) {
    throw unwritable(parent, cause)
  }
}

/** `weir prove`; with `--sight` it is another file's. Ctrl-C ends with what was measured until then, and the exit code of what was interrupted. */
import { stripVTControlCharacters } from 'node:util'
import { withLogsBackground, withStateBackground } from '../app/prove/backgrounds.ts'
import { campaignsByVault, campaignsOf } from '../app/prove/campaigns.ts'
import type { Given } from '../app/prove/given.ts'
import { mergeMeasured, readMeasured } from '../app/prove/merge.ts'
import { type Proof, prove } from '../app/prove/prove.ts'
import { proveSimulated, usualWorkers } from '../app/prove/prove-simulated.ts'
import { daysFor, usualScale } from '../app/prove/simulated.ts'
import { AppError } from '../model/errors.ts'
import { exactJson } from '../model/exact-json.ts'
import { configOf } from './load-config-file.ts'
import { checkTarget, isColourful, writeResult } from './output.ts'
import { progressOf } from './progress-line.ts'
import { provePage } from './prove/page.ts'
import { runSight } from './prove/sight.ts'
import { proveText } from './prove/text.ts'
import { stopSignal } from './stop-signal.ts'

/** Placements of each campaign, unless told otherwise. */
const [quickWorlds, fullWorlds] = [3, 60]

export async function run(paths: string[], options: Record<string, unknown>): Promise<void> {
  if (options.sight === true) return runSight(paths, options)
  const state = typeof options.state === 'string' ? options.state : undefined
  if (state !== undefined && paths.length > 0) throw new AppError('usage', 'give either logs or --state, not both')
  if (options.json === '-' && options.html === '-')
    throw new AppError('usage', 'JSON and HTML cannot both be written to standard output: give one of them a file')
  for (const target of [options.json, options.html]) if (target !== undefined) checkTarget(target)
  if (options.merge === true) {
    tell(mergeMeasured(paths.map((path) => ({ path, measured: readMeasured(path) }))), options)
    return
  }
  const isFull = options.full === true
  const isChosen = (options.campaign as string[]).length > 0
  const campaigns = campaignsOf(options.campaign as string[], isFull)
  const worlds = (options.worlds as number | undefined) ?? (isFull ? fullWorlds : quickWorlds)
  const seed = options.seed as number
  const signal = stopSignal()
  const began = Date.now()
  const progress = progressOf(options)
  const common = { seed, progress, signal }
  const onOne = (background: Given): Promise<Proof> =>
    prove({
      ...{ ...common, background, placements: worlds },
      campaigns: isChosen || !isFull ? campaigns : [...campaigns, ...campaignsByVault(background.background)],
    })
  const measured = (): Promise<Proof> => {
    if (state === undefined && paths.length === 0) {
      const centre = { scale: usualScale, days: daysFor(campaigns) }
      const workers = (options.workers as number | undefined) ?? usualWorkers(centre)
      return proveSimulated({ ...common, centre, worlds, campaigns, workers })
    }
    const { config, configured, file, foundBesideLogs } = configOf(options.config, paths)
    if (foundBesideLogs) progress.note(`no ./weir.yaml here: using ${file}`)
    const now_ms = Date.now()
    return state === undefined
      ? withLogsBackground({ paths, config, configured, progress, signal, now_ms }, onOne)
      : withStateBackground({ directory: state, name: state, config, now_ms }, onOne)
  }
  const proof = await measured()
  tell(proof, options, Date.now() - began)
  if (!proof.complete) process.exitCode = 130
}

function tell(proof: Proof, { json, html, quiet }: Record<string, unknown>, elapsed_ms?: number): void {
  if (json !== undefined) writeResult(json, exactJson(proof, 1))
  if (html !== undefined) writeResult(html, provePage(proof))
  if (json !== '-' && html !== '-' && quiet !== true) {
    const text = proveText(proof, { elapsed_ms })
    process.stdout.write(isColourful(process.stdout) ? text : stripVTControlCharacters(text))
  }
}

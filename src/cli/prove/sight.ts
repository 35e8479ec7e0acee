/**
 * `weir prove --sight`: run every night, kept in the state. Exit 1 if the standing campaign was not found though the books are old
 * enough, so that whoever runs it every night hears of it; 0 if it is too early; 130 after Ctrl-C, which keeps what was measured.
 */
import { stripVTControlCharacters } from 'node:util'
import { type CampaignSpec, parseCampaigns } from '../../app/prove/campaigns.ts'
import { isProof, type NoSightYet, type SightProof, standingCampaign } from '../../app/prove/sight.ts'
import { proveSightOfState } from '../../app/prove/sight-state.ts'
import { AppError } from '../../model/errors.ts'
import { exactJson } from '../../model/exact-json.ts'
import { defaultState } from '../default-state.ts'
import { configOf } from '../load-config-file.ts'
import { checkTarget, isColourful, writeResult } from '../output.ts'
import { progressOf } from '../progress-line.ts'
import { standingText } from '../sight-words.ts'
import { stopSignal } from '../stop-signal.ts'
import { sightText } from './sight-text.ts'

export async function runSight(paths: string[], options: Record<string, unknown>): Promise<void> {
  const standing = standingOf(options.campaign as string[])
  const [others] = (['full', 'worlds', 'html'] as const).filter((name) => options[name] !== undefined)
  if (others !== undefined) throw new AppError('usage', `--sight and --${others} do not go together`)
  if (paths.length > 0)
    throw new AppError('usage', '--sight is proven on the books of a state: analyse the logs, then give --state')
  if (options.json !== undefined) checkTarget(options.json)
  const directory = String(options.state ?? defaultState)
  const { config } = configOf(options.config)
  const signal = stopSignal()
  const progress = progressOf(options)
  const seed = options.seed as number
  const at = { directory, config, at_ms: Date.now() }
  tell(await proveSightOfState({ ...at, standing, seed, progress, signal }), directory, options)
}

/** The one that was given, else the usual one. */
function standingOf(lines: readonly string[]): CampaignSpec {
  const [line] = lines
  if (line === undefined) return standingCampaign
  const specs = lines.flatMap(parseCampaigns)
  if (specs.length > 1) throw new AppError('usage', 'one campaign must be found every night: --sight takes one')
  const fixed = /(?:^|,)\s*(vault|role|history)=/.exec(line)?.[1]
  if (fixed !== undefined)
    throw new AppError(
      'usage',
      `--campaign '${line}': with --sight there is no ${fixed}; every vault and role is tried`,
    )
  return specs[0]
}

function tell(result: SightProof | NoSightYet, directory: string, { json, quiet }: Record<string, unknown>): void {
  if (json !== undefined) writeResult(json, exactJson(result, 1))
  if (json !== '-' && quiet !== true) {
    const text = sightText(result, directory)
    process.stdout.write(isColourful(process.stdout) ? text : stripVTControlCharacters(text))
  }
  if (!isProof(result)) return
  if (!result.standing.found && result.is_mature)
    throw new AppError('not_seen', `a virtual theft that must be found was not: ${standingText(result)}`)
  if (!result.complete) process.exitCode = 130
}

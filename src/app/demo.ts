/**
 * `demo`: the range writes a small centre with a hidden theft, it is analysed like any other logs, and what was found is set
 * beside the truth, which the analysis never reads. All files are below one directory, which the caller made and removes.
 */
import { join } from 'node:path'
import type { Config } from '../config/config-schema.ts'
import type { Incident } from '../model/incident.ts'
import type { CampaignTruth } from '../range/truth.ts'
import { analyze } from './analyze.ts'
import { type CampaignOutcome, campaignOutcome, falseIncidents, incidentsAbout } from './demo-outcome.ts'
import { type LookAlikeBytes, type UsualOutcome, usualOutcome } from './demo-usual.ts'
import type { Progress } from './progress.ts'
import type { Analysis } from './report.ts'
import { type Simulated, simulate } from './simulate.ts'
import { openState } from './state.ts'

export interface DemoOptions {
  directory: string
  seed: number
  /** The command line reads configurations. */
  readConfig: (file: string) => Config
  progress: Progress
  signal: AbortSignal
  now_ms: number
}

export interface LookAlikeOutcome extends LookAlikeBytes {
  truth: CampaignTruth
  incidents: readonly Incident[]
}

export interface DemoResult {
  logs: string
  config: string
  state: string
  simulated: Simulated
  analysis: Analysis
  campaigns: CampaignOutcome[]
  false_incidents: readonly Incident[]
  look_alikes: LookAlikeOutcome[]
  usual: UsualOutcome
}

const scenario = 'demo'
/** Half a terabyte a day, some 200,000 records: the smallest centre in which the theft is what it is at the reference site. */
const scale = 0.004

export async function demo({
  directory,
  seed,
  readConfig,
  progress,
  signal,
  now_ms,
}: DemoOptions): Promise<DemoResult> {
  const centre = join(directory, 'centre')
  const [logs, file, state] = [join(centre, 'logs'), join(centre, 'weir.yaml'), join(directory, 'state')]
  progress.note('1 of 3: a small centre writes three months of logs; somebody steals from it')
  const simulated = await simulate({
    ...{ scenario, directory: centre, seed, scale, days: undefined, declared: 1 },
    ...{ progress, signal },
  })
  progress.note('2 of 3: the logs are read, the books are written, and what left is judged')
  const config = readConfig(file)
  const analysis = await analyze({ paths: [logs], config, configured: true, state, progress, signal, now_ms })
  progress.note('3 of 3: what the usual rules would have said of the same days')
  const { campaigns: thefts, look_alikes: lookAlikes } = simulated.truth
  const incidents: readonly Incident[] = analysis.incidents
  const campaigns = thefts.map((theft) => campaignOutcome(theft, incidents))
  const { store, close } = await openState(state)
  try {
    const usual = await usualOutcome({
      store,
      hostNames: new Map(config.hosts.flatMap(({ name, addresses }) => addresses.map((address) => [address, name]))),
      thefts,
      lookAlikes,
      until_ms: Math.min(...campaigns.map(({ incident, truth }) => incident?.detected_at_ms ?? truth.end_ms)),
    })
    return {
      ...{ logs, config: file, state, simulated, analysis, campaigns, usual },
      false_incidents: falseIncidents(thefts, incidents),
      look_alikes: lookAlikes.map((truth, i) => ({
        ...usual.lookAlikes[i],
        truth,
        incidents: incidentsAbout(truth, incidents),
      })),
    }
  } finally {
    await close()
  }
}

/**
 * `init`: a bounded sample of the logs → a proposed `weir.yaml`, in which every entry says what it rests on.
 * A guess to start from, not a measurement; nothing is written but the text that is returned.
 */
import { loadConfig } from '../../config/load-config.ts'
import { formatProblem } from '../../config/problem.ts'
import { countText, plural } from '../../model/amount-text.ts'
import { AppError } from '../../model/errors.ts'
import { discover } from '../discover.ts'
import type { Progress } from '../progress.ts'
import { proposeHosts } from './hosts.ts'
import { proposeNetworks } from './networks.ts'
import { proposePools } from './pools.ts'
import type { Proposal } from './proposal.ts'
import { type Sample, type SampleLimits, sampleLimits, takeSample } from './sample.ts'
import { proposeSensors } from './sensors.ts'
import { proposeVaults } from './vaults.ts'
import { proposalYaml } from './yaml.ts'

export interface ProposeOptions {
  paths: readonly string[]
  progress: Progress
  now: () => number
  limits?: SampleLimits
}

export interface ProposedConfig {
  /** The text of a `weir.yaml`, sound by `loadConfig`. */
  yaml: string
  sample: Sample
  proposal: Proposal
  /** What a person should know beside the text. */
  remarks: string[]
}

export async function proposeConfig(options: ProposeOptions): Promise<ProposedConfig> {
  const { paths, progress, now } = options
  const found = discover(paths)
  for (const { path, reason } of found.problems) progress.note(`${path} passed over: ${reason}`)
  const sample = await takeSample(found.files, { limits: options.limits ?? sampleLimits, progress, now })
  progress.done()
  if (sample.flows.length === 0) throw new AppError('nothing_readable', nothingText(sample, paths))
  const proposal = proposalOf(sample)
  if (proposal.networks.networks.length === 0) {
    throw new AppError(
      'nothing_readable',
      `${countText(sample.flows.length)} flows under ${paths.join(', ')}, but nothing tells which end of them is inside: ` +
        'no private addresses, and no network around which the flows are. Write site.networks by hand (examples/minimal.yaml).',
    )
  }
  const yaml = proposalYaml(proposal, sample)
  const { problems } = loadConfig(yaml, 'the proposed weir.yaml')
  // a proposal that its own reader refuses is a mistake of this program
  if (problems) throw new Error(`${problems.map(formatProblem).join('\n')}\n${yaml}`)
  const remarks = [proposal.networks, proposal.pools, proposal.hosts, proposal.vaults].flatMap((part) => part.remarks)
  return { yaml, sample, proposal, remarks }
}

export function proposalOf(sample: Sample): Proposal {
  const pools = proposePools(sample, nameOf)
  const networks = proposeNetworks(
    sample,
    pools.leased,
    pools.pools.flatMap((pool) => pool.networks),
  )
  const inside = networks.networks.map(({ network }) => network)
  return {
    networks,
    pools,
    hosts: proposeHosts(sample, inside, pools.pools, nameOf),
    vaults: proposeVaults(sample, nameOf),
    sensors: proposeSensors(sample, nameOf),
  }
}

/** A text of the logs as a name of the configuration: no blanks around it, no control characters; undefined if nothing is left. */
export function nameOf(text: string): string | undefined {
  const name = text
    .replaceAll(/\p{Cc}+/gu, '_')
    .replaceAll(/^[\s\p{C}]+|[\s\p{C}]+$/gu, '')
    .slice(0, 120)
    .replaceAll(/[\s\p{C}]+$/gu, '')
  return name === '' ? undefined : name
}

function nothingText(sample: Sample, paths: readonly string[]): string {
  const where = paths.join(', ')
  if (sample.probes > 0)
    return `${countText(sample.probes)} flows under ${where}, none of them with payload: nothing to propose`
  if (sample.files_read > 0) return `no flows under ${where}: nothing to propose`
  return `no log that Weir knows under ${where}: ${plural(sample.files_found, 'file')} looked at`
}

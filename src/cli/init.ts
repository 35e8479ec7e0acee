/** `weir init`: a proposed weir.yaml on standard output or in a new file; what is uncertain is told on standard error. */
import { existsSync, writeFileSync } from 'node:fs'
import { proposeConfig } from '../app/propose/propose-config.ts'
import { AppError } from '../model/errors.ts'
import { checkTarget, unwritable, writeResult } from './output.ts'
import { progressOf } from './progress-line.ts'
import { plural } from './text.ts'

export async function run(paths: string[], options: Record<string, unknown>): Promise<void> {
  const progress = progressOf(options)
  const out = typeof options.out === 'string' ? options.out : undefined
  if (out !== undefined) {
    if (existsSync(out)) throw alreadyThere(out)
    checkTarget(out)
  }
  const { yaml, remarks, proposal } = await proposeConfig({ paths, progress, now: Date.now })
  if (out === undefined) writeResult(undefined, yaml)
  else writeNew(out, yaml)
  for (const remark of remarks) progress.note(remark)
  const { networks, pools, hosts, vaults } = proposal
  progress.note(
    `proposed ${plural(networks.networks.length, 'inside network')}, ${plural(pools.pools.length, 'VPN pool')}, ` +
      `${plural(hosts.hosts.length, 'host')}, ${plural(vaults.vaults.length, 'vault')}` +
      (out === undefined ? '' : ` in ${out}; read it, then: weir analyze ${paths.join(' ')} --config ${out}`),
  )
}

function writeNew(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' })
  } catch (cause) {
    throw (cause as NodeJS.ErrnoException).code === 'EEXIST' ? alreadyThere(path) : unwritable(path, cause)
  }
}

function alreadyThere(path: string): AppError {
  return new AppError('usage', `${path} is there already, and init never overwrites: give another --out`)
}

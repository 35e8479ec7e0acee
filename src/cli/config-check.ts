/** `weir config check`: touches the file and nothing else. */
import { readFileSync } from 'node:fs'
import { loadConfig } from '../config/load-config.ts'
import { formatProblem } from '../config/problem.ts'
import { AppError } from '../model/errors.ts'
import { plain } from './text.ts'

export async function run([file]: string[]): Promise<void> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new AppError('path_unreadable', `${file}: ${(cause as Error).message}`, { cause })
  }
  const loaded = loadConfig(text, file)
  if (loaded.problems) {
    process.stdout.write(`${loaded.problems.map((problem) => plain(formatProblem(problem))).join('\n')}\n`)
    throw new AppError(
      'config_invalid',
      `${file}: ${loaded.problems.length} problem${loaded.problems.length === 1 ? '' : 's'}`,
    )
  }
  for (const remark of loaded.remarks) process.stdout.write(`${plain(formatProblem(remark))} (a remark, no error)\n`)
  const { site, hosts, vaults, expectations, sensors } = loaded.ok
  process.stdout.write(
    `${file} is sound: ${site.networks.length} inside networks, ${site.vpn_pools.length} VPN pools, ${hosts.length} hosts, ` +
      `${sensors.length} sensors, ${vaults.length} vaults, ${expectations.length} expectations\n`,
  )
}

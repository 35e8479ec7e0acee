/** `weir range generate`: writes a scenario's logs, configuration and truth into a new directory. */
import { simulate } from '../app/simulate.ts'
import { progressOf } from './progress-line.ts'
import { stopSignal } from './stop-signal.ts'
import { bytesText, countText, plural } from './text.ts'

export async function run(_args: string[], options: Record<string, unknown>): Promise<void> {
  const signal = stopSignal()
  const progress = progressOf(options)
  const out = String(options.out)
  const { truth, flows, days, bytes_written } = await simulate({
    scenario: String(options.scenario),
    directory: out,
    seed: options.seed as number,
    scale: options.scale as number,
    days: options.days as number | undefined,
    declared: options.declared as number,
    mutate: listOf(options.mutate),
    progress,
    signal,
  })
  if (options.quiet === true) return
  const hidden = truth.campaigns.map(({ id, bytes_out }) => `${bytesText(Number(bytes_out))} of ${id}`).join(', ')
  const unseen = truth.not_logged ? `, ${bytesText(Number(truth.not_logged.bytes_out))} of it in no log` : ''
  process.stdout.write(
    `${out}: ${plural(days, 'day')}, ${countText(flows)} flows, ${bytesText(bytes_written)} of logs; ` +
      `${bytesText(Number(truth.border_bytes_out))} left${hidden === '' ? '' : `, ${hidden} among it`}${unseen}\n` +
      `Next: weir analyze ${out}/logs --config ${out}/weir.yaml --state ${out}-state\n`,
  )
}

/** `a,b` as names; none where the option is not given. */
function listOf(option: unknown): string[] {
  return typeof option === 'string' ? option.split(',').map((name) => name.trim()) : []
}

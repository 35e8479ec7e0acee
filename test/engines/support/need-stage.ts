/** What tests with real programs need of the machine: root, for namespaces of their own, and the programs. */
import { needEngine } from '../../../src/testing/needs.ts'

type Context = Parameters<typeof needEngine>[0]

/** Skips the test, or fails with WEIR_ENGINES=required, where a stage cannot be set up or a program is missing. */
export function needStage(context: Context, ...programs: string[]): void {
  for (const program of ['unshare', 'nsenter', 'ip', 'ss', 'pgrep', 'sysctl', 'tcpdump', ...programs])
    needEngine(context, program)
  if (process.getuid?.() === 0) return
  if (process.env.WEIR_ENGINES === 'required') throw new Error('only root may make networks (WEIR_ENGINES=required)')
  context.skip('only root may make networks')
}

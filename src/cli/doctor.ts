/** `weir doctor`: one screen on what is seen and what is not, or everything as JSON; exit 1 if the books do not balance. */
import { doctor } from '../app/doctor/doctor.ts'
import { shellWord } from '../app/doctor/findings/finding.ts'
import { exactJson } from '../model/exact-json.ts'
import { doctorJson, doctorText } from './doctor-text.ts'
import { configOf } from './load-config-file.ts'
import { writeResult } from './output.ts'

export async function run(_: string[], options: Record<string, unknown>): Promise<void> {
  const { config, configured } = configOf(options.config)
  const directory = String(options.state)
  const diagnosis = await doctor({
    directory,
    config: configured ? config : undefined,
    now_ms: Date.now(),
    same_state: directory === './weir-state' ? '' : ` --state ${shellWord(directory)}`,
  })
  if (options.json !== undefined) writeResult(options.json, exactJson(doctorJson(diagnosis), 2))
  if (options.json === undefined || (options.json !== true && options.json !== '-' && options.quiet !== true))
    process.stdout.write(doctorText(diagnosis, process.stdout.columns))
  if (!diagnosis.balance.balanced) process.exitCode = 1
}

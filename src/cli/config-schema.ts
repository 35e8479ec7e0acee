/** `weir config schema`. */
import { configJsonSchema } from '../config/config-schema.ts'

export async function run(): Promise<void> {
  process.stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`)
}

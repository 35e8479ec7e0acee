/**
 * Before any test: dependencies and build are current, because command line tests start dist/cli/main.js.
 * Type errors do not stop the tests (`npm run check` and `.ci/run` report them): tsc emits all the same.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const setup = fileURLToPath(new URL('../../scripts/setup.sh', import.meta.url))

export default function buildFirst(): void {
  const { status, error } = spawnSync('sh', [setup], { stdio: ['ignore', 'inherit', 'inherit'] })
  if (error) throw error
  if (status !== 0) process.stderr.write('weir: the tests go on with the build that there is\n')
}

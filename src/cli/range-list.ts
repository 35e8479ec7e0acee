/** `weir range list`: one line for each scenario: who, how slowly, what it is for, and its benign twin. */
import { listScenarios } from '../app/simulate.ts'
import { writeResult } from './output.ts'

export async function run(): Promise<void> {
  const all = listScenarios()
  const width = Math.max(...all.map(({ name }) => name.length))
  const lines = all.map(({ name, story, twin, days }) => {
    const beside = twin === name ? '' : `; twin: ${twin}`
    return `${name.padEnd(width)}  ${story} (${days} days${beside})`
  })
  writeResult(undefined, lines.join('\n'))
}

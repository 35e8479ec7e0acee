/** A process that was started with pipes, waited for. */
import type { ChildProcess } from 'node:child_process'

export interface Output {
  code: number | null
  stdout: string
  stderr: string
}

export function finished(child: ChildProcess): Promise<Output> {
  const output: Output = { code: null, stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (text) => (output.stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text) => (output.stderr += text))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ ...output, code }))
  })
}

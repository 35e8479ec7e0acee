/** A program run to its end, with what it cost by the kernel's own account. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Cost } from './cost.ts'
import { stopped } from './stop.ts'

export interface Ran {
  cost: Cost
  /** Largest resident set; undefined where the kernel does not tell. */
  peak_bytes: number | undefined
  stdout: string
}

const peakPeriodMs = 50
/** Of `/proc/PID/stat`, on every Linux that Node runs on. */
const ticksPerSecond = 100

/** Nothing else may be started and waited for meanwhile. Undefined: there is no such program. */
export function runProgram(
  command: string,
  args: readonly string[],
  { signal }: { signal?: AbortSignal } = {},
): Promise<Ran | undefined> {
  return new Promise((resolve, reject) => {
    const before = cpuOfChildrenMs()
    const began = performance.now()
    const child = spawn(command, args, { signal, stdio: ['ignore', 'pipe', 'pipe'] })
    const [stdout, stderr]: [string[], string[]] = [[], []]
    child.stdout.setEncoding('utf8').on('data', (text: string) => stdout.push(text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => stderr.push(text))
    let peak_bytes: number | undefined
    const watch = setInterval(() => {
      peak_bytes = peakOf(child.pid) ?? peak_bytes
    }, peakPeriodMs)
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearInterval(watch)
      if (error.code === 'ENOENT') resolve(undefined)
      else reject(signal?.aborted ? stopped() : error)
    })
    child.on('close', (status) => {
      clearInterval(watch)
      const wall_ms = performance.now() - began
      if (status !== 0) reject(new Error(`${command} ended with ${status}: ${stderr.join('').trim().slice(-400)}`))
      else resolve({ cost: { wall_ms, cpu_ms: cpuOfChildrenMs() - before }, peak_bytes, stdout: stdout.join('') })
    })
  })
}

/** Of a process that is there no more, or on another system, undefined. */
function peakOf(pid: number | undefined): number | undefined {
  const kb = /VmHWM:\s+(\d+)/.exec(procFile(`/proc/${pid}/status`))?.[1]
  return kb === undefined ? undefined : 1024 * Number(kb)
}

/** User and system time of all children that were waited for; NaN where the kernel does not tell. */
function cpuOfChildrenMs(): number {
  const fields = procFile('/proc/self/stat').split(') ').at(-1)?.split(' ') ?? []
  return (1000 * (Number(fields[13]) + Number(fields[14]))) / ticksPerSecond
}

function procFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ESRCH') return ''
    throw error
  }
}

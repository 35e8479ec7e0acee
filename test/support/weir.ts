/** The command line under test: the real program, dist/cli/main.js, in a process group of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Analysis } from '../../src/app/report.ts'

export const mainFile = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

export interface Ran {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface RunOptions {
  cwd?: string
  env?: Record<string, string>
  uid?: number
}

/** A fresh environment: nothing of the developer's own settings reaches the program. */
function environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const own = ['WEIR_STATE', 'NO_COLOR', 'FORCE_COLOR', 'CI']
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.includes(name))), ...more }
}

/** Starts the program; `ended` settles when it is gone and its output is read. */
export function startWeir(args: readonly string[], { env, ...options }: RunOptions = {}) {
  const child = spawn(process.execPath, [mainFile, ...args], {
    ...options,
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const ran: Ran = { code: null, signal: null, stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => (ran.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (ran.stderr += text))
  const ended = new Promise<Ran>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ ...ran, code, signal }))
  })
  return { child, ran, ended }
}

export function runWeir(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return startWeir(args, options).ended
}

/** What `analyze` says of these paths, in JSON. */
export async function analysisBy(args: readonly string[], options: RunOptions = {}): Promise<Ran & { json: Analyzed }> {
  const ran = await runWeir(['analyze', ...args, '--json', '-', '--no-progress'], options)
  if (ran.stdout === '') throw new Error(`no analysis (exit ${ran.code}): ${ran.stderr}`)
  return { ...ran, json: JSON.parse(ran.stdout) as Analyzed }
}

/** As it comes out of JSON.parse: sums as numbers. */
export type Analyzed = Omit<Analysis, 'ledger' | 'sources' | 'not_egress'> & {
  ledger: Record<'bytes_out' | 'bytes_out_lo' | 'bytes_out_hi' | 'bytes_in' | 'flows', number> &
    Pick<Analysis['ledger'], 'attributed_share'>
  sources: (Omit<Analysis['sources'][number], 'bytes_out' | 'bytes_in'> & { bytes_out: number; bytes_in: number })[]
  not_egress: Record<keyof Analysis['not_egress'], number>
}

/** Processes of the child's group that are still there: what a kill left running. */
export function leftOf(child: ChildProcess): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return Number(group) === child.pid && state !== 'Z' ? [Number(name)] : []
    } catch {
      return []
    }
  })
}

/** A folder for one file of tests: `file` writes into it and gives the path. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'weir-cli-'))
  #states = 0

  at(...parts: string[]): string {
    return join(this.path, ...parts)
  }

  file(name: string, content: string | Uint8Array): string {
    const path = this.at(name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
    return path
  }

  /** A state directory that is not there yet. */
  state(): string {
    return this.at(`state-${++this.#states}`)
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

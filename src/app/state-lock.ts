/**
 * One writer per state directory: a lock file with the pid and the start time of its process, so that a pid that was
 * given to another program does not keep a dead lock alive.
 */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../model/errors.ts'

export interface StateLock {
  release(): void
}

export function lockState(directory: string): StateLock {
  const path = join(directory, 'lock')
  const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid) })
  for (let attempt = 0; attempt < 3; attempt++) {
    let file: number | undefined
    try {
      file = openSync(path, 'wx', 0o600)
      writeSync(file, mine)
      closeSync(file)
      return { release: () => rmSync(path, { force: true }) }
    } catch (cause) {
      // an empty file of our own is no lock
      if (file !== undefined) rmSync(path, { force: true })
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(directory, cause)
    }
    const holder = readHolder(path)
    if (holder && isAlive(holder)) {
      throw new AppError(
        'state_in_use',
        `${directory} is in use by process ${holder.pid}; wait for it, or give another --state`,
      )
    }
    rmSync(path, { force: true })
  }
  throw new AppError('state_in_use', `${directory} is being opened by another process`)
}

/** What the file system said against writing into a state. */
export function unwritable(directory: string, cause: unknown): AppError {
  const isFull = ['ENOSPC', 'EDQUOT'].includes((cause as NodeJS.ErrnoException).code ?? '')
  const message = `${directory} cannot be written: ${(cause as Error).message}`
  return new AppError(isFull ? 'disk_full' : 'state_unusable', message, { cause })
}

interface Holder {
  pid: number
  started: string
}

/** Undefined if the file is gone or was cut short by a kill. */
function readHolder(path: string): Holder | undefined {
  try {
    const { pid, started } = Object(JSON.parse(readFileSync(path, 'utf8'))) as Holder
    return Number.isInteger(pid) && pid > 0 ? { pid, started: String(started) } : undefined
  } catch (cause) {
    if (cause instanceof SyntaxError || (cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new AppError('state_unusable', `${path} is no lock of Weir: ${(cause as Error).message}`, { cause })
  }
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return started === '' || startOf(pid) === started
}

/** The kernel's start time of a process (Linux: field 22 of /proc/PID/stat), '' where there is none to read. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

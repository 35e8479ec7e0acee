/** Errors of the application as a line for people and an exit code for scripts. */
import pc from 'picocolors'
import type { AppError, AppErrorCode } from '../model/errors.ts'
import { plain } from './text.ts'

/** 1 failed, 2 wrong usage or configuration, 3 a PATH unreadable or nothing readable in it. */
const exitCodes: Record<AppErrorCode, number> = {
  usage: 2,
  config_invalid: 2,
  state_mismatch: 2,
  path_unreadable: 3,
  nothing_readable: 3,
  state_in_use: 1,
  state_unusable: 1,
  store_unavailable: 1,
  disk_full: 1,
  interrupted: 130,
}

export function exitCodeOf(error: AppError): number {
  return exitCodes[error.code]
}

export function printError(error: AppError): void {
  process.stderr.write(`${pc.red('weir:')} ${plain(error.message)} ${pc.dim(`[${error.code}]`)}\n`)
}

/** Errors of the application as a line for people and an exit code for scripts. */
import pc from 'picocolors'
import type { AppError, AppErrorCode } from '../model/errors.ts'
import { isColourful } from './output.ts'
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
  not_seen: 1,
  interrupted: 130,
}

export function exitCodeOf(error: AppError): number {
  return exitCodes[error.code]
}

/** Whether messages are to be JSON lines, asked of the arguments alone: they may be wrong in every other respect. */
export function jsonWanted(args: readonly string[]): boolean {
  return args.some((arg, i) => arg === '--log-format=json' || (arg === '--log-format' && args[i + 1] === 'json'))
}

export function printError(error: AppError, json: boolean): void {
  const colours = pc.createColors(isColourful(process.stderr))
  process.stderr.write(
    json
      ? jsonLine(error.code, error.message)
      : `${colours.red('weir:')} ${plain(error.message)} ${colours.dim(`[${error.code}]`)}\n`,
  )
}

/** What the reader of the command line says of it, which quotes it. */
export function usageMessage(text: string, json: boolean): string {
  return json ? jsonLine('usage', text.trim()) : plain(text)
}

function jsonLine(code: AppErrorCode, message: string): string {
  return `${JSON.stringify({ level: 'error', code, message: plain(message) })}\n`
}

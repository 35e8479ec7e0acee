/** Results go to standard output or to the file that was named, everything else to standard error. */
import { accessSync, constants, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { AppError } from '../model/errors.ts'
import { plain } from './text.ts'

/** `true` (an option without its value) and '-' are standard output. */
export function writeResult(target: unknown, text: string): void {
  const ended = text.endsWith('\n') ? text : `${text}\n`
  if (isStandardOutput(target)) {
    process.stdout.write(process.stdout.isTTY ? forTerminal(ended) : ended)
    return
  }
  try {
    writeFileSync(String(target), ended)
  } catch (cause) {
    throw unwritable(String(target), cause)
  }
}

/** Fails if `target` cannot be written, for commands that would find out only after hours; touches nothing. */
export function checkTarget(target: unknown): void {
  if (isStandardOutput(target)) return
  const path = String(target)
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat?.isDirectory()) throw new AppError('usage', `${path} is a directory; the name of a file is expected`)
  try {
    accessSync(stat ? path : dirname(path), constants.W_OK)
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

export function unwritable(path: string, cause: unknown): AppError {
  const full = ['ENOSPC', 'EDQUOT'].includes((cause as NodeJS.ErrnoException).code ?? '')
  return new AppError(full ? 'disk_full' : 'usage', `${path} cannot be written: ${(cause as Error).message}`, { cause })
}

/**
 * A reader of standard output that stops early (`| head`) is no error, and one of standard error that is gone misses
 * only what it did not want; anything else ends the program with a word.
 */
export function watchOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0)
    process.stderr.write(`weir: standard output cannot be written: ${error.message}\n`)
    process.exit(1)
  })
  process.stderr.on('error', () => {})
}

/** Colours are for terminals, unless the environment says otherwise (no-color.org; FORCE_COLOR for tests of the eye). */
export function isColourful(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR = '', FORCE_COLOR = '', TERM } = process.env
  return NO_COLOR === '' && (FORCE_COLOR !== '' || (stream.isTTY === true && TERM !== 'dumb'))
}

function isStandardOutput(target: unknown): boolean {
  return target === true || target === '-' || target === undefined
}

/** Names in results come from logs; a program that reads them gets them as they are, a terminal does not. */
function forTerminal(text: string): string {
  return plain(text.replaceAll('\r\n', '\n'))
}

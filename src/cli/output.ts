/** Results go to standard output or to the file that was named, everything else to standard error. */
import { writeFileSync } from 'node:fs'
import { AppError } from '../model/errors.ts'

/** `true` (an option without its value) and '-' are standard output. */
export function writeResult(target: unknown, text: string): void {
  const ended = text.endsWith('\n') ? text : `${text}\n`
  if (target === true || target === '-' || target === undefined) {
    process.stdout.write(ended)
    return
  }
  try {
    writeFileSync(String(target), ended)
  } catch (cause) {
    const full = (cause as NodeJS.ErrnoException).code === 'ENOSPC'
    throw new AppError(full ? 'disk_full' : 'usage', `${target} cannot be written: ${(cause as Error).message}`, {
      cause,
    })
  }
}

// a reader that stops early (`| head`) is no error
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

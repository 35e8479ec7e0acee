/** Where the demo writes: never over a file or into a folder that somebody else filled. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../model/errors.ts'
import { unwritable } from '../output.ts'

/** Makes the folder, or fails if it holds anything. */
export function makeEmptyDirectory(directory: string): void {
  let held: string[]
  try {
    mkdirSync(directory, { recursive: true })
    held = readdirSync(directory)
  } catch (cause) {
    throw unwritable(directory, cause)
  }
  if (held.length > 0) throw new AppError('usage', `${directory} is not empty: give --keep a new directory`)
}

/**
 * Writes `NAME.EXTENSION` into the directory, which is made, or `NAME-2.EXTENSION` and so on where the name is taken; a file that
 * holds the very text already is left as it is. Returns the path of the file that holds the text.
 */
export function writeBeside(directory: string, name: string, extension: string, text: string): string {
  try {
    mkdirSync(directory, { recursive: true })
  } catch (cause) {
    throw unwritable(directory, cause)
  }
  for (let number = 1; ; number++) {
    const path = join(directory, `${name}${number === 1 ? '' : `-${number}`}.${extension}`)
    try {
      writeFileSync(path, text, { flag: 'wx' })
      return path
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(path, cause)
      if (holds(path, text)) return path
    }
  }
}

function holds(path: string, text: string): boolean {
  try {
    return readFileSync(path, 'utf8') === text
  } catch {
    return false
  }
}

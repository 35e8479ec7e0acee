/**
 * The files under the paths that a user gave: recursively, in a fixed order, each file once however many links lead to
 * it; loops of links end. What cannot be read is named, not fatal, unless the user named it.
 */
import { isUtf8 } from 'node:buffer'
import { accessSync, constants, existsSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { AppError } from '../model/errors.ts'

export interface FoundFile {
  /** For people and for the books; bytes that are no UTF-8 stand as `\xHH`. */
  path: string
  /** What the system calls it: bytes where the name is no text. */
  location: string | Buffer
  /** Below the given path (its last part included), for globs of the configuration. */
  relative: string
  size_bytes: number
  mtime_ms: number
}

export interface Discovery {
  files: FoundFile[]
  problems: { path: string; reason: string }[]
  /** What each given path brought; `hasOthers`: and something that a path before it had brought already. */
  found: { path: string; files: FoundFile[]; problems: Discovery['problems']; hasOthers: boolean }[]
}

/**
 * Whether a glob of the configuration means a file: by its path below the given directory, by the same with that
 * directory's own name before it (`zeek/**` means all of `analyze logs/zeek`, too), or by the whole path.
 */
export function isMeantBy(matches: (path: string) => boolean, { relative, path }: FoundFile): boolean {
  return matches(relative.slice(relative.indexOf('/') + 1)) || matches(relative) || matches(path)
}

/** Never logs: Weir's own files beside them. */
const ownFiles = new Set(['weir.yaml', 'truth.json'])

/** `state`: a directory of Weir's own, passed over silently. */
export function discover(paths: readonly string[], state?: string): Discovery {
  const walker = new Walker(state)
  const found = paths.map((path) => walker.walkGiven(path))
  return {
    files: found.flatMap(({ files }) => files),
    problems: found.flatMap(({ problems }) => problems),
    found,
  }
}

class Walker {
  readonly #seen = new Set<string>()
  readonly #state: string
  /** The given path that is being walked, and the name that its files are below. */
  #given: Discovery['found'][number] = { path: '', files: [], problems: [], hasOthers: false }
  #top = ''

  constructor(state: string | undefined) {
    this.#state = state !== undefined && existsSync(state) ? realOf(state) : ''
  }

  walkGiven(path: string): Discovery['found'][number] {
    this.#given = { path, files: [], problems: [], hasOthers: false }
    try {
      const stat = statSync(path)
      if (!stat.isFile() && !stat.isDirectory()) throw new Error(kindOf(stat))
      accessSync(path, stat.isFile() ? constants.R_OK : constants.R_OK | constants.X_OK)
      this.#top = basename(realpathSync.native(path))
      this.#given.hasOthers = this.#seen.has(realOf(path))
    } catch (cause) {
      throw new AppError('path_unreadable', `${path}: ${reasonOf(cause)}`, { cause })
    }
    this.#walk(path, path)
    return this.#given
  }

  #walk(path: string, location: string | Buffer): void {
    try {
      const real = realOf(location)
      const stat = statSync(location)
      if (this.#seen.has(real)) {
        if (stat.isFile()) this.#given.hasOthers = true
        return
      }
      this.#seen.add(real)
      if (stat.isDirectory()) {
        if (real !== this.#state) this.#walkDirectory(path, location)
      } else if (!stat.isFile()) this.#given.problems.push({ path, reason: kindOf(stat) })
      else if (!ownFiles.has(basename(path))) this.#add(path, location, stat)
    } catch (cause) {
      this.#given.problems.push({ path, reason: reasonOf(cause) })
    }
  }

  #walkDirectory(path: string, location: string | Buffer): void {
    for (const name of readdirSync(location, 'buffer').sort(Buffer.compare)) {
      const isText = typeof location === 'string' && isUtf8(name)
      const below = join(path, isUtf8(name) ? name.toString() : escapedBytes(name))
      this.#walk(below, isText ? below : Buffer.concat([Buffer.from(location), Buffer.from('/'), name]))
    }
  }

  #add(path: string, location: string | Buffer, stat: Stats): void {
    const below = relative(this.#given.path, path)
    this.#given.files.push({
      path,
      location,
      relative: below === '' ? basename(path) : join(this.#top, below),
      size_bytes: stat.size,
      mtime_ms: stat.mtimeMs,
    })
  }
}

/** One text for one place, whatever bytes its name has. */
function realOf(location: string | Buffer): string {
  return realpathSync.native(location, 'latin1')
}

function escapedBytes(name: Buffer): string {
  return name.toString('latin1').replaceAll(/[\x80-\xff]/g, (char) => `\\x${char.charCodeAt(0).toString(16)}`)
}

function kindOf(stat: Stats): string {
  if (stat.isFIFO()) return 'a pipe, not a file'
  if (stat.isSocket()) return 'a socket, not a file'
  return 'a device, not a file'
}

export function reasonOf(cause: unknown): string {
  switch ((cause as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'there is no such file or directory'
    case 'EACCES':
    case 'EPERM':
      return 'permission denied'
    case 'ELOOP':
      return 'too many links, perhaps a loop'
    default:
      return cause instanceof Error ? cause.message : String(cause)
  }
}

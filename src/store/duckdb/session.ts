/**
 * One DuckDB database and one connection to it, with the errors of disk, lock and damage turned into ours.
 */
import { dirname } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { Columns } from '../../model/columns.ts'
import { AppError, type AppErrorCode } from '../../model/errors.ts'
import type { ColumnTable } from '../../model/observation.ts'
import { readColumns } from './column-io.ts'

export interface SessionOptions {
  path: string
  read_only?: boolean
  memory_limit_mb: number
  threads: number
  temp_directory: string
}

/** Every session of this process that is open, so that whoever stops the process reaches them all. */
const sessions = new Set<Session>()

/**
 * Stops what every session is doing, statements that run included, and lets none begin: each fails with `interrupted`
 * and its transaction is rolled back.
 */
export function interruptSessions(): void {
  for (const session of sessions) session.interrupt()
}

export class Session {
  readonly connection: DuckDBConnection
  /** A second connection for long reads: it sees what was committed when the read began. */
  readonly #reader: DuckDBConnection
  readonly #instance: DuckDBInstance
  readonly #path: string
  #interrupted = false
  readonly #memory_mb: number
  #limit_mb: number

  private constructor(
    { path, memory_limit_mb }: SessionOptions,
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    reader: DuckDBConnection,
  ) {
    this.#path = path
    this.#memory_mb = memory_limit_mb
    this.#limit_mb = memory_limit_mb
    this.#instance = instance
    this.connection = connection
    this.#reader = reader
    sessions.add(this)
  }

  static async open(options: SessionOptions): Promise<Session> {
    try {
      const instance = await DuckDBInstance.create(options.path, {
        access_mode: options.read_only ? 'READ_ONLY' : 'AUTOMATIC',
        memory_limit: `${options.memory_limit_mb}MB`,
        threads: String(options.threads),
        // freed memory goes back to the system at once: the limit is worth little if the allocator keeps it
        allocator_flush_threshold: '8MB',
        allocator_bulk_deallocation_flush_threshold: '8MB',
        temp_directory: options.temp_directory,
        preserve_insertion_order: 'false',
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
        enable_external_access: 'false',
      })
      const connection = await instance.connect()
      await connection.run("SET TimeZone = 'UTC'")
      return new Session(options, instance, connection, await instance.connect())
    } catch (cause) {
      throw storeError(cause, `opening ${options.path}`, { path: options.path })
    }
  }

  async run(sql: string, what = 'writing the books'): Promise<void> {
    this.#goOn()
    try {
      await this.connection.run(sql)
    } catch (cause) {
      throw storeError(cause, what, { sql, path: this.#path })
    }
  }

  /** All rows as objects: for small answers only. Integers of 64 and 128 bits are bigint. */
  async rows<R = Record<string, unknown>>(sql: string, values?: (string | number | bigint)[]): Promise<R[]> {
    this.#goOn()
    try {
      const reader = await this.connection.runAndReadAll(sql, values)
      return reader.getRowObjects() as R[]
    } catch (cause) {
      throw storeError(cause, 'reading the books', { sql, path: this.#path })
    }
  }

  /** Rows as columns, a chunk at a time and in one object that is filled anew, on the connection for reading. */
  async *read<T extends ColumnTable>(sql: string, table: T): AsyncGenerator<Columns<T>> {
    this.#goOn()
    try {
      for await (const columns of readColumns(this.#reader, sql, table)) {
        this.#goOn()
        yield columns
      }
      // a stream that is interrupted between two chunks just ends
      this.#goOn()
    } catch (cause) {
      throw storeError(cause, 'reading the books', { sql, path: this.#path })
    }
  }

  async one<R = Record<string, unknown>>(sql: string): Promise<R> {
    return (await this.rows<R>(sql))[0]
  }

  /** Runs the steps in one transaction: all of them hold afterwards, or none. */
  async transaction<T>(steps: () => Promise<T>): Promise<T> {
    await this.#limitMemory(this.#memory_mb)
    await this.run('BEGIN TRANSACTION')
    try {
      const result = await steps()
      await this.run('COMMIT')
      return result
    } catch (error) {
      // the first error is the one that counts: after a failed COMMIT there is nothing left to roll back
      await this.connection.run('ROLLBACK').catch(() => undefined)
      throw error instanceof AppError ? error : storeError(error, 'writing the books', { path: this.#path })
    }
  }

  /** Until the next transaction half of the memory is enough, if so much can be given back: who reads holds much of what was read. */
  async leaveRoom(): Promise<void> {
    try {
      await this.#limitMemory(this.#memory_mb / 2)
    } catch (error) {
      if (!(error instanceof AppError && error.message.includes('could not free up enough memory'))) throw error
    }
  }

  async #limitMemory(mb: number): Promise<void> {
    if (mb === this.#limit_mb) return
    await this.run(`SET memory_limit = '${mb}MB'`)
    this.#limit_mb = mb
  }

  interrupt(): void {
    this.#interrupted = true
    this.connection.interrupt()
    this.#reader.interrupt()
  }

  #goOn(): void {
    if (this.#interrupted) throw new AppError('interrupted', stopped)
  }

  close(): void {
    sessions.delete(this)
    this.#reader.closeSync()
    this.connection.closeSync()
    this.#instance.closeSync()
  }
}

const stopped = 'stopped: what was written is whole, and the next run goes on from there'

/**
 * DuckDB tells errors by text alone; what an operator can act on gets its own code and says what to do. `path` is the
 * database's file; `sql` is quoted where only a developer can help.
 */
export function storeError(
  cause: unknown,
  what: string,
  { sql, path }: { sql?: string; path?: string } = {},
): AppError {
  if (cause instanceof AppError) return cause
  const message = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]
  const code = codeOf(message)
  return new AppError(code, adviceOn(code, message, what, path) ?? `${what}: ${message}${quotation(code, sql)}`, {
    cause,
  })
}

function quotation(code: AppErrorCode, sql: string | undefined): string {
  return code === 'store_unavailable' && sql ? ` (in: ${sql.replaceAll(/\s+/g, ' ').slice(0, 160)})` : ''
}

function adviceOn(code: AppErrorCode, message: string, what: string, path = ''): string | undefined {
  const holder = /PID (\d+)/.exec(message)?.[1]
  if (code === 'interrupted') return stopped
  if (path === '') return undefined
  if (code === 'state_in_use')
    return `${dirname(path)} is in use by ${holder ? `process ${holder}` : 'another process'}; wait for it, or give another --state`
  if (code === 'disk_full')
    return `${dirname(path)} has no room left (${what}: ${message}); what was written before is whole: make room and run again`
  if (code === 'state_unusable' && isDamage(message))
    return `${path} is damaged or no file of Weir (${message}): put a copy of it back, or give another --state`
  return undefined
}

function isDamage(message: string): boolean {
  return /not a valid DuckDB database|corrupt|checksum|serializ|version number|Could not read enough bytes/i.test(
    message,
  )
}

function codeOf(message: string): AppErrorCode {
  if (/INTERRUPT Error|^Interrupted!?$/.test(message)) return 'interrupted'
  if (/No space left|disk full|Disk quota|max_temp_directory_size|failed to offload/i.test(message)) return 'disk_full'
  if (/Could not set lock|Conflicting lock/i.test(message)) return 'state_in_use'
  if (/Permission denied|Read-only file system|read-only mode|Cannot open file/i.test(message)) return 'state_unusable'
  return isDamage(message) ? 'state_unusable' : 'store_unavailable'
}

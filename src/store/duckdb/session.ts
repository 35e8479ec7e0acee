/**
 * One DuckDB database and one connection to it, with the errors of disk and lock turned into ours.
 */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { AppError, type AppErrorCode } from '../../model/errors.ts'

export interface SessionOptions {
  path: string
  read_only?: boolean
  memory_limit_mb: number
  threads: number
  temp_directory: string
}

export class Session {
  readonly connection: DuckDBConnection
  /** A second connection for long reads: it sees what was committed when the read began. */
  readonly reader: DuckDBConnection
  readonly #instance: DuckDBInstance

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, reader: DuckDBConnection) {
    this.#instance = instance
    this.connection = connection
    this.reader = reader
  }

  static async open(options: SessionOptions): Promise<Session> {
    try {
      const instance = await DuckDBInstance.create(options.path, {
        access_mode: options.read_only ? 'READ_ONLY' : 'AUTOMATIC',
        memory_limit: `${options.memory_limit_mb}MB`,
        threads: String(options.threads),
        temp_directory: options.temp_directory,
        preserve_insertion_order: 'false',
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
        enable_external_access: 'false',
      })
      const connection = await instance.connect()
      await connection.run("SET TimeZone = 'UTC'")
      return new Session(instance, connection, await instance.connect())
    } catch (cause) {
      throw storeError(cause, `opening ${options.path}`)
    }
  }

  async run(sql: string, what = 'writing the books'): Promise<void> {
    try {
      await this.connection.run(sql)
    } catch (cause) {
      throw storeError(cause, what, sql)
    }
  }

  /** All rows as objects: for small answers only. Integers of 64 and 128 bits are bigint. */
  async rows<R = Record<string, unknown>>(sql: string, values?: (string | number | bigint)[]): Promise<R[]> {
    try {
      const reader = await this.connection.runAndReadAll(sql, values)
      return reader.getRowObjects() as R[]
    } catch (cause) {
      throw storeError(cause, 'reading the books', sql)
    }
  }

  async one<R = Record<string, unknown>>(sql: string): Promise<R> {
    return (await this.rows<R>(sql))[0]
  }

  /** Runs the steps in one transaction: all of them hold afterwards, or none. */
  async transaction<T>(steps: () => Promise<T>): Promise<T> {
    await this.run('BEGIN TRANSACTION')
    try {
      const result = await steps()
      await this.run('COMMIT')
      return result
    } catch (error) {
      // the first error is the one that counts: after a failed COMMIT there is nothing left to roll back
      await this.connection.run('ROLLBACK').catch(() => undefined)
      throw error instanceof AppError ? error : storeError(error, 'writing the books')
    }
  }

  close(): void {
    this.reader.closeSync()
    this.connection.closeSync()
    this.#instance.closeSync()
  }
}

/** DuckDB tells errors by text alone; what an operator can act on gets its own code. */
export function storeError(cause: unknown, what: string, sql?: string): AppError {
  if (cause instanceof AppError) return cause
  const message = cause instanceof Error ? cause.message : String(cause)
  const code = codeOf(message)
  const statement = code === 'store_unavailable' && sql ? ` (in: ${sql.replaceAll(/\s+/g, ' ').slice(0, 160)})` : ''
  return new AppError(code, `${what}: ${message.split('\n')[0]}${statement}`, { cause })
}

function codeOf(message: string): AppErrorCode {
  if (/No space left|disk full|Disk quota|max_temp_directory_size/i.test(message)) return 'disk_full'
  if (/Could not set lock|Conflicting lock/i.test(message)) return 'state_in_use'
  if (/Permission denied|Read-only file system|read-only mode|Cannot open file/i.test(message)) return 'state_unusable'
  if (/not a valid DuckDB database|corrupt|checksum|serializ|version number/i.test(message)) return 'state_unusable'
  return 'store_unavailable'
}

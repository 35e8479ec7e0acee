/**
 * What can fail as a whole, in a closed set of codes. `cli/` maps codes to exit codes, `server/` to statuses; a bad
 * record is not here (it is counted, see `rejectReasons`), and neither is a bug (it crashes).
 *
 * - `usage`              a command line that cannot be meant
 * - `config_invalid`     a configuration with problems; the message lists all of them
 * - `path_unreadable`    a path given by the user cannot be read
 * - `nothing_readable`   the paths were read and hold no known log
 * - `state_in_use`       another process writes this state
 * - `state_unusable`     the state is damaged, or of a version that this program cannot read
 * - `state_mismatch`     the state was begun under other networks or pools
 * - `store_unavailable`  the store does not answer or refused an operation
 * - `disk_full`          nothing more can be written
 * - `not_seen`           the virtual theft that must be found was not: an alarm on ourselves
 * - `interrupted`        a person or a service manager asked to stop; what was written is whole
 */
export const appErrorCodes = [
  'usage',
  'config_invalid',
  'path_unreadable',
  'nothing_readable',
  'state_in_use',
  'state_unusable',
  'state_mismatch',
  'store_unavailable',
  'disk_full',
  'not_seen',
  'interrupted',
] as const
export type AppErrorCode = (typeof appErrorCodes)[number]

export class AppError extends Error {
  readonly code: AppErrorCode

  constructor(code: AppErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'AppError'
    this.code = code
  }
}

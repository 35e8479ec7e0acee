import { AppError } from '../../model/errors.ts'

export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError('interrupted', 'stopped while measuring; nothing was kept')
}

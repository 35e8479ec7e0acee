import { AppError } from '../../model/errors.ts'

export const stopped = (): AppError => new AppError('interrupted', 'stopped while measuring; nothing was kept')

export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw stopped()
}

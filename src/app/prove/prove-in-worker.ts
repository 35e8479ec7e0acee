/** One simulated centre in a thread of its own. A thread that ends without its result is an error with its reason. */
import { Worker } from 'node:worker_threads'
import { AppError, type AppErrorCode } from '../../model/errors.ts'
import type { ProvedPart } from './prove-background.ts'
import type { CentreTask } from './prove-centre.ts'

/** What a worker says; it is told nothing but 'stop'. */
export type WorkerSaid =
  | { kind: 'day' }
  | { kind: 'proved'; part: ProvedPart }
  | { kind: 'failed'; code: AppErrorCode; message: string }

export interface InWorkerOptions {
  onDay: () => void
  /** The worker ends with what it measured until then. */
  signal: AbortSignal
  /** Another failed: the worker is ended, and its result is not wanted. */
  failed: AbortSignal
  url?: URL
}

/** Beside this file in the build; there is no such file beside the sources. */
const builtWorker = new URL('./prove-worker.js', import.meta.url)

export function proveInWorker(task: CentreTask, { onDay, signal, failed, url }: InWorkerOptions): Promise<ProvedPart> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(url ?? builtWorker, { workerData: task })
    const of = `judging the simulated centre of seed ${task.centre_seed}`
    const onStop = (): void => worker.postMessage('stop')
    const onFailed = (): void => void worker.terminate()
    signal.addEventListener('abort', onStop, { once: true })
    failed.addEventListener('abort', onFailed, { once: true })
    worker.on('message', (said: WorkerSaid) => {
      if (said.kind === 'day') onDay()
      else if (said.kind === 'proved') resolve(said.part)
      else reject(new AppError(said.code, said.message))
    })
    worker.on('messageerror', reject)
    worker.on('error', (cause) => reject(new Error(`${of} failed: ${cause.message}`, { cause })))
    worker.on('exit', (code) => {
      signal.removeEventListener('abort', onStop)
      failed.removeEventListener('abort', onFailed)
      // of no effect where the result, or the reason, is there already
      reject(new Error(`${of} ended before its result was there (exit code ${code})`))
    })
  })
}

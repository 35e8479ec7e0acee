/** What a worker thread runs: one simulated centre, told day by day, until it is done or stopped. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { AppError } from '../../model/errors.ts'
import { type CentreTask, proveCentre } from './prove-centre.ts'
import type { WorkerSaid } from './prove-in-worker.ts'

const port = parentPort as MessagePort
const say = (said: WorkerSaid): void => port.postMessage(said)
const stop = new AbortController()
port.once('message', () => stop.abort())

try {
  const onDay = (): void => say({ kind: 'day' })
  say({ kind: 'proved', part: await proveCentre(workerData as CentreTask, { onDay, signal: stop.signal }) })
} catch (error) {
  if (!(error instanceof AppError)) throw error
  say({ kind: 'failed', code: error.code, message: error.message })
} finally {
  port.close()
}

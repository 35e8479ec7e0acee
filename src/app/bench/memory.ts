/** Memory of this process after a collection of garbage, in bytes. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export interface Memory {
  heap_bytes: number
  array_buffers_bytes: number
}

let collect: (() => void) | undefined

export function memoryInUse(): Memory {
  if (collect === undefined) {
    setFlagsFromString('--expose_gc')
    collect = runInNewContext('gc') as () => void
  }
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return { heap_bytes: heapUsed, array_buffers_bytes: arrayBuffers }
}

/** What letting go of a part gives back. */
export function heldBy(letGo: () => void): Memory {
  const before = memoryInUse()
  letGo()
  const after = memoryInUse()
  return {
    heap_bytes: Math.max(0, before.heap_bytes - after.heap_bytes),
    array_buffers_bytes: Math.max(0, before.array_buffers_bytes - after.array_buffers_bytes),
  }
}

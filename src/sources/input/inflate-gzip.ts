/**
 * gzip as a stream of chunks that loses nothing before a damage. zlib hands out nothing of a write that fails, so after
 * an error the damaged piece is read again byte by byte, and what can be had of it is delivered.
 */
import { createGunzip, type Gunzip } from 'node:zlib'
import type { InputEnd, Pieces } from './pieces.ts'

/** Measured on Node 20: 1 MiB inflates 1.8 times as fast as the default 16 KiB. */
const chunkBytes = 1 << 20

export async function* gunzipped(pieces: Pieces): AsyncGenerator<Uint8Array, InputEnd, undefined> {
  const first = new Inflation()
  let delivered = 0
  try {
    for await (const piece of pieces.from(0)) {
      for (const chunk of await first.write(piece)) {
        delivered += chunk.length
        yield chunk
      }
      if (first.over) break
    }
    for (const chunk of await first.finish()) {
      delivered += chunk.length
      yield chunk
    }
  } finally {
    first.close()
  }
  if (first.error?.code === 'Z_DATA_ERROR' && pieces.repeatable) {
    yield* rescued(pieces, first.writtenBefore, delivered)
  }
  return endOf(first.error)
}

/** What the piece at `damagedAt` still gives, without the `delivered` bytes that are known already. */
async function* rescued(
  pieces: Pieces,
  damagedAt: number,
  delivered: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const again = new Inflation()
  let seen = 0
  const unseen = (chunks: readonly Uint8Array[]): Uint8Array[] => {
    const fresh: Uint8Array[] = []
    for (const chunk of chunks) {
      const known = Math.min(chunk.length, Math.max(0, delivered - seen))
      if (known < chunk.length) fresh.push(chunk.subarray(known))
      seen += chunk.length
    }
    return fresh
  }
  try {
    for await (const piece of pieces.from(0)) {
      if (again.written < damagedAt) yield* unseen(await again.write(piece))
      else
        for (let i = 0; i < piece.length && !again.over; i++) yield* unseen(await again.write(piece.subarray(i, i + 1)))
      if (again.over) return
    }
  } finally {
    again.close()
  }
}

function endOf(error: NodeJS.ErrnoException | undefined): InputEnd {
  if (error === undefined) return { state: 'complete', reason: '' }
  return { state: error.code === 'Z_BUF_ERROR' ? 'truncated' : 'corrupt', reason: `gzip: ${error.message}` }
}

/** One run of zlib, a write at a time, so that memory holds what one write inflates to. */
class Inflation {
  error: NodeJS.ErrnoException | undefined
  /** Nothing more will come, for good or ill. */
  over = false
  /** Input bytes given so far; and without the last write. */
  written = 0
  writtenBefore = 0
  readonly #gunzip: Gunzip
  #chunks: Uint8Array[] = []
  #settle: () => void = () => {}

  constructor() {
    this.#gunzip = createGunzip({ chunkSize: chunkBytes })
    this.#gunzip.on('data', (chunk: Uint8Array) => this.#chunks.push(chunk))
    this.#gunzip.on('error', (error) => {
      this.error = error
      this.#stop()
    })
    this.#gunzip.on('end', () => this.#stop())
  }

  #stop(): void {
    this.over = true
    this.#settle()
  }

  async write(piece: Uint8Array): Promise<Uint8Array[]> {
    this.writtenBefore = this.written
    this.written += piece.length
    await new Promise<void>((resolve) => {
      this.#settle = resolve
      this.#gunzip.write(piece, () => resolve())
    })
    return this.#take()
  }

  async finish(): Promise<Uint8Array[]> {
    if (!this.over) {
      await new Promise<void>((resolve) => {
        this.#settle = resolve
        this.#gunzip.end()
      })
    }
    return this.#take()
  }

  close(): void {
    this.#gunzip.destroy()
  }

  #take(): Uint8Array[] {
    const chunks = this.#chunks
    this.#chunks = []
    return chunks
  }
}

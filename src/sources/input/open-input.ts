/**
 * Opens a log file, plain or compressed: gzip (RFC 1952, several members too) or zstd (RFC 8878), told by its first bytes
 * and never by its name. Damage is an end state, not an exception: whatever can be decompressed before it is delivered.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { gunzipped } from './inflate-gzip.ts'
import { unzstd } from './inflate-zstd.ts'
import { type InputEnd, type Pieces, pieceBytes } from './pieces.ts'

export type Compression = 'none' | 'gzip' | 'zstd'

export interface OpenInputOptions {
  /** How much of the decompressed beginning `head` holds. */
  head_bytes?: number
  /** Program that decompresses zstd from stdin to stdout; where it cannot be started, JavaScript does it. */
  zstd_command?: string
}

const defaultHeadBytes = 1 << 16

/** One file, read once from beginning to end. */
export class Input {
  readonly path: string
  readonly compression: Compression
  /** Size of the file as stored; 0 for pipes. */
  readonly size_bytes: number
  /** The decompressed beginning; less than asked for only if the file is shorter. */
  head: Uint8Array = new Uint8Array(0)
  /** How it ended; undefined until the last chunk was taken. */
  end: InputEnd | undefined
  readonly #handle: FileHandle
  readonly #chunks: AsyncGenerator<Uint8Array, InputEnd, undefined>
  #consumed = 0

  constructor(path: string, handle: FileHandle, sizeBytes: number, magic: Uint8Array, zstdCommand: string) {
    this.path = path
    this.size_bytes = sizeBytes
    this.#handle = handle
    this.compression = compressionOf(magic)
    const pieces: Pieces = { from: (position) => this.#pieces(position, magic), repeatable: sizeBytes > 0 }
    if (this.compression === 'gzip') this.#chunks = gunzipped(pieces)
    else if (this.compression === 'zstd') this.#chunks = unzstd(pieces, zstdCommand)
    else this.#chunks = plain(pieces)
  }

  /** Bytes of the stored file that were read so far, for a progress bar. */
  get consumed_bytes(): number {
    return this.#consumed
  }

  /** The decompressed content from the beginning, head included; each chunk is valid until the next is asked for. */
  async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      if (this.head.length > 0) yield this.head
      for (let chunk = await this.#next(); chunk !== undefined; chunk = await this.#next()) yield chunk
    } finally {
      await this.close()
    }
  }

  async close(): Promise<void> {
    await this.#chunks.return(this.end ?? { state: 'complete', reason: '' })
    await this.#handle.close()
  }

  async fillHead(bytes: number): Promise<void> {
    const parts: Uint8Array[] = []
    let length = 0
    while (length < bytes) {
      const chunk = await this.#next()
      if (chunk === undefined) break
      parts.push(chunk.slice())
      length += chunk.length
    }
    this.head = parts.length === 1 ? parts[0] : Buffer.concat(parts)
  }

  async #next(): Promise<Uint8Array | undefined> {
    if (this.end !== undefined) return undefined
    try {
      const next = await this.#chunks.next()
      if (!next.done) return next.value
      this.end = next.value
    } catch (error) {
      this.end = { state: 'unreadable', reason: error instanceof Error ? error.message : String(error) }
    }
    return undefined
  }

  async *#pieces(position: number, magic: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
    let at = position
    if (at === 0 && magic.length > 0) {
      this.#consumed = Math.max(this.#consumed, magic.length)
      at = magic.length
      yield magic
    }
    const buffer = new Uint8Array(pieceBytes)
    for (;;) {
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, this.size_bytes > 0 ? at : null)
      if (bytesRead === 0) return
      at += bytesRead
      this.#consumed = Math.max(this.#consumed, at)
      yield buffer.subarray(0, bytesRead)
    }
  }
}

/** Opens `path` and reads its head. Rejects with the system's error if there is no such file or it may not be read. */
export async function openInput(path: string, options: OpenInputOptions = {}): Promise<Input> {
  const handle = await open(path, 'r')
  try {
    const stat = await handle.stat()
    const magic = await firstBytes(handle, 4)
    const input = new Input(path, handle, stat.isFile() ? stat.size : 0, magic, options.zstd_command ?? 'zstd')
    await input.fillHead(options.head_bytes ?? defaultHeadBytes)
    return input
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function firstBytes(handle: FileHandle, count: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(count)
  let length = 0
  while (length < count) {
    const { bytesRead } = await handle.read(bytes, length, count - length, null)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return bytes.subarray(0, length)
}

function compressionOf(magic: Uint8Array): Compression {
  if (magic[0] === 0x1f && magic[1] === 0x8b) return 'gzip'
  if (magic[0] === 0x28 && magic[1] === 0xb5 && magic[2] === 0x2f && magic[3] === 0xfd) return 'zstd'
  // A skippable frame (RFC 8878 §3.1.2), as pzstd puts first.
  if ((magic[0] & 0xf0) === 0x50 && magic[1] === 0x2a && magic[2] === 0x4d && magic[3] === 0x18) return 'zstd'
  return 'none'
}

async function* plain(pieces: Pieces): AsyncGenerator<Uint8Array, InputEnd, undefined> {
  yield* pieces.from(0)
  return { state: 'complete', reason: '' }
}

/**
 * zstd as a stream of chunks. Node 20 has no zstd of its own: the `zstd` program does it where there is one (five times
 * the speed, on another core, checksums verified), the JavaScript decoder `fzstd` where there is none. Both deliver every
 * block before a damage; fzstd does not verify checksums.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { Decompress, ZstdErrorCode } from 'fzstd'
import type { InputEnd, Pieces } from './pieces.ts'

export async function* unzstd(pieces: Pieces, command: string): AsyncGenerator<Uint8Array, InputEnd, undefined> {
  const child = await started(command)
  return yield* child === undefined ? unzstdHere(pieces) : unzstdBy(child, pieces)
}

/** The program, reading stdin; undefined if it cannot be started. */
async function started(command: string): Promise<ChildProcessWithoutNullStreams | undefined> {
  const child = spawn(command, ['-dcq'], { stdio: 'pipe' })
  return new Promise((resolve) => {
    child.once('spawn', () => resolve(child))
    child.once('error', () => resolve(undefined))
  })
}

async function* unzstdBy(
  child: ChildProcessWithoutNullStreams,
  pieces: Pieces,
): AsyncGenerator<Uint8Array, InputEnd, undefined> {
  let complaint = ''
  child.stderr.on('data', (text: Uint8Array) => {
    if (complaint.length < 1000) complaint += String(text)
  })
  const exit = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)))
  const feeding = feed(child, pieces).then(
    () => undefined,
    (error: unknown) => error,
  )
  try {
    yield* child.stdout as AsyncIterable<Uint8Array>
    const failure = await feeding
    if (failure !== undefined) throw failure
    return (await exit) === 0 ? { state: 'complete', reason: '' } : endOf(complaint)
  } finally {
    child.kill()
    await feeding
  }
}

/** Pieces to the program's stdin. It stops reading at a damage; that shows in its exit code, not here. */
async function feed(child: ChildProcessWithoutNullStreams, pieces: Pieces): Promise<void> {
  let closed = false
  let settle = () => {}
  child.stdin.on('error', () => {})
  child.stdin.once('close', () => {
    closed = true
    settle()
  })
  try {
    for await (const piece of pieces.from(0)) {
      if (closed) return
      await new Promise<void>((resolve) => {
        settle = resolve
        child.stdin.write(piece, () => resolve())
      })
    }
  } finally {
    child.stdin.end()
  }
}

function endOf(complaint: string): InputEnd {
  // "zstd: /*stdin*\\ : Read error (39) : premature end"
  const reason = complaint
    .replace(/^.*stdin\*?\\? *: */s, '')
    .trim()
    .split('\n')[0]
  return {
    state: /premature|unexpected end|unexpected EOF/i.test(complaint) ? 'truncated' : 'corrupt',
    reason: `zstd: ${reason}`,
  }
}

/** The largest window that the zstd program accepts unasked; larger ones are refused before memory is taken. */
const largestWindow = 1 << 27
/** Small pieces: fzstd recurses once per frame in a piece. */
const stepBytes = 1 << 14

async function* unzstdHere(pieces: Pieces): AsyncGenerator<Uint8Array, InputEnd, undefined> {
  const blocks: Uint8Array[] = []
  const decoder = new Decompress((block) => blocks.push(block))
  let first = true
  let failure: unknown
  const push = (bytes: Uint8Array, final: boolean) => {
    try {
      decoder.push(bytes, final)
    } catch (error) {
      failure = error
    }
  }
  for await (const piece of pieces.from(0)) {
    for (let i = 0; i < piece.length && failure === undefined; i += stepBytes) {
      // A copy, because fzstd keeps what it cannot use yet.
      const step = piece.slice(i, i + stepBytes)
      if (first && windowOf(step) > largestWindow) return { state: 'corrupt', reason: 'zstd: window too large' }
      first = false
      push(step, false)
      yield* blocks.splice(0)
    }
    if (failure !== undefined) break
  }
  if (failure === undefined) push(new Uint8Array(0), true)
  yield* blocks.splice(0)
  if (failure === undefined) return { state: 'complete', reason: '' }
  const code = (failure as { code?: number }).code
  const reason = failure instanceof Error ? failure.message : String(failure)
  return { state: code === ZstdErrorCode.UnexpectedEOF ? 'truncated' : 'corrupt', reason: `zstd: ${reason}` }
}

/** Window size stated by the frame header at the beginning (RFC 8878 §3.1.1.1); 0 where none is stated. */
function windowOf(frame: Uint8Array): number {
  if (frame.length < 6 || frame[0] !== 0x28 || (frame[4] & 0x20) !== 0) return 0
  const base = 2 ** (10 + (frame[5] >> 3))
  return base + (base / 8) * (frame[5] & 7)
}

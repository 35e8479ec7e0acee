/** What lies between a file and its decompressor. */

/**
 * How the input ended. `truncated`: the compressed stream stops before its end; `corrupt`: it contradicts itself or its
 * checksum; `unreadable`: the file system gave an error in the middle.
 */
export interface InputEnd {
  state: 'complete' | 'truncated' | 'corrupt' | 'unreadable'
  /** For people; '' when complete. */
  reason: string
}

export const pieceBytes = 1 << 16

/** What a decompressor reads from: pieces of the file from its beginning, as often as asked. */
export interface Pieces {
  /** Each piece is valid until the next is asked for. */
  from(position: number): AsyncGenerator<Uint8Array, void, undefined>
  /** Whether the input can be read a second time. */
  repeatable: boolean
}

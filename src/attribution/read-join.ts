/**
 * What an account read from storage while a flow of its lasted, on the host that sent it: the vault, if the audit of the
 * file system shows that nearly all of it was of one and that it could have been what left. For flows that no transfer log
 * speaks of, such as scp -O and rsync.
 */
import {
  type AddressHalves,
  addressKey,
  isStated,
  type ReadRecord,
  clockSlackMs as slackMs,
} from '../model/context-record.ts'
import { namingWeight } from '../model/label.ts'
import { IntervalIndex } from './intervals.ts'

/** Reads are at hand from a day before to a day after what is booked: of longer flows not all. */
export const longestReadMs = 86_400_000
/** Less than this share of a flow's bytes read, and something else was sent (compressed, or from memory). */
const leastRead = 0.5

export class ReadJoin {
  readonly #reads: IntervalIndex<string, ReadRecord>

  constructor(reads: readonly ReadRecord[]) {
    this.#reads = new IntervalIndex(
      reads.filter(({ host, account }) => isStated(host) && account > 0),
      ({ host, account }) => keyOf(host, account),
      0,
    )
  }

  get isEmpty(): boolean {
    return this.#reads.size === 0
  }

  /** Index of the vault of the flow's bytes; −1 if none holds enough of what was read, or too little was read. */
  vaultOf(host: AddressHalves, account: number, start_ms: number, end_ms: number, bytes_out: number): number {
    if (end_ms - start_ms > longestReadMs) return -1
    const byVault = new Map<number, number>()
    let all = 0
    for (const read of this.#reads.near(keyOf(host, account), start_ms - slackMs, end_ms + slackMs)) {
      if (read.end_ms < start_ms - slackMs) continue
      byVault.set(read.vault, (byVault.get(read.vault) ?? 0) + read.bytes)
      all += read.bytes
    }
    if (all < bytes_out * leastRead) return -1
    for (const [vault, bytes] of byVault) if (vault >= 0 && bytes >= all * namingWeight) return vault
    return -1
  }
}

function keyOf(host: AddressHalves, account: number): string {
  return `${addressKey(host)} ${account}`
}

/**
 * The vault of a flow of which nobody knows the sender: a service reads a file under an account of its own and sends it, so a read on
 * the sending host that ended while the flow lasted and is as large as the flow names what left.
 */

import { firstFrom } from '../math/first-from.ts'
import {
  type AddressHalves,
  addressKey,
  isStated,
  type ReadRecord,
  readHabitMs,
  clockSlackMs as slackMs,
} from '../model/context-record.ts'
import { namingWeight } from '../model/label.ts'
import { longestReadMs } from './read-join.ts'

/** Headers and encryption add to what was read, up to this share; nothing takes from it. */
const mostAdded = 0.03
/** Smaller than this many sizes are alike by chance. */
const leastBytes = 1e6
/** So many reads of a size may come in an hour though none did: nothing is sure of flows that last for hours. */
const leastHabit = 0.1
const binOf = (bytes: number): number => Math.floor(Math.log(bytes) / Math.log1p(mostAdded))

/** Of one host and bin of size, in order of their end. */
interface Reads {
  end_ms: number[]
  bytes: number[]
  vault: number[]
}

export interface VaultBySize {
  vault: number
  /** 0.8 to 1: the share of the reads that match, chance included, which is this vault's. */
  weight: number
  /** End of the last read that matches. */
  known_ms: number
}

export class ReadSizeJoin {
  readonly #hosts = new Map<bigint, Map<number, Reads>>()

  constructor(reads: readonly ReadRecord[]) {
    const sized = reads.filter(({ host, bytes }) => isStated(host) && bytes >= leastBytes * (1 - mostAdded))
    sized.sort((a, b) => a.end_ms - b.end_ms)
    for (const { host, bytes, end_ms, vault } of sized) {
      const key = addressKey(host)
      const bins = this.#hosts.get(key) ?? new Map<number, Reads>()
      this.#hosts.set(key, bins)
      const bin = binOf(bytes)
      const group = bins.get(bin) ?? { end_ms: [], bytes: [], vault: [] }
      bins.set(bin, group)
      group.end_ms.push(end_ms)
      group.bytes.push(bytes)
      group.vault.push(vault)
    }
  }

  get isEmpty(): boolean {
    return this.#hosts.size === 0
  }

  /** `bytes`: what the flow carried at most. Undefined if no read matches, or those of several vaults, or as many may by chance. */
  vaultOf(host: AddressHalves, start_ms: number, end_ms: number, bytes: number): VaultBySize | undefined {
    if (bytes < leastBytes || end_ms - start_ms > longestReadMs) return undefined
    const bins = this.#hosts.get(addressKey(host))
    if (!bins) return undefined
    const [from_ms, to_ms] = [start_ms - slackMs, end_ms + slackMs]
    const smallest = bytes * (1 - mostAdded)
    const votes = new Map<number, number>()
    let [before, known_ms] = [0, 0]
    for (let bin = binOf(smallest); bin <= binOf(bytes); bin++) {
      const group = bins.get(bin)
      if (!group) continue
      for (
        let i = firstFrom(group.end_ms, from_ms - readHabitMs);
        i < group.end_ms.length && group.end_ms[i] <= to_ms;
        i++
      ) {
        if (group.bytes[i] < smallest || group.bytes[i] > bytes) continue
        if (group.end_ms[i] < from_ms) before++
        else {
          votes.set(group.vault[i], (votes.get(group.vault[i]) ?? 0) + 1)
          known_ms = Math.max(known_ms, group.end_ms[i])
        }
      }
    }
    const by_chance = ((before + leastHabit) * (to_ms - from_ms)) / readHabitMs
    let matches = by_chance
    for (const count of votes.values()) matches += count
    for (const [vault, count] of votes)
      if (vault >= 0 && count >= matches * namingWeight) return { vault, weight: count / matches, known_ms }
    return undefined
  }
}

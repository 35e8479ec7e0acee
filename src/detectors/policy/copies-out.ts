import { bytesText } from '../../model/amount-text.ts'
import type { Notice } from '../../model/incident.ts'
import { dayMs, tickMs } from '../../model/window.ts'
import { type DayRows, vouchedAge } from '../day-rows.ts'

export interface SizedVault {
  /** As in the rows. */
  vault_id: number
  name: string
  size_bytes: bigint
}

export interface VaultCopies {
  vault_id: number
  name: string
  size_bytes: bigint
  /** Since the books began, to peers that nobody vouched for, and that no expectation explains. */
  bytes_out: bigint
  /** bytes_out ÷ size_bytes. */
  copies: number
  /** End of the last tick in which the vault lost bytes; undefined before the first. */
  last_ms?: number
}

/** Level of the first notice, in copies; every further level is the double of the one before. */
export const firstLevelCopies = 0.5

/**
 * Copies out: all bytes of a vault that ever left, unexplained and to peers that nobody vouched for, as a multiple of the
 * vault's size. A policy notice when more than half a copy is out and at every doubling after that; exact sums, judged at
 * the end of each tick, no statistics and no claim about errors.
 * Source: reference/algorithms.md §3. Blind to: bytes without a vault, and vaults without a size. Repeated downloads of the
 * same files count as often as they left: half a copy in bytes need not be half of the files.
 */
export class CopiesOut {
  readonly #vaults: Map<number, State>

  constructor({ vaults }: { vaults: readonly SizedVault[] }) {
    this.#vaults = new Map()
    for (const vault of vaults) {
      if (vault.size_bytes <= 0n) throw new RangeError(`vault '${vault.name}' has size ${vault.size_bytes}`)
      this.#vaults.set(vault.vault_id, { vault, bytes_out: 0n, level: firstLevelCopies, last_tick: undefined })
    }
  }

  /** Days in order, each once. */
  day(rows: DayRows): { notices: Notice[]; state: VaultCopies[] } {
    const notices: Notice[] = []
    const touched = new Set<State>()
    for (let i = 0; i < rows.length; i++) {
      const state = rows.vault[i] === 0 ? undefined : this.#vaults.get(rows.vault[i])
      if (state && rows.unexplained[i] === 1 && rows.age_days[i] !== vouchedAge) {
        state.bytes_out += BigInt(rows.bytes_out[i])
        state.last_tick = rows.tick[i]
        touched.add(state)
      }
      if (touched.size === 0 || (i + 1 < rows.length && rows.tick[i + 1] === rows.tick[i])) continue
      for (const each of touched) {
        const notice = this.#notice(each, rows.day, rows.tick[i])
        if (notice) notices.push(notice)
      }
      touched.clear()
    }
    return { notices, state: this.perVault() }
  }

  /** In the order of the configuration. */
  perVault(): VaultCopies[] {
    return [...this.#vaults.values()].map(({ vault, bytes_out, last_tick }) => ({
      ...vault,
      bytes_out,
      copies: ratio(bytes_out, vault.size_bytes),
      ...(last_tick === undefined ? {} : { last_ms: (last_tick + 1) * tickMs }),
    }))
  }

  /** Tells the highest level that has been passed since the last notice. */
  #notice(state: State, day: number, tick: number): Notice | undefined {
    const { vault, bytes_out } = state
    if (!isAbove(bytes_out, state.level, vault.size_bytes)) return undefined
    while (isAbove(bytes_out, state.level * 2, vault.size_bytes)) state.level *= 2
    const level_copies = state.level
    state.level *= 2
    const copies = ratio(bytes_out, vault.size_bytes)
    return {
      id: `copies_out:${vault.name}:${level_copies}:${new Date(day * dayMs).toISOString().slice(0, 10)}`,
      kind: 'policy',
      at_ms: (tick + 1) * tickMs,
      text:
        `${bytesText(bytes_out)} of vault '${vault.name}' (${bytesText(vault.size_bytes)}) have left without an explanation ` +
        `since the books began: ${copies.toFixed(2)} copies, more than ${level_copies}`,
      facts: { vault: vault.name, size_bytes: vault.size_bytes, bytes_out, copies, level_copies },
    }
  }
}

interface State {
  vault: SizedVault
  bytes_out: bigint
  /** Next level to be told. */
  level: number
  last_tick: number | undefined
}

/** bytes > copies · size, exactly; `copies` is half of a power of two. */
function isAbove(bytes: bigint, copies: number, size: bigint): boolean {
  return 2n * bytes > BigInt(2 * copies) * size
}

function ratio(bytes: bigint, size: bigint): number {
  return Number((bytes * 1_000_000n) / size) / 1e6
}

/**
 * NAT bindings under flows that were seen outside of the NAT: which inside address stood behind an outside address and
 * port. The binding that began last holds, until its end or the next of the same outside address and port, at most 24 h.
 * Within `clockSlackMs` of a change of hands nobody is named: NAT pools are busy, and a wrong node names a wrong person.
 */
import {
  type AddressHalves,
  addressKey,
  type NatRecord,
  openEnds_ms,
  clockSlackMs as slackMs,
} from '../model/context-record.ts'
import { endOf, IntervalIndex } from './intervals.ts'

export class NatJoin {
  readonly #bindings: IntervalIndex<bigint, NatRecord>
  readonly #outsides: ReadonlySet<bigint>

  constructor(bindings: readonly NatRecord[]) {
    this.#bindings = new IntervalIndex(byBlock(bindings), ({ key }) => key, openEnds_ms.nat)
    this.#outsides = new Set(bindings.map(({ outside }) => addressKey(outside)))
  }

  get isEmpty(): boolean {
    return this.#outsides.size === 0
  }

  /** Who stood behind this address and port when a flow began; undefined if nobody, or several may have. */
  insideOf(outside: AddressHalves, port: number, start_ms: number): AddressHalves | undefined {
    const address = addressKey(outside)
    if (!this.#outsides.has(address)) return undefined
    const from_ms = start_ms - slackMs
    let last_ms = Number.NEGATIVE_INFINITY
    const held: NatRecord[] = []
    for (let level = 0; level <= levels; level++) {
      const key = blockKey(address, port, level)
      for (const binding of this.#bindings.near(key, from_ms, start_ms + slackMs)) {
        if (binding.start_ms <= from_ms) last_ms = Math.max(last_ms, binding.start_ms)
        if (endOf(binding, openEnds_ms.nat) >= from_ms) held.push(binding)
      }
    }
    // what began before the one that held at the beginning of the clocks' span had been handed on by then
    const insides = new Map(
      held.filter(({ start_ms: since }) => since >= last_ms).map(({ inside }) => [addressKey(inside), inside]),
    )
    return insides.size === 1 ? [...insides.values()][0] : undefined
  }
}

/** Ports are 16 bits: a block of level n holds 2^n of them and begins at a multiple of that. */
const levels = 16

function blockKey(address: bigint, port: number, level: number): bigint {
  return (address << 32n) | BigInt((level << 16) | (port >> level))
}

/**
 * Each binding under the fewest aligned blocks that make up its ports, at most two of each level, so that a block of all
 * ports costs no more than a single one; a port lies in one block of each level.
 */
function* byBlock(bindings: readonly NatRecord[]): Generator<NatRecord & { key: bigint }> {
  for (const binding of bindings) {
    const address = addressKey(binding.outside)
    const { outside_port, outside_port_last } = binding
    const end = outside_port === 0 ? 1 << levels : Math.max(outside_port, outside_port_last) + 1
    for (let port = outside_port; port < end; ) {
      let level = 0
      while (level < levels && port % (2 << level) === 0 && port + (2 << level) <= end) level++
      yield { ...binding, key: blockKey(address, port, level) }
      port += 1 << level
    }
  }
}

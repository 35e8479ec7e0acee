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
    // ports in groups of 64, as port blocks are multiples of that and most bindings are of one port
    this.#bindings = new IntervalIndex(spread(bindings), ({ key }) => key, openEnds_ms.nat)
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
    for (const key of [groupKey(address, port), groupKey(address, 0)]) {
      for (const binding of this.#bindings.near(key, from_ms, start_ms + slackMs)) {
        if (!isOfPort(binding, port)) continue
        if (binding.start_ms <= from_ms) last_ms = Math.max(last_ms, binding.start_ms)
        if (endOf(binding, openEnds_ms.nat) >= from_ms) held.push(binding)
      }
      if (port >> groupBits === 0) break
    }
    // what began before the one that held at the beginning of the clocks' span had been handed on by then
    const insides = new Map(
      held.filter(({ start_ms: since }) => since >= last_ms).map(({ inside }) => [addressKey(inside), inside]),
    )
    return insides.size === 1 ? [...insides.values()][0] : undefined
  }
}

const groupBits = 6

function groupKey(address: bigint, port: number): bigint {
  return (address << 16n) | BigInt(port >> groupBits)
}

function isOfPort({ outside_port, outside_port_last }: NatRecord, port: number): boolean {
  return outside_port === 0 || (port >= outside_port && port <= Math.max(outside_port, outside_port_last))
}

/** Each binding under all groups of its ports; one of all ports under the first, which is asked for every port. */
function* spread(bindings: readonly NatRecord[]): Generator<NatRecord & { key: bigint }> {
  for (const binding of bindings) {
    const address = addressKey(binding.outside)
    const first = binding.outside_port >> groupBits
    const last = Math.max(binding.outside_port, binding.outside_port_last) >> groupBits
    for (let group = first; group <= last; group++) yield { ...binding, key: (address << 16n) | BigInt(group) }
  }
}

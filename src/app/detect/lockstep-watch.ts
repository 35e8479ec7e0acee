/** Hosts and newcomers in lockstep, as items of work: no incident, no part of the budget. */
import type { DayRows, Names } from '../../detectors/day-rows.ts'
import type { LockstepKind } from '../../detectors/lockstep/key-graph.ts'
import { Lockstep, type LockstepBlock } from '../../detectors/lockstep/lockstep.ts'
import type { Excluded } from '../../detectors/sums/tally.ts'
import type { WorkDraft } from '../../incidents/worklist.ts'
import { bytesText, plural } from '../../model/amount-text.ts'
import { dayMs } from '../../model/window.ts'

const mostNamed = 5

/** One key of the kind, and several. */
const wordsOf: Readonly<Record<LockstepKind, readonly [string, string]>> = {
  peer: ['peer', 'peers'],
  network: ['network (/24, of IPv6 /64)', 'networks (/24, of IPv6 /64)'],
  peer_asn: ['autonomous system', 'autonomous systems'],
  client_fp: ['client', 'clients'],
  rhythm: ['size of pieces or common beginning', 'sizes of pieces and common beginnings'],
}

export class LockstepWatch {
  readonly #lockstep: Lockstep
  readonly #names: Names

  constructor({ seed, names }: { seed: number; names: Names }) {
    this.#lockstep = new Lockstep({ seed, names })
    this.#names = names
  }

  /** Days in order. */
  day(rows: DayRows, isTaken: Excluded): WorkDraft[] {
    return this.#lockstep.day(rows, isTaken).map((block) => this.#draft(block, rows.day))
  }

  #draft(block: LockstepBlock, day: number): WorkDraft {
    const { kind, window_days, density, rank, weeks_log_e, host_ids, keys, peer_indexes, bytes_out, left_out } = block
    const [hosts, peers] = [plural(host_ids.length, 'host'), plural(peer_indexes.length, 'peer')]
    const shared = kind === 'peer' ? peers : `${plural(keys, ...wordsOf[kind])} of ${peers}`
    const before = plural(rank.spans, 'span')
    const compared =
      density > rank.largest
        ? `closer together than in any of the ${before} of ${window_days} days before`
        : `closer together than in most weeks before`
    return {
      at_ms: day * dayMs,
      detector: 'lockstep',
      // one block shows by several kinds of key: of a week the strongest is told
      subject: 'lockstep',
      text:
        `${hosts} and ${shared} first seen within ${window_days} days are ${compared}: density ${density.toFixed(2)}, ` +
        `at most ${rank.largest.toFixed(2)} before; ${bytesText(Math.round(bytes_out))}; hosts ${this.#named(host_ids)}`,
      log10_e: block.log_e / Math.LN10,
      facts: {
        ...{
          key: kind,
          hosts: host_ids.length,
          keys,
          peers: peer_indexes.length,
          bytes_out: BigInt(Math.round(bytes_out)),
        },
        ...{ density: hundredths(density), densest_before: hundredths(rank.largest), spans_before: rank.spans },
        ...{ window_days, hosts_named: this.#named(host_ids), peers_named: this.#peersNamed(peer_indexes) },
        ...(Number.isFinite(weeks_log_e) ? { weeks_log10_e: hundredths(weeks_log_e / Math.LN10) } : {}),
        ...(left_out > 0 ? { edges_left_out: left_out } : {}),
      },
    }
  }

  #named(host_ids: Int32Array): string {
    return some(Array.from(host_ids, (id) => this.#names.text(id)))
  }

  #peersNamed(peer_indexes: Int32Array): string {
    return some(Array.from(peer_indexes, (peer) => this.#names.peer(peer)))
  }
}

const hundredths = (value: number): number => Math.round(100 * value) / 100

/** The first by text, and how many more. */
function some(names: readonly string[]): string {
  const first = [...names].sort((a, b) => (a < b ? -1 : 1)).slice(0, mostNamed)
  const more = names.length - first.length
  return more > 0 ? `${first.join(', ')} and ${more} more` : first.join(', ')
}

/**
 * Flows through the ledger's own poster into the tallies: for what needs labels tick by tick, expectations and transfers.
 * A census looks back, so that it plays no part when a label became known.
 */
import { ExpectationMatch } from '../../attribution/expectation-match.ts'
import { LabelTable } from '../../ledger/label-table.ts'
import { type Entries, Poster, type ReadFlows } from '../../ledger/poster.ts'
import { entryTable } from '../../ledger/tables.ts'
import { Columns } from '../../model/columns.ts'
import { countAt } from '../../model/count.ts'
import { placeCode } from '../../model/flow-event.ts'
import type { Label } from '../../model/label.ts'
import { dayOf, tickMs } from '../../model/window.ts'
import type { AsnTable } from '../enrich/asn-table.ts'
import type { SiteNames } from '../site-names.ts'
import type { Subject, Tallies } from './tallies.ts'

const mostWaiting = 20_000
const fullyExplained = 2

export class PosterSink {
  readonly entries: Entries = new Columns(entryTable)
  /** What expectations explain, by number of the expectation's name and day: caps are of a day. */
  readonly explained = new Map<number, Map<number, bigint>>()
  readonly #tallies: Tallies
  readonly #names: SiteNames
  readonly #labels = new LabelTable()
  readonly #expectations: ExpectationMatch
  readonly #subject: Subject = { host: 0, peer: 0, service: 0, account: 0, project: 0, vault: 0 }
  readonly #poster: Poster
  readonly #asn: AsnTable | undefined

  constructor(tallies: Tallies, names: SiteNames, asn: AsnTable | undefined) {
    this.#asn = asn
    this.#tallies = tallies
    this.#names = names
    this.#expectations = new ExpectationMatch(names.expectations)
    this.#poster = this.poster(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
  }

  /** A poster for ticks [from_tick, to_tick). */
  poster(from_tick: number, to_tick: number): Poster {
    const matcher = this.#expectations
    const asn = this.#asn
    return new Poster({
      from_tick,
      to_tick,
      labels: this.#labels,
      accounts: () => true,
      addressId: (address, i) => this.#tallies.hostAt(address, i),
      peerAsn: asn && ((peer, i) => asn.asnAt(peer, i)),
      explain: matcher.isEmpty
        ? undefined
        : (peer, peer_asn, vault, account, ms) => {
            const explained = matcher.match(peer, peer_asn, vault, account, ms)
            return { explained, explanation: explained === 0 ? 0 : this.#names.expectations[matcher.matched].id }
          },
    })
  }

  post(flows: ReadFlows, i: number, label: Label | undefined): void {
    this.#poster.post(flows, i, label, this.entries)
    this.drainIfMany()
  }

  drainIfMany(): void {
    if (this.entries.length >= mostWaiting) this.drain(this.entries)
  }

  /** Adds up and empties. */
  drain(entries: Entries): void {
    const { data } = entries
    const labels = this.#labels.columns.data
    const subject = this.#subject
    for (let row = 0; row < entries.length; row++) {
      if (data.accounts[row] === 0 || data.place[row] !== placeCode.border) continue
      const label = data.label[row]
      const isLeased = [data.outer.hi, data.outer.lo].some((half) => half[2 * row] !== 0 || half[2 * row + 1] !== 0)
      subject.host = data.inside[row]
      subject.peer = this.#tallies.peerAt(isLeased ? data.outer : data.peer, row)
      subject.service = data.service[row]
      subject.account = labels.account[label]
      subject.project = labels.project[label]
      subject.vault = labels.vault[label]
      const out = signedAt(data.bytes_out, row)
      const ms = data.tick[row] * tickMs
      this.#tallies.addShare(subject, ms, out, signedAt(data.bytes_in, row), Number(signedAt(data.flows, row)))
      if (labels.explained[label] === fullyExplained) this.#explain(labels.explanation[label], dayOf(ms), BigInt(out))
    }
    entries.reset()
  }

  #explain(expectation: number, day: number, bytes_out: bigint): void {
    const days = this.explained.get(expectation) ?? new Map<number, bigint>()
    days.set(day, (days.get(day) ?? 0n) + bytes_out)
    this.explained.set(expectation, days)
  }
}

/** A 64-bit sum, which may be a reversal. */
function signedAt(words: Uint32Array, row: number): number | bigint {
  const high = words[2 * row + 1] | 0
  if (high >= -0x100000 && high < 0x100000) return high * 4294967296 + words[2 * row]
  return BigInt.asIntN(64, countAt(words, row))
}

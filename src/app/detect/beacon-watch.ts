/** Calls at regular intervals that are new, as items of work: no incident, no part of the budget. */
import { type Beacon, Beacons } from '../../detectors/beacons/beacons.ts'
import type { DayRows, Names } from '../../detectors/day-rows.ts'
import type { Excluded } from '../../detectors/sums/tally.ts'
import type { WorkDraft } from '../../incidents/worklist.ts'
import { bytesText, plural } from '../../model/amount-text.ts'
import { dayMs, tickMs } from '../../model/window.ts'

export class BeaconWatch {
  readonly #beacons: Beacons
  readonly #names: Names

  constructor({ names }: { names: Names }) {
    this.#beacons = new Beacons({ names })
    this.#names = names
  }

  /** Days in order. What it says is known at the end of a week. */
  day(rows: DayRows, isTaken: Excluded): WorkDraft[] {
    const before = this.#beacons.left_out
    const drafts = this.#beacons.day(rows, isTaken).map((beacon) => this.#draft(beacon, rows.day))
    const { left_out } = this.#beacons
    return left_out === 0 || left_out === before ? drafts : [...drafts, fullItem(left_out, rows.day)]
  }

  #draft(
    { host, peers, period_ticks, own, near, bytes_out, judged, earlier, log_e, left_out }: Beacon,
    day: number,
  ): WorkDraft {
    const name = this.#names.text(host)
    const period_minutes = Math.round((period_ticks * tickMs) / 60_000)
    return {
      at_ms: day * dayMs,
      detector: 'beacon',
      subject: `host:${name} peers:${peers}`,
      text:
        `host ${name} sent to ${peers} about every ${plural(period_minutes, 'minute')}: ${own} of ${near} intervals from half to twice as ` +
        `long, within 14 days, lie within a fifth of it; ${bytesText(Math.round(bytes_out))} in all`,
      log10_e: log_e / Math.LN10,
      facts: {
        ...{ host: name, peers, period_minutes, regular_intervals: own, intervals: near },
        ...{ bytes_out: BigInt(Math.round(bytes_out)), pairs_judged: judged, pairs_before: earlier },
        ...(left_out > 0 ? { pairs_left_out: left_out } : {}),
      },
    }
  }
}

/** Pairs beyond those that can be held may call as they like: that is told. */
function fullItem(left_out: number, day: number): WorkDraft {
  return {
    at_ms: day * dayMs,
    detector: 'beacon',
    subject: 'beacon:full',
    text: `${plural(left_out, 'connection')} of hosts to networks beyond those that can be watched for regular calls this week: calls among them are not seen`,
    log10_e: 0,
    facts: { pairs_left_out: left_out },
  }
}

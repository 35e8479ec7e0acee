import { bytesText } from '../../model/amount-text.ts'
import type { Notice } from '../../model/incident.ts'
import { dayMs, tickMs } from '../../model/window.ts'
import type { DayRows } from '../day-rows.ts'

export interface CappedExpectation {
  /** As in the rows' `explanation`. */
  explanation_id: number
  name: string
  /** Of a UTC day. */
  max_bytes_per_day: bigint
}

/**
 * What an expectation explains, it explains up to its cap. In the order of the rows, a UTC day's matched bytes count
 * until they reach `max_bytes_per_day`; the row that reaches or crosses the cap stays explained, whole, and every later
 * matched row of that day is unexplained. So whole rows change sides, and what stays explained exceeds the cap by less
 * than one row. Rows that only fit an expectation as far as that can be checked use nothing of the cap; beyond it, they fit
 * nothing, no more than matched ones do: `explanation` is 0 then.
 * The day is that of the tick in which the row is judged.
 */
export class ExpectationCaps {
  readonly #caps: Map<number, CappedExpectation>

  constructor({ expectations }: { expectations: readonly CappedExpectation[] }) {
    this.#caps = new Map(expectations.map((each) => [each.explanation_id, each]))
  }

  /**
   * Sets `rows.unexplained` of a whole day, given once. Returns a notice for each expectation that was exceeded, with the
   * bytes of the day, dated at the end of the tick in which its bytes went over the cap.
   */
  apply(rows: DayRows): Notice[] {
    const used = new Map<CappedExpectation, Use>()
    if (this.#caps.size === 0) return []
    for (let i = 0; i < rows.length; i++) {
      if (rows.explanation[i] === 0) continue
      const cap = this.#caps.get(rows.explanation[i])
      if (!cap) continue
      let use = used.get(cap)
      if (!use) {
        use = { bytes_out: 0n, fitting: 0n, unexplained: 0n, crossed_tick: undefined }
        used.set(cap, use)
      }
      const bytes = BigInt(rows.bytes_out[i])
      if (rows.unexplained[i] === 1) {
        if (use.bytes_out + use.fitting >= cap.max_bytes_per_day) rows.explanation[i] = 0
        use.fitting += bytes
        continue
      }
      if (use.bytes_out >= cap.max_bytes_per_day) {
        rows.unexplained[i] = 1
        rows.explanation[i] = 0
        use.unexplained += bytes
      }
      use.bytes_out += bytes
      if (use.bytes_out > cap.max_bytes_per_day) use.crossed_tick ??= rows.tick[i]
    }
    return [...used].flatMap(([cap, use]) => (use.crossed_tick === undefined ? [] : [overrun(cap, use, rows.day)]))
  }
}

interface Use {
  bytes_out: bigint
  /** Bytes that fit it as far as that can be checked. */
  fitting: bigint
  unexplained: bigint
  crossed_tick: number | undefined
}

function overrun(cap: CappedExpectation, use: Use, day: number): Notice {
  const date = new Date(day * dayMs).toISOString().slice(0, 10)
  const excess = use.bytes_out - cap.max_bytes_per_day
  return {
    id: `expectation_overrun:${cap.name}:${date}`,
    kind: 'policy',
    at_ms: ((use.crossed_tick as number) + 1) * tickMs,
    text:
      `Expectation '${cap.name}' allows ${bytesText(cap.max_bytes_per_day)} a day; on ${date} ` +
      `${bytesText(use.bytes_out)} matched it, ${bytesText(excess)} more`,
    facts: {
      expectation: cap.name,
      max_bytes_per_day: cap.max_bytes_per_day,
      bytes_out: use.bytes_out,
      excess_bytes: excess,
      unexplained_bytes: use.unexplained,
    },
  }
}

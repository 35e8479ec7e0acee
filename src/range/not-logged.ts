/** Counts what no log tells of, by campaign, so that the truth can say what nobody could have seen. */
import type { Flow, OtherRecord } from './records.ts'
import type { NotLoggedTruth } from './truth.ts'

export class NotLogged {
  /** Whose records come now: place of the campaign in its scenario, −1 = the background. */
  campaign = -1
  readonly #ids: readonly string[]
  readonly #told: NotLoggedTruth = { flows: 0, bytes_out: 0n, campaigns: {}, records: {} }

  constructor(ids: readonly string[]) {
    this.#ids = ids
  }

  /** The tunnel of a VPN carries what is counted inside it. */
  addFlow({ way, bytes_out }: Flow): void {
    this.#told.flows++
    if (way === 'tunnel') return
    this.#told.bytes_out += BigInt(bytes_out)
    const id = this.#ids[this.campaign]
    if (id !== undefined) this.#told.campaigns[id] = (this.#told.campaigns[id] ?? 0n) + BigInt(bytes_out)
  }

  addRecord({ kind }: OtherRecord): void {
    this.#told.records[kind] = (this.#told.records[kind] ?? 0) + 1
  }

  get isEmpty(): boolean {
    return this.#told.flows === 0 && Object.keys(this.#told.records).length === 0
  }

  get told(): NotLoggedTruth {
    return this.#told
  }
}

/**
 * What attribution says of one flow: names as the store's ids (0 = unknown), how they were found, how sure.
 * One `Label` is reused for all flows; whoever keeps one copies it.
 */
export const methods = [
  'none',
  'vpn_lease',
  'ssh_tuple',
  'session_overlap',
  'job',
  'transfer',
  'transfer_log',
  'nat_job',
  'read_size',
] as const
export type Method = (typeof methods)[number]
export const methodCode = Object.fromEntries(methods.map((method, code) => [method, code])) as Record<Method, number>

/** No name is shown alone below this weight (DESIGN §4). */
export const namingWeight = 0.8

export interface Label {
  account: number
  project: number
  vault: number
  client_org: number
  gateway: number
  client_fp: number
  method: number
  /** Weight of the best candidate, in percent. Below 80 the candidate is not named. */
  confidence: number
  /** The best candidate where it is not named; 0 also if several are equally good. */
  candidate: number
  /** The next best, 0 if there is none or several are equally good, and its weight in percent. */
  runner_up: number
  runner_up_confidence: number
  /** How many accounts it may have been, 255 for more. */
  candidates: number
  /** When the label could first be known: the latest of the records it rests on; 0 = with the flow itself. */
  known_ms: number
  /** The session's outer address where a lease names one: the peer as it really is. */
  outer_hi: bigint
  outer_lo: bigint
}

export function emptyLabel(): Label {
  return {
    account: 0,
    project: 0,
    vault: 0,
    client_org: 0,
    gateway: 0,
    client_fp: 0,
    method: 0,
    confidence: 0,
    candidate: 0,
    runner_up: 0,
    runner_up_confidence: 0,
    candidates: 0,
    known_ms: 0,
    outer_hi: 0n,
    outer_lo: 0n,
  }
}

export function clearLabel(label: Label): void {
  label.account = 0
  label.project = 0
  label.vault = 0
  label.client_org = 0
  label.gateway = 0
  label.client_fp = 0
  label.method = 0
  label.confidence = 0
  label.candidate = 0
  label.runner_up = 0
  label.runner_up_confidence = 0
  label.candidates = 0
  label.known_ms = 0
  label.outer_hi = 0n
  label.outer_lo = 0n
}

/** Accounts that a join found, each with its weight (0 … 1, all together at most 1) and when it could first be known. */
export class Candidates {
  readonly #found = new Map<number, { weight: number; known_ms: number }>()

  get size(): number {
    return this.#found.size
  }

  add(account: number, weight: number, known_ms: number): void {
    const before = this.#found.get(account)
    if (!before) this.#found.set(account, { weight, known_ms })
    else {
      before.weight += weight
      before.known_ms = Math.min(before.known_ms, known_ms)
    }
  }

  /** Gives every account the same part of `weight`. */
  shareEqually(weight: number): void {
    for (const candidate of this.#found.values()) candidate.weight = weight / this.#found.size
  }

  clear(): void {
    this.#found.clear()
  }

  /**
   * Names the best if it has enough weight; else it stays a candidate. What is equally good cannot be put in an order that
   * holds in every state, so none of it is shown as better.
   */
  decide(label: Label, method: Method): void {
    const ranked = [...this.#found].map(([account, { weight, known_ms }]) => {
      // sums of the same parts in another order must not differ
      return { account, known_ms, weight: Math.round(weight * 1e8) / 1e8 }
    })
    ranked.sort((a, b) => b.weight - a.weight || a.known_ms - b.known_ms)
    const [best, second, third] = ranked
    const equal = (a: (typeof ranked)[number], b: (typeof ranked)[number] | undefined): boolean =>
      b !== undefined && a.weight === b.weight && a.known_ms === b.known_ms
    label.method = methodCode[method]
    label.confidence = percent(best.weight)
    label.candidates = Math.min(ranked.length, 255)
    if (best.weight >= namingWeight) {
      label.account = best.account
      label.known_ms = Math.max(label.known_ms, best.known_ms)
    } else if (!equal(best, second)) label.candidate = best.account
    if (second === undefined || label.confidence === 100) return
    label.runner_up_confidence = percent(second.weight)
    if (!equal(best, second) && !equal(second, third)) label.runner_up = second.account
  }
}

function percent(weight: number): number {
  return Math.round(weight * 100)
}

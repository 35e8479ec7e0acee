/**
 * What attribution says of one flow: names as the store's ids (0 = unknown), how they were found, how sure.
 * One `Label` is reused for all flows; whoever keeps one copies it.
 */
export const methods = ['none', 'vpn_lease', 'ssh_tuple', 'session_overlap', 'job', 'transfer', 'transfer_log'] as const
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
  label.known_ms = 0
  label.outer_hi = 0n
  label.outer_lo = 0n
}

/** Takes the account if it is named by enough weight; else only the doubt stays visible. */
export function nameAccount(label: Label, account: number, method: Method, weight: number, known_ms: number): void {
  label.method = methodCode[method]
  label.confidence = Math.round(weight * 100)
  if (weight < namingWeight) return
  label.account = account
  if (known_ms > label.known_ms) label.known_ms = known_ms
}

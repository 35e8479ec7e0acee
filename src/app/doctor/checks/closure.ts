/** Border closure of the examined days, out of the books' hours of the border (store/duckdb/border-hours.ts). */
import { dayMs } from '../../../model/window.ts'
import type { Examined } from './examined.ts'

export interface Closure {
  links: string[]
  /** Hours in which every link was counted throughout. */
  hours: ClosureHour[]
  /** Flow bytes as a share of octets over all those hours; and of the median busy hour. */
  share_out: number | null
  share_in: number | null
  median_share_out: number | null
}

export interface ClosureHour {
  hour_ms: number
  octets_out: bigint
  octets_in: bigint
  flow_octets_out: bigint
  flow_octets_in: bigint
}

const hourMs = dayMs / 24
const octetNames = ['octets_out', 'octets_in', 'flow_octets_out', 'flow_octets_in'] as const
const nothing = { octets_out: 0n, octets_in: 0n, flow_octets_out: 0n, flow_octets_in: 0n }
/** Undefined if no counters have come in for the examined days. */
export async function closureOf({ store, detail }: Examined): Promise<Closure | undefined> {
  const links = await store.rows<{ link: string }>(
    `SELECT DISTINCT n.text AS link FROM counters c JOIN names n ON n.id = c.link
      WHERE c.start_ms < ${detail.to_ms} AND c.end_ms > ${detail.from_ms} ORDER BY link`,
  )
  if (links.length === 0) return undefined
  const [from, to] = [detail.from_ms / hourMs, detail.to_ms / hourMs]
  const byHour = new Map<number, ClosureHour & { links: number }>()
  for (const { hour, links: whole, ...octets } of await store.borderHours()) {
    if (hour < from || hour >= to) continue
    const sums = byHour.get(hour) ?? { ...nothing, hour_ms: hour * hourMs, links: 0 }
    sums.links += whole
    for (const name of octetNames) sums[name] += octets[name]
    byHour.set(hour, sums)
  }
  const hours = [...byHour.values()].filter((each) => each.links === links.length).map(({ links: _, ...hour }) => hour)
  const sum = (name: (typeof octetNames)[number]): number =>
    hours.reduce((total, hour) => total + Number(hour[name]), 0)
  const shares = busyHours(hours)
    .flatMap((hour) => shareOut(hour) ?? [])
    .sort((a, b) => a - b)
  return {
    links: links.map(({ link }) => link),
    hours,
    share_out: share(sum('flow_octets_out'), sum('octets_out')),
    share_in: share(sum('flow_octets_in'), sum('octets_in')),
    median_share_out: shares.length === 0 ? null : shares[shares.length >> 1],
  }
}

/** Hours with enough octets out for their share to mean something: a tenth of the mean. */
export function busyHours(hours: readonly ClosureHour[]): ClosureHour[] {
  const total = hours.reduce((sum, { octets_out }) => sum + octets_out, 0n)
  return hours.filter(({ octets_out }) => octets_out * BigInt(hours.length) * 10n >= total && octets_out > 0n)
}

export function shareOut({ flow_octets_out, octets_out }: ClosureHour): number | null {
  return share(Number(flow_octets_out), Number(octets_out))
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 1e6) / 1e6
}

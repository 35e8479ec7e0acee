/** Findings about the view of the border: sensors, interface counters, and what was said to be expected. */
import { bytesText, countText, dateText, plural, timeText } from '../../../model/amount-text.ts'
import { dayMs } from '../../../model/window.ts'
import { busyHours, shareOut } from '../checks/closure.ts'
import type { Facts } from '../facts.ts'
import { type Finding, finding, shellWord } from './finding.ts'

const hourMs = dayMs / 24
/** An hour whose closure is this far below the median lost something. */
const closureDrop = 0.05

export function sensorFindings({ sensors, configuration }: Facts): Finding[] {
  if (sensors === null) return []
  const findings: Finding[] = []
  for (const {
    sensors: [a, b],
    flows,
    bytes_out,
    of_flows,
  } of sensors.twice) {
    if (flows < 10 || flows * 100 < of_flows) continue
    const who =
      a === b
        ? `${a} has ${plural(flows, 'flow')} twice under different uids`
        : `${a} and ${b} both count ${plural(flows, 'flow')}`
    findings.push(
      finding(
        `twice-${a}-${b}`,
        'doubt',
        `${who} with the same 5-tuple and start, ${bytesText(bytes_out)}: are the same bytes counted twice?`,
        a === b
          ? 'are two sensors writing into one directory? Give each its entry under sensors'
          : `if they watch the same link, give both one segment in weir.yaml: only one accounts`,
      ),
    )
  }
  const unknown = sensors.sensors.filter(
    ({ configured, bytes_out, bytes_in }) => !configured && bytes_out + bytes_in > 0n,
  )
  const total = new Set(sensors.sensors.map(({ sensor }) => sensor)).size
  if (configuration !== 'none' && unknown.length > 0 && (total > 1 || unknown.length < total))
    findings.push(
      finding(
        'unconfigured_sensors',
        'hint',
        `${plural(unknown.length, 'sensor')} that nobody configured: ${unknown
          .map(({ sensor, bytes_out }) => `${sensor} (${bytesText(bytes_out)} out)`)
          .slice(0, 4)
          .join(', ')}; their bytes count`,
        'name them under sensors, those that watch the same link with one segment',
      ),
    )
  return findings
}

export function closureFindings({ closure }: Facts): Finding[] {
  if (closure === null || closure.median_share_out === null) return []
  const findings: Finding[] = []
  const median = closure.median_share_out
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
  if (median < 0.9 || median > 1.05)
    findings.push(
      finding(
        'closure',
        median < 0.9 ? 'blind' : 'doubt',
        `the sensors account for ${percent(median)} of the octets that ${closure.links.join(', ')} sent in a usual hour`,
        median < 0.9
          ? 'is a link or a direction not mirrored to the sensor, or are flows shunted?'
          : 'are two sensors counting the same link, or is a link missing from the counters?',
      ),
    )
  const low = busyHours(closure.hours).filter((hour) => (shareOut(hour) ?? median) < median - closureDrop)
  if (low.length > 0) {
    const worst = low.reduce((a, b) => ((shareOut(b) ?? 1) < (shareOut(a) ?? 1) ? b : a))
    findings.push(
      finding(
        'closure_drop',
        'blind',
        `in ${countText(low.length)} of ${plural(closure.hours.length, 'hour')} the flows fall short of the border's counters: ${timeText(worst.hour_ms)} saw ${percent(shareOut(worst) ?? 0)} of the octets, usual is ${percent(median)}`,
        `${bytesText(worst.octets_out - worst.flow_octets_out)} left unseen in that hour at most: look for capture loss or a sensor restart from ${timeText(worst.hour_ms)} to ${timeText(worst.hour_ms + hourMs).slice(11)}`,
      ),
    )
  }
  return findings
}

export function expectationFindings({ expectations }: Facts, sameState: string): Finding[] {
  return expectations.flatMap((expectation): Finding[] => {
    const { id, ticket, owner, stale, until_ms, over_cap_bytes_out, contradicting_bytes_out, explained_bytes_out } =
      expectation
    const whom = [owner, ticket].filter((name) => name !== null).join(', ')
    const ask = whom === '' ? '' : ` (${whom})`
    const findings: Finding[] = []
    if (stale === 'expired' && until_ms !== null)
      findings.push(
        finding(
          `expired-${id}`,
          'hint',
          `expectation ${id} ended on ${dateText(until_ms - 1)}, before the books do`,
          `renew it${ask}, or take it out`,
        ),
      )
    if (stale === 'never_matched')
      findings.push(
        finding(
          `never-${id}`,
          'hint',
          `expectation ${id} has never matched a byte`,
          'are its peers, vaults and accounts written as in the books?',
          `weir ledger${sameState} --by peer,account,vault`,
        ),
      )
    if (over_cap_bytes_out > 0n)
      findings.push(
        finding(
          `over_cap-${id}`,
          'doubt',
          `${bytesText(over_cap_bytes_out)} went beyond the cap of expectation ${id}, which explained ${bytesText(explained_bytes_out)}`,
          `was more agreed${ask}?`,
          `weir ledger${sameState} --by day,explained --where ${shellWord(`explanation=${id}`)}`,
        ),
      )
    if (contradicting_bytes_out > 0n)
      findings.push(
        finding(
          `contradicted-${id}`,
          'doubt',
          `${bytesText(contradicting_bytes_out)} went to the peers of expectation ${id} from another vault or account than it names`,
          `is that agreed as well${ask}?`,
          `weir ledger${sameState} --by account,vault,peer --where explanation=`,
        ),
      )
    return findings
  })
}

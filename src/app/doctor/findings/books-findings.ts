/** Findings about the books themselves, the configuration they were written with, and what has come in. */
import { countText, durationText, plural, shareText, timeText } from '../../../model/amount-text.ts'
import { dayMs } from '../../../model/window.ts'
import type { Facts } from '../facts.ts'
import { type Finding, finding, shellWord, yamlWord } from './finding.ts'

/** A source whose last record is this much older than the newest has probably stopped. */
const stoppedAfterMs = dayMs
/** A record later than now by this much has a wrong clock, or a wrong year. */
const futureMs = 10 * 60_000

export function balanceFindings({ balance, memory }: Facts, sameState: string): Finding[] {
  const findings: Finding[] = []
  for (const { left, right, different, groups, differences } of balance.comparisons) {
    if (different === 0) continue
    const [first] = differences
    findings.push(
      finding(
        `balance-${left}-${right}`,
        'wrong',
        `the books do not balance: ${left} and ${right} differ in ${countText(different)} of ${countText(groups)} sums by day; ` +
          `${first.day}${first.of === '' ? '' : ` (${first.of})`}: ${first.sum} ${countText(first.left)} against ${countText(first.right)}`,
        'do not rely on this state: keep it for a report, and analyse the logs into a new one',
      ),
    )
  }
  if (memory.pending_days > 0)
    findings.push(
      finding(
        'pending_days',
        'blind',
        `${plural(memory.pending_days, 'day')} of accepted records are not in the books yet: a run was stopped`,
        'analyse again: the run goes on where it was stopped',
        `weir analyze PATH…${sameState}`,
      ),
    )
  return findings
}

export function configFindings(
  { configuration, other_networks, other_labels, gateways_without_host, directory }: Facts,
  sameState: string,
): Finding[] {
  const findings: Finding[] = []
  if (other_networks)
    findings.push(
      finding(
        'other_networks',
        'doubt',
        'this state was begun under other networks or VPN pools than this configuration has',
        'give --config the file it was begun with, or analyse into a new state',
        `weir analyze PATH… --state ${shellWord(`${directory}-2`)}`,
      ),
    )
  if (other_labels && !other_networks)
    findings.push(
      finding(
        'other_labels',
        'hint',
        'hosts, vaults, sensors or expectations were changed since the books were written',
        'analyse again: all days are labelled anew whose flows are still kept',
        `weir analyze PATH…${sameState}`,
      ),
    )
  if (configuration === 'none')
    findings.push(
      finding(
        'no_configuration',
        'blind',
        'no configuration: inside is taken to be the private networks, and no host, pool, vault or expectation is known',
        'have one proposed, read it, and analyse into a new state',
        'weir init PATH… > weir.yaml',
      ),
    )
  for (const gateway of gateways_without_host)
    findings.push(
      finding(
        `gateway_host-${gateway}`,
        'doubt',
        `no host is named like the VPN gateway ${gateway}, so its tunnels count as egress beside what they carry`,
        `name its host in weir.yaml: hosts: [{name: ${yamlWord(gateway)}, addresses: […], role: vpn}]; it is one of those with tunnels`,
        `weir ledger${sameState} --by host,service`,
      ),
    )
  return findings
}

export function sourceFindings({ sources, gaps, checked_at_ms, joins, memory }: Facts): Finding[] {
  const findings: Finding[] = []
  if (joins === null && memory.flows_kept === 0n)
    findings.push(
      finding(
        'no_flows',
        'blind',
        'the books hold no flows',
        'feed a flow source: Zeek conn logs, or flow events as NDJSON',
      ),
    )
  const rejected = sources.rejected.reduce((sum, { records }) => sum + records, 0n)
  if (rejected > 0n) {
    const reasons = sources.rejected.slice(0, 3).map(({ reason, records }) => `${reason} ${countText(records)}`)
    const example = sources.rejected.find((each) => each.example !== null)?.example
    findings.push(
      finding(
        'rejected',
        rejected * 100n > sources.records_read ? 'blind' : 'doubt',
        `${plural(rejected, 'record was', 'records were')} rejected (${shareText(rejected, sources.records_read)} of those read): ${reasons.join(', ')}`,
        example
          ? `look at ${example.path}, byte ${countText(example.offset)} after decompression: ${example.sample.slice(0, 60)}`
          : 'see sources.rejected with --json',
      ),
    )
  }
  for (const { path, damage } of sources.damaged.slice(0, 3))
    findings.push(
      finding(
        `damage-${path}`,
        'blind',
        `${path} is damaged: ${damage}`,
        'copy it anew from where it was written; what came before the damage is in the books',
      ),
    )
  if (gaps.length > 0) {
    const longest = gaps.reduce((a, b) => (b.end_ms - b.start_ms > a.end_ms - a.start_ms ? b : a))
    findings.push(
      finding(
        'gaps',
        'blind',
        `${plural(gaps.length, 'stretch', 'stretches')} of silence, the longest of ${longest.source} from ${timeText(longest.start_ms)} for ${durationText(longest.end_ms - longest.start_ms)}`,
        'are files of that time missing? Nothing that left meanwhile can be seen',
      ),
    )
  }
  const ends = sources.groups.filter(({ last_record_ms }) => last_record_ms !== null)
  const newest = Math.max(...ends.map(({ last_record_ms }) => last_record_ms as number))
  for (const { format, kinds, sensor, last_record_ms } of ends) {
    const name = [format, kinds, sensor].filter((part) => part !== '').join(' ')
    const last = last_record_ms as number
    if (last > checked_at_ms + futureMs)
      findings.push(
        finding(
          `future-${name}`,
          'doubt',
          `${name}: the last record is of ${timeText(last)}, which is still to come`,
          'is the clock right, and the year of times that state none (--assume-year)?',
        ),
      )
    else if (newest - last > stoppedAfterMs && newest <= checked_at_ms + futureMs && format !== 'zeek_conn_long')
      findings.push(
        finding(
          `stopped-${name}`,
          'blind',
          `${name} ends ${durationText(newest - last)} before the newest source (${timeText(last)})`,
          'does this log still arrive?',
        ),
      )
  }
  return findings
}

/**
 * What follows from the facts of `doctor`, most urgent first, each with one step that would mend it. Pure: facts in,
 * sentences out. Names in them come from logs as they are; whoever prints them takes care.
 */
import { bytesText, countText, dateText, durationText, plural, shareText, timeText } from '../model/amount-text.ts'
import { hostRoles } from '../model/site.ts'
import { dayMs } from '../model/window.ts'
import { busyHours, shareOut } from './checks/closure.ts'
import type { Diagnosis } from './doctor.ts'

/** `wrong`: the books cannot be trusted; `blind`: something is not seen; `doubt`: it may be; `hint`: it could be better. */
export const severities = ['wrong', 'blind', 'doubt', 'hint'] as const
export type Severity = (typeof severities)[number]

export interface Finding {
  id: string
  severity: Severity
  statement: string
  next_step: string
  /** Shows more of it, or mends it; safe to paste into a shell. */
  command?: string
}

type Facts = Omit<Diagnosis, 'findings'>

const hourMs = dayMs / 24
/** How far apart clocks may be before it is worth a word; logins join within 5 s. */
const skewWorthSaying_ms = 2_000
/** A source whose last record is this much older than the newest has probably stopped. */
const stoppedAfterMs = dayMs
/** A record later than now by this much has a wrong clock, or a wrong year. */
const futureMs = 10 * 60_000
/** An hour whose closure is this far below the median lost something. */
const closureDrop = 0.05

export function findingsOf(facts: Facts, sameState: string): Finding[] {
  const findings = [
    ...balanceFindings(facts, sameState),
    ...configFindings(facts, sameState),
    ...sourceFindings(facts),
    ...nameFindings(facts, sameState),
    ...vaultFindings(facts, sameState),
    ...useFindings(facts),
    ...sensorFindings(facts),
    ...closureFindings(facts),
    ...expectationFindings(facts, sameState),
  ]
  return findings.sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
}

function finding(id: string, severity: Severity, statement: string, next_step: string, command?: string): Finding {
  return { id, severity, statement, next_step, ...(command === undefined ? {} : { command }) }
}

/** One word of a POSIX shell, whatever is in it: names in the books come from logs. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

function balanceFindings({ balance, memory }: Facts, sameState: string): Finding[] {
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

function configFindings(
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
        `name its host in weir.yaml: hosts: [{name: ${gateway}, addresses: […], role: vpn}]; it is one of those with tunnels`,
        `weir ledger${sameState} --by host,service`,
      ),
    )
  return findings
}

function sourceFindings({ sources, gaps, checked_at_ms, joins, memory }: Facts): Finding[] {
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

function nameFindings({ joins }: Facts, sameState: string): Finding[] {
  if (joins === null || joins.total.bytes_out === 0n) return []
  const findings: Finding[] = []
  const { total, named, unnamed, unleased, doubtful } = joins
  const nameless = total.bytes_out - named.account.bytes_out
  if (nameless * 20n > total.bytes_out && unnamed.length > 0) {
    const [{ host, role, service, bytes_out }] = unnamed
    const whose = hostRoles[role] === 'other' ? '' : ` (${hostRoles[role]})`
    findings.push(
      finding(
        'unnamed_account',
        nameless * 2n > total.bytes_out ? 'blind' : 'doubt',
        `${bytesText(nameless)} left without an account (${shareText(nameless, total.bytes_out)}), ${bytesText(bytes_out)} of it from ${host}${whose} by ${service}`,
        whatWouldName(service, host),
        `weir ledger${sameState} --by host,service --where account=`,
      ),
    )
  }
  if (doubtful.bytes_out * 100n > total.bytes_out)
    findings.push(
      finding(
        'doubtful_account',
        'doubt',
        `${bytesText(doubtful.bytes_out)} could be of more than one account, and are given to none`,
        'records with ports, hosts and end times tell people apart who share an address',
      ),
    )
  if (unleased.addresses > 0)
    findings.push(
      finding(
        'unleased',
        'blind',
        `${bytesText(unleased.bytes_out)} went to ${plural(unleased.addresses, 'VPN address', 'VPN addresses')} without a lease: ${unleased.examples.join(', ')}${unleased.addresses > unleased.examples.length ? ', …' : ''}`,
        `did records of gateway ${unleased.gateways.join(', ')} get lost?`,
        `weir ledger${sameState} --by day,host --where peer=${unleased.examples[0]}`,
      ),
    )
  const spread = joins.bytes_out_hi - joins.bytes_out_lo
  if (spread * 20n > total.bytes_out)
    findings.push(
      finding(
        'wide_bounds',
        'doubt',
        `${bytesText(total.bytes_out)} left, but it may be from ${bytesText(joins.bytes_out_lo)} to ${bytesText(joins.bytes_out_hi)}: sampled or incomplete records`,
        'see missed_bytes in conn.log and capture_loss.log, or feed unsampled flows of the hosts that matter',
      ),
    )
  for (const { path, logins, skew_ms, apart } of joins.skew) {
    if (Math.abs(skew_ms) < skewWorthSaying_ms || logins < 3) continue
    findings.push(
      finding(
        `skew-${path}`,
        Math.abs(skew_ms) > 5_000 ? 'blind' : 'doubt',
        `the clock of ${path} is ${durationText(Math.abs(skew_ms))} ${skew_ms > 0 ? 'ahead of' : 'behind'} the sensor's (median of ${plural(logins, 'login')}); ${countText(apart)} are too far apart to join`,
        'set both clocks by NTP; if a log states no zone, give its sensor a timezone',
      ),
    )
  }
  return findings
}

/** The record that usually names bytes of a service. */
function whatWouldName(service: string, host: string): string {
  if (/gridftp|globus/.test(service)) return `does the transfer log of ${host} arrive?`
  if (/ssh|tcp\/22\b/.test(service)) return `do the logins of ${host} arrive, with the port of the connection?`
  if (/ssl|http|quic|tcp\/(80|443|8443)\b/.test(service))
    return `sessions of the portal (kind: portal), jobs or transfers of ${host} would name it`
  return `logins, leases, jobs or transfers of ${host} would name it`
}

function vaultFindings({ blind_spots, joins, configuration }: Facts, sameState: string): Finding[] {
  if (blind_spots === null || joins === null) return []
  const findings: Finding[] = []
  const { unmapped, unmapped_bytes_out, stated_bytes_out, idle_vaults, claimed, claimed_bytes } = blind_spots
  if (unmapped.length > 0) {
    const list = unmapped.slice(0, 3).map(({ path, bucket, bytes_out, bytes_read }) => {
      return `${path ?? `bucket ${bucket}`} ${bytes_out > 0n ? bytesText(bytes_out) : `${bytesText(bytes_read)} read`}`
    })
    findings.push(
      finding(
        'unmapped',
        'blind',
        `${bytesText(unmapped_bytes_out)} of ${bytesText(stated_bytes_out)} that transfer logs name belong to no vault: ${list.join(', ')}${unmapped.length > 3 ? ', …' : ''}`,
        `add what matters to weir.yaml: vaults: [{id: …, ${unmapped[0].path === undefined ? `buckets: [${unmapped[0].bucket}]` : `paths: [${unmapped[0].path}]`}}]`,
      ),
    )
  } else if (stated_bytes_out === 0n && joins.total.bytes_out > 0n)
    findings.push(
      finding(
        'no_paths',
        'blind',
        'no log says which path or bucket anything came from, so no byte can be tied to a vault',
        'feed transfer logs (GridFTP, Globus, S3) as transfer events: path or bucket, bytes, peer, start and end',
      ),
    )
  if (idle_vaults.length > 0)
    findings.push(
      finding(
        'idle_vaults',
        'hint',
        `nothing was ever tied to ${plural(idle_vaults.length, 'vault')}: ${idle_vaults.slice(0, 5).join(', ')}${idle_vaults.length > 5 ? ', …' : ''}`,
        configuration === 'given'
          ? 'is the path written as the logs write it?'
          : 'is the path in weir.yaml written as the logs write it?',
      ),
    )
  if (claimed_bytes > 0n) {
    const [{ tool, account, vault, bytes }] = claimed
    const whose = [account, vault].filter((name) => name !== '').join(', ')
    findings.push(
      finding(
        'claimed_not_seen',
        'blind',
        `${bytesText(claimed_bytes)} of transfers were carried by no flow, ${bytesText(bytes)} of it by ${tool}${whose === '' ? '' : ` (${whose})`}`,
        'is there a way out that no sensor sees, or did the sensor drop packets?',
        `weir ledger${sameState} --by day,host,vault${account === '' ? '' : ` --where ${shellWord(`account=${account}`)}`}`,
      ),
    )
  }
  return findings
}

function useFindings({ joins }: Facts): Finding[] {
  if (joins === null) return []
  return joins.use
    .filter(({ records, used }) => records >= 5 && used * 2 < records)
    .map(({ kind, records, used }) =>
      finding(
        `unused-${kind}`,
        'doubt',
        `only ${countText(used)} of ${plural(records, `${kind} record`)} meet a flow`,
        kind === 'job on a node'
          ? 'list the nodes under hosts with their addresses'
          : 'do clocks and addresses of this log and of the sensor agree, and does the sensor see this path?',
      ),
    )
}

function sensorFindings({ sensors, configuration }: Facts): Finding[] {
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

function closureFindings({ closure }: Facts): Finding[] {
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

function expectationFindings({ expectations }: Facts, sameState: string): Finding[] {
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

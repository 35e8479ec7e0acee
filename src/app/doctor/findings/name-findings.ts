/** Findings about who and what left: bytes without an account or a vault, records that joined nothing. */
import { bytesText, countText, durationText, plural, shareText } from '../../../model/amount-text.ts'
import type { JoinFacts } from '../checks/joins.ts'
import type { Facts } from '../facts.ts'
import { type Finding, finding, shellWord, yamlWord } from './finding.ts'

/** How far apart clocks may be before it is worth a word; logins join within 5 s. */
const skewWorthSaying_ms = 2_000

export function nameFindings({ joins }: Facts, sameState: string): Finding[] {
  if (joins === null || joins.total.bytes_out === 0n) return []
  const findings: Finding[] = []
  const { total, named, unnamed, unleased, doubtful } = joins
  const nameless = total.bytes_out - named.account.bytes_out
  if (nameless * 20n > total.bytes_out && unnamed.length > 0) {
    const [{ host, role, service, bytes_out }] = unnamed
    const whose = role === 'other' ? '' : ` (${role})`
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
        `${bytesText(doubtful.bytes_out)} could be of more than one account, and are given to none${mostDoubtful(doubtful.pairs)}`,
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
  return findings
}

/** Of pairs that are equally likely no name is kept. */
function mostDoubtful(pairs: JoinFacts['doubtful']['pairs']): string {
  const named = pairs.find(({ candidate, runner_up }) => candidate !== '' && runner_up !== '')
  if (named === undefined) return ''
  return `, ${bytesText(named.bytes_out)} of it of ${named.candidate} or ${named.runner_up}`
}

/** Whole hours were found as records were read, and skew is what is left beside them: neither tells of the other. */
export function clockFindings({ joins }: Facts): Finding[] {
  if (joins === null) return []
  const findings = joins.clocks.map(({ format, host, hours, paths }) => {
    const whose = host === '' ? `logs of format ${format}` : `${host} (${format})`
    const [ahead, read] = hours < 0 ? ['ahead', 'earlier'] : ['behind', 'later']
    return finding(
      `clock-${format}-${host}`,
      'doubt',
      `the clock of ${whose} is ${Math.abs(hours)} h ${ahead}: its times are read ${Math.abs(hours)} h ${read}`,
      `state its zone: sensors: [{id: …, match: ${paths.length === 1 ? yamlWord(paths[0]) : '…'}, timezone: …}]`,
    )
  })
  for (const { path, host, logins, skew_ms, apart } of joins.skew) {
    if (Math.abs(skew_ms) < skewWorthSaying_ms || logins < 3) continue
    findings.push(
      finding(
        host === '' ? `skew-${path}` : `skew-${path}-${host}`,
        Math.abs(skew_ms) > 5_000 ? 'blind' : 'doubt',
        `the clock of ${host === '' ? path : `${host} in ${path}`} is ${durationText(Math.abs(skew_ms))} ${skew_ms > 0 ? 'ahead of' : 'behind'} the sensor's (median of ${plural(logins, 'login')})${apart > 0 ? `; ${countText(apart)} are too far apart to join` : ''}`,
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

export function vaultFindings({ blind_spots, joins, configuration }: Facts, sameState: string): Finding[] {
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
        `add what matters to weir.yaml: vaults: [{id: …, ${unmapped[0].path === undefined ? `buckets: [${yamlWord(unmapped[0].bucket ?? '')}]` : `paths: [${yamlWord(unmapped[0].path)}]`}}]`,
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
        `${bytesText(claimed_bytes)} of transfers were carried by no flow${claimed.length > 1 ? `, ${bytesText(bytes)} of it` : ''} by ${tool}${whose === '' ? '' : ` (${whose})`}`,
        'is there a way out that no sensor sees, or did the sensor drop packets?',
        `weir ledger${sameState} --by day,host,vault${account === '' ? '' : ` --where ${shellWord(`account=${account}`)}`}`,
      ),
    )
  }
  return findings
}

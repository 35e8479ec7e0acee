/** Findings about the records that could name what left: those that met nothing, and hosts that no log speaks of. */
import { bytesText, countText, plural, timeText } from '../../../model/amount-text.ts'
import type { RecordUse } from '../checks/record-use.ts'
import type { Facts } from '../facts.ts'
import { type Finding, finding, shellWord } from './finding.ts'

/** So many records of a kind and log without a flow, and this part of all of them, are worth a word. */
const [leastUnmatched, oneIn] = [5, 20]

export function useFindings({ joins }: Facts): Finding[] {
  if (joins === null) return []
  return joins.use.flatMap((use): Finding[] => {
    const { kind, format, records, used, without_address = 0 } = use
    // most jobs speak to nobody outside, which is no fault of their log
    const lost = kind === 'job' ? without_address : records - used
    if (lost < leastUnmatched || lost * oneIn < records) return []
    const what = plural(records, `${kind} record`)
    const [id, from] = [`unused-${kind}-${format}`, `${what} of ${format}`]
    if (kind === 'job')
      return [
        finding(
          id,
          'doubt',
          `${countText(lost)} of ${from} are on nodes whose address is not known${lastOf(use)}`,
          'list the nodes under hosts with their addresses',
        ),
      ]
    const mostAreLost = lost * 2 > records
    return [
      finding(
        id,
        mostAreLost ? 'doubt' : 'hint',
        `${mostAreLost ? `only ${countText(used)} of ${from} meet` : `${countText(lost)} of ${from} meet no`}${mostAreLost ? ' a' : ''} flow${lastOf(use)}`,
        'do clocks and addresses of this log and of the sensor agree, and does the sensor see this path?',
      ),
    ]
  })
}

function lastOf({ unmatched }: RecordUse): string {
  if (unmatched.length === 0) return ''
  const [{ start_ms, account, peer, host }] = unmatched
  const said = [account, ...(peer === '' ? [] : ['from', peer]), ...(host === '' ? [] : ['at', host])]
  return `; the last: ${timeText(start_ms)} ${said.filter((word) => word !== '').join(' ')}`
}

export function unwatchedFindings({ blind_spots, joins }: Facts, sameState: string): Finding[] {
  if (blind_spots === null || joins === null) return []
  const { unwatched, suspected_nat } = blind_spots
  const roles = unwatched.map(({ role, missing, hosts, bytes_out }) => {
    const names = hosts.slice(0, 3).map(({ host }) => host)
    return finding(
      `unwatched-${role}`,
      'blind',
      `no ${missing} of ${names.join(', ')}${hosts.length > names.length ? `, … (${countText(hosts.length)} hosts)` : ''} (${role}) have come in, which sent ${bytesText(bytes_out)}`,
      whatToFeed[role],
      `weir ledger${sameState} --by host,service --where role=${role}`,
    )
  })
  if (suspected_nat.length === 0) return roles
  const [{ address, peers, bytes_out }] = suspected_nat
  return [
    ...roles,
    finding(
      'suspected_nat',
      'hint',
      `${address} opened connections to about ${plural(peers, 'peer')} (${bytesText(bytes_out)} out) and is no configured host: is it a NAT or a proxy?`,
      'name it under hosts; if it is a NAT, feed its log (conntrack, ulogd, or nat events), so that jobs and logins behind it are found',
      `weir ledger${sameState} --by service,peer --where ${shellWord(`inside=${address}`)}`,
    ),
  ]
}

const whatToFeed = {
  login: 'feed its syslog (sshd), or logins as session events',
  dtn: 'feed its transfer log (GridFTP, Globus, sftp-server), or transfer events',
  compute: 'feed Slurm accounting (sacct), or job events',
  vpn: "feed the gateway's log (RADIUS, OpenVPN, WireGuard), or lease events",
}

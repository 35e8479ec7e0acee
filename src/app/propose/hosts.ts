/**
 * Hosts with a role, each for what it was seen to do: logins from outside, bulk transfers, web pages, tunnels, DNS, NFS.
 * A host without such evidence is left out; Weir books it under its address all the same.
 */
import { ends, PlaceTable } from '../../events/place.ts'
import { bytesText, plural } from '../../model/amount-text.ts'
import type { Network } from '../../model/network.ts'
import { type HostRole, hostRoles } from '../../model/site.ts'
import { isSsh, isWeb } from './flow-kinds.ts'
import { type JoinedLogin, joinLogins, joinTransfers, type NamedHost, namesOf } from './host-names.ts'
import { grouped, type Proposed } from './networks.ts'
import type { Sample, SampledFlow } from './sample.ts'

export interface ProposedHost extends Proposed {
  name: string
  addresses: string[]
  role: HostRole
}

export interface HostProposal {
  hosts: ProposedHost[]
  remarks: string[]
}

/** Fewer clients than this are people trying things. */
const leastClients = 3
const leastWebClients = 5
/** What a failed login costs is below this, both ways together. */
const loginBytes = 10_000
const bulkBytes = 10e9
const bulkBytesPerFlow = 100e6
const mostPerRole = 12

const tunnelPorts = new Set([443, 500, 1194, 1701, 4500, 4501, 51_820])
/** Ports at which nothing but a tunnel ends, and the protocols ESP and GRE. */
const plainTunnelPorts = new Set([500, 1194, 1701, 4500, 51_820])
const tunnelProtocols = new Set([47, 50])

interface Facts {
  address: number
  sshClients: Set<number>
  webClients: Set<number>
  tunnelClients: Set<number>
  dnsClients: Set<number>
  nfsClients: Set<number>
  gridftpFlows: number
  transfers: number
  bulkFlows: number
  bulkBytes: number
  /** Bytes that left from here. */
  bytes_out: number
  logins: Set<string>
}

export function proposeHosts(
  sample: Sample,
  networks: readonly Network[],
  pools: readonly { gateway: string; networks: readonly Network[] }[],
  nameOf: (text: string) => string | undefined,
): HostProposal {
  const places = new PlaceTable({
    networks: [...networks],
    vpn_pools: pools.map((pool) => ({
      ...pool,
      networks: [...pool.networks],
      inner_flows: 'observed',
      tunnel_ports: [],
    })),
  })
  const endOf = sample.book.words.map(([w0, w1, w2, w3]) => places.endOf(w0, w1, w2, w3))
  const logins = joinLogins(sample)
  const transfers = joinTransfers(sample, (address) => endOf[address] === ends.inside)
  const logNames = namesOf([...logins, ...transfers], nameOf)
  const facts = factsOf(sample, endOf, logins, transfers)
  const gateways = gatewayHosts(sample, endOf)
  const remarks: string[] = []

  const proposals = [...facts.values()].flatMap((host) => {
    const gateway = gateways.get(host.address)
    const judged = gateway
      ? { role: 'vpn' as const, weight: 1e9, because: gateway.because, name: gateway.name }
      : { ...roleOf(host), name: undefined }
    if (judged.role === undefined) return []
    const known = judged.name ?? logNames.get(host.address)
    return [{ ...judged, role: judged.role, host, known }]
  })
  for (const name of pools.map(({ gateway }) => gateway)) {
    if (proposals.some(({ known }) => known === name)) continue
    remarks.push(
      `the host of gateway ${name} was not found: name it under hosts, so that its tunnels are not counted as egress`,
    )
  }
  const hosts: ProposedHost[] = []
  for (const role of hostRoles) {
    const list = proposals.filter((proposal) => proposal.role === role)
    list.sort((a, b) => b.weight - a.weight || a.host.address - b.host.address)
    if (list.length > mostPerRole) remarks.push(`${list.length - mostPerRole} more hosts look like role ${role}`)
    for (const { host, because, known } of list.slice(0, mostPerRole)) {
      const address = sample.book.text(host.address)
      const twin = hosts.find((other) => known !== undefined && other.name === known)
      if (twin) {
        twin.addresses.push(address)
        twin.because.push(`${address}: ${because.join('; ')}`)
      } else {
        const name = known ?? `${role}-${address.replaceAll(/[.:]+/g, '-').replaceAll(/^-|-$/g, '')}`
        hosts.push({
          name,
          addresses: [address],
          role,
          because,
        })
      }
    }
  }
  if (sample.nodes.size > 0) {
    const some = [...sample.nodes].sort().slice(0, 4).join(', ')
    remarks.push(
      `jobs run on ${plural(sample.nodes.size, 'node')} (${some}${sample.nodes.size > 4 ? ', …' : ''}): list them under hosts with their addresses, role compute`,
    )
  }
  return { hosts, remarks }
}

function factsOf(
  sample: Sample,
  endOf: readonly number[],
  logins: readonly JoinedLogin[],
  transfers: readonly NamedHost[],
): Map<number, Facts> {
  const facts = new Map<number, Facts>()
  const of = (address: number): Facts => {
    let found = facts.get(address)
    if (!found) {
      found = emptyFacts(address)
      facts.set(address, found)
    }
    return found
  }
  for (const flow of sample.flows) {
    const serves = endOf[flow.dst] === ends.inside
    const both = serves && endOf[flow.src] === ends.inside
    if (serves) serverFacts(flow, both, of(flow.dst))
    const inside = serves ? flow.dst : flow.src
    if (both || endOf[inside] !== ends.inside) continue
    const host = of(inside)
    const bytes_out = serves ? flow.bytes_dst : flow.bytes_src
    host.bytes_out += bytes_out
    if (flow.service.includes('gridftp') || flow.dst_port === 2811) host.gridftpFlows++
    if (bytes_out >= bulkBytesPerFlow && (isSsh(flow) || isWeb(flow))) {
      host.bulkFlows++
      host.bulkBytes += bytes_out
    }
  }
  for (const { host, direction } of sample.transfers)
    if (host !== 0 && direction !== '' && endOf[host] === ends.inside) of(host).transfers++
  for (const { kind, host, account } of sample.sessions)
    if (kind === 'ssh' && host !== 0 && endOf[host] === ends.inside) of(host).logins.add(account)
  for (const { address } of transfers) of(address).transfers++
  for (const { address, account } of logins) if (endOf[address] === ends.inside) of(address).logins.add(account)
  return facts
}

/** `internal`: the client is inside too. */
function serverFacts(flow: SampledFlow, internal: boolean, host: Facts): void {
  const answered = flow.bytes_src > 0 && flow.bytes_dst > 0
  if (!answered) return
  if (flow.dst_port === 53 || flow.service === 'dns') host.dnsClients.add(flow.src)
  if (flow.dst_port === 2049) host.nfsClients.add(flow.src)
  if (internal) return
  if (isSsh(flow) && flow.bytes_src + flow.bytes_dst >= loginBytes) host.sshClients.add(flow.src)
  if (isWeb(flow)) host.webClients.add(flow.src)
  if (tunnelProtocols.has(flow.proto) || (flow.proto === 17 && plainTunnelPorts.has(flow.dst_port)))
    host.tunnelClients.add(flow.src)
}

interface Judged {
  role?: HostRole
  weight: number
  because: string[]
}

/** The first role that there is evidence for; who moves bulk data and lets people log in is a data transfer node first. */
function roleOf(host: Facts): Judged {
  const left = host.bytes_out > 0 ? `, ${bytesText(Math.round(host.bytes_out))} left from here` : ''
  if (host.tunnelClients.size >= leastClients)
    return judged('vpn', host.tunnelClients.size, `tunnels of ${plural(host.tunnelClients.size, 'client')} end here`)
  if (host.gridftpFlows >= 2 || host.transfers > 0)
    return judged(
      'dtn',
      host.bytes_out,
      `${plural(host.transfers, 'logged transfer')} and ${plural(host.gridftpFlows, 'GridFTP flow')}${left}`,
    )
  if (host.bulkBytes >= bulkBytes && host.logins.size === 0 && host.bulkFlows >= leastClients)
    return judged(
      'dtn',
      host.bytes_out,
      `${plural(host.bulkFlows, 'flow')} of SSH or HTTPS with over 100 MB each${left}`,
    )
  if (host.sshClients.size >= leastClients || host.logins.size >= leastClients)
    return judged(
      'login',
      host.sshClients.size + host.logins.size,
      `SSH from ${plural(host.sshClients.size, 'outside client')}${host.logins.size > 0 ? `, logins of ${plural(host.logins.size, 'account')}` : ''}${left}`,
    )
  if (host.webClients.size >= leastWebClients)
    return judged(
      'portal',
      host.webClients.size,
      `web pages for ${plural(host.webClients.size, 'outside client')}${left}`,
    )
  if (host.nfsClients.size > 0)
    return judged('storage', host.nfsClients.size, `NFS for ${plural(host.nfsClients.size, 'host')}`)
  if (host.dnsClients.size >= leastClients)
    return judged('service', host.dnsClients.size, `DNS for ${plural(host.dnsClients.size, 'client')}`)
  return { weight: 0, because: [] }
}

function judged(role: HostRole, weight: number, because: string): Judged {
  return { role, weight, because: [because] }
}

function emptyFacts(address: number): Facts {
  return {
    address,
    sshClients: new Set(),
    webClients: new Set(),
    tunnelClients: new Set(),
    dnsClients: new Set(),
    nfsClients: new Set(),
    gridftpFlows: 0,
    transfers: 0,
    bulkFlows: 0,
    bulkBytes: 0,
    bytes_out: 0,
    logins: new Set(),
  }
}

/**
 * Which host is which gateway: where a flow goes from a VPN session's outer address while it lasts, to a port at which
 * tunnels end. One host for each gateway, the one that most sessions agree on.
 */
function gatewayHosts(sample: Sample, endOf: readonly number[]): Map<number, { name: string; because: string[] }> {
  const bySource = grouped(
    sample.flows.filter(
      (flow) => endOf[flow.dst] === ends.inside && (tunnelPorts.has(flow.dst_port) || tunnelProtocols.has(flow.proto)),
    ),
    (flow) => flow.src,
  )
  const votes = new Map<string, Map<number, number>>()
  for (const { kind, gateway, peer, start_ms } of sample.sessions) {
    if (kind !== 'vpn' || gateway === '') continue
    const hosts = new Set(
      (bySource.get(peer) ?? []).filter((flow) => Math.abs(flow.start_ms - start_ms) <= 60_000).map((flow) => flow.dst),
    )
    const counts = votes.get(gateway) ?? new Map<number, number>()
    for (const host of hosts) counts.set(host, (counts.get(host) ?? 0) + 1)
    votes.set(gateway, counts)
  }
  const found = new Map<number, { name: string; because: string[] }>()
  for (const [gateway, counts] of votes) {
    const [best] = [...counts].sort(([, a], [, b]) => b - a)
    if (best && !found.has(best[0]))
      found.set(best[0], {
        name: gateway,
        because: [`${plural(best[1], 'session')} of gateway ${gateway} begin with a tunnel to it`],
      })
  }
  return found
}

/**
 * A proposal as the text of a `weir.yaml`. Every value goes through the YAML library, which quotes what needs it, and
 * every comment is stripped of what could end its line: paths and names come from logs, and attackers write into logs.
 */
import { Document, isMap, isSeq, type Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml'
import { countText, dateText, plain, plural, shareText } from '../../model/amount-text.ts'
import { formatNetwork } from '../../model/network.ts'
import { version } from '../version.ts'
import type { Proposal } from './proposal.ts'
import type { Sample } from './sample.ts'

const commentWidth = 92

export function proposalYaml(proposal: Proposal, sample: Sample): string {
  const { networks, pools, hosts, vaults, sensors } = proposal
  const document = new Document({})
  const top = document.contents as unknown as YAMLMap
  document.commentBefore = comment(headLines(proposal, sample))

  const site = new YAMLMap()
  append(site, 'name', scalar('site'), ['The name of the centre, for people.'])
  append(site, 'timezone', scalar('UTC'), [
    'For sources that state no zone. The times in these logs count from 1970 in UTC: nothing to guess from.',
  ])
  append(
    site,
    'networks',
    list(networks.networks.map(({ network, because }) => commented(scalar(formatNetwork(network)), because))),
    [
      `Inside; what is not here is outside. ${countText(networks.covered)} of ${countText(networks.flows)} flows have an end in here${pools.pools.length > 0 ? ' or in a VPN pool' : ''} (${shareText(networks.covered, networks.flows)}).`,
    ],
  )
  if (pools.pools.length > 0) {
    append(
      site,
      'vpn_pools',
      list(
        pools.pools.map(({ gateway, networks: leased, inner_flows, because }) =>
          commented(
            entry({
              gateway: scalar(gateway),
              networks: flowList(leased.map(formatNetwork)),
              inner_flows: scalar(inner_flows),
            }),
            because,
          ),
        ),
      ),
      ['Leased to people who are elsewhere: what reaches these addresses has left.'],
    )
  }
  append(top, 'site', site)

  if (hosts.hosts.length > 0) {
    const entries = hosts.hosts.map(({ name, addresses, role, because }) =>
      commented(entry({ name: scalar(name), addresses: flowList(addresses), role: scalar(role) }), because),
    )
    append(
      top,
      'hosts',
      list(entries),
      [
        'Hosts that were seen at work; hosts of one role are compared with each other. A name with an address in it ' +
          'means that no log tells the name: put the real one there, as logs are matched by it.',
      ],
      true,
    )
  }
  if (sensors.length > 0) {
    const entries = sensors.map(({ id, match, segment, accounts, because }) =>
      commented(
        entry({ id: scalar(id), match: scalar(match), segment: scalar(segment), accounts: scalar(accounts) }),
        because,
      ),
    )
    append(
      top,
      'sensors',
      list(entries),
      ['Several directories hold flows. Of sensors that see the same bytes only one may account.'],
      true,
    )
  }
  if (vaults.vaults.length > 0) {
    const entries = vaults.vaults.map(({ id, paths, buckets, because }) =>
      commented(
        entry({
          id: scalar(id),
          ...(paths.length > 0 ? { paths: flowList(paths) } : {}),
          ...(buckets.length > 0 ? { buckets: flowList(buckets) } : {}),
        }),
        because,
      ),
    )
    append(
      top,
      'vaults',
      list(entries),
      [
        'Datasets that somebody would miss: top directories and buckets of the transfer logs. Add to each what no log ' +
          'tells: project, client_org (whom to tell if it leaves), sensitivity, size_bytes.',
      ],
      true,
    )
  }
  document.comment = comment([
    'Agreed egress goes here, so that what is left over is worth a look:',
    'expectations:',
    '  - {id: EXP-1, vaults: [ID], accounts: [NAME], peers: [198.51.100.0/24], until: 2027-12-31}',
  ])
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

function headLines({ networks }: Proposal, sample: Sample): string[] {
  const others = sample.files_read + sample.files_passed === sample.files_found && sample.files_passed > 0
  const stopped = sample.cut === 'time' ? ' Time was up before every file had its turn.' : ''
  return [
    `Proposed by weir ${version} from a sample: ${countText(sample.flows.length)} flows with payload and ` +
      `${countText(sample.records - sample.flows.length)} other records from ${countText(sample.files_read)} of ` +
      `${plural(sample.files_found, 'file')}${others ? ' (the others tell nothing of this)' : ''}, ${dateText(sample.start_ms)} to ${dateText(sample.end_ms)} (UTC).${stopped}`,
    'A proposal, not a measurement: each entry says what it rests on. Check the networks first, because they decide ' +
      'what is egress, and a state that was begun under other networks cannot go on under new ones.',
    ...networks.remarks.map((remark) => `Mind: ${remark}.`),
  ]
}

/** `spaced`: an empty line before it. */
function append(map: YAMLMap, key: string, value: Node, about: readonly string[] = [], spaced = false): void {
  const keyNode = new Scalar(key)
  if (about.length > 0) keyNode.commentBefore = comment(about)
  keyNode.spaceBefore = spaced
  map.add(new Pair(keyNode, value))
}

function list(items: readonly Node[]): YAMLSeq {
  const seq = new YAMLSeq()
  seq.items.push(...items)
  return seq
}

function flowList(texts: readonly string[]): YAMLSeq {
  const seq = list(texts.map(scalar))
  seq.flow = true
  return seq
}

function entry(values: Record<string, Node>): YAMLMap {
  const map = new YAMLMap()
  for (const [key, value] of Object.entries(values)) map.add(new Pair(new Scalar(key), value))
  map.flow = true
  return map
}

/** IPv6 is quoted although it need not be: people copy it to where it must. */
function scalar(value: string | boolean): Scalar {
  const node = new Scalar(value)
  if (typeof value === 'string' && value.includes(':')) node.type = 'QUOTE_DOUBLE'
  return node
}

function commented<N extends Node>(node: N, lines: readonly string[]): N {
  if (isMap(node) || isSeq(node) || node instanceof Scalar) node.commentBefore = comment(lines)
  return node
}

/** Lines of a comment, each begun with a blank and broken between words; nothing in it can end the comment. */
function comment(lines: readonly string[]): string {
  return lines
    .map((line) => plain(line).replaceAll('\n', '\\n'))
    .flatMap((line) => wrapped(line))
    .map((line) => ` ${line}`)
    .join('\n')
}

function wrapped(line: string): string[] {
  if (line.length <= commentWidth || line.startsWith(' ')) return [line]
  const cut = line.lastIndexOf(' ', commentWidth)
  return cut <= 0 ? [line] : [line.slice(0, cut), ...wrapped(line.slice(cut + 1))]
}

/** The sections of the page after the first, each a question with its tables. */
import type { Census, PeerRow } from '../../app/census/report/census-report.ts'
import { dateText } from '../../model/amount-text.ts'
import { type Cell, type Html, html, type PageColumn, tableHtml } from '../html/html.ts'
import { bytesText, countText, plural, shareText, timeText } from '../text.ts'
import { channelText, copiesText, countriesText, dayText, levelText, maturityOf, rejectedBySource } from './words.ts'

export interface PageSection {
  id: string
  title: string
  lead: string
  body: Html
}

export function sections(census: Census): PageSection[] {
  return [
    whereSection(census),
    copiesSection(census),
    manyHosts(census),
    manyNetworks(census),
    sharedKeys(census),
    recipients(census),
    unmapped(census),
    sensors(census),
    maturity(census),
    notSeen(census),
  ]
}

const left = (title: string): PageColumn => ({ title })
const right = (title: string): PageColumn => ({ title, right: true })
const none = (text: string): Html => html`<p class="none">${text}</p>`
const bytes = (amount: bigint | null): Cell => ({ number: amount === null ? '–' : bytesText(amount) })
const count = (amount: number | bigint): Cell => ({ number: countText(amount) })

function whereSection({ where, ledger }: Census): PageSection {
  const part = (bytes_out: bigint): Cell => ({
    number: bytesText(bytes_out),
    share: ledger.bytes_out === 0n ? 0 : Number((bytes_out * 10_000n) / ledger.bytes_out) / 10_000,
  })
  const share = (bytes_out: bigint): Cell => ({ number: shareText(bytes_out, ledger.bytes_out) })
  const sums = [right('Out'), right('Share'), right('In'), right('Flows')]
  type Row = { bytes_out: bigint; bytes_in: bigint; flows: bigint }
  const cells = ({ bytes_out, bytes_in, flows }: Row): Cell[] => [
    part(bytes_out),
    share(bytes_out),
    bytes(bytes_in),
    count(flows),
  ]
  const tables = [
    tableHtml(
      'By host',
      [left('Host'), left('Role'), ...sums],
      where.by_host.map((row) => [{ name: row.host }, row.role, ...cells(row)]),
    ),
    tableHtml(
      'By service',
      [left('Service'), ...sums],
      where.by_service.map((row) => [{ name: row.service }, ...cells(row)]),
    ),
    tableHtml(
      'By role of the host',
      [left('Role'), right('Hosts'), ...sums],
      where.by_role.map((row) => [{ name: row.role }, count(row.hosts), ...cells(row)]),
    ),
    tableHtml(
      'By account (a transfer log names bytes, not flows)',
      [left('Account'), right('Out'), right('Share')],
      where.by_account
        .filter((row) => row.bytes_out > 0n)
        .map((row) => [{ name: row.account }, part(row.bytes_out), share(row.bytes_out)]),
    ),
    tableHtml(
      'Largest peers',
      [left('Peer'), right('Hosts'), ...sums],
      where.by_peer.map((row) => [{ name: row.peer }, count(row.hosts), ...cells(row)]),
    ),
    tableHtml(
      'Largest networks (/24, /48)',
      [left('Network'), right('Peers'), right('Hosts'), ...sums],
      where.by_network.map((row) => [{ name: row.network }, count(row.peers), count(row.hosts), ...cells(row)]),
    ),
  ]
  return {
    id: 'where',
    title: 'Where the bytes went',
    lead: 'Bytes that left, by who sent and who received. Inside and outside follow from the networks of the configuration alone. At most 20 rows a table.',
    body: ledger.flows === 0n && ledger.bytes_out === 0n ? none('Nothing crossed the border.') : html`${tables}`,
  }
}

function copiesSection({ copies_out }: Census): PageSection {
  const { by, rows, places, transfer_bytes_out } = copies_out
  const byVault = by === 'vault'
  const columns = byVault
    ? [
        left('Vault'),
        right('Copies out'),
        right('Logged'),
        right('Carried'),
        right('Size'),
        right('Transfers'),
        left('First'),
        left('Last'),
      ]
    : [left('Directory or bucket'), right('Logged'), right('Transfers'), left('First'), left('Last')]
  return {
    id: 'copies',
    title: 'Copies out',
    lead: byVault
      ? `Logged: what transfer logs say has left, ${bytesText(transfer_bytes_out)} in all. Carried: what of it flows were seen to carry. Copies out = logged ÷ size_bytes of the vault. ${plural(places, 'vault')} configured.`
      : `What transfer logs say has left, by directory: no vaults are configured. ${bytesText(transfer_bytes_out)} in all.`,
    body:
      rows.length === 0
        ? none('No transfer log says that anything left.')
        : tableHtml(
            byVault ? 'By vault, most copies first' : 'By directory or bucket',
            columns,
            rows.map((row): Cell[] => {
              const times: Cell[] = [{ short: dayText(row.first_ms) }, { short: dayText(row.last_ms) }]
              return byVault
                ? [
                    { name: row.name },
                    { number: copiesText(row.copies) },
                    bytes(row.transfer_bytes_out),
                    bytes(row.carried_bytes_out),
                    bytes(row.size_bytes),
                    count(row.transfers),
                    ...times,
                  ]
                : [{ name: row.name }, bytes(row.transfer_bytes_out), count(row.transfers), ...times]
            }),
          ),
  }
}

const peerColumns = [
  left('Peer'),
  right('Hosts'),
  right('Out'),
  right('In'),
  right('Flows'),
  left('First seen'),
  left('Last seen'),
]

function peerCells(row: PeerRow): Cell[] {
  return [
    { name: row.peer },
    count(row.hosts),
    bytes(row.bytes_out),
    bytes(row.bytes_in),
    count(row.flows),
    { short: timeText(row.first_ms) },
    { short: timeText(row.last_ms) },
  ]
}

function manyHosts({ peers_of_many_hosts: { rows, networks } }: Census): PageSection {
  const networkRows = networks.map((row): Cell[] => [
    { name: row.network },
    count(row.hosts),
    count(row.peers),
    bytes(row.bytes_out),
    bytes(row.bytes_in),
    count(row.flows),
  ])
  return {
    id: 'many-hosts',
    title: 'Peers drawing from many hosts',
    lead: 'Distinct inside hosts that sent bytes to one peer, or to one network. Name servers and mirrors that everybody uses stand here too: the bytes tell them apart.',
    body:
      rows.length === 0 && networks.length === 0
        ? none('No peer drew from more than one host.')
        : html`${tableHtml('By peer', peerColumns, rows.map(peerCells))}${tableHtml('By network (/24, /48)', [left('Network'), right('Hosts'), right('Peers'), right('Out'), right('In'), right('Flows')], networkRows)}`,
  }
}

function manyNetworks({ accounts }: Census): PageSection {
  const inCountries = accounts.rows.some(({ countries }) => countries !== undefined)
  const spread = accounts.by_networks.map((row): Cell[] => [{ number: countText(row.networks) }, count(row.accounts)])
  return {
    id: 'accounts',
    title: 'Accounts by number of networks',
    lead: `From how many networks (/24, /48) sessions and leases of an account came. ${plural(accounts.seen, 'account')} seen in session and lease records.`,
    body:
      accounts.seen === 0
        ? none('No session or lease names an account.')
        : html`${tableHtml(
            'Accounts, most networks first',
            [
              left('Account'),
              right('Networks'),
              right('Addresses'),
              right('Sessions and leases'),
              ...(inCountries ? [left('Countries')] : []),
              left('First'),
              left('Last'),
            ],
            accounts.rows.map((row): Cell[] => [
              { name: row.account },
              count(row.networks),
              count(row.addresses),
              count(row.sessions),
              ...(inCountries ? [{ name: countriesText(row) }] : []),
              { short: dateText(row.first_ms) },
              { short: dateText(row.last_ms) },
            ]),
          )}${tableHtml('How many accounts came from how many networks', [right('Networks'), right('Accounts')], spread)}`,
  }
}

function sharedKeys({ shared_keys: { rows, shared, seen } }: Census): PageSection {
  const kinds = { key_fp: 'SSH key', client_fp: 'client fingerprint' }
  return {
    id: 'keys',
    title: 'One key or fingerprint, several accounts',
    lead: `${plural(seen.key_fp, 'SSH key')} and ${plural(seen.client_fp, 'client fingerprint')} seen with an account; ${countText(shared)} with more than one. One key belongs to one person, as a rule; a client fingerprint may be a program that many use.`,
    body:
      rows.length === 0
        ? none('None is used by several accounts.')
        : tableHtml(
            'Most accounts first, keys before fingerprints',
            [left('Fingerprint'), left('Kind'), right('Accounts'), left('Among them')],
            rows.map((row): Cell[] => [
              { name: row.fingerprint },
              { short: kinds[row.kind] },
              count(row.accounts),
              { name: row.names.slice(0, 8).join(' ') },
            ]),
          ),
  }
}

function recipients({
  first_time_recipients: { rule, since_ms, min_bytes_out, peers_since, rows },
}: Census): PageSection {
  if (since_ms === null)
    return { id: 'recipients', title: 'First-time recipients', lead: '', body: none('No flow crossed the border.') }
  const since = ` (from ${timeText(since_ms)} on): ${plural(peers_since, 'peer')}`
  return {
    id: 'recipients',
    title: 'First-time recipients',
    lead: `Peers that drew ${bytesText(min_bytes_out)} and more and were ${rule}${since}. A log knows only what it spans: such a peer may be an old friend.`,
    body: rows.length === 0 ? none('None.') : tableHtml('Most bytes first', peerColumns, rows.map(peerCells)),
  }
}

function unmapped({ copies_out }: Census): PageSection {
  const { unmapped: rows, unmapped_bytes_out, unmapped_places, transfer_bytes_out, unplaced } = copies_out
  const lost =
    unplaced.transfers === 0
      ? ''
      : ` ${plural(unplaced.transfers, 'transfer')} (${bytesText(unplaced.bytes)}) state no peer and are not among them.`
  return {
    id: 'unmapped',
    title: 'Transfers out of no vault',
    lead:
      transfer_bytes_out === 0n
        ? `No transfer log says that anything left.${lost}`
        : `${bytesText(unmapped_bytes_out)} (${shareText(unmapped_bytes_out, transfer_bytes_out)} of what transfer logs say left) came out of paths and buckets of no vault, ${countText(unmapped_places)} in all.${lost}`,
    body:
      rows.length === 0
        ? none('None.')
        : tableHtml(
            'By directory (two steps) or bucket',
            [left('Directory or bucket'), right('Logged'), right('Transfers')],
            rows.map((row): Cell[] => [{ name: row.name }, bytes(row.bytes_out), count(row.transfers)]),
          ),
  }
}

function sensors(census: Census): PageSection {
  const gaps = census.sensors.flatMap((row) => row.gaps.slice(0, 20))
  const rejected = rejectedBySource(census).slice(0, 40)
  const parts = [
    tableHtml(
      'Sensors',
      [
        left('Sensor'),
        right('Flows'),
        right('Without payload'),
        left('First'),
        left('Last'),
        right('Silent hours'),
        right('Gaps'),
      ],
      census.sensors.map((row): Cell[] => [
        { name: row.accounts ? row.sensor : `${row.sensor} (corroborates)` },
        count(row.flows),
        count(row.probes),
        { short: timeText(row.first_ms) },
        { short: timeText(row.last_ms) },
        count(row.silent_hours),
        count(row.gaps.length),
      ]),
    ),
    ...(gaps.length === 0
      ? []
      : [
          tableHtml(
            'Gaps',
            [left('Sensor'), left('From'), left('To')],
            gaps.map((gap): Cell[] => [
              { name: gap.source },
              { short: timeText(gap.start_ms) },
              { short: timeText(gap.end_ms) },
            ]),
          ),
        ]),
    ...(rejected.length === 0
      ? []
      : [
          tableHtml(
            'Rejected records',
            [left('File'), left('Reason'), right('Records')],
            rejected.map((row): Cell[] => [{ name: row.path }, row.reason, count(row.records)]),
          ),
        ]),
    ...(census.passed_over.length === 0
      ? []
      : [
          tableHtml(
            'Files passed over',
            [left('File'), left('Why')],
            census.passed_over
              .slice(0, 40)
              .map((row): Cell[] => [{ name: row.path }, row.reason.split(' (looked for')[0]]),
          ),
        ]),
  ]
  return {
    id: 'sensors',
    title: 'Sensors and their gaps',
    lead: 'Silent hours are whole hours between first and last record in which a sensor logged nothing. A gap is an hour of silence of a sensor that fills nine ticks of ten minutes in ten, a day of any other. Silence in a gap proves nothing.',
    body: census.sensors.length === 0 && parts.length === 1 ? none('No flow sensor.') : html`${parts}`,
  }
}

function maturity(census: Census): PageSection {
  const { scales, pools, blind } = maturityOf(census)
  const { observed_days, observed_hours } = census.maturity
  const dates = scales.map((row): Cell[] => [
    row.scale,
    channelText[row.channel],
    count(row.ticks),
    levelText[row.level],
    { short: dayText(row.weak_from_ms) },
    { short: dayText(row.mature_from_ms) },
  ])
  const columns = [
    left('Tick'),
    left('What'),
    right('Ticks so far'),
    left('Now'),
    left('Weak from'),
    left('Mature from'),
  ]
  const parts = [
    ...(dates.length === 0 ? [] : [tableHtml(`Pools: ${pools.join(', ')}`, columns, dates)]),
    ...(blind.length === 0
      ? []
      : [
          tableHtml(
            'Blind pools',
            [left('Pool'), left('Needs')],
            blind.map((row): Cell[] => [row.pool, row.lacks]),
          ),
        ]),
  ]
  return {
    id: 'maturity',
    title: 'When what can be judged',
    lead: `${plural(observed_hours, 'hour')} on ${plural(observed_days, 'day')} observed. Tests of policy (budgets, copies out, one key over several accounts) need no history. A pool is weak after 14 days of hours or 28 days, mature after 28 days of hours or 90 days that it is ranked among; for 30 days every peer is of unknown age, so that novelty has no reference before. Dates hold if these logs go on without a gap: weir analyze then judges by the same count.`,
    body: html`${parts}`,
  }
}

function notSeen({ not_seen }: Census): PageSection {
  return {
    id: 'not-seen',
    title: 'What could not be seen',
    lead: '',
    body:
      not_seen.length === 0
        ? none('Nothing that these logs do not show.')
        : html`<ul class="plain">${not_seen.map(({ text }) => html`<li>${text}</li>`)}</ul>`,
  }
}

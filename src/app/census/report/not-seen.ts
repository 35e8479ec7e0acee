/** What these logs cannot show: said once, in plain words, with the number it rests on. */
import type { Config } from '../../../config/config-schema.ts'
import { bytesText, countText, plural, shareText } from '../../../model/amount-text.ts'
import type { ContextType } from '../../../store/store.ts'
import type { MemoryStore } from '../memory-store.ts'
import type { Census, NotSeen } from './census-report.ts'

export function notSeen(
  census: Omit<Census, 'not_seen'>,
  store: MemoryStore,
  config: Config,
  configured: boolean,
): NotSeen[] {
  const found: NotSeen[] = []
  const say = (when: boolean, id: string, text: string): void => {
    if (when) found.push({ id, text })
  }
  const records = (type: ContextType): number => store.context[type].size
  const { ledger, copies_out, not_egress, sources } = census
  say(
    !configured,
    'no_configuration',
    'No configuration: inside is taken to be 10/8, 172.16/12, 192.168/16 and fc00::/7, and no host has a role.',
  )
  const inside =
    not_egress.internal_bytes > 0n ? `; ${bytesText(not_egress.internal_bytes)} moved between inside addresses` : ''
  say(ledger.flows === 0n, 'no_egress', `No flow crossed the border${inside}: are the inside networks right?`)
  say(
    ledger.bytes_out === 0n && ledger.bytes_in > 0n,
    'only_in',
    'Bytes came in and none left: are the inside networks right?',
  )
  const leases = records('lease') + sessionsOf(store, 'vpn')
  say(leases === 0, 'no_leases', 'No VPN sessions or leases: who was behind a leased address stays unknown.')
  say(
    leases > 0 && config.site.vpn_pools.length === 0,
    'no_pools',
    `${plural(leases, 'VPN lease')}, but no vpn_pools in weir.yaml: what clients of the VPN pulled counts as inside.`,
  )
  say(
    records('session') - sessionsOf(store, 'vpn') === 0,
    'no_logins',
    'No login records (sshd, portal): flows of logins have no account.',
  )
  say(records('job') === 0, 'no_jobs', 'No job records: flows of compute nodes have no account or project.')
  say(
    records('transfer') === 0,
    'no_transfers',
    'No transfer logs: copies out cannot be counted, and nothing but an audit of the file system ties bytes to vaults.',
  )
  say(records('storage_read') === 0, 'no_storage', 'No storage records: what was read and did not leave stays unseen.')
  say(
    records('counter') === 0,
    'no_counters',
    'No interface counters: whether the flow logs hold all traffic of the border cannot be checked.',
  )
  say(
    config.vaults.length === 0,
    'no_vaults',
    'No vaults in weir.yaml: copies out are by directory, and no size is known.',
  )
  const unsized = config.vaults.filter(({ size_bytes }) => size_bytes === undefined).length
  say(
    unsized > 0,
    'no_size',
    `${plural(unsized, 'vault')} without size_bytes in weir.yaml: copies out cannot be counted.`,
  )
  const unnamed = ledger.bytes_out - share(ledger.bytes_out, ledger.attributed_share.account)
  say(
    ledger.bytes_out > 0n && ledger.attributed_share.account < 1,
    'unnamed',
    `${shareText(unnamed, ledger.bytes_out)} of the bytes that left (${bytesText(unnamed)}) have no account.`,
  )
  say(
    not_egress.claimed_not_seen_bytes > 0n,
    'claimed',
    `Transfer logs claim ${bytesText(not_egress.claimed_not_seen_bytes)} that no flow carried.`,
  )
  say(
    copies_out.unplaced.transfers > 0,
    'unplaced',
    `${plural(copies_out.unplaced.transfers, 'outward transfer')} (${bytesText(copies_out.unplaced.bytes)}) state no peer: where to is unknown.`,
  )
  const silent = census.sensors.filter(({ gaps }) => gaps.length > 0)
  say(
    silent.length > 0,
    'gaps',
    `${plural(silent.length, 'sensor')} fell silent in between: ${plural(
      silent.reduce((sum, { gaps }) => sum + gaps.length, 0),
      'gap',
    )}.`,
  )
  const rejected = sources.reduce((sum, source) => sum + rejectedOf(source.rejected), 0)
  say(
    rejected > 0,
    'rejected',
    `${plural(rejected, 'record')} rejected, out of ${countText(sources.reduce((sum, { records_read }) => sum + records_read, 0))}.`,
  )
  const damaged = sources.filter(({ damage }) => damage !== undefined).length
  say(damaged > 0, 'damaged', `${plural(damaged, 'file')} ended in damage: what came before was counted.`)
  say(
    census.passed_over.length > 0,
    'passed_over',
    `${plural(census.passed_over.length, 'file')} passed over, as nothing in them is known.`,
  )
  return found
}

/** Records that are wrong, not those of streams that Weir has no use for. */
export function rejectedOf(rejected: Readonly<Record<string, number>>): number {
  return Object.entries(rejected).reduce((sum, [reason, n]) => (reason === 'stream_not_used' ? sum : sum + n), 0)
}

function share(bytes: bigint, part: number): bigint {
  return (bytes * BigInt(Math.round(part * 1_000_000))) / 1_000_000n
}

function sessionsOf(store: MemoryStore, kind: string): number {
  const { data, length } = store.context.session.columns
  const code = store.texts.numberOf(kind)
  return (data.kind as Int32Array).subarray(0, length).reduce((sum, value) => sum + (value === code ? 1 : 0), 0)
}

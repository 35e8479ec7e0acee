/**
 * The context records that are laid over flows, as the store hands them back: names are ids, absent times are NaN,
 * addresses are 64-bit halves (0, 0 = not stated).
 */
export interface AddressHalves {
  hi: bigint
  lo: bigint
}

/** How long a record without an end is taken to last: leases, logins and NAT bindings a day, jobs the longest usual wall time. */
export const openEnds_ms = {
  session: 86_400_000,
  lease: 86_400_000,
  nat: 86_400_000,
  job: 30 * 86_400_000,
} as const
/** Clocks of whoever keeps such records and of the sensor may differ by this much. */
export const clockSlackMs = 5_000
/** How far back reads are counted, for how often one of a size comes by chance. */
export const readHabitMs = 3_600_000

export interface LeaseRecord {
  ip: AddressHalves
  account: number
  gateway: number
  /** The outer address of the session, if known. */
  peer: AddressHalves
  start_ms: number
  end_ms: number
}

export interface SessionRecord {
  kind: 'vpn' | 'ssh' | 'portal' | 'globus'
  account: number
  peer: AddressHalves
  peer_port: number
  host: AddressHalves
  start_ms: number
  end_ms: number
}

/** An address and port of ours outside that stood for another one inside. */
export interface NatRecord {
  inside: AddressHalves
  outside: AddressHalves
  /** 0 = all ports. */
  outside_port: number
  /** The last of a block of ports; 0 = `outside_port` alone. */
  outside_port_last: number
  start_ms: number
  end_ms: number
}

/** What an account read from storage, on which host; `vault` is an index into the site's vaults, −1 = none. */
export interface ReadRecord {
  host: AddressHalves
  account: number
  vault: number
  bytes: number
  start_ms: number
  end_ms: number
}

export interface JobRecord {
  /** The node's address, if the configuration names the host. */
  host: AddressHalves
  account: number
  project: number
  start_ms: number
  end_ms: number
}

/** What a log claims to have moved out: a transfer log, or a session that states its bytes. */
export interface TransferRecord {
  tool: number
  /** Whether it went through SSH; undefined if its tool does not tell. */
  over_ssh?: boolean
  gateway: number
  account: number
  host: AddressHalves
  peer: AddressHalves
  vault: number
  project: number
  client_org: number
  bytes: bigint
  start_ms: number
  end_ms: number
  /** Tells records apart that are equal otherwise, in the same way in every state. */
  tie: string
}

/** Map key of an address. */
export function addressKey(address: AddressHalves): bigint {
  return (address.hi << 64n) | address.lo
}

export function isStated(address: AddressHalves): boolean {
  return address.hi !== 0n || address.lo !== 0n
}

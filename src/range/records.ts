/**
 * What the simulated centre does, before any log format: one kind for each kind of log. Times are epoch ms, whole; bytes are
 * whole and seen from the centre. A record is written into the logs of the day in which it ended, as real logs are.
 */
export interface Flow {
  start_ms: number
  end_ms: number
  uid: string
  /** The centre's end as the border sees it: behind NAT, the address of the NAT. */
  inside: string
  inside_port: number
  peer: string
  peer_port: number
  from_peer: boolean
  proto: 'tcp' | 'udp'
  /** As Zeek names it; '' where it cannot tell. */
  service: string
  bytes_out: number
  bytes_in: number
  /** How the connection ended, in Zeek's words; S0 and REJ carry no payload. */
  conn_state: 'SF' | 'S0' | 'REJ' | 'RSTO'
  /** What the peer looked like, where the protocol shows it. */
  tls?: { ja4: string; server_name: string }
  ssh?: { client: string; hassh: string }
  /** Who moved the bytes; '' where no log of the centre can tell. Never written: it is the truth. */
  account: string
  /** Whether others were on the same node at the time, so that logs leave a choice. */
  several_possible?: boolean
  /** `inner`: inside a VPN tunnel, so not on the border link itself. `tunnel`: the tunnel, which is no egress of its own. */
  way: 'border' | 'inner' | 'tunnel'
  /** No sensor of flows saw it. */
  unlogged?: true
  /** 1 packet in so many was seen; bytes are what that makes of the whole, and 0 where nothing was. */
  sampling?: number
}

export interface Login {
  kind: 'login'
  start_ms: number
  end_ms: number
  host: string
  pid: number
  account: string
  peer: string
  peer_port: number
  key_fp: string
  /** Files that internal-sftp told of. */
  files: { at_ms: number; path: string; bytes_read: number }[]
}

export interface Lease {
  kind: 'lease'
  start_ms: number
  end_ms: number
  gateway: 'vpn1' | 'vpn2'
  account: string
  inner: string
  peer: string
  peer_port: number
  session: string
  bytes_out: number
  bytes_in: number
  /** The log does not tell of the end. */
  end_lost?: true
}

export interface Transfer {
  kind: 'transfer'
  start_ms: number
  end_ms: number
  host: string
  account: string
  path: string
  peer: string
  bytes: number
  streams: number
  task: string
}

export interface ObjectRead {
  kind: 'object'
  start_ms: number
  end_ms: number
  bucket: string
  object: string
  /** '' = anonymous. */
  account: string
  peer: string
  bytes: number
  trans_id: string
  user_agent: string
}

export interface Job {
  kind: 'job'
  start_ms: number
  end_ms: number
  job_id: number
  account: string
  project: string
  partition: 'batch' | 'shared'
  name: string
  nodes: string
  node_count: number
  read_bytes: number
}

export interface NatBinding {
  kind: 'nat'
  start_ms: number
  end_ms: number
  node_address: string
  node_port: number
  nat_address: string
  nat_port: number
  peer: string
  peer_port: number
}

/** A read of a file by a host at the border, as the file system's audit tells it when the file is closed. */
export interface AuditedRead {
  kind: 'read'
  start_ms: number
  end_ms: number
  host: string
  uid: number
  path: string
  bytes: number
  pid: number
}

/** A file that was written, from the same audit. */
export interface AuditedWrite extends Omit<AuditedRead, 'kind'> {
  kind: 'write'
}

/** What there is in a bucket, asked for once. */
export interface BucketListing {
  kind: 'listing'
  start_ms: number
  end_ms: number
  bucket: string
  account: string
  peer: string
  user_agent: string
  trans_id: string
}

/** An account let a client of Globus act in its name. */
export interface Consent {
  kind: 'consent'
  start_ms: number
  end_ms: number
  account: string
  peer: string
}

export type OtherRecord =
  | (Login | Lease | Transfer | ObjectRead | Job | NatBinding | AuditedRead)
  | (AuditedWrite | BucketListing | Consent)

/** Takes what a part of the centre did; parts never read what others put in. */
export interface Sink {
  /** As it is logged. */
  flow(flow: Flow): void
  put(record: OtherRecord): void
  /** Every flow as it truly was, before `flow`, whether any log tells of it or not: what the link itself counts. */
  crossed?(flow: Flow): void
}

/**
 * The neutral observation types: what every source, whatever its format, hands to the next station.
 * One table of columns per type; `Columns` keeps them as typed arrays, the store makes its staging tables from the
 * same definitions, so that adding a column is one line here.
 *
 * Kinds and units:
 * - `time`     epoch milliseconds, UTC, as float64; NaN = not stated
 * - `offset`   a byte position, as float64
 * - `address`  128 bits; IPv4 as ::ffff:a.b.c.d (RFC 4291 §2.5.5.2); `::` = not stated
 * - `count`    0 … 2^63 − 1, exact
 * - `port`     0 … 65535; `u8`, `u32` small integers
 * - `hash`     64 bits of a hash; 0 = not stated
 * - `name`     short text of few distinct values, as a code of the batch's `names`; 0 = not stated
 * - `text`     any text; '' = not stated
 */
export type ColumnKind = 'time' | 'offset' | 'address' | 'count' | 'port' | 'u8' | 'u32' | 'hash' | 'name' | 'text'

export type ColumnTable = Readonly<Record<string, ColumnKind>>

/** `offset` is the byte offset of the record in its decompressed file: the way back to the raw line. */
export const observationTables = {
  flow: {
    start_ms: 'time',
    end_ms: 'time',
    available_ms: 'time',
    src: 'address',
    dst: 'address',
    src_port: 'port',
    dst_port: 'port',
    proto: 'u8',
    service: 'name',
    bytes_src: 'count',
    bytes_dst: 'count',
    packets_src: 'count',
    packets_dst: 'count',
    wire_bytes_src: 'count',
    wire_bytes_dst: 'count',
    missed_bytes: 'count',
    sampling: 'u32',
    sensor: 'name',
    client_fp: 'name',
    uid: 'hash',
    flags: 'u8',
    offset: 'offset',
  },
  session: {
    kind: 'name',
    account: 'name',
    peer: 'address',
    peer_port: 'port',
    assigned: 'address',
    host: 'address',
    host_name: 'name',
    gateway: 'name',
    start_ms: 'time',
    end_ms: 'time',
    key_fp: 'name',
    client_fp: 'name',
    bytes_out: 'count',
    bytes_in: 'count',
    /** What the records of one session share, where it is told in parts: the log's own session id, process or 4-tuple. */
    sid: 'hash',
    /** One of `sessionParts`. */
    part: 'u8',
    offset: 'offset',
  },
  transfer: {
    tool: 'name',
    account: 'name',
    host: 'address',
    host_name: 'name',
    peer: 'address',
    path: 'text',
    bucket: 'name',
    object: 'text',
    direction: 'name',
    bytes: 'count',
    start_ms: 'time',
    end_ms: 'time',
    task_id: 'text',
    /** The session that moved it, for logs that name account and peer only there. */
    sid: 'hash',
    offset: 'offset',
  },
  /** One row per node of the job, so that a join by node needs no list. */
  job: {
    job_id: 'text',
    account: 'name',
    project: 'name',
    node: 'name',
    start_ms: 'time',
    end_ms: 'time',
    offset: 'offset',
  },
  storage_read: {
    path: 'text',
    vault: 'name',
    account: 'name',
    host: 'address',
    host_name: 'name',
    job_id: 'text',
    bytes: 'count',
    /** Set where `bytes` is a counter that grows: the records of one counter share it, the largest counts. */
    sid: 'hash',
    start_ms: 'time',
    end_ms: 'time',
    offset: 'offset',
  },
  counter: {
    link: 'name',
    octets_out: 'count',
    octets_in: 'count',
    start_ms: 'time',
    end_ms: 'time',
    offset: 'offset',
  },
  lease: { ip: 'address', account: 'name', peer: 'address', start_ms: 'time', end_ms: 'time', offset: 'offset' },
  nat: {
    inside: 'address',
    inside_port: 'port',
    outside: 'address',
    outside_port: 'port',
    /** The last of a block of ports; 0 = `outside_port` alone. */
    outside_port_last: 'port',
    start_ms: 'time',
    end_ms: 'time',
    offset: 'offset',
  },
  /** What a client looked like on one connection: `kind` is ssl, ssh or http; joined to flows by `uid`. */
  fingerprint: {
    kind: 'name',
    uid: 'hash',
    client_fp: 'name',
    start_ms: 'time',
    content: 'hash',
    offset: 'offset',
  },
} as const satisfies Readonly<Record<string, ColumnTable>>

export type ObservationType = keyof typeof observationTables
export const observationTypes = Object.keys(observationTables) as ObservationType[]

/**
 * What a session record tells: all of it; that it was `opened` (the end is told elsewhere, if ever); that it was `closed`
 * (start_ms = end_ms = then; of the rest only what the line repeats).
 */
export const sessionParts = { whole: 0, opened: 1, closed: 2 } as const

/** Bits of a flow's `flags`. */
export const flowFlags = {
  /** The source did not state bytes_src (counted as 0, upper bound from wire bytes where known). */
  bytesSrcUnknown: 1,
  bytesDstUnknown: 2,
  /** Counts are IP bytes, not payload. */
  ipBytes: 4,
  /** wire_bytes_* are stated. */
  wireKnown: 8,
} as const

/** Why a record was not accepted: a closed set, in the words that `analyze` and `doctor` print. */
export const rejectReasons = [
  'malformed',
  'missing_field',
  'bad_time',
  'time_out_of_range',
  'bad_address',
  'bad_port',
  'bad_count',
  'count_out_of_range',
  'bad_value',
  'unknown_type',
  'line_too_long',
  'before_header',
  'truncated',
  'stream_not_used',
] as const
export type RejectReason = (typeof rejectReasons)[number]

/** Times outside [1990-01-01, 2100-01-01) are nobody's log: clocks at zero, or milliseconds taken for seconds. */
export const earliestMs = 631_152_000_000
export const latestMs = 4_102_444_800_000
/** A record may not claim to last longer than this: two years. */
export const longestMs = 2 * 366 * 86_400_000

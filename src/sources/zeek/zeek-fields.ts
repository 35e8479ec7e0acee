/**
 * The fields that Weir reads from Zeek's logs, by number, with every spelling in use: `id.orig_h` in TSV and flat or
 * nested JSON, `id_orig_h` after shippers that dislike dots.
 */
const spellings = {
  ts: ['ts'],
  uid: ['uid'],
  origHost: ['id.orig_h', 'id_orig_h'],
  origPort: ['id.orig_p', 'id_orig_p'],
  respHost: ['id.resp_h', 'id_resp_h'],
  respPort: ['id.resp_p', 'id_resp_p'],
  proto: ['proto'],
  ipProto: ['ip_proto'],
  service: ['service'],
  duration: ['duration'],
  origBytes: ['orig_bytes'],
  respBytes: ['resp_bytes'],
  missedBytes: ['missed_bytes'],
  origPackets: ['orig_pkts'],
  respPackets: ['resp_pkts'],
  origIpBytes: ['orig_ip_bytes'],
  respIpBytes: ['resp_ip_bytes'],
  connState: ['conn_state'],
  writeTs: ['_write_ts'],
  path: ['_path'],
  stream: ['@stream'],
  ja3: ['ja3'],
  ja4: ['ja4'],
  hassh: ['hassh'],
  client: ['client'],
  userAgent: ['user_agent'],
  transDepth: ['trans_depth'],
  name: ['name'],
} as const satisfies Record<string, readonly string[]>

type ZeekField = keyof typeof spellings

export const zeekFields: readonly (readonly string[])[] = Object.values(spellings)

/** Field numbers. Written out by name because they index typed arrays in the hot path. */
export const zeek = Object.fromEntries(Object.keys(spellings).map((name, i) => [name, i])) as Record<ZeekField, number>

const numberBySpelling = new Map(zeekFields.flatMap((names, field) => names.map((name) => [name, field] as const)))

/** The number of a column by its name in `#fields`, or −1. */
export function zeekFieldOf(column: string): number {
  return numberBySpelling.get(column) ?? -1
}

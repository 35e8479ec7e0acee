/** Lines of Zeek's conn log, tab separated, one value at a time. */

const fields = {
  ts: '1767225600.000000',
  uid: 'C1',
  'id.orig_h': '10.0.0.5',
  'id.orig_p': '40000',
  'id.resp_h': '198.51.100.7',
  'id.resp_p': '443',
  proto: 'tcp',
  service: 'ssl',
  duration: '1.500000',
  orig_bytes: '1000',
  resp_bytes: '200',
  conn_state: 'SF',
  missed_bytes: '0',
  orig_pkts: '10',
  orig_ip_bytes: '1500',
  resp_pkts: '5',
  resp_ip_bytes: '400',
}
export type ConnValues = Partial<Record<keyof typeof fields, string | number | bigint>>

/** 2026-01-01T00:00:00Z, in seconds: when lines are, unless they say otherwise. */
export const newYear_s = 1_767_225_600

export const connHeader = [
  '#separator \\x09',
  '#set_separator\t,',
  '#empty_field\t(empty)',
  '#unset_field\t-',
  '#path\tconn',
  `#fields\t${Object.keys(fields).join('\t')}`,
  '',
].join('\n')

export function connLine(values: ConnValues = {}): string {
  return `${Object.values({ ...fields, ...values }).join('\t')}\n`
}

/** A log of so many connections, a second apart; 1,000 bytes leave with each. */
export function connLog(count: number, more: (i: number) => ConnValues = () => ({})): string {
  const lines = Array.from({ length: count }, (_, i) =>
    connLine({ ts: `${newYear_s + i}.000000`, uid: `C${i}`, ...more(i) }),
  )
  return connHeader + lines.join('')
}

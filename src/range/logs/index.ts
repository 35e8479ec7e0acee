/** Every log format that the range writes. */
import { cephRgw } from './ceph-rgw.ts'
import { conntrack } from './conntrack.ts'
import { gridftp } from './gridftp.ts'
import type { LogFormat } from './log.ts'
import { consents, sampledFlows } from './neutral-events.ts'
import { radius } from './radius.ts'
import { slurm } from './slurm.ts'
import { gpfs, lustre } from './storage.ts'
import { openvpn, sshd } from './syslog.ts'
import { zeek } from './zeek.ts'

export const logFormats: readonly LogFormat[] = [
  zeek,
  sshd,
  openvpn,
  radius,
  gridftp,
  slurm,
  cephRgw,
  lustre,
  gpfs,
  conntrack,
  consents,
  sampledFlows,
]

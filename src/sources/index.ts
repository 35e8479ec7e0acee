/** The formats that Weir reads, in the order in which they are asked. */
import type { SourceContext, SourceFormat } from '../model/source.ts'
import { gpfsAudit } from './cluster/gpfs-audit.ts'
import { lustreChangelog } from './cluster/lustre-changelog.ts'
import { lustreJobStats } from './cluster/lustre-job-stats.ts'
import { natLog } from './cluster/nat-log.ts'
import { slurmJson } from './cluster/slurm-json.ts'
import { slurmSacct } from './cluster/slurm-sacct.ts'
import { auditd } from './login/auditd.ts'
import { jupyterhub } from './login/jupyterhub.ts'
import { openVpnLog } from './login/openvpn-log.ts'
import { openVpnStatus } from './login/openvpn-status.ts'
import { radiusDetail } from './login/radius-detail.ts'
import { syslog } from './login/syslog.ts'
import { wireGuardDump } from './login/wireguard-dump.ts'
import { neutral } from './neutral/neutral.ts'
import { cephRgw } from './transfer/ceph-rgw.ts'
import { cloudtrailDocument, cloudtrailLines } from './transfer/cloudtrail.ts'
import { globusTaskCsv, globusTaskLines, globusTasks } from './transfer/globus-tasks.ts'
import { gridftp } from './transfer/gridftp.ts'
import { gridftpJson, gridftpJsonLines } from './transfer/gridftp-json.ts'
import { httpAccess } from './transfer/http-access.ts'
import { minioAudit } from './transfer/minio-audit.ts'
import { s3Access } from './transfer/s3-access.ts'
import { zeekConnJson } from './zeek/zeek-conn-json.ts'
import { zeekConnTsv } from './zeek/zeek-conn-tsv.ts'
import { zeekFingerprintsJson, zeekFingerprintsTsv } from './zeek/zeek-fingerprints.ts'
import { zeekOtherJson, zeekOtherTsv } from './zeek/zeek-other.ts'

export const sourceFormats: readonly SourceFormat[] = [
  zeekConnTsv,
  zeekFingerprintsTsv,
  zeekOtherTsv,
  zeekConnJson,
  zeekFingerprintsJson,
  zeekOtherJson,
  gridftp,
  gridftpJson,
  gridftpJsonLines,
  globusTasks,
  globusTaskLines,
  globusTaskCsv,
  slurmSacct,
  slurmJson,
  lustreJobStats,
  lustreChangelog,
  gpfsAudit,
  auditd,
  s3Access,
  minioAudit,
  cephRgw,
  cloudtrailLines,
  cloudtrailDocument,
  httpAccess,
  jupyterhub,
  openVpnStatus,
  openVpnLog,
  wireGuardDump,
  radiusDetail,
  syslog,
  natLog,
  neutral,
]

export interface Recognition {
  /** Undefined if the file is of no known format. */
  format: SourceFormat | undefined
}

const headBytes = 1 << 16

/** The format of a file that begins with `head`, of which the first 64 KiB are looked at. */
export function recogniseFormat(head: Uint8Array, context: SourceContext): Recognition {
  const mark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0
  const text = head.subarray(mark, headBytes)
  return { format: sourceFormats.find((format) => format.recognise(text, context)) }
}

const encodings = /, (?:tab separated|JSON(?: lines)?|CSV|delivered documents)$/

/** What a file of no known format is not, for people: each kind of log once, however many encodings it has. */
export const knownLogs: readonly string[] = [...new Set(sourceFormats.map(({ title }) => title.replace(encodings, '')))]

/** The formats that Weir reads, in the order in which they are asked. */
import type { SourceContext, SourceFormat } from '../model/source.ts'
import { auditd } from './auditd.ts'
import { cephRgw } from './ceph-rgw.ts'
import { cloudtrailDocument, cloudtrailLines } from './cloudtrail.ts'
import { globusTaskCsv, globusTaskLines, globusTasks } from './globus-tasks.ts'
import { gpfsAudit } from './gpfs-audit.ts'
import { gridftp } from './gridftp.ts'
import { gridftpJson, gridftpJsonLines } from './gridftp-json.ts'
import { httpAccess } from './http-access.ts'
import { jupyterhub } from './jupyterhub.ts'
import { lustreChangelog } from './lustre-changelog.ts'
import { lustreJobStats } from './lustre-job-stats.ts'
import { minioAudit } from './minio-audit.ts'
import { natLog } from './nat-log.ts'
import { neutral } from './neutral.ts'
import { openVpnLog } from './openvpn-log.ts'
import { openVpnStatus } from './openvpn-status.ts'
import { radiusDetail } from './radius-detail.ts'
import { s3Access } from './s3-access.ts'
import { slurmJson } from './slurm-json.ts'
import { slurmSacct } from './slurm-sacct.ts'
import { syslog } from './syslog.ts'
import { wireGuardDump } from './wireguard-dump.ts'
import { zeekConnJson } from './zeek-conn-json.ts'
import { zeekConnTsv } from './zeek-conn-tsv.ts'
import { zeekFingerprintsJson, zeekFingerprintsTsv } from './zeek-fingerprints.ts'
import { zeekOtherJson, zeekOtherTsv } from './zeek-other.ts'

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

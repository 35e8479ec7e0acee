/**
 * A login node as Debian ships it: sshd with PAM, internal-sftp that logs, rsyslog behind /dev/log writing what sshd says
 * in three framings; people with keys, and files that they may read.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import type { Stage } from './stage.ts'

export const framings = {
  traditional: 'RSYSLOG_TraditionalFileFormat',
  iso: 'RSYSLOG_FileFormat',
  rfc5424: 'RSYSLOG_SyslogProtocol23Format',
} as const
export type Framing = keyof typeof framings

export const host = 'login1'
/** The clock on the wall of the login node, one hour ahead of UTC: the traditional framing says nothing of it. */
const wallClock = 'CET-1'
export const timezone = 'Etc/GMT-1'

export function logFile(stage: Stage, framing: Framing): string {
  return `${stage.folder}/auth.${framing}.log`
}

/** `files`: absolute path → bytes. */
export async function startLoginNode(
  stage: Stage,
  people: readonly string[],
  files: Readonly<Record<string, number>>,
): Promise<void> {
  await addPeople(stage, people)
  await addFiles(stage, files)
  await startSyslog(stage)
  await stage.run(host, ['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', `${stage.folder}/host_key`])
  const config = stage.file(
    'sshd_config',
    [
      `HostKey ${stage.folder}/host_key`,
      'UsePAM yes',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PrintMotd no',
      'Subsystem sftp internal-sftp -l INFO',
      '',
    ].join('\n'),
  )
  stage.file('ssh_config', clientConfig)
  await stage.start(host, ['/usr/sbin/sshd', '-D', '-f', config], stage.listening(host, 22))
}

/** The client's command with what tells it who it is; files of root outside are not asked. */
export function asPerson(stage: Stage, account: string): string[] {
  return ['-F', `${stage.folder}/ssh_config`, '-i', `${stage.folder}/key-${account}`]
}

const clientConfig = `
StrictHostKeyChecking no
UserKnownHostsFile /dev/null
IdentitiesOnly yes
BatchMode yes
LogLevel ERROR
`

async function addPeople(stage: Stage, people: readonly string[]): Promise<void> {
  const lines = people.flatMap((name, i) => {
    const id = 20_001 + i
    const home = `/home/${name}`
    return [
      `echo '${name}:x:${id}:${id}::${home}:/bin/sh' >>/etc/passwd`,
      `echo '${name}:*:19000:0:99999:7:::' >>/etc/shadow`,
      `echo '${name}:x:${id}:' >>/etc/group`,
      `ssh-keygen -q -t ed25519 -N '' -f ${stage.folder}/key-${name}`,
      `mkdir -p -m 700 ${home}/.ssh`,
      `cp ${stage.folder}/key-${name}.pub ${home}/.ssh/authorized_keys`,
      `chown -R ${id}:${id} ${home}`,
    ]
  })
  await stage.sh(host, lines.join('\n'))
}

async function addFiles(stage: Stage, files: Readonly<Record<string, number>>): Promise<void> {
  const lines: string[] = []
  mkdirSync(`${stage.folder}/files`)
  for (const [i, [path, bytes]] of Object.entries(files).entries()) {
    const made = `${stage.folder}/files/${i}`
    writeFileSync(made, randomBytes(bytes))
    lines.push(`mkdir -p "$(dirname '${path}')"`, `cp ${made} '${path}'`, `chmod 644 '${path}'`)
  }
  await stage.sh(host, lines.join('\n'))
}

async function startSyslog(stage: Stage): Promise<void> {
  const written = Object.entries(framings).map(
    ([framing, template]) =>
      `auth,authpriv.* action(type="omfile" file="${logFile(stage, framing as Framing)}" template="${template}")`,
  )
  const config = stage.file('rsyslog.conf', ['module(load="imuxsock")', ...written, ''].join('\n'))
  const rsyslogd = ['env', `TZ=${wallClock}`, 'rsyslogd', '-n', '-f', config, '-i', '/run/rsyslogd.pid']
  await stage.start(host, rsyslogd, async () => (await stage.sh(host, 'test -S /dev/log', { anyEnd: true })).code === 0)
}

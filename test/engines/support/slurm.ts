/** A small Slurm cluster: munge, MariaDB in a folder of its own, slurmdbd, slurmctld, and a slurmd on each node. */
import { type Host, type Stage, until } from './stage.ts'

export const controller: Host = { name: 'ctl1', addresses: ['10.1.0.20'] }
export const nodes: readonly Host[] = [
  { name: 'cn001', addresses: ['10.1.2.1'] },
  { name: 'cn002', addresses: ['10.1.2.2'] },
]
/** The clock on the wall of the cluster, one hour ahead of UTC: sacct shows it, without saying so. */
const wallClock = 'CET-1'
export const timezone = 'Etc/GMT-1'

export interface Person {
  name: string
  uid: number
  project: string
}

export interface JobRequest {
  person: Person
  nodes: readonly string[]
  /** Lines of sh, run on the first node. */
  script: string
}

export class Cluster {
  readonly #stage: Stage

  constructor(stage: Stage) {
    this.#stage = stage
  }

  async start(people: readonly Person[]): Promise<void> {
    const stage = this.#stage
    await stage.sh(controller.name, files(stage.folder, people))
    stage.file('slurm.conf', slurmConf)
    // the first version asks for no controller that no plugin uses
    stage.file('cgroup.conf', 'CgroupPlugin=cgroup/v1\n')
    await Promise.all([this.#startDatabase(), this.#startMunge()])
    await this.#daemon(controller.name, ['slurmdbd', '-D'], stage.listening(controller.name, 6819))
    await this.#sacctmgr('add', 'cluster', 'stage')
    for (const project of new Set(people.map((person) => person.project)))
      await this.#sacctmgr('add', 'account', project, 'cluster=stage')
    for (const { name, project } of people)
      await this.#sacctmgr('add', 'user', name, `account=${project}`, 'cluster=stage')
    await this.#daemon(controller.name, ['slurmctld', '-D'], stage.listening(controller.name, 6817))
    await Promise.all(
      nodes.map(({ name }) => this.#daemon(name, ['slurmd', '-D', '-N', name], stage.listening(name, 6818))),
    )
    await until(async () => {
      const { stdout } = await this.#command(['sinfo', '-h', '-N', '-o', '%t'])
      return stdout === 'idle\n'.repeat(nodes.length)
    }, 'the nodes to be idle')
  }

  /** Resolves when the accounting knows of the job's end. */
  async run({ person, nodes: on, script }: JobRequest): Promise<void> {
    const user = [
      'setpriv',
      `--reuid=${person.uid}`,
      `--regid=${person.uid}`,
      '--clear-groups',
      'env',
      `HOME=/home/${person.name}`,
    ]
    const where = [`--nodelist=${on.join(',')}`, `--nodes=${on.length}`, '--chdir=/tmp', '--output=/dev/null']
    const { stdout } = await this.#command([
      ...user,
      'sbatch',
      '--parsable',
      ...where,
      `--account=${person.project}`,
      '--wrap',
      script,
    ])
    const id = stdout.trim()
    await until(async () => {
      const ended = ['sacct', '-n', '-X', '-P', '-j', id, '-o', 'State,End']
      const [state, end] = (await this.#command(ended)).stdout.trim().split('|')
      if (state !== 'COMPLETED' && !['', 'PENDING', 'RUNNING'].includes(state)) throw new Error(`job ${id} ${state}`)
      return state === 'COMPLETED' && end !== 'Unknown'
    }, `job ${id} to end`)
  }

  /** What `sacct` says of all jobs and steps. */
  async sacct(...form: string[]): Promise<string> {
    return (await this.#command(['sacct', '-a', '-D', '-S', 'now-1days', '-E', 'now+1days', ...form])).stdout
  }

  #sacctmgr(...words: string[]): Promise<unknown> {
    return this.#command(['sacctmgr', '-i', '-Q', ...words])
  }

  #command(command: readonly string[]) {
    return this.#stage.run(controller.name, ['env', ...this.#environment, ...command])
  }

  #daemon(host: string, command: readonly string[], ready: () => Promise<boolean>) {
    return this.#stage.start(host, ['env', ...this.#environment, ...command], ready)
  }

  get #environment(): string[] {
    return [`SLURM_CONF=${this.#stage.folder}/slurm.conf`, `TZ=${wallClock}`]
  }

  async #startMunge(): Promise<void> {
    const { name } = controller
    const there = async (): Promise<boolean> =>
      (await this.#stage.sh(name, 'munge -n >/dev/null 2>&1', { anyEnd: true })).code === 0
    await this.#stage.start(
      name,
      ['setpriv', '--reuid=munge', '--regid=munge', '--clear-groups', 'munged', '--foreground'],
      there,
    )
  }

  async #startDatabase(): Promise<void> {
    const { name } = controller
    const place = ['--no-defaults', '--datadir=/run/db', '--user=root']
    await this.#stage.run(name, ['mariadb-install-db', ...place, '--skip-test-db'], { timeout_seconds: 60 })
    const small = [
      '--innodb-buffer-pool-size=64M',
      '--innodb-log-file-size=16M',
      '--skip-networking',
      '--skip-grant-tables',
    ]
    const there = async (): Promise<boolean> =>
      (await this.#stage.sh(name, 'test -S /run/mysqld/mysqld.sock', { anyEnd: true })).code === 0
    await this.#stage.start(name, ['mariadbd', ...place, ...small, '--socket=/run/mysqld/mysqld.sock'], there)
  }
}

/** The daemons' folders, people, and names of hosts. */
function files(folder: string, people: readonly Person[]): string {
  return [
    `mkdir -p /run/db /run/mysqld ${nodes.map(({ name }) => `/run/slurm/${name}`).join(' ')}`,
    'install -d -o munge -g munge /run/munge /var/log/munge /var/lib/munge',
    ...[controller, ...nodes].map(({ name, addresses }) => `echo '${addresses[0]} ${name}' >>/etc/hosts`),
    ...people.flatMap(({ name, uid }) => [
      `echo '${name}:x:${uid}:${uid}::/home/${name}:/bin/sh' >>/etc/passwd`,
      `echo '${name}:x:${uid}:' >>/etc/group`,
      `install -d -o ${uid} -g ${uid} /home/${name}`,
    ]),
    `cat >${folder}/slurmdbd.conf <<'END'\n${slurmdbdConf}END`,
    `chmod 600 ${folder}/slurmdbd.conf`,
  ].join('\n')
}

const slurmdbdConf = `
AuthType=auth/munge
DbdHost=${controller.name}
SlurmUser=root
StorageType=accounting_storage/mysql
StorageHost=localhost
StorageUser=root
PidFile=/run/slurm/slurmdbd.pid
`

const slurmConf = `
ClusterName=stage
SlurmctldHost=${controller.name}
SlurmUser=root
AuthType=auth/munge
AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=${controller.name}
AccountingStorageEnforce=associations
JobAcctGatherType=jobacct_gather/linux
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SlurmdParameters=config_overrides
ReturnToService=2
StateSaveLocation=/run/slurm/state
SlurmdSpoolDir=/run/slurm/%n
SlurmctldPidFile=/run/slurm/slurmctld.pid
SlurmdPidFile=/run/slurm/slurmd-%n.pid
${nodes.map(({ name, addresses }) => `NodeName=${name} NodeAddr=${addresses[0]} CPUs=1 State=UNKNOWN`).join('\n')}
PartitionName=batch Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`

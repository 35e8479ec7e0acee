/**
 * A small centre on this machine for programs under test: namespaces of processes, mounts and networks that exist only as
 * long as this process holds them. Nothing in it is reachable from outside, nothing it writes to /etc, /var, /run, /home,
 * /root, /srv or /dev is seen outside, nothing of it has a name outside, and all of it is gone, whatever runs in it, when
 * the stage is closed or this process ends in any way: the first process inside waits for the end of a pipe from here.
 *
 * Every host has a network of its own with a cable to the router (10.1.0.1, 198.51.100.1 and their like in IPv6).
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished, type Output } from './finished.ts'

export const router = 'router'
const routerAddresses = ['10.1.0.1', 'fd00:1::1']

export interface Host {
  name: string
  /** IPv4 and IPv6 addresses, each routed to this host alone. */
  addresses: readonly string[]
}

export interface Daemon {
  /** What it has printed so far, standard output and error. */
  output(): string
  /** Ends it by its process id, and waits until it is gone. */
  stop(signal?: 'TERM' | 'INT' | 'KILL' | 'HUP'): Promise<void>
  signal(signal: string): Promise<void>
}

export class Stage {
  /** For files of the test: the same path inside and outside. */
  readonly folder = mkdtempSync(join(tmpdir(), 'weir-stage-'))
  readonly #holder: ChildProcess
  #inside_pid = 0
  #commands = 0

  private constructor() {
    chmodSync(this.folder, 0o755)
    const namespaces = ['--net', '--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child', '--mount-proc']
    // ends with its standard input, and with it everything inside: it is the first process there
    const first = this.file('first.sh', `${privateFolders}\necho ready\ncat >/dev/null\nrm -rf '${this.folder}'\n`)
    this.#holder = spawn('unshare', [...namespaces, 'sh', '-eu', first], { stdio: ['pipe', 'pipe', 'inherit'] })
  }

  static async open(hosts: readonly Host[]): Promise<Stage> {
    const stage = new Stage()
    try {
      await stage.#begun()
      stage.#inside_pid = await stage.#insidePid()
      await stage.#wire(hosts)
      return stage
    } catch (error) {
      await stage.close()
      throw error
    }
  }

  async close(): Promise<void> {
    const holder = this.#holder
    const gone =
      holder.exitCode !== null || holder.signalCode !== null
        ? undefined
        : new Promise((resolve) => holder.once('exit', resolve))
    holder.stdin?.end()
    await gone
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Writes a file below `folder`. */
  file(name: string, content: string | Uint8Array, mode = 0o644): string {
    const path = join(this.folder, name)
    writeFileSync(path, content, { mode })
    return path
  }

  /** Runs a command on a host to its end; a bad end is an error unless `anyEnd`. */
  async run(
    host: string,
    command: readonly string[],
    options: { timeout_seconds?: number; anyEnd?: boolean } = {},
  ): Promise<Output> {
    const { timeout_seconds = 30, anyEnd = false } = options
    const { child, signal } = this.#spawn(host, command)
    const timer = setTimeout(() => void signal('KILL'), timeout_seconds * 1000)
    const output = await finished(child)
    clearTimeout(timer)
    if (output.code !== 0 && !anyEnd)
      throw new Error(`${command.join(' ')} on ${host}: exit ${output.code}\n${output.stdout}${output.stderr}`)
    return output
  }

  /** The same for lines of sh. */
  sh(host: string, script: string, options: { timeout_seconds?: number; anyEnd?: boolean } = {}): Promise<Output> {
    return this.run(host, ['sh', '-eu', '-c', script], options)
  }

  /** Starts a command that goes on; resolves when `ready` holds. */
  async start(
    host: string,
    command: readonly string[],
    ready: (output: string) => boolean | Promise<boolean>,
  ): Promise<Daemon> {
    const { child, signal } = this.#spawn(host, command)
    let output = ''
    let ended = false
    child.stdout?.setEncoding('utf8').on('data', (text) => (output += text))
    child.stderr?.setEncoding('utf8').on('data', (text) => (output += text))
    const gone = finished(child).then(() => {
      ended = true
    })
    await until(async () => {
      if (ended) throw new Error(`${command.join(' ')} on ${host} has ended:\n${output}`)
      return ready(output)
    }, `${command[0]} on ${host} to be ready`).catch((error: Error) => {
      throw new Error(`${error.message}\n${output}`)
    })
    const stop = async (name = 'TERM'): Promise<void> => {
      if (!ended) await signal(name)
      await gone
    }
    return { output: () => output, stop, signal }
  }

  /** Resolves when something on the host listens on the TCP port. */
  listening(host: string, port: number): () => Promise<boolean> {
    return async () => (await this.run(host, ['ss', '-Htln', `sport = :${port}`])).stdout !== ''
  }

  /** The process has the host's name, and leaves its id inside, so that it can be ended by it. */
  #spawn(host: string, command: readonly string[]) {
    const id = `/run/stage/${++this.#commands}`
    const network = host === router ? [] : ['ip', 'netns', 'exec', host]
    const named = ['unshare', '--uts', 'sh', '-c', `hostname "$0"; echo $$ >${id}; exec "$@"`, host]
    const child = spawn('nsenter', [...this.#entry, ...network, ...named, ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const signal = async (name: string): Promise<void> => {
      const kill = `until [ -s ${id} ]; do sleep 0.02; done; kill -${name} "$(cat ${id})"`
      await finished(spawn('nsenter', [...this.#entry, 'sh', '-c', kill], { stdio: ['ignore', 'pipe', 'pipe'] }))
    }
    return { child, signal }
  }

  get #entry(): string[] {
    return ['--target', String(this.#inside_pid), '--mount', '--pid', '--net', '--uts', '--ipc']
  }

  #begun(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#holder.stdout?.once('data', () => resolve())
      this.#holder.once('error', reject)
      this.#holder.once('exit', (code) => reject(new Error(`no namespaces: unshare ended with ${code}`)))
    })
  }

  async #insidePid(): Promise<number> {
    const { stdout } = await finished(
      spawn('pgrep', ['-P', String(this.#holder.pid)], { stdio: ['ignore', 'pipe', 'pipe'] }),
    )
    return Number(stdout.trim())
  }

  async #wire(hosts: readonly Host[]): Promise<void> {
    const lines = [
      'ip link set lo up',
      addressesAtOnce,
      'sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1',
    ]
    for (const { name, addresses } of hosts) {
      const cable = cableOf(name)
      const on = `ip -n ${name}`
      lines.push(
        `ip netns add ${name}`,
        `ip netns exec ${name} ${addressesAtOnce}`,
        `ip link add ${cable} type veth peer name eth0 netns ${name}`,
        ...[`ip link set ${cable} up`, `${on} link set lo up`, `${on} link set eth0 up`],
        ...routerAddresses.map((address) => `ip address add ${whole(address)} dev ${cable}`),
      )
      for (const gateway of routerAddresses.filter((address) => addresses.some((own) => sameFamily(own, address))))
        lines.push(`${on} route add ${gateway} dev eth0`, `${on} route add default via ${gateway} dev eth0`)
      for (const address of addresses) {
        lines.push(`${on} address add ${whole(address)} dev eth0`)
        lines.push(`ip route add ${whole(address)} dev ${cable}`)
      }
    }
    await this.sh(router, lines.join('\n'))
  }
}

/** The router's end of a host's cable. */
export function cableOf(host: string): string {
  return `to-${host}`
}

/** Waits, a little at a time, until something holds. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  timeout_seconds = 30,
): Promise<void> {
  const end_ms = Date.now() + timeout_seconds * 1000
  while (!(await holds())) {
    if (Date.now() > end_ms) throw new Error(`waited ${timeout_seconds} s for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const isSix = (address: string): boolean => address.includes(':')
const sameFamily = (one: string, other: string): boolean => isSix(one) === isSix(other)
const whole = (address: string): string => `${address}/${isSix(address) ? 128 : 32}`
/** Nobody else can have an address, so there is no need to look for a second before it can be used. */
const addressesAtOnce = 'sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0'

/** What programs write to outside their own folders, covered; a device folder with what they need. */
const privateFolders = `
mount -t tmpfs -o mode=755 stage /run
mkdir -p /run/stage /run/netns /run/lock /run/sshd
for folder in etc var home root srv; do
  mkdir -p /run/stage/$folder/upper /run/stage/$folder/work
  mount -t overlay -o lowerdir=/$folder,upperdir=/run/stage/$folder/upper,workdir=/run/stage/$folder/work stage /$folder
done
mount -t tmpfs -o mode=755 stage /mnt
mknod -m 666 /mnt/null c 1 3
mknod -m 666 /mnt/zero c 1 5
mknod -m 666 /mnt/full c 1 7
mknod -m 666 /mnt/random c 1 8
mknod -m 666 /mnt/urandom c 1 9
mknod -m 666 /mnt/tty c 5 0
mkdir -p /mnt/net /mnt/pts /mnt/shm
mknod -m 600 /mnt/net/tun c 10 200
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 stage /mnt/pts
ln -s pts/ptmx /mnt/ptmx
ln -s /proc/self/fd /mnt/fd
mount -t tmpfs -o mode=1777 stage /mnt/shm
mount --move /mnt /dev
`

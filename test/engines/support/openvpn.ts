/** An OpenVPN gateway with certificates of its own authority, addresses by client, a log and a status file; its clients. */
import { mkdirSync, writeFileSync } from 'node:fs'
import type { Daemon, Stage } from './stage.ts'
import { router } from './stage.ts'

export const gateway = 'vpn1'
/** The clock on the wall of the gateway, one hour ahead of UTC: neither file says so. */
const wallClock = 'CET-1'
export const timezone = 'Etc/GMT-1'

export const pool = { four: '10.8.0.0/24', six: 'fd00:8::/64' }

export interface Gateway {
  log: string
  status: string
  /** Which addresses the client of this name gets from its next connection on. */
  lease(name: string, addresses: { four: string; six: string }): void
  /** Resolves when the tunnel stands. */
  connect(client: string, name: string): Promise<Daemon>
}

export interface GatewayOptions {
  names: readonly string[]
  statusVersion: 2 | 3
  /** Of the gateway. */
  address: { four: string; six: string }
  /** Hosts of the site that are reached through the tunnel. */
  behind: readonly string[]
}

export async function startGateway(
  stage: Stage,
  { names, statusVersion, address, behind }: GatewayOptions,
): Promise<Gateway> {
  const [log, status, ccd] = ['openvpn.log', 'openvpn-status.log', 'ccd'].map((name) => `${stage.folder}/${name}`)
  mkdirSync(ccd)
  await makeCertificates(stage, [gateway, ...names])
  await stage.sh(gateway, 'sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1')
  await stage.sh(router, `ip route add ${pool.four} via ${address.four}\nip route add ${pool.six} via ${address.six}`)
  const config = [
    ...['dev tun', 'disable-dco', 'proto udp6', 'port 1194', 'topology subnet', 'keepalive 2 20', 'verb 3', 'dh none'],
    ...[`server ${pool.four.split('/')[0]} 255.255.255.0`, `server-ipv6 ${pool.six}`, `client-config-dir ${ccd}`],
    ...keys(stage, gateway),
    ...[`log-append ${log}`, `status ${status} 1`, `status-version ${statusVersion}`],
    ...behind.map((host) => (host.includes(':') ? `push "route-ipv6 ${host}/128"` : `push "route ${host}"`)),
  ]
  const file = stage.file('server.conf', `${config.join('\n')}\n`)
  const started = async (): Promise<boolean> =>
    (await stage.run(gateway, ['grep', '-q', 'Initialization Sequence Completed', log], { anyEnd: true })).code === 0
  await stage.start(gateway, ['env', `TZ=${wallClock}`, 'openvpn', '--config', file], started)
  return {
    ...{ log, status },
    lease: (name, { four, six }) =>
      writeFileSync(`${ccd}/${name}`, `ifconfig-push ${four} 255.255.255.0\nifconfig-ipv6-push ${six}/64\n`),
    connect: (client, name) => connect(stage, client, name, address.four),
  }
}

function connect(stage: Stage, client: string, name: string, address: string): Promise<Daemon> {
  const config = [
    ...['client', 'dev tun', 'disable-dco', 'proto udp', `remote ${address} 1194`, 'nobind', 'verb 3'],
    ...['explicit-exit-notify 1', 'connect-retry 1', ...keys(stage, name)],
  ]
  const file = stage.file(`client-${name}.conf`, `${config.join('\n')}\n`)
  return stage.start(client, ['openvpn', '--config', file], (output) =>
    output.includes('Initialization Sequence Completed'),
  )
}

function keys(stage: Stage, name: string): string[] {
  return [`ca ${stage.folder}/ca.crt`, `cert ${stage.folder}/${name}.crt`, `key ${stage.folder}/${name}.key`]
}

async function makeCertificates(stage: Stage, names: readonly string[]): Promise<void> {
  const key = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'
  const lines = names.flatMap((name) => [
    `openssl req ${key} -subj '/O=Example Centre/CN=${name}' -keyout ${name}.key -out ${name}.csr`,
    `openssl x509 -req -in ${name}.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -out ${name}.crt`,
  ])
  const authority = `openssl req -x509 ${key} -subj '/CN=Example CA' -days 2 -keyout ca.key -out ca.crt`
  await stage.sh(router, [`cd ${stage.folder}`, authority, ...lines].join('\n'))
}

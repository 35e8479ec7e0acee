/** SSH logins from outside: mostly keystrokes, sometimes scp, sftp and rsync. Three in ten use sftp, which tells its files. */

import { timeOfDay } from '../centre/day-shape.ts'
import { type CentreHost, facing } from '../centre/hosts.ts'
import type { Account } from '../centre/people.ts'
import { ways } from '../centre/reference-site.ts'
import type { Login, Sink } from '../records.ts'
import type { Stream } from '../stream.ts'
import { countOf, ephemeralPort, isLost, lastsMs, newUid, type Part, plainFlow, streamOf } from './context.ts'

export const logins: Part = (context, sink) => {
  const { centre, day, start_ms } = context
  const stream = streamOf(context, 'logins')
  const { per_day, egress_share, sigma } = ways.logins
  const mean = (centre.egress_bytes_per_day * egress_share) / (per_day * centre.scale)
  for (let left = countOf(context, stream, 'logins', per_day, 'person'); left > 0; left--) {
    const account = centre.people.draw(stream)
    const at_ms = start_ms + timeOfDay(stream, account.home.zone_hours)
    const peer = centre.people.addressOf(account, day, stream)
    const lost = isLost(context, stream, at_ms)
    const bytes = Math.max(3000, Math.round(Math.min(3e12, stream.lognormal(mean, sigma))))
    // a load balancer gives whichever is free
    const host = stream.of(centre.hosts.login)
    const vaults = centre.vaultsOf.get(centre.projects[account.project]) ?? centre.openVaults
    const source = { path: stream.of(vaults).path, told: stream.chance(0.3) }
    const one = {
      host,
      account,
      peer,
      at_ms,
      bytes,
      ...source,
      ssh: account.ssh,
      lasts_ms: Math.max(
        4000,
        Math.min(4 * 3_600_000, Math.round(stream.wait(1_500_000))),
        lastsMs(bytes, stream.between(5e7, 2e9)),
      ),
    }
    if (!lost) addLogin(stream, sink, one)
  }
}

export interface OneLogin {
  host: CentreHost
  account: Pick<Account, 'name' | 'key_fp' | 'uid'>
  peer: string
  at_ms: number
  bytes: number
  /** Folder of what is sent. */
  path: string
  /** Whether sftp moves it, which tells of its files; scp and rsync do not. */
  told: boolean
  lasts_ms: number
  ssh: Account['ssh']
  way?: 'border' | 'inner'
}

export function addLogin(stream: Stream, sink: Sink, one: OneLogin): void {
  const { host, account, peer, at_ms, bytes } = one
  const end_ms = at_ms + one.lasts_ms
  const peer_port = ephemeralPort(stream)
  const pid = stream.int(2000, 4_000_000)
  const file = {
    at_ms: end_ms - 300,
    path: `${one.path}/out${stream.int(1, 999)}.h5`,
    bytes_read: Math.floor(bytes * 0.99),
  }
  const isBulk = bytes > 1_000_000
  const files: Login['files'] = isBulk && one.told ? [file] : []
  sink.flow({
    ...plainFlow,
    ...{
      uid: newUid(stream),
      start_ms: at_ms,
      end_ms,
      inside: facing(host, peer),
      inside_port: 22,
      peer,
      peer_port,
      from_peer: true,
    },
    ...{
      service: 'ssh',
      bytes_out: bytes,
      bytes_in: Math.round(bytes * 0.02) + stream.int(2000, 40_000),
      account: account.name,
    },
    ...{ ssh: one.ssh, way: one.way ?? 'border' },
  })
  sink.put({
    ...{ kind: 'login', start_ms: at_ms + stream.int(150, 900), end_ms, host: host.name, pid },
    ...{ account: account.name, peer, peer_port, key_fp: account.key_fp, files },
  })
  if (!isBulk) return
  const { path, bytes_read } = file
  sink.put({
    kind: 'read',
    start_ms: at_ms + 1000,
    end_ms: end_ms - 300,
    host: host.name,
    uid: account.uid,
    path,
    bytes: bytes_read,
    pid,
  })
}

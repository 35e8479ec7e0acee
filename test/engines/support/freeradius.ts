/** FreeRADIUS with Debian's modules and their settings, listening for accounting alone, and the NAS that reports to it. */
import { router, type Stage } from './stage.ts'

export const radiusHost = 'radius1'
const secret = 'between-nas-and-server'

/** One accounting request: attributes as radclient takes them. */
export type Request = Readonly<Record<string, string | number>>

export interface Accounting {
  report(request: Request): Promise<void>
  /** What the server has written so far. */
  detail(): Promise<string>
}

export interface AccountingOptions {
  nas: { host: string; address: string }
  /** Of the server. */
  address: string
  /** The clock on the wall of the server, in the form of TZ: the detail file's headings show it. */
  wallClock: string
}

export async function startAccounting(
  stage: Stage,
  { nas, address, wallClock }: AccountingOptions,
): Promise<Accounting> {
  const settings = '/etc/freeradius/3.0'
  const site = stage.file('accounting-site', siteOf(nas.address))
  await stage.sh(
    radiusHost,
    [
      // certificates that nobody made, and what asks for them
      `rm ${settings}/mods-enabled/eap ${settings}/sites-enabled/*`,
      `cp ${site} ${settings}/sites-enabled/accounting`,
      'install -d -o freerad -g freerad /run/freeradius',
    ].join('\n'),
  )
  const freeradius = ['env', `TZ=${wallClock}`, 'freeradius', '-f', '-l', 'stdout']
  const server = await stage.start(radiusHost, freeradius, (output) => output.includes('Ready to process requests'))
  return {
    report: async (request) => {
      const lines = Object.entries(request).map(
        ([name, value]) => `${name} = ${typeof value === 'string' ? `"${value}"` : value}`,
      )
      const file = stage.file('request', `${lines.join('\n')}\n`)
      const radclient = ['radclient', '-q', '-f', file, '-r', '1', `${address}:1813`, 'acct', secret]
      const { code, stdout, stderr } = await stage.run(nas.host, radclient, { anyEnd: true })
      if (code !== 0) throw new Error(`radclient: exit ${code}\n${stdout}${stderr}${server.output()}`)
    },
    detail: async () => (await stage.sh(router, 'cat /var/log/freeradius/radacct/*/detail-*')).stdout,
  }
}

const siteOf = (nasAddress: string): string => `
client nas {
  ipaddr = ${nasAddress}
  secret = ${secret}
}
server accounting {
  listen {
    type = acct
    ipaddr = *
    port = 1813
  }
  preacct {
    preprocess
    acct_unique
  }
  accounting {
    detail
  }
}
`

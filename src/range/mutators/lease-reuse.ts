/**
 * VPN pools so small that an address goes to the next session a second after the last one ended: whoever takes the lease of the
 * hour, or of the day, for the lease of the moment names somebody else. Holds the VPN records of a day until the day is over.
 */
import { leasedPrefix } from '../centre/hosts.ts'
import type { Flow, Lease, Login } from '../records.ts'
import { type Mutator, passing } from './mutator.ts'

const pause_ms = 1000
/** Addresses for campaigns lie apart, so that they take none of the background's. */
const firstOctet = { background: 0, campaign: 64 } as const

interface Held<T> {
  record: T
  campaign: number
}

export const leaseReuse: Mutator = ({ notLogged }) => {
  /** By pool: until when each of its addresses is in use. */
  const busy = new Map<string, number[]>()
  const newAddress = ({ record: { gateway, start_ms, end_ms }, campaign }: Held<Lease>): string => {
    const whose = campaign < 0 ? 'background' : 'campaign'
    const key = `${gateway} ${whose}`
    const until = busy.get(key) ?? []
    busy.set(key, until)
    const free = until.findIndex((until_ms) => until_ms + pause_ms <= start_ms)
    const i = free < 0 ? until.length : free
    until[i] = end_ms
    return `${leasedPrefix[gateway]}.${firstOctet[whose] + (i >> 8)}.${i & 255}`
  }
  return (_day, next) => {
    const leases: Held<Lease>[] = []
    const inside: Held<Flow>[] = []
    const logins: Held<Login>[] = []
    return passing(next, {
      flow: (flow) => {
        if (flow.way === 'inner') inside.push({ record: flow, campaign: notLogged.campaign })
        else next.flow(flow)
      },
      put: (record) => {
        const held = { campaign: notLogged.campaign }
        if (record.kind === 'lease') leases.push({ ...held, record })
        // a login from inside names the leased address
        else if (record.kind === 'login' && isLeased(record.peer)) logins.push({ ...held, record })
        else next.put(record)
      },
      end: () => {
        leases.sort((a, b) => a.record.start_ms - b.record.start_ms)
        const renamed = new Map(leases.map((held) => [held.record.inner, newAddress(held)]))
        const named = (address: string): string => renamed.get(address) ?? address
        for (const { record, campaign } of inside) {
          notLogged.campaign = campaign
          next.flow({ ...record, peer: named(record.peer) })
        }
        for (const { record, campaign } of logins) {
          notLogged.campaign = campaign
          next.put({ ...record, peer: named(record.peer) })
        }
        for (const { record, campaign } of leases) {
          notLogged.campaign = campaign
          next.put({ ...record, inner: named(record.inner) })
        }
      },
    })
  }
}

const isLeased = (address: string): boolean =>
  Object.values(leasedPrefix).some((each) => address.startsWith(`${each}.`))

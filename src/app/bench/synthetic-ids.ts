/** How many of everything a synthetic site has, and the ids of their names: dense, one after the other, 0 is none. */
export interface SiteSize {
  /** Pairs of host and peer that are active on a busy day. */
  entities: number
  /** Entities of pools: the site, its roles, services, gateways and vaults. */
  pools: number
}

export const namedKinds = [
  'host',
  'service',
  'gateway',
  'vault',
  'client_org',
  'project',
  'account',
  'client_fp',
] as const
export type NamedKind = (typeof namedKinds)[number]

/** Of `hostRoles`, as rows hold them; the site itself is one more. */
export const roles = 8
const mostServices = 40
const mostGateways = 4

export class SyntheticIds {
  readonly counts: Readonly<Record<NamedKind, number>>
  readonly #firsts = new Map<NamedKind, number>()

  constructor({ entities, pools }: SiteSize) {
    const left = Math.max(3, pools - roles - 1)
    const service = Math.min(mostServices, Math.ceil(left / 3))
    const gateway = Math.min(mostGateways, Math.ceil(left / 3))
    const vault = Math.max(1, left - service - gateway)
    this.counts = {
      host: Math.max(2 * roles, Math.round(entities / 20)),
      ...{ service, gateway, vault },
      client_org: Math.ceil(vault / 4),
      project: Math.ceil(vault / 2),
      account: Math.max(10, Math.round(entities / 10)),
      client_fp: 200,
    }
    let next = 1
    for (const kind of namedKinds) {
      this.#firsts.set(kind, next)
      next += this.counts[kind]
    }
  }

  /** The id of the n-th of a kind, n from 0. */
  of(kind: NamedKind, n: number): number {
    return (this.#firsts.get(kind) as number) + n
  }

  text(id: number): string {
    for (const kind of namedKinds) {
      const n = id - this.of(kind, 0)
      if (n >= 0 && n < this.counts[kind]) return `${kind}-${n}`
    }
    return ''
  }

  /** 0: no name of this site. */
  idOf(text: string): number {
    const [, kind, n] = /^([a-z_]+)-(\d+)$/.exec(text) ?? []
    const known = namedKinds.find((each) => each === kind)
    return known !== undefined && Number(n) < this.counts[known] ? this.of(known, Number(n)) : 0
  }
}

/**
 * The site's names as the store's ids, and the small look-ups that booking needs: hosts by address and by first label,
 * vaults by path, expectations, which sensors account.
 */

import type { ExpectationTerms } from '../attribution/expectation-match.ts'
import { VaultMap } from '../attribution/vault-map.ts'
import { type AddressColumn, addressAt, formatHalves } from '../model/address.ts'
import { type AddressHalves, addressKey } from '../model/context-record.ts'
import { type Network, NetworkTable } from '../model/network.ts'
import { hostRoles, type Site } from '../model/site.ts'
import type { Store } from '../store/store.ts'

/** Addresses whose numbers stay at hand. */
const mostCached = 500_000
const otherRole = hostRoles.indexOf('other')

export class SiteNames {
  readonly site: Site
  readonly vaultMap: VaultMap
  readonly expectations: ExpectationTerms[]
  readonly #store: Store
  readonly #hosts: NetworkTable
  readonly #vaults: { vault: number; project: number; client_org: number }[]
  readonly #vaultById: ReadonlyMap<string, number>
  readonly #gatewayIds: Int32Array
  readonly #corroborating: Set<number>
  readonly #addressIds = new Map<number | bigint, number>()
  readonly #byLabel: Map<string, AddressHalves>
  /** For every single address of a configured host its first one. */
  readonly #firstAddress = new Map<bigint, AddressHalves>()

  private constructor(site: Site, store: Store, ids: Ids) {
    this.site = site
    this.#store = store
    this.vaultMap = new VaultMap(site.vaults)
    this.expectations = ids.expectations
    this.#hosts = new NetworkTable(
      site.hosts.flatMap((host, value) => host.addresses.map((network) => ({ network, value }))),
    )
    this.#vaults = ids.vaults
    this.#vaultById = new Map(site.vaults.map(({ id }, index) => [id, index]))
    this.#gatewayIds = ids.gateways
    this.#corroborating = ids.corroborating
    this.#byLabel = new Map(
      site.hosts
        .filter((host) => host.addresses.length > 0)
        .map((host) => [firstLabel(host.name), halvesOf(host.addresses[0])]),
    )
    for (const { addresses } of site.hosts) {
      const single = addresses.filter(({ bits }) => bits === 128).map(halvesOf)
      for (const address of single) this.#firstAddress.set(addressKey(address), single[0])
    }
  }

  static async of(site: Site, store: Store): Promise<SiteNames> {
    const id = async (text: string): Promise<number> => (await store.internNames([text]))[0]
    const ids = async (texts: readonly string[]): Promise<Set<number>> => new Set(await store.internNames(texts))
    const expectations: ExpectationTerms[] = []
    for (const { id: name, vaults, accounts, peers, asns, from_ms, until_ms } of site.expectations) {
      expectations.push({
        id: await id(name),
        vaults: await ids(vaults),
        accounts: await ids(accounts),
        peers,
        asns: new Set(asns),
        from_ms,
        until_ms,
      })
    }
    const vaultIds = await store.internNames(site.vaults.flatMap((each) => [each.id, each.project, each.client_org]))
    const vaults = site.vaults.map((_, i) => {
      const [vault, project, client_org] = vaultIds.subarray(3 * i, 3 * i + 3)
      return { vault, project, client_org }
    })
    const names = new SiteNames(site, store, {
      expectations,
      vaults,
      gateways: await store.internNames(site.vpn_pools.map((pool) => pool.gateway)),
      corroborating: await ids(site.sensors.filter((sensor) => !sensor.accounts).map((sensor) => sensor.id)),
    })
    await store.renameAddresses((address) => names.placeOf(address))
    return names
  }

  accounts(sensor: number): boolean {
    return !this.#corroborating.has(sensor)
  }

  gatewayOf(pool: number): number {
    return this.#gatewayIds[pool] ?? 0
  }

  /** The place of a vault in the configuration, by its own name where a log states it, else by path; −1 if it is none. */
  vaultIndex(id: string, path: string): number {
    return id === '' ? this.vaultMap.find(path, '') : (this.#vaultById.get(id) ?? -1)
  }

  /** Labels of a vault by its place in the configuration; −1 is no vault. */
  vaultAt(index: number): { vault: number; project: number; client_org: number } {
    return this.#vaults[index] ?? { vault: 0, project: 0, client_org: 0 }
  }

  /** The first address of the configured host that a log calls by this name, compared by first label. */
  addressOfHost(name: string): AddressHalves {
    return this.#byLabel.get(firstLabel(name)) ?? { hi: 0n, lo: 0n }
  }

  /** One address for all of a host's, as logs may name a host by any of them; any other address as it is. */
  hostAddress(address: AddressHalves): AddressHalves {
    return this.#firstAddress.get(addressKey(address)) ?? address
  }

  /** Drops cached numbers if there are too many: between batches, never within one. */
  trim(): void {
    if (this.#addressIds.size > mostCached) this.#addressIds.clear()
  }

  /** Gets the numbers of the first `length` addresses ready, so that `addressId` can answer at once; `only` picks rows. */
  async prepareAddresses(addresses: AddressColumn, length: number, only?: (row: number) => boolean): Promise<void> {
    const missing = new Map<number | bigint, { hi: bigint; lo: bigint }>()
    for (let i = 0; i < length; i++) {
      if (only && !only(i)) continue
      const key = cacheKey(addresses, i)
      if (!this.#addressIds.has(key) && !missing.has(key)) missing.set(key, addressAt(addresses, i))
    }
    if (missing.size === 0) return
    const ids = await this.#store.internAddresses([...missing.values()], (address) => this.placeOf(address))
    for (const [i, key] of [...missing.keys()].entries()) this.#addressIds.set(key, ids[i])
  }

  addressId(addresses: AddressColumn, i: number): number {
    return this.#addressIds.get(cacheKey(addresses, i)) ?? 0
  }

  /** Name and role of an inside address: the configured ones, else the address itself. */
  placeOf({ hi, lo }: AddressHalves): { host: string; role: number } {
    const index = this.#hosts.find(
      Number(hi >> 32n),
      Number(hi & 0xffffffffn),
      Number(lo >> 32n),
      Number(lo & 0xffffffffn),
    )
    if (index >= 0) return { host: this.site.hosts[index].name, role: hostRoles.indexOf(this.site.hosts[index].role) }
    return { host: hi === 0n && lo === 0n ? '' : formatHalves(hi, lo), role: otherRole }
  }
}

interface Ids {
  expectations: ExpectationTerms[]
  vaults: { vault: number; project: number; client_org: number }[]
  gateways: Int32Array
  corroborating: Set<number>
}

function halvesOf({ words }: Network): AddressHalves {
  return { hi: (BigInt(words[0]) << 32n) | BigInt(words[1]), lo: (BigInt(words[2]) << 32n) | BigInt(words[3]) }
}

function firstLabel(name: string): string {
  return name.toLowerCase().split('.')[0]
}

/** IPv4 as its number, so that the common case needs no bigint. */
function cacheKey(addresses: AddressColumn, i: number): number | bigint {
  const a = 2 * i
  if (addresses.hi[a] === 0 && addresses.hi[a + 1] === 0 && addresses.lo[a + 1] === 0xffff) return addresses.lo[a]
  const { hi, lo } = addressAt(addresses, i)
  return (hi << 64n) | lo
}

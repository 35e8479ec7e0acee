/** Conditions on addresses of the books, which are two 64-bit halves: `column_hi` and `column_lo`. */
import { maskOf, type Network, parseNetwork } from '../../../model/network.ts'
import type { Site } from '../../../model/site.ts'

/** Never outside, whatever the configuration says (counting rule 1). */
const nowhere = ['127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '::1/128', 'fe80::/10', 'ff00::/8'].map((text) => {
  const network = parseNetwork(text)
  if (!network) throw new Error(`no network: ${text}`)
  return network
})

/** SQL: the address lies in the network. */
export function within(column: string, { words, bits }: Network): string {
  const half = (i: number, fill: boolean): bigint => {
    const word = (n: number): bigint => {
      const mask = maskOf(bits - 32 * n)
      return BigInt((fill ? words[n] | ~mask : words[n] & mask) >>> 0)
    }
    return (word(i) << 32n) | word(i + 1)
  }
  if (bits <= 64) return `(${column}_hi BETWEEN ${half(0, false)} AND ${half(0, true)})`
  return `(${column}_hi = ${half(0, false)} AND ${column}_lo BETWEEN ${half(2, false)} AND ${half(2, true)})`
}

/** SQL: a flow with this peer would cross the border, as far as the record says: it is not one of ours, or is leased. */
export function mayBeOutside(column: string, { networks, vpn_pools }: Site): string {
  const ours = [...networks, ...nowhere].map((network) => within(column, network))
  const leased = vpn_pools.flatMap((pool) => pool.networks).map((network) => within(column, network))
  return `(NOT (${ours.join(' OR ')})${leased.length > 0 ? ` OR ${leased.join(' OR ')}` : ''})`
}

/** SQL values `(hi, lo)` of an address that stands alone. */
export function halvesOf({ words }: Network): string {
  const half = (i: number): bigint => (BigInt(words[i]) << 32n) | BigInt(words[i + 1])
  return `${half(0)}::UBIGINT, ${half(2)}::UBIGINT`
}

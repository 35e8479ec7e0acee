/**
 * The service of a flow: what the sensor recognised, else protocol and responder port where the port is a registered
 * low one, else protocol alone ("tcp/high"), so that ephemeral ports do not multiply the rows of the books.
 */
import type { NameTable } from '../model/name-table.ts'

const protocols: Record<number, string> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  47: 'gre',
  50: 'esp',
  51: 'ah',
  58: 'icmp6',
  132: 'sctp',
}
/** Registered ports above 1023 that research centres offer services on. */
const knownHighPorts = new Set([
  1094, 1194, 1701, 2049, 2119, 2811, 3306, 3389, 4443, 4500, 5201, 5432, 8000, 8080, 8443, 8444, 8888, 9000, 9001,
  51820,
])

export class ServiceNames {
  readonly #codes = new Map<number, number>()
  #generation = -1

  codeOf(names: NameTable, proto: number, responderPort: number): number {
    if (names.generation !== this.#generation) {
      this.#codes.clear()
      this.#generation = names.generation
    }
    const key = proto * 65_536 + responderPort
    let code = this.#codes.get(key)
    if (code === undefined) {
      code = names.codeOf(serviceName(proto, responderPort))
      this.#codes.set(key, code)
    }
    return code
  }
}

export function serviceName(proto: number, responderPort: number): string {
  const name = protocols[proto] ?? `ip/${proto}`
  if (proto !== 6 && proto !== 17 && proto !== 132) return name
  return responderPort < 1024 || knownHighPorts.has(responderPort) ? `${name}/${responderPort}` : `${name}/high`
}

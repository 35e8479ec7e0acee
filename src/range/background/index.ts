/** Everything that the centre does on a usual day, in a fixed order; each part draws from a stream of its own. */
import type { Part } from './context.ts'
import { jobs } from './jobs.ts'
import { logins } from './logins.ts'
import { objects } from './objects.ts'
import { services } from './services.ts'
import { outbound, scanners, web } from './small-flows.ts'
import { transfers } from './transfers.ts'
import { vpn } from './vpn.ts'

export const backgroundParts: readonly Part[] = [
  transfers,
  objects,
  logins,
  services,
  vpn,
  jobs,
  web,
  outbound,
  scanners,
]

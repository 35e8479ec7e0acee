/** All that `init` proposes, part by part. */
import type { HostProposal } from './hosts.ts'
import type { NetworkProposal } from './networks.ts'
import type { PoolProposal } from './pools.ts'
import type { ProposedSensor } from './sensors.ts'
import type { VaultProposal } from './vaults.ts'

export interface Proposal {
  networks: NetworkProposal
  pools: PoolProposal
  hosts: HostProposal
  vaults: VaultProposal
  sensors: ProposedSensor[]
}

/** What `doctor` found out, before anything is concluded from it. */
import type { Gap } from '../gaps.ts'
import type { Balance } from './checks/balance.ts'
import type { BlindSpots } from './checks/blind-spots.ts'
import type { Closure } from './checks/closure.ts'
import type { ExpectationFacts } from './checks/expectations.ts'
import type { JoinFacts } from './checks/joins.ts'
import type { Judged } from './checks/judged.ts'
import type { Memory } from './checks/memory.ts'
import type { SensorFacts } from './checks/sensors.ts'
import type { SightFacts } from './checks/sight.ts'
import type { SourceFacts } from './checks/sources.ts'

export interface Facts {
  weir: string
  checked_at_ms: number
  directory: string
  /**
   * Which configuration was asked: `given` by the user, `kept` in the state by its last run, or `none`: private networks
   * as an assumption.
   */
  configuration: 'given' | 'kept' | 'none'
  /** Whether the books were written with the networks, or the labels, of another configuration. */
  other_networks: boolean
  other_labels: boolean
  /** Gateways of pools that no host of the configuration is named after: their tunnels count as egress. */
  gateways_without_host: string[]
  balance: Balance
  memory: Memory
  sources: SourceFacts
  gaps: Gap[]
  /** What follows is null while the books hold no flows. */
  examined: { from_ms: number; to_ms: number } | null
  joins: JoinFacts | null
  blind_spots: BlindSpots | null
  sensors: SensorFacts | null
  expectations: ExpectationFacts[]
  closure: Closure | null
  /** What the last run judged, as it kept it. */
  judged: Judged
  sight: SightFacts
}

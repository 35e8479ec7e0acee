/** These change the centre itself, not what is logged of it. */
export const centreMutatorNames = ['shared_nodes', 'churn_2', 'churn_30', 'churn_100'] as const
export type CentreMutatorName = (typeof centreMutatorNames)[number]

/** What can be done to the logs of a centre (docs/reference/range.md says what each does). */
export const mutatorNames = [
  ...(['sampling_1000', 'sampling_10000', 'flow_sampling', 'loss', 'vpn_stop_loss', 'skew', 'lease_reuse'] as const),
  ...(['missing_sources', 'no_storage_audit', 'sensor_outage', 'nat', 'v6_only'] as const),
  ...centreMutatorNames,
] as const
export type MutatorName = (typeof mutatorNames)[number]

export function isMutatorName(name: string): name is MutatorName {
  return (mutatorNames as readonly string[]).includes(name)
}

/** What a flow of a sample was, as far as the sensor or the port tells. */
import type { SampledFlow } from './sample.ts'

const webPorts = new Set([80, 443, 8080, 8443])

/** What the sensor recognised (it may name several: `ssl,http`), else what the port suggests. */
export function isSsh({ service, proto, dst_port }: SampledFlow): boolean {
  return service === '' ? proto === 6 && dst_port === 22 : service.split(',').includes('ssh')
}

export function isWeb({ service, proto, dst_port }: SampledFlow): boolean {
  if (service === '') return proto === 6 && webPorts.has(dst_port)
  return service.split(',').some((name) => name === 'ssl' || name === 'http' || name === 'quic')
}

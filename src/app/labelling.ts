/**
 * What of a configuration decides how bytes are labelled, as one text: a state keeps that of its last run, and writes the
 * books of all kept detail anew when it changes.
 */
import type { Config } from '../config/config-schema.ts'
import { exactJson } from '../model/exact-json.ts'

export const labellingKey = 'labelling'

export function labellingOf({ hosts, vaults, sensors, expectations, site }: Config): string {
  return exactJson({ hosts, vaults, sensors, expectations, anchor: site.anchor ?? null })
}

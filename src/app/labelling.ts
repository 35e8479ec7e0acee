/**
 * What of a configuration, and of the files it names, decides how bytes are labelled, as one text: a state keeps that of its last run, and writes the
 * books of all kept detail anew when it changes.
 */
import type { Config } from '../config/config-schema.ts'
import { exactJson } from '../model/exact-json.ts'

export const labellingKey = 'labelling'

/** `enriched`: the content hash of what files add, '' if there are none; vaults of files stand among the others. */
export function labellingOf({ hosts, vaults, sensors, expectations, site }: Config, enriched = ''): string {
  const files = enriched === '' ? undefined : enriched
  return exactJson({ hosts, vaults, sensors, expectations, anchor: site.anchor ?? null, enriched: files })
}

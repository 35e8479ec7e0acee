/**
 * What the files under `enrich` add to the logs, read once at the start of a run. A file that cannot be used at all is an
 * error (`config_invalid`, naming file and reason); single bad entries of maps are counted in `problems`.
 */
import type { Config } from '../../config/config-schema.ts'
import { AddressDatabase } from './address-database.ts'
import { AsnTable } from './asn-table.ts'
import { coldfrontProjects } from './coldfront.ts'
import { CountryTable } from './country-table.ts'
import { addCsvFacts } from './csv-facts.ts'
import { addDirectoryFacts } from './directory-facts.ts'
import { Identities } from './identities.ts'
import { MapFacts, type VaultEntry } from './map-facts.ts'
import { type MapFile, readMapFile } from './map-file.ts'
import { type FileProblems, MapProblems } from './map-problems.ts'
import { mergedVaults, vaultsIn } from './vault-files.ts'

export interface Enrichment {
  asn?: AsnTable
  country?: CountryTable
  identities: Identities
  /** The configuration's and those of maps. */
  vaults: VaultEntry[]
  problems: FileProblems[]
  /**
   * What of these files, beside vaults, decides how bytes are labelled: equal exactly if nothing of it changed, wherever
   * the files lie; '' if there are none.
   */
  content_hash: string
}

export function loadEnrichment({ enrich, vaults: configured }: Pick<Config, 'enrich' | 'vaults'>): Enrichment {
  const problems = new MapProblems()
  const asn =
    enrich.asn_db === undefined ? undefined : new AsnTable(AddressDatabase.open(enrich.asn_db, 'enrich.asn_db'))
  const country =
    enrich.geo_db === undefined ? undefined : new CountryTable(AddressDatabase.open(enrich.geo_db, 'enrich.geo_db'))
  const mapped = enrich.vaults.flatMap((file) => vaultsIn(readMapFile(file, 'enrich.vaults'), problems))
  const vaults = mergedVaults(configured, mapped, problems)
  const facts = new MapFacts()
  for (const file of enrich.projects) addFacts(readMapFile(file, 'enrich.projects'), 'projects', facts, problems)
  for (const file of enrich.identities) addFacts(readMapFile(file, 'enrich.identities'), 'identities', facts, problems)
  const identities = new Identities(
    facts,
    vaults.flatMap(({ project }) => project ?? []),
  )
  const hashes = [asn && `asn ${asn.content_hash}`, identities.isEmpty ? undefined : `who ${identities.content_hash}`]
  const content_hash = hashes.filter((hash) => hash !== undefined).join('\n')
  return { asn, country, identities, vaults, problems: problems.files, content_hash }
}

/** No files at all: nothing is known of anybody. */
export const noEnrichment: Enrichment = {
  identities: new Identities(new MapFacts()),
  vaults: [],
  problems: [],
  content_hash: '',
}

function addFacts(
  { file, format, text }: MapFile,
  what: 'identities' | 'projects',
  facts: MapFacts,
  problems: MapProblems,
): void {
  switch (format) {
    case 'ldif':
      addDirectoryFacts(text, { file, groups_are_projects: what === 'projects' }, facts, problems)
      return
    case 'csv':
      addCsvFacts(text, file, what, facts, problems)
      return
    case 'json':
      for (const { project, client_org, accounts, from_ms, until_ms } of coldfrontProjects(text, file, problems)) {
        facts.projects.push({ project, client_org })
        for (const account of accounts)
          facts.memberships.push({ account, project, from_ms, until_ms, if_project: false })
      }
  }
}

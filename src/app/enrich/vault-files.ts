/**
 * Vaults from CSV and ColdFront JSON, each checked like one in `weir.yaml`. Several lines with the same id are one vault
 * with all their paths and buckets.
 */
import { messageOf, valueAtPath } from '../../config/problem.ts'
import { vaultSchema } from '../../config/vaults.ts'
import { AppError } from '../../model/errors.ts'
import { coldfrontProjects } from './coldfront.ts'
import { csvTable } from './csv-table.ts'
import { isName, notAName, type VaultEntry } from './map-facts.ts'
import type { MapFile } from './map-file.ts'
import type { MapProblems } from './map-problems.ts'

const columns = {
  id: ['id', 'vault', 'vault_id', 'dataset', 'name'],
  paths: ['paths', 'path', 'path_prefix', 'prefix', 'directory'],
  buckets: ['buckets', 'bucket', 'collection', 'collections'],
  project: ['project', 'allocation'],
  client_org: ['client_org', 'client', 'org', 'organisation', 'organization', 'owner_org'],
  sensitivity: ['sensitivity', 'classification'],
  size_bytes: ['size_bytes', 'bytes'],
  budget_bytes_per_30d: ['budget_bytes_per_30d'],
} as const

/** A vault with the place that a problem with it would be told at. */
export interface PlacedVault {
  file: string
  place: string
  vault: VaultEntry
}

export function vaultsIn({ file, format, text }: MapFile, problems: MapProblems): PlacedVault[] {
  switch (format) {
    case 'ldif':
      throw new AppError(
        'config_invalid',
        `${file} is a directory (LDIF), which says nothing of vaults: CSV or JSON is`,
      )
    case 'csv':
      return csvVaults(text, file, problems)
    case 'json':
      return coldfrontProjects(text, file, problems).flatMap(({ entry, project, client_org, storage }) =>
        storage.flatMap((each) => {
          const raw = { ...each, project, client_org: client_org || undefined }
          return checked(raw, file, `entry ${entry}`, problems)
        }),
      )
  }
}

function csvVaults(text: string, file: string, problems: MapProblems): PlacedVault[] {
  const { header, rows } = csvTable(text, file, columns, problems)
  if (!header.has('id') || !(header.has('paths') || header.has('buckets')))
    throw new AppError('config_invalid', `${file}:1: expected a header with a column id, and one path or bucket`)
  return rows.flatMap((row) => {
    const stated = (column: 'project' | 'client_org' | 'sensitivity') => row.text(column) || undefined
    const count = (column: 'size_bytes' | 'budget_bytes_per_30d') => {
      const digits = row.text(column)
      if (digits === '') return undefined
      return /^[\d.]+(?:e\+?\d+)?$/i.test(digits) ? Number(digits) : digits
    }
    const raw = {
      id: row.text('id'),
      paths: row.list('paths'),
      buckets: row.list('buckets'),
      project: stated('project'),
      client_org: stated('client_org'),
      sensitivity: stated('sensitivity')?.toLowerCase(),
      size_bytes: count('size_bytes'),
      budget_bytes_per_30d: count('budget_bytes_per_30d'),
    }
    return checked(raw, file, `line ${row.line}`, problems)
  })
}

function checked(raw: Record<string, unknown>, file: string, place: string, problems: MapProblems): PlacedVault[] {
  const parsed = vaultSchema.safeParse(raw)
  if (parsed.success && isName(parsed.data.id)) return [{ file, place, vault: parsed.data }]
  const issue = parsed.error?.issues[0]
  const reason = issue
    ? `${issue.path.join('.')}: ${messageOf(issue, valueAtPath(raw, issue.path as string[]))}`
    : notAName('vault', String(raw.id))
  problems.add(file, place, reason)
  return []
}

/**
 * The vaults of the configuration, then those of maps. What the configuration states of a vault, a path or a bucket
 * holds; a map fills in what it leaves open, its sensitivity excepted. Between maps the first line wins.
 */
export function mergedVaults(
  configured: readonly VaultEntry[],
  mapped: readonly PlacedVault[],
  problems: MapProblems,
): VaultEntry[] {
  const vaults = new Map(configured.map((vault) => [vault.id, vault]))
  const ownerOf = new Map<string, string>()
  const claims = (kind: string, vault: VaultEntry): [string, string][] =>
    (kind === 'path' ? vault.paths : vault.buckets).map((each) => [`${kind} ${each}`, each])
  for (const vault of configured)
    for (const [claim] of [...claims('path', vault), ...claims('bucket', vault)]) ownerOf.set(claim, vault.id)
  for (const { file, place, vault } of mapped) {
    const free = (kind: 'path' | 'bucket'): string[] =>
      claims(kind, vault).flatMap(([claim, each]) => {
        const owner = ownerOf.get(claim)
        ownerOf.set(claim, owner ?? vault.id)
        if (owner === undefined) return [each]
        if (owner !== vault.id) problems.add(file, place, `${claim} belongs to vault '${owner}'`)
        return []
      })
    const known = vaults.get(vault.id)
    const [paths, buckets] = [free('path'), free('bucket')]
    vaults.set(vault.id, {
      ...vault,
      ...(known && withoutUndefined(known)),
      paths: [...(known?.paths ?? []), ...paths],
      buckets: [...(known?.buckets ?? []), ...buckets],
    })
  }
  return [...vaults.values()]
}

function withoutUndefined(vault: VaultEntry): Partial<VaultEntry> {
  return Object.fromEntries(Object.entries(vault).filter(([, value]) => value !== undefined))
}

/**
 * Projects, their people and their storage from ColdFront's JSON: its REST API (`/api/projects/?project_users=true&
 * allocations=true`, a list or a page with `results`) and exports of the same shape, `{projects: [...]}` included.
 * A project goes by its Slurm account if an attribute states one, else by its code, else by its title. Read with
 * patience: of what is there only what is needed must be sound.
 */
import { z } from 'zod'
import { moment, periodOf } from '../../config/fields.ts'
import { AppError } from '../../model/errors.ts'
import { isName, notAName } from './map-facts.ts'
import type { MapProblems } from './map-problems.ts'

/** ColdFront writes a choice as its name or as a mapping with it. */
const named = z.union([z.string(), z.looseObject({ name: z.string() }).transform((each) => each.name)])
const user = z.union([
  z.string().transform((username) => ({ username, status: undefined })),
  z
    .looseObject({ user: named.optional(), username: z.string().optional(), status: named.nullish() })
    .transform(({ user, username, status }) => ({ username: username ?? user ?? '', status: status ?? undefined })),
])
const attributeValue = z.union([z.string(), z.number().transform(String)])
const attributes = z.union([
  z.array(
    z
      .looseObject({
        name: named.optional(),
        type: named.optional(),
        allocation_attribute_type: named.optional(),
        value: attributeValue,
      })
      .transform((each) => [each.name ?? each.type ?? each.allocation_attribute_type ?? '', each.value] as const),
  ),
  z.record(z.string(), attributeValue).transform((each) => Object.entries(each).map((pair) => [...pair] as const)),
])
const texts = z.union([z.string().transform((text) => [text]), z.array(z.string())])

const allocationSchema = z
  .looseObject({
    resource: named.nullish(),
    resources: texts.nullish(),
    status: named.nullish(),
    path: texts.nullish(),
    paths: texts.nullish(),
    bucket: texts.nullish(),
    buckets: texts.nullish(),
    vault: z.string().nullish(),
    attributes: attributes.nullish(),
    allocation_attributes: attributes.nullish(),
    start_date: z.string().nullish(),
    end_date: z.string().nullish(),
  })
  .transform((allocation) => {
    const stated = [...(allocation.attributes ?? []), ...(allocation.allocation_attributes ?? [])]
    const valuesOf = (...names: string[]): string[] =>
      stated.filter(([key]) => names.includes(plainKey(key))).map(([, value]) => value)
    return {
      resource: allocation.resource ?? allocation.resources?.join(', ') ?? '',
      status: allocation.status ?? undefined,
      paths: [
        ...(allocation.path ?? []),
        ...(allocation.paths ?? []),
        ...valuesOf('path', 'storage_path', 'directory'),
      ],
      buckets: [...(allocation.bucket ?? []), ...(allocation.buckets ?? []), ...valuesOf('bucket')],
      vault: allocation.vault ?? undefined,
      slurm_accounts: valuesOf('slurm_account_name'),
    }
  })

const projectSchema = z.looseObject({
  title: z.string().nullish(),
  project_code: z.string().nullish(),
  slurm_account_name: z.string().nullish(),
  pi: user.nullish(),
  status: named.nullish(),
  users: z.array(user).nullish(),
  project_users: z.array(user).nullish(),
  allocations: z.array(allocationSchema).nullish(),
  client_org: z.string().nullish(),
  organization: z.string().nullish(),
  organisation: z.string().nullish(),
  institution: z.string().nullish(),
  start_date: z.string().nullish(),
  end_date: z.string().nullish(),
})

export interface ColdfrontProject {
  /** From 1, as problems name it. */
  entry: number
  project: string
  client_org: string
  accounts: string[]
  from_ms: number
  until_ms: number
  storage: { id: string; paths: string[]; buckets: string[] }[]
}

/** People who have left, were refused, or have not come yet. */
const gone = ['removed', 'denied', 'pending - add']
/** Projects and allocations that no longer say anything of the present. */
const over = ['archived', 'denied', 'expired', 'revoked', 'inactive']

export function coldfrontProjects(text: string, file: string, problems: MapProblems): ColdfrontProject[] {
  const projects: ColdfrontProject[] = []
  for (const [index, raw] of entriesOf(text, file).entries()) {
    const place = `entry ${index + 1}`
    const parsed = projectSchema.safeParse(raw)
    if (!parsed.success) {
      const { path, message } = parsed.error.issues[0]
      problems.add(file, place, `${path.join('.') || 'the entry'}: ${message}`)
      continue
    }
    const { data } = parsed
    const allocations = (data.allocations ?? []).filter(({ status }) => !over.includes(status?.toLowerCase() ?? ''))
    const slurm = [
      ...new Set([...(data.slurm_account_name ?? '').split(','), ...allocations.flatMap((a) => a.slurm_accounts)]),
    ]
    const accounts = slurm.filter((each) => each.trim() !== '')
    const project = (accounts.length === 1 ? accounts[0] : (data.project_code ?? data.title ?? '')).trim()
    const period = periodIn(data.start_date, data.end_date)
    if (!isName(project) || !period) {
      problems.add(file, place, period ? notAName('project', project) : 'start_date or end_date is no date')
      continue
    }
    const isOver = over.includes(data.status?.toLowerCase() ?? '')
    const people = [data.pi, ...(data.project_users ?? []), ...(data.users ?? [])].filter(
      (each) => each !== null && each !== undefined && !gone.includes(each.status?.toLowerCase() ?? ''),
    ) as { username: string }[]
    const client_org = data.client_org ?? data.organisation ?? data.organization ?? data.institution ?? ''
    projects.push({
      entry: index + 1,
      project,
      client_org: isName(client_org) ? client_org : '',
      accounts: isOver ? [] : [...new Set(people.map(({ username }) => username.trim()))].filter(isName),
      ...period,
      storage: allocations
        .filter(({ paths, buckets }) => paths.length + buckets.length > 0)
        .map(({ vault, resource, paths, buckets }) => ({
          id: vault ?? (resource === '' ? project : `${project}@${resource}`),
          paths,
          buckets,
        })),
    })
  }
  return projects
}

function entriesOf(text: string, file: string): unknown[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new AppError('config_invalid', `${file} is no JSON: ${(cause as Error).message}`, { cause })
  }
  const { projects, results } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  const list = [value, projects, results].find((each) => Array.isArray(each))
  if (list) return list as unknown[]
  throw new AppError(
    'config_invalid',
    `${file}: expected a list of projects, or a mapping with 'projects' or 'results'`,
  )
}

function plainKey(key: string): string {
  return key.toLowerCase().replace(/[\s-]+/g, '_')
}

function periodIn(start?: string | null, end?: string | null): { from_ms: number; until_ms: number } | undefined {
  const stated = { from: start || undefined, until: end || undefined }
  if (Object.values(stated).some((each) => each !== undefined && !moment.safeParse(each).success)) return undefined
  const { start_ms, end_ms } = periodOf(stated)
  return end_ms > start_ms ? { from_ms: start_ms, until_ms: end_ms } : undefined
}

/**
 * Who is who, from all maps together. A name that two accounts claim names neither; an account in several projects at
 * once is in none that could be named. Texts go in and come out; they mean nothing to the store.
 */
import { createHash } from 'node:crypto'
import type { MapFacts, MembershipFact } from './map-facts.ts'

export interface Person {
  person: string
  home_org: string
}

export class Identities {
  /** Other names of accounts that belong to more than one, and so to nobody. */
  readonly ambiguous_aliases: number
  /** The same for the same facts, in whatever order and files they stood; '' if there are none. */
  readonly content_hash: string
  readonly #people = new Map<string, Person>()
  readonly #aliases = new Map<string, string | null>()
  readonly #projects = new Map<string, MembershipFact[]>()
  readonly #clientOrgs = new Map<string, string>()

  /** `known_projects`: what else is known to be a project, such as those of vaults. */
  constructor(facts: MapFacts, known_projects: readonly string[] = []) {
    for (const { account, person, home_org } of facts.accounts) {
      const known = this.#people.get(account)
      this.#people.set(account, { person: known?.person || person, home_org: known?.home_org || home_org })
    }
    for (const { account, aliases } of facts.accounts)
      for (const alias of aliases) this.#claim(foldRealm(alias), account)
    this.ambiguous_aliases = [...this.#aliases.values()].filter((account) => account === null).length
    const projects = new Set([...known_projects, ...facts.projects.map(({ project }) => project)])
    for (const each of facts.memberships) if (!each.if_project) projects.add(each.project)
    for (const membership of facts.memberships) {
      if (!projects.has(membership.project)) continue
      const account = this.canonicalAccount(membership.account)
      const known = this.#projects.get(account)
      if (known) known.push(membership)
      else this.#projects.set(account, [membership])
    }
    for (const { project, client_org } of facts.projects)
      if (client_org !== '' && !this.#clientOrgs.has(project)) this.#clientOrgs.set(project, client_org)
    this.content_hash = facts.size === 0 ? '' : this.#hash()
  }

  /**
   * The account that a log means by `name`: `name` itself if it is one; else the account whose other name it is
   * (`uid:12345`, `wg:KEY`, `alice@example.org` with the realm in upper or lower case); else `name` as it stands.
   */
  canonicalAccount(name: string): string {
    if (this.#people.has(name)) return name
    return this.#aliases.get(foldRealm(name)) ?? name
  }

  /** The one project that the account is in at this moment; '' if there is none, or more than one. */
  projectOf(account: string, ms: number): string {
    const projects = this.projectsOf(account, ms)
    return projects.length === 1 ? projects[0] : ''
  }

  /** All projects that the account is in at this moment, in order of their names. */
  projectsOf(account: string, ms: number): string[] {
    const memberships = this.#projects.get(this.canonicalAccount(account)) ?? []
    const inForce = memberships.filter(({ from_ms, until_ms }) => from_ms <= ms && ms < until_ms)
    return [...new Set(inForce.map(({ project }) => project))].sort()
  }

  /** All projects that the account was ever in. */
  everyProjectOf(account: string): string[] {
    const memberships = this.#projects.get(this.canonicalAccount(account)) ?? []
    return [...new Set(memberships.map(({ project }) => project))]
  }

  /** Organisation that a project's data belong to; '' = not known. */
  clientOrgOf(project: string): string {
    return this.#clientOrgs.get(project) ?? ''
  }

  /** Undefined for an account that no map holds. */
  personOf(account: string): Person | undefined {
    return this.#people.get(this.canonicalAccount(account))
  }

  get isEmpty(): boolean {
    return this.content_hash === ''
  }

  #claim(alias: string, account: string): void {
    if (this.#people.has(alias)) return
    const owner = this.#aliases.get(alias)
    this.#aliases.set(alias, owner === undefined || owner === account ? account : null)
  }

  #hash(): string {
    const lines = [
      ...[...this.#people.keys()].map((account) => ['account', account]),
      ...[...this.#aliases].map(([alias, account]) => ['alias', alias, account]),
      ...[...this.#projects].flatMap(([account, list]) =>
        list.map(({ project, from_ms, until_ms }) => ['member', account, project, String(from_ms), String(until_ms)]),
      ),
      ...[...this.#clientOrgs].map(([project, client_org]) => ['client', project, client_org]),
    ].map((line) => JSON.stringify(line))
    return createHash('sha256')
      .update([...new Set(lines)].sort().join('\n'))
      .digest('hex')
  }
}

/** Realms and domains are the same in upper and lower case, what stands before them is not. */
function foldRealm(name: string): string {
  const at = name.lastIndexOf('@')
  return at < 1 ? name : name.slice(0, at) + name.slice(at).toLowerCase()
}

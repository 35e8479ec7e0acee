/** What maps of identities, projects and vaults say, whatever their format. */

import type { z } from 'zod'
import { name } from '../../config/fields.ts'
import type { vaultSchema } from '../../config/vaults.ts'

export type VaultEntry = z.output<typeof vaultSchema>

export interface AccountFact {
  account: string
  /** Other names that logs may use: `uid:12345`, `wg:KEY`, `alice@example.org`. */
  aliases: string[]
  /** The person's name, and the organisation that vouches for them; '' = not stated. */
  person: string
  home_org: string
}

/** In force in [from_ms, until_ms). */
export interface MembershipFact {
  account: string
  project: string
  from_ms: number
  until_ms: number
  /** Whether the group counts only if something else says that it is a project. */
  if_project: boolean
}

export interface ProjectFact {
  project: string
  /** Organisation that the project's data belong to; '' = not stated. */
  client_org: string
}

export class MapFacts {
  readonly accounts: AccountFact[] = []
  readonly memberships: MembershipFact[] = []
  readonly projects: ProjectFact[] = []

  get size(): number {
    return this.accounts.length + this.memberships.length + this.projects.length
  }
}

/** Longer than any honest name. */
const longestName = 256

/** Whether a text of a map may become a name in the books. */
export function isName(text: string): boolean {
  return text.length <= longestName && name.safeParse(text).success
}

/** What to say of a text that may not; cut, since it comes from a file of whatever content. */
export function notAName(what: string, text: string): string {
  if (text === '') return `no ${what}`
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text
  return `'${shown}' is no ${what} (text without blanks around it or control characters, of at most ${longestName})`
}

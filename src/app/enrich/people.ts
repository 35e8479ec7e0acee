/**
 * The accounts of context records as the store's ids: each under the one name it has, with the project that it is in at a
 * moment and whose data those are. Without maps every account is itself and in no known project.
 */
import type { Store } from '../../store/store.ts'
import { canonicalAccountIds } from './account-ids.ts'
import type { Identities } from './identities.ts'

type Names = Pick<Store, 'nameTexts' | 'internNames'>

export class People {
  readonly #identities: Identities
  readonly #canonical: (id: number) => number
  readonly #texts: ReadonlyMap<number, string>
  readonly #ids: ReadonlyMap<string, number>

  private constructor(
    identities: Identities,
    canonical: (id: number) => number,
    texts: ReadonlyMap<number, string>,
    ids: ReadonlyMap<string, number>,
  ) {
    this.#identities = identities
    this.#canonical = canonical
    this.#texts = texts
    this.#ids = ids
  }

  /** Ready for these accounts, as logs name them. */
  static async of(store: Names, identities: Identities, accounts: Iterable<number>): Promise<People> {
    const found = new Set(accounts)
    const canonical = await canonicalAccountIds(store, identities, found)
    if (identities.isEmpty) return new People(identities, canonical, new Map(), new Map())
    const texts = await store.nameTexts([...found].map(canonical))
    const projects = [...texts.values()].flatMap((account) => identities.everyProjectOf(account))
    const words = [...new Set([...projects, ...projects.map((project) => identities.clientOrgOf(project))])]
    const ids = await store.internNames(words)
    return new People(identities, canonical, texts, new Map(words.map((word, i) => [word, ids[i]])))
  }

  canonical(account: number): number {
    return this.#canonical(account)
  }

  /** Project and client organisation of an account at a moment; 0 where unknown or more than one. */
  placeOf(account: number, ms: number): { project: number; client_org: number } {
    const text = this.#texts.get(account)
    const project = text === undefined ? '' : this.#identities.projectOf(text, ms)
    if (project === '') return nowhere
    return {
      project: this.#ids.get(project) ?? 0,
      client_org: this.#ids.get(this.#identities.clientOrgOf(project)) ?? 0,
    }
  }
}

const nowhere = { project: 0, client_org: 0 } as const

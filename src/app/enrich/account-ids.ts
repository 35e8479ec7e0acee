/** Accounts as the store's ids, under the one name that each has. */
import type { Store } from '../../store/store.ts'
import type { Identities } from './identities.ts'

/** For the ids of account names as logs write them, the id of the account that is meant; any other id as it is. */
export async function canonicalAccountIds(
  store: Pick<Store, 'nameTexts' | 'internNames'>,
  identities: Identities,
  ids: Iterable<number>,
): Promise<(id: number) => number> {
  if (identities.isEmpty) return (id) => id
  const renamed = [...(await store.nameTexts(ids))]
    .map(([id, text]) => ({ id, text, canonical: identities.canonicalAccount(text) }))
    .filter(({ text, canonical }) => canonical !== text)
  const canonical = await store.internNames(renamed.map((each) => each.canonical))
  const by = new Map(renamed.map(({ id }, i) => [id, canonical[i]]))
  return (id) => by.get(id) ?? id
}

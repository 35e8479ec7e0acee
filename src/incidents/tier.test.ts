import { expect, test } from 'vitest'
import type { Member } from '../model/incident.ts'
import { caseOf, membersOfCounts } from '../testing/case-builder.ts'
import type { CampaignCase } from './case.ts'
import { type TierQuestion, tierOf } from './tier.ts'

const question: TierQuestion = {
  projectOf: (vault) => (vault.startsWith('cfd') ? 'cfd' : ''),
  openVaults: new Set(['open-climate']),
}
const gross = 1000n

const vault = (id: string, gross_bytes_out: bigint): Member => ({
  id,
  bytes_out: gross_bytes_out,
  gross_bytes_out,
  weight: 1,
})

interface Told {
  peers?: number
  kind?: CampaignCase['kind']
  vaults?: Member[]
  projects?: string[]
  account?: bigint
  gross?: bigint
  largest?: bigint
  networks?: number
}

const told = ({
  peers = 40,
  kind = 'campaign',
  vaults = [],
  projects = [],
  account = 0n,
  largest = 0n,
  networks = 30,
  ...more
}: Told) =>
  tierOf(
    caseOf({
      kind,
      gross_bytes_out: more.gross ?? gross,
      named_bytes: { account, vault: 0n },
      networks,
      largest_account_bytes_out: largest,
      members: {
        ...membersOfCounts({ peers, hosts: 3 }, gross),
        vaults,
        projects: projects.map((id) => vault(id, gross)),
      },
    }),
    question,
  )

test('a campaign of many is an incident, named or not', () => {
  expect(told({})).toEqual({ tier: 'incident' })
  expect(told({ account: gross, projects: ['cfd'], vaults: [vault('cfd-archive', gross)] })).toEqual({
    tier: 'incident',
  })
})

test('what nobody drew, or nothing of it, is none', () => {
  expect(told({ peers: 0 })).toMatchObject({ tier: 'worklist', why: 'no peer could be told from the others' })
  expect(told({ gross: 0n }).tier).toBe('worklist')
})

test('the small rest of what was agreed is for the worklist, a rest as large as half is not', () => {
  const restOf = (agreed_bytes_out: bigint) =>
    tierOf(
      caseOf({ gross_bytes_out: gross, agreed_bytes_out, members: membersOfCounts({ peers: 3 }, gross) }),
      question,
    )
  expect(restOf(900n)).toMatchObject({
    tier: 'worklist',
    explains: { what: 'agreed' },
    why: '90 % of what these peers drew was agreed beforehand',
  })
  expect(restOf(500n)).toEqual({ tier: 'incident' })
})

test('what others drew beside a large agreed transfer is no rest of it, however small its share', () => {
  const besideOf = (beside: Partial<CampaignCase>) =>
    tierOf(caseOf({ ...beside, gross_bytes_out: gross, members: membersOfCounts({ peers: 40 }, gross) }), question)
  const fitting = [{ expectation: 'EXP-1', bytes_out: 900n }]
  for (const strangers of [0, 0.49]) {
    expect(besideOf({ agreed_bytes_out: 900n, beside_agreed: strangers })).toEqual({ tier: 'incident' })
    expect(besideOf({ fitting, beside_fitting: strangers })).toEqual({ tier: 'incident' })
  }
  expect(besideOf({ agreed_bytes_out: 900n, beside_agreed: 0.5 })).toMatchObject({ explains: { what: 'agreed' } })
  expect(besideOf({ fitting, beside_fitting: 0.5 })).toMatchObject({ explains: { what: 'fits' } })
})

test('four fifths out of open vaults are for the worklist, less are not', () => {
  expect(told({ vaults: [vault('open-climate', 800n)] })).toMatchObject({
    tier: 'worklist',
    explains: { what: 'open' },
    why: '80 % of it is out of vaults of low sensitivity',
  })
  expect(told({ vaults: [vault('open-climate', 799n), vault('cfd-archive', 201n)] })).toEqual({ tier: 'incident' })
})

test('few peers by named accounts out of vaults of their own projects are their own transfers', () => {
  const own = {
    peers: 4,
    account: 800n,
    projects: ['cfd'],
    vaults: [vault('cfd-archive', 500n), vault('cfd-runs', 300n)],
  }
  expect(told(own)).toMatchObject({
    tier: 'worklist',
    explains: { what: 'own' },
    why: '80 % of it went by named accounts out of vaults of their own projects',
  })
  expect(told({ ...own, peers: 5 })).toEqual({ tier: 'incident' })
  expect(told({ ...own, account: 799n })).toEqual({ tier: 'incident' })
  expect(told({ ...own, projects: ['bio'] })).toEqual({ tier: 'incident' })
  expect(told({ ...own, vaults: [vault('other', 1000n)] })).toEqual({ tier: 'incident' })
})

test('one account to the machines of few networks, out of vaults of its own, is its own transfer', () => {
  const own = {
    peers: 26,
    networks: 9,
    largest: 800n,
    account: 800n,
    projects: ['cfd'],
    vaults: [vault('cfd-runs', 800n)],
  }
  expect(told(own)).toMatchObject({
    tier: 'worklist',
    explains: { what: 'own' },
    why: '80 % of it went by one account out of vaults of its own projects',
  })
  expect(told({ ...own, networks: 10 })).toEqual({ tier: 'incident' })
  // sixty with little each are not one, however few of them are listed
  expect(told({ ...own, largest: 799n })).toEqual({ tier: 'incident' })
  expect(told({ ...own, vaults: [vault('other', 1000n)] })).toEqual({ tier: 'incident' })
})

test('one peer is no campaign of many, but may be a fast theft', () => {
  expect(told({ peers: 1 })).toMatchObject({ tier: 'worklist' })
  expect(told({ peers: 1, kind: 'fast_theft' })).toEqual({ tier: 'incident' })
  expect(told({ peers: 2 })).toEqual({ tier: 'incident' })
})

test('how strong the evidence is plays no part', () => {
  for (const log_e of [5, 50, 5000])
    expect(tierOf(caseOf({ log_e, members: membersOfCounts({ peers: 1 }, gross) }), question).tier).toBe('worklist')
})

test('what fits an expectation as far as that can be checked is for the worklist, which says so', () => {
  const fittingOf = (bytes_out: bigint) =>
    tierOf(
      caseOf({
        ...{ gross_bytes_out: gross, agreed_bytes_out: 100n, members: membersOfCounts({ peers: 40 }, gross) },
        fitting: [{ expectation: 'EXP-1', bytes_out }],
      }),
      question,
    )
  expect(fittingOf(699n)).toEqual({ tier: 'incident' })
  expect(fittingOf(700n)).toMatchObject({
    tier: 'worklist',
    explains: { what: 'fits' },
    why: '80 % of it fits what was agreed (EXP-1) as far as that can be checked',
  })
})

test('a fast theft of less than a hundredth of what left in its hours is for the worklist; a campaign is not', () => {
  const partOf = (kind: CampaignCase['kind'], site_bytes_out_of_hours: bigint) =>
    tierOf(
      caseOf({
        ...{ kind, site_bytes_out_of_hours, gross_bytes_out: gross, members: membersOfCounts({ peers: 40 }, gross) },
        excess: { low: 900n, best: 1000n, high: 1100n },
      }),
      question,
    )
  expect(partOf('fast_theft', 100_000n)).toEqual({ tier: 'incident' })
  expect(partOf('campaign', 100_001n)).toEqual({ tier: 'incident' })
  expect(partOf('fast_theft', 200_000n)).toMatchObject({
    tier: 'worklist',
    why: 'it is 0.5 % of what left in these hours, too little for a fast theft',
  })
})

test('a rise everywhere, of which no host stands out, is for the worklist; among few hosts none need', () => {
  const from = (hosts: number, others: number) =>
    tierOf(
      caseOf({
        ...{ gross_bytes_out: gross, members: membersOfCounts({ peers: 276, hosts }, gross) },
        candidates: membersOfCounts({ hosts: others }, 100n),
      }),
      question,
    )
  expect(from(1, 10)).toEqual({ tier: 'incident' })
  expect(from(0, 9)).toEqual({ tier: 'incident' })
  expect(from(0, 10)).toMatchObject({ tier: 'worklist', why: expect.stringContaining('no host stands out') })
})

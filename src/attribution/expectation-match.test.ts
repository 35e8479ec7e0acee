import { describe, expect, test } from 'vitest'
import { addressAt, addressWords, storeParsed } from '../model/address.ts'
import { parseNetwork } from '../model/network.ts'
import { ExpectationMatch, type ExpectationTerms, explanations } from './expectation-match.ts'

const [cfd, climate, alice, mirror] = [1, 2, 11, 12]
const day = 86_400_000
const t0 = 20_000 * day

const networks = (...texts: string[]) =>
  texts.map((text) => {
    const network = parseNetwork(text)
    if (!network) throw new Error(`${text} is no network`)
    return network
  })

function terms(more: Partial<ExpectationTerms>): ExpectationTerms {
  return {
    id: 1,
    vaults: new Set(),
    accounts: new Set(),
    peers: [],
    asns: new Set(),
    from_ms: t0,
    until_ms: t0 + 10 * day,
    ...more,
  }
}

function halves(text: string) {
  const column = { hi: new Uint32Array(2), lo: new Uint32Array(2) }
  addressWords(text)
  storeParsed(column, 0)
  return addressAt(column, 0)
}

interface Seen {
  peer?: string
  asn?: number
  vault?: number
  account?: number
  ms?: number
}

/** What is said, and by which expectation. */
function match(expectations: ExpectationTerms[], seen: Seen = {}) {
  const { peer = '198.51.100.7', asn = 0, vault = 0, account = 0, ms = t0 } = seen
  const matcher = new ExpectationMatch(expectations)
  return [explanations[matcher.match(halves(peer), asn, vault, account, ms)], matcher.matched]
}

const toPartners = terms({ peers: networks('198.51.100.0/24', '2001:db8:9::/48'), vaults: new Set([climate]) })

describe('an expectation of a vault and peers', () => {
  test('explains what is of that vault and goes to those peers', () => {
    expect(match([toPartners], { vault: climate })).toEqual(['explained', 0])
    expect(match([toPartners], { vault: climate, peer: '2001:db8:9::7' })).toEqual(['explained', 0])
  })

  test('is consistent with bytes of an unknown vault', () => {
    expect(match([toPartners])).toEqual(['consistent', 0])
  })

  test('says nothing of another vault, or of other peers', () => {
    expect(match([toPartners], { vault: cfd })).toEqual(['unexplained', -1])
    expect(match([toPartners], { vault: climate, peer: '198.51.101.7' })).toEqual(['unexplained', -1])
    expect(match([toPartners], { vault: climate, peer: '2001:db8:a::7' })).toEqual(['unexplained', -1])
  })

  test('holds from its first moment until before its last', () => {
    const said = [t0 - 1, t0, t0 + 10 * day - 1, t0 + 10 * day].map(
      (ms) => match([toPartners], { vault: climate, ms })[0],
    )
    expect(said).toEqual(['unexplained', 'explained', 'explained', 'unexplained'])
  })
})

describe('an expectation of several things', () => {
  const both = terms({ peers: networks('198.51.100.7'), vaults: new Set([climate]), accounts: new Set([mirror]) })

  test('explains only if all of them hold', () => {
    expect(match([both], { vault: climate, account: mirror })).toEqual(['explained', 0])
    expect(match([both], { vault: climate })).toEqual(['consistent', 0])
    expect(match([both], { account: mirror })).toEqual(['consistent', 0])
    expect(match([both])).toEqual(['consistent', 0])
    expect(match([both], { vault: climate, account: alice })).toEqual(['unexplained', -1])
    expect(match([both], { vault: cfd, account: mirror })).toEqual(['unexplained', -1])
  })

  test('any of its vaults, accounts and networks will do', () => {
    const wide = terms({ peers: networks('192.0.2.0/24', '198.51.100.0/24'), accounts: new Set([alice, mirror]) })
    expect(match([wide], { account: mirror })).toEqual(['explained', 0])
  })
})

describe('an expectation of autonomous systems', () => {
  const toSystems = terms({ asns: new Set([64500, 64501]), accounts: new Set([mirror]) })

  test('needs the number: an unknown one is only consistent', () => {
    expect(match([toSystems], { account: mirror, asn: 64501 })).toEqual(['explained', 0])
    expect(match([toSystems], { account: mirror })).toEqual(['consistent', 0])
    expect(match([toSystems], { account: mirror, asn: 64502 })).toEqual(['unexplained', -1])
  })

  test('nothing at all that could be checked is no match', () => {
    expect(match([toSystems])).toEqual(['unexplained', -1])
  })

  test('beside peers: either is enough', () => {
    const either = terms({ asns: new Set([64500]), peers: networks('198.51.100.7'), accounts: new Set([mirror]) })
    expect(match([either], { account: mirror, asn: 1 })).toEqual(['explained', 0])
    expect(match([either], { account: mirror, asn: 64500, peer: '192.0.2.9' })).toEqual(['explained', 0])
    expect(match([either], { account: mirror, asn: 1, peer: '192.0.2.9' })).toEqual(['unexplained', -1])
  })
})

describe('of several expectations', () => {
  const vague = terms({ peers: networks('198.51.100.0/24'), accounts: new Set([mirror]) })

  test('the first that explains wins, else the first that is consistent', () => {
    expect(match([vague, toPartners, toPartners], { vault: climate })).toEqual(['explained', 1])
    expect(match([vague, toPartners])).toEqual(['consistent', 0])
    expect(match([toPartners, vague], { vault: cfd })).toEqual(['consistent', 1])
    expect(match([])).toEqual(['unexplained', -1])
  })

  test('a match does not outlive the question', () => {
    const matcher = new ExpectationMatch([toPartners])
    matcher.match(halves('198.51.100.7'), 0, climate, 0, t0)
    matcher.match(halves('192.0.2.1'), 0, climate, 0, t0)
    expect(matcher.matched).toBe(-1)
    expect(matcher.isEmpty).toBe(false)
    expect(new ExpectationMatch([]).isEmpty).toBe(true)
  })
})

describe('what says little of a peer', () => {
  test('a network of everybody makes nothing consistent by itself', () => {
    const anywhere = { peers: networks('0.0.0.0/0', '::/0'), vaults: new Set([climate]) }
    expect(match([terms(anywhere)])).toEqual(['unexplained', -1])
    expect(match([terms(anywhere)], { peer: '2001:db8:9::' })).toEqual(['unexplained', -1])
    expect(match([terms(anywhere)], { vault: climate })).toEqual(['explained', 0])
    expect(match([terms({ ...anywhere, accounts: new Set([alice]) })], { account: alice })).toEqual(['consistent', 0])
  })
})

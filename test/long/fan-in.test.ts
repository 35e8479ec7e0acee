import { describe, expect, test } from 'vitest'
import { FanIn, type FanInDay } from '../../src/detectors/keys/fan-in.ts'
import {
  BuiltCentre,
  type BuiltPeer,
  type BuiltRow,
  builtNames,
  dayRowsOf,
} from '../../src/testing/day-rows-builder.ts'

/** What comes on a day besides the centre's own peers. */
type Extra = (centre: BuiltCentre, day: number) => BuiltRow[]

const start = 35
const portal = { role: 3, hosts: [300, 301, 302, 303, 304], account: 0 }
const login = { role: 1, hosts: [100, 101, 102, 103], account: 0 }

function watch(seed: number, days: number, extra: Extra): FanInDay[] {
  const centre = new BuiltCentre(seed)
  const fanIn = new FanIn({ seed, names: builtNames() })
  return Array.from({ length: days }, (_, day) =>
    fanIn.day(dayRowsOf(day, [...centre.day(day), ...extra(centre, day)])),
  )
}

/** Largest evidence of a day, and of any run of days that begins at the first. */
function most(days: readonly FanInDay[]): number {
  let sum = 0
  return days.reduce((largest, { log_e }) => {
    sum += log_e
    return Math.max(largest, log_e, sum)
  }, Number.NEGATIVE_INFINITY)
}

/** `count` new peers a day from `start` on, who come once. */
function visitors(count: (day: number) => number, peer: (centre: BuiltCentre) => BuiltPeer): Extra {
  return (centre, day) =>
    day < start
      ? []
      : Array.from({ length: count(day) }, () => centre.visit(centre.newPeer(day), peer(centre), day)).flat()
}

/** Peers that come every day from their first: `count(day)` of them are there by then. */
function residents(count: (day: number) => number, peer: (centre: BuiltCentre, i: number) => BuiltPeer): Extra {
  const peers: { index: number; peer: BuiltPeer }[] = []
  return (centre, day) => {
    while (peers.length < count(day)) peers.push({ index: centre.newPeer(day), peer: peer(centre, peers.length) })
    return peers.flatMap(({ index, peer }) => centre.visit(index, peer, day))
  }
}

/** A file of a data set: the first of 50 is the most wanted. */
const ofFiles = (extra: Extra): Extra => {
  return (centre, day) => extra(centre, day).map((row) => ({ ...row, bytes_out: 1e8 * (1 + centre.zipf(50)) }))
}

/** Draws from 3 of its hosts a day, in networks where many come from. */
const bot = (client_fp: number, shape: Partial<BuiltPeer> = {}) => {
  return (centre: BuiltCentre): BuiltPeer => ({
    ...login,
    hosts_a_day: 3,
    client_fp,
    peer_asn: 64_500 + centre.below(300),
    bytes: 2e8,
    spread: 1,
    connections: 6,
    ...shape,
  })
}
const from = (first: number, count: number) => (day: number) => (day < first ? 0 : count)

describe('ordinary days stay below e = 20, each and in a row', () => {
  const worlds: Record<string, () => Extra> = {
    'nothing special': () => () => [],
    'a popular browser brings 200 newcomers a day': () =>
      visitors(
        () => 200,
        (centre) => ({ ...centre.person(true), ...portal, client_fp: 1039, hosts_a_day: 1 + centre.below(4) }),
      ),
    'a data release, first to 2000 strangers a day, of files that many take': () =>
      ofFiles(
        visitors(
          (day) => Math.round(2000 / (1 + (day - start) / 3)),
          (centre) => ({ ...centre.person(true), ...portal, hosts_a_day: 1 + centre.below(5) }),
        ),
      ),
    'a small release for three programs that some use already': () =>
      ofFiles(
        visitors(
          () => 75,
          (centre) => ({ ...centre.person(true), ...portal, client_fp: 1046 + centre.below(3), hosts_a_day: 3 }),
        ),
      ),
    'a class of 80 with a program of its own, each with an account': () =>
      residents(from(start, 80), (centre, i) => ({ ...bot(5001)(centre), account: 90_000 + i, hosts_a_day: 2 })),
    'a conference: 60 people behind one address': () => {
      let address = -1
      return (centre, day) => {
        if (day < start || day > start + 4) return []
        if (address < 0) address = centre.newPeer(day)
        const guests = Array.from({ length: 60 }, () => ({ ...centre.person(false), ...login, peer_asn: 72_000 }))
        return guests.flatMap((guest, i) => centre.visit(address, { ...guest, account: 96_000 + i }, day))
      }
    },
    'one laptop that roams through 8 networks a day': () => (centre, day) =>
      Array.from({ length: 8 }, () =>
        centre.visit(centre.newPeer(day), { ...bot(5002)(centre), account: 95_000 }, day),
      ).flat(),
    'a mirror in equal pieces for 3 declared peers': () => {
      const mirror = residents(from(start, 3), bot(5003, { bytes: 5e8, spread: 0, connections: 100 }))
      return (centre, day) => mirror(centre, day).map((row) => ({ ...row, unexplained: false }))
    },
  }
  for (const [name, extra] of Object.entries(worlds)) {
    test(name, () => {
      const days = watch(11, start + 60, extra())
      expect(most(days)).toBeLessThan(Math.log(20))
    })
  }
})

describe('botnets', () => {
  test('60 peers with one fingerprint on 3 hosts are found, and who they are', () => {
    const days = watch(12, start + 3, residents(from(start, 60), bot(5000, { hosts: [100, 101, 102] })))
    expect(most(days.slice(start))).toBeGreaterThan(Math.log(1000))
    const [subject] = days[start].subjects
    expect(subject).toMatchObject({
      kind: 'client_fp',
      key: 'name-5000',
      key_id: 5000,
      peers: 60,
      hosts: 3,
      accounts: 0,
    })
    expect([...subject.host_ids]).toEqual([100, 101, 102])
    expect(subject.peer_indexes).toHaveLength(60)
    expect(subject.tick).toBeGreaterThan(start * 144)
    // they are told on the days after as well, though they are no new evidence
    expect(days[start + 2].subjects[0]).toMatchObject({ key_id: 5000, peers: 60 })
    expect(days[start + 2].log_e).toBeLessThan(0.1)
  })

  test('they are found as well when each draws from one host only, and in the first week by those who draw from 3', () => {
    const thin = watch(12, start + 3, residents(from(start, 60), bot(5000, { hosts_a_day: 1 })))
    expect(most(thin.slice(start))).toBeGreaterThan(Math.log(1000))
    const early = watch(12, 5, residents(from(2, 100), bot(5000, { hosts: [100, 101, 102] })))
    expect(most(early.slice(2))).toBeGreaterThan(Math.log(1000))
  })

  test('400 peers that take pieces of 2 GB from 30 hosts are found by the size alone', () => {
    const hosts = Array.from({ length: 30 }, (_, i) => 100 + i)
    const days = watch(13, start + 3, residents(from(start, 400), bot(0, { hosts, bytes: 2e9, spread: 0 })))
    expect(most(days.slice(start))).toBeGreaterThan(Math.log(1000))
    expect(days[start].subjects[0]).toMatchObject({ kind: 'chunk_size', key: '1.99 GB', peers: 400, hosts: 30 })
  })

  test('10 peers more each day are found within two weeks', () => {
    const days = watch(
      14,
      start + 14,
      residents((day) => 10 * Math.max(0, day - start + 1), bot(5000)),
    )
    expect(most(days.slice(start))).toBeGreaterThan(Math.log(1000))
  })
})

describe('what it cannot tell', () => {
  test('misled by a release that is taken with a program nobody used before', () => {
    const release = visitors(
      () => 200,
      (centre) => ({ ...centre.person(true), ...portal, client_fp: 5005, hosts_a_day: 3 }),
    )
    const days = watch(15, start + 3, release)
    expect(days[start].subjects[0]).toMatchObject({ kind: 'client_fp', key_id: 5005 })
  })

  test('misled in its first week by an undeclared mirror whose clients draw from 3 hosts', () => {
    const mirror = bot(5003, { role: 2, hosts: [200, 201, 202], bytes: 5e8, connections: 50 })
    expect(watch(16, 1, residents(from(0, 40), mirror))[0].subjects[0]).toMatchObject({ key_id: 5003, peers: 40 })
    const oneHost = watch(
      16,
      20,
      residents(from(0, 40), (centre) => ({ ...mirror(centre), hosts_a_day: 1 })),
    )
    expect(most(oneHost)).toBeLessThan(Math.log(20))
  })

  test('blind to peers that use the most common program', () => {
    const days = watch(12, start + 3, residents(from(start, 60), bot(1013, { hosts: [100, 101, 102] })))
    expect(most(days.slice(start))).toBeLessThan(Math.log(20))
  })
})

test('days of no rows are no evidence, and a replay gives the same to the bit', () => {
  const fanIn = new FanIn({ seed: 1, names: builtNames() })
  expect(fanIn.day(dayRowsOf(0, []))).toEqual({ day: 0, log_e: 0, subjects: [] })
  const once = () => watch(12, start + 2, residents(from(start, 60), bot(5000)))
  expect(once()).toEqual(once())
})

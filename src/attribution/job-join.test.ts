import { describe, expect, test } from 'vitest'
import type { JobRecord } from '../model/context-record.ts'
import { emptyLabel, methodCode } from '../model/label.ts'
import { JobJoin } from './job-join.ts'

const hour = 3_600_000
const day = 24 * hour
const t0 = 1_700_000_000_000
const v4 = (last: bigint) => ({ hi: 0n, lo: 0xffff_0000_0000n + last })
const [node1, node2] = [v4(0x0a02_0001n), v4(0x0a02_0002n)]
const [alice, bob, physics, biology] = [1, 2, 11, 12]

const job = (more: Partial<JobRecord> = {}): JobRecord => ({
  host: node1,
  account: alice,
  project: physics,
  start_ms: t0,
  end_ms: t0 + hour,
  ...more,
})

function labelOf(jobs: readonly JobRecord[], start_ms = t0 + 1000, end_ms = t0 + 2000, host = node1) {
  const label = emptyLabel()
  return new JobJoin(jobs).apply(host, start_ms, end_ms, label) ? label : undefined
}

describe('a job', () => {
  test('names account and project of the flows of its node, once its record is written at its end', () => {
    expect(labelOf([job()])).toEqual({
      ...emptyLabel(),
      account: alice,
      project: physics,
      method: methodCode.job,
      confidence: 90,
      candidates: 1,
      known_ms: t0 + hour,
    })
  })

  test('names nothing on another node, nor before its start or after its end', () => {
    expect(labelOf([job()], t0, t0 + 1, node2)).toBeUndefined()
    expect(labelOf([job()], t0 - 2000, t0 - 1)).toBeUndefined()
    expect(labelOf([job()], t0 + hour + 1, t0 + hour + 2)).toBeUndefined()
    expect(labelOf([job()], t0 - 2000, t0)?.account).toBe(alice)
  })

  test('that still runs is known at its start, and lasts 30 days', () => {
    const running = job({ end_ms: Number.NaN })
    expect(labelOf([running], t0 + 29 * day, t0 + 29 * day)).toMatchObject({ account: alice, known_ms: t0 })
    expect(labelOf([running], t0 + 31 * day, t0 + 31 * day)).toBeUndefined()
  })
})

describe('several jobs on a node', () => {
  test('of one account and project name both, known with the last of them', () => {
    expect(labelOf([job(), job({ end_ms: t0 + 2 * hour })])).toMatchObject({
      account: alice,
      project: physics,
      known_ms: t0 + 2 * hour,
    })
  })

  test('of one account but two projects name the account alone', () => {
    expect(labelOf([job(), job({ project: biology })])).toMatchObject({ account: alice, project: 0 })
  })

  test('of two accounts name nobody, but the project if they share it', () => {
    expect(labelOf([job(), job({ account: bob })])).toMatchObject({
      account: 0,
      candidate: 0,
      candidates: 2,
      project: physics,
      confidence: 45,
      runner_up: 0,
      runner_up_confidence: 45,
      known_ms: t0 + hour,
    })
    expect(labelOf([job(), job({ account: bob, project: biology })])).toMatchObject({
      account: 0,
      project: 0,
      known_ms: 0,
    })
  })

  test('one after the other: only those that overlap the flow count', () => {
    const jobs = [job(), job({ account: bob, start_ms: t0 + 2 * hour, end_ms: t0 + 3 * hour })]
    expect(labelOf(jobs, t0 + 10, t0 + 20)?.account).toBe(alice)
    expect(labelOf(jobs, t0 + 2.5 * hour, t0 + 2.5 * hour)?.account).toBe(bob)
    expect(labelOf(jobs, t0 + 10, t0 + 2.5 * hour)?.account).toBe(0)
  })
})

test('jobs of nodes that nobody knows are none', () => {
  const lost = new JobJoin([job({ host: { hi: 0n, lo: 0n } })])
  expect(lost.isEmpty).toBe(true)
  expect(labelOf([job({ host: { hi: 0n, lo: 0n } })], t0, t0, { hi: 0n, lo: 0n })).toBeUndefined()
})

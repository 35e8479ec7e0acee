import { expect, test } from 'vitest'
import { Candidates, clearLabel, emptyLabel, type Method, methodCode } from './label.ts'

function decided(
  found: readonly [account: number, weight: number, known_ms: number][],
  method: Method = 'session_overlap',
  label = emptyLabel(),
) {
  const candidates = new Candidates()
  for (const each of found) candidates.add(...each)
  candidates.decide(label, method)
  return label
}

const nothing = { ...emptyLabel(), method: methodCode.session_overlap }

test('an account is named from a weight of 0.8 on, with the next best', () => {
  expect(decided([[7, 0.8, 1000]])).toEqual({ ...nothing, account: 7, confidence: 80, candidates: 1, known_ms: 1000 })
  const two = decided([
    [8, 0.1, 500],
    [7, 0.85, 1000],
  ])
  expect(two).toMatchObject({ account: 7, candidate: 0, runner_up: 8, runner_up_confidence: 10, candidates: 2 })
})

test('below that only the doubt is kept, and nothing waits for it', () => {
  expect(decided([[7, 0.79, 1000]])).toEqual({ ...nothing, candidate: 7, confidence: 79, candidates: 1 })
})

test('what was found of one account adds up', () => {
  const label = decided([
    [7, 0.45, 2000],
    [8, 0.05, 10],
    [7, 0.45, 1000],
  ])
  expect(label).toMatchObject({ account: 7, confidence: 90, candidates: 2, known_ms: 1000 })
})

test('of equally good ones none is put before the others, whatever their order', () => {
  const equal: [number, number, number][] = [
    [7, 0.3, 1000],
    [8, 0.3, 1000],
    [9, 0.3, 1000],
  ]
  for (const found of [equal, equal.toReversed()]) {
    const doubt = { candidate: 0, runner_up: 0, confidence: 30, runner_up_confidence: 30, candidates: 3 }
    expect(decided(found)).toEqual({ ...nothing, ...doubt })
    const led: [number, number, number][] = [...found, [4, 0.35, 1000]]
    expect(decided(led)).toMatchObject({ candidate: 4, runner_up: 0, runner_up_confidence: 30, candidates: 4 })
  }
  expect(decided([equal[0], [8, 0.3, 900]])).toMatchObject({ candidate: 8, runner_up: 7 })
})

test('a label is known when the last of what it rests on is', () => {
  const label = emptyLabel()
  label.known_ms = 5000
  expect(decided([[7, 0.9, 1000]], 'job', label).known_ms).toBe(5000)
  expect(decided([[7, 0.9, 9000]], 'job', label).known_ms).toBe(9000)
  clearLabel(label)
  expect(label).toEqual(emptyLabel())
})

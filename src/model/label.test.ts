import { expect, test } from 'vitest'
import { clearLabel, emptyLabel, methodCode, nameAccount } from './label.ts'

test('an account is named from a weight of 0.8 on', () => {
  const label = emptyLabel()
  nameAccount(label, 7, 'session_overlap', 0.8, 1000)
  expect(label).toEqual({
    ...emptyLabel(),
    account: 7,
    method: methodCode.session_overlap,
    confidence: 80,
    known_ms: 1000,
  })
})

test('below that only the doubt is kept, and nothing waits for it', () => {
  const label = emptyLabel()
  nameAccount(label, 7, 'session_overlap', 0.79, 1000)
  expect(label).toEqual({ ...emptyLabel(), method: methodCode.session_overlap, confidence: 79 })
})

test('a label is known when the last of what it rests on is', () => {
  const label = emptyLabel()
  label.known_ms = 5000
  nameAccount(label, 7, 'job', 0.9, 1000)
  expect(label.known_ms).toBe(5000)
  nameAccount(label, 7, 'job', 0.9, 9000)
  expect(label.known_ms).toBe(9000)
  clearLabel(label)
  expect(label).toEqual(emptyLabel())
})

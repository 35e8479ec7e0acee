import { expect, test } from 'vitest'
import { type LabelFields, LabelTable } from './label-table.ts'
import { labelTable } from './tables.ts'

const fields = Object.keys(labelTable) as (keyof LabelFields)[]
const empty = Object.fromEntries(fields.map((field) => [field, 0])) as LabelFields

test('code 0 says nothing', () => {
  const labels = new LabelTable()
  expect(labels.codeOf(empty)).toBe(0)
  expect(labels.at(0)).toEqual(empty)
})

test('labels that differ in any field have codes of their own, equal ones the same', () => {
  const labels = new LabelTable()
  const all = [empty, ...fields.flatMap((field) => [1, 11].map((value) => ({ ...empty, [field]: value })))]
  const codes = all.map((label) => labels.codeOf(label))
  expect(new Set(codes).size).toBe(all.length)
  expect(all.map((label) => labels.codeOf({ ...label }))).toEqual(codes)
  expect(codes.map((code) => labels.at(code))).toEqual(all)
  expect(labels.columns.length).toBe(all.length)
})

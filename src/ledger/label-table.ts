/** The labels met while booking, each once, as codes; code 0 is the label that says nothing. */
import { Columns } from '../model/columns.ts'
import { labelTable } from './tables.ts'

export type LabelFields = Record<keyof typeof labelTable, number>

const fields = Object.keys(labelTable) as (keyof typeof labelTable)[]
const nothing = Object.fromEntries(fields.map((field) => [field, 0])) as LabelFields

export class LabelTable {
  readonly columns = new Columns(labelTable)
  readonly #codes = new Map<string, number>()

  constructor() {
    this.codeOf(nothing)
  }

  codeOf(label: LabelFields): number {
    const key = fields.map((field) => label[field]).join()
    let code = this.#codes.get(key)
    if (code === undefined) {
      code = this.columns.row()
      for (const field of fields) this.columns.data[field][code] = label[field]
      this.#codes.set(key, code)
    }
    return code
  }

  at(code: number): LabelFields {
    return Object.fromEntries(fields.map((field) => [field, this.columns.data[field][code]])) as LabelFields
  }
}

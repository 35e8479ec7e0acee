/** All names of a census as small numbers, 0 for none; and the codes of a batch's name table translated to them. */
import type { NameTable } from '../../model/name-table.ts'

export class Texts {
  readonly texts: string[] = ['']
  readonly #numbers = new Map<string, number>([['', 0]])
  #table: NameTable | undefined
  #generation = -1
  #codes = new Int32Array(256)
  #known = 0

  numberOf(text: string): number {
    let number = this.#numbers.get(text)
    if (number === undefined) {
      number = this.texts.length
      this.texts.push(text)
      this.#numbers.set(text, number)
    }
    return number
  }

  /** numbers[code] for every code that the table holds now. */
  codesOf(table: NameTable): Int32Array {
    if (this.#table !== table || this.#generation !== table.generation) {
      this.#table = table
      this.#generation = table.generation
      this.#known = 0
    }
    if (table.size > this.#codes.length) {
      const grown = new Int32Array(Math.max(table.size, this.#codes.length * 2))
      grown.set(this.#codes)
      this.#codes = grown
    }
    for (; this.#known < table.size; this.#known++) this.#codes[this.#known] = this.numberOf(table.texts[this.#known])
    return this.#codes
  }
}

/** Rows that make a call of the kernel worth it, and lines that are read without it at most. */
const fewRows = 8
const mostByOne = 256

/** Who reads the next line of a block: the kernel, or, for one line and twice as many after each time that it took hardly a few, the plain reader. */
export class KernelTurns {
  #pause = 0
  #byOne = 0

  isKernels(): boolean {
    return this.#byOne-- <= 0
  }

  /** The kernel had its turn, and left the line after so many rows. */
  took(rows: number): void {
    this.#pause = rows >= fewRows ? 0 : Math.min(mostByOne, 2 * this.#pause + 1)
    this.#byOne = 1 + this.#pause
  }
}

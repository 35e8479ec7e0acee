/**
 * Randomness by name: the same seed and keys give the same number on every machine and in every replay, and no draw
 * shifts another. Two 32-bit lanes in the manner of MurmurHash3 (Austin Appleby, public domain), whole numbers only.
 * Not cryptographic: it spreads ties evenly, but whoever sees enough numbers might find the seed.
 */

/** One lane's multipliers. */
type Lane = readonly [number, number, number]

const first: Lane = [0xcc9e2d51, 0x1b873593, 0xe6546b64]
const second: Lane = [0xab0e9789, 0x38b34ae5, 0x561ccd1b]

const bits = new DataView(new ArrayBuffer(8))

/**
 * In (0, 1), never an end, with 52 random bits. Keys keep their order, kind and borders: ('a', 'b') is not ('ab'), and
 * 1 is not '1'. Numbers must be finite; 0 and −0 are one.
 */
export function keyedUniform(seed: number, ...keys: readonly (string | number)[]): number {
  return uniformOf(keyedWords(seed, keys))
}

/** `keyedUniform(seed, ...keys, last)` for many values of `last`. */
export class KeyedDraws {
  readonly #state: readonly [number, number]
  readonly #lanes = [0, 0]

  constructor(seed: number, ...keys: readonly (string | number)[]) {
    this.#state = lanesOf(seed, keys)
  }

  uniform(last: number): number {
    const lanes = this.#lanes
    lanes[0] = this.#state[0]
    lanes[1] = this.#state[1]
    addNumber(lanes, last)
    return uniformOf(finished(lanes))
  }
}

function uniformOf(words: readonly [number, number]): number {
  return ((words[0] >>> 6) * 0x4000000 + (words[1] >>> 6) + 0.5) / 0x10000000000000
}

/** The two words, 64 bits, of which `keyedUniform` uses 52. */
export function keyedWords(seed: number, keys: readonly (string | number)[]): [number, number] {
  return finished(lanesOf(seed, keys))
}

function lanesOf(seed: number, keys: readonly (string | number)[]): [number, number] {
  const lanes: [number, number] = [0x57656972, 0x2545f491]
  addNumber(lanes, seed)
  for (const key of keys) {
    if (typeof key === 'number') addNumber(lanes, key)
    else addText(lanes, key)
  }
  return lanes
}

function finished(lanes: readonly number[]): [number, number] {
  const h = (lanes[0] + lanes[1]) | 0
  const a = finish(h)
  const b = finish((lanes[1] + a) | 0)
  return [(a + b) >>> 0, b >>> 0]
}

function addNumber(lanes: number[], value: number): void {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no key`)
  bits.setFloat64(0, value + 0, true)
  addWord(lanes, 1)
  addWord(lanes, bits.getInt32(0, true))
  addWord(lanes, bits.getInt32(4, true))
}

function addText(lanes: number[], text: string): void {
  addWord(lanes, 2)
  addWord(lanes, text.length)
  for (let i = 0; i < text.length; i++) addWord(lanes, text.charCodeAt(i))
}

function addWord(lanes: number[], word: number): void {
  lanes[0] = mixed(lanes[0], word, first)
  lanes[1] = mixed(lanes[1], word, second)
}

function mixed(state: number, word: number, [inner, outer, step]: Lane): number {
  let k = Math.imul(word, inner)
  k = (k << 15) | (k >>> 17)
  let h = state ^ Math.imul(k, outer)
  h = (h << 13) | (h >>> 19)
  return (Math.imul(h, 5) + step) | 0
}

function finish(state: number): number {
  let h = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

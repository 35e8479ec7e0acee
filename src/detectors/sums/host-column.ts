/** Bytes of hosts on a day, in the order in which hosts first came: 12 bytes for each. */
export class HostColumn {
  readonly ids: Int32Array
  readonly bytes: Float64Array

  /** Of equal length; each id once. */
  constructor(ids: Int32Array, bytes: Float64Array) {
    this.ids = ids
    this.bytes = bytes
  }

  static of(hosts: ReadonlyMap<number, number>): HostColumn {
    return new HostColumn(Int32Array.from(hosts.keys()), Float64Array.from(hosts.values()))
  }

  get size(): number {
    return this.ids.length
  }

  values(): IterableIterator<number> {
    return this.bytes.values()
  }

  *[Symbol.iterator](): IterableIterator<[host: number, bytes: number]> {
    for (let i = 0; i < this.size; i++) yield [this.ids[i], this.bytes[i]]
  }
}

export const noHosts = new HostColumn(new Int32Array(0), new Float64Array(0))

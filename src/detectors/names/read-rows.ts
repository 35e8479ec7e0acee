import type { DayRows } from '../day-rows.ts'

/** What an account read from a vault on a host at the border, by the state's ids. */
export interface StorageRead {
  account: number
  vault: number
  host: number
  bytes: number
}

/** Reads of a day in the form of its arrivals, for tests that ask who had to do with what: nothing left, so there is no peer. */
export function readRowsOf(day: number, reads: readonly StorageRead[]): DayRows {
  const of = (value: (read: StorageRead) => number): Int32Array => Int32Array.from(reads, value)
  const none = new Int32Array(reads.length)
  const no = new Uint8Array(reads.length)
  return {
    ...{ day, length: reads.length, tick: new Uint32Array(reads.length), host: of(({ host }) => host), role: no },
    ...{ peer: none, age_days: new Uint16Array(reads.length), account: of(({ account }) => account), project: none },
    ...{ vault: of(({ vault }) => vault), client_org: none, gateway: none, client_fp: none, service: none },
    ...{ peer_asn: new Uint32Array(reads.length), bytes_out: Float64Array.from(reads, ({ bytes }) => bytes) },
    ...{
      flows: new Uint32Array(reads.length),
      unexplained: new Uint8Array(reads.length).fill(1),
      untold: no,
      explanation: none,
    },
  }
}

/** Samples under test, written down instead of read. */

import {
  AddressBook,
  type Sample,
  type SampledFlow,
  type SampledSession,
  type SampledTransfer,
} from '../app/propose/sample.ts'
import { addressWords } from '../model/address.ts'

type WithAddresses<T, K extends keyof T> = Partial<Omit<T, K>> & { [key in K]?: string }

export interface SampleText {
  flows?: WithAddresses<SampledFlow, 'src' | 'dst'>[]
  sessions?: WithAddresses<SampledSession, 'peer' | 'assigned' | 'host'>[]
  leases?: { ip: string; account: string }[]
  transfers?: WithAddresses<SampledTransfer, 'host' | 'peer'>[]
  places?: Sample['places']
}

export function sampleOf({ flows = [], sessions = [], leases = [], transfers = [], places = [] }: SampleText): Sample {
  const book = new AddressBook()
  const number = (text: string | undefined): number => {
    if (text === undefined) return 0
    const [w0, w1, w2, w3] = addressWords(text) as Uint32Array
    return book.numberAt({ hi: Uint32Array.of(w1, w0), lo: Uint32Array.of(w3, w2) }, 0)
  }
  return {
    book,
    flows: flows.map(({ src, dst, ...rest }) => ({
      ...{ src_port: 40_000, dst_port: 443, proto: 6, service: 'ssl', bytes_src: 1000, bytes_dst: 100_000 },
      ...{ start_ms: 0, end_ms: 1000, place: 0, sensor: '' },
      ...rest,
      src: number(src),
      dst: number(dst),
    })),
    sessions: sessions.map(({ peer, assigned, host, ...rest }) => ({
      ...{ kind: 'ssh', account: 'alice', peer_port: 0, host_name: '', gateway: '', start_ms: 0, end_ms: 1000 },
      ...rest,
      peer: number(peer),
      assigned: number(assigned),
      host: number(host),
    })),
    leases: leases.map(({ ip, account }) => ({ ip: number(ip), account })),
    transfers: transfers.map(({ host, peer, ...rest }) => ({
      ...{ tool: 'gridftp', host_name: '', path: '', bucket: '', direction: 'out', vault: '', bytes: 1000n },
      ...{ start_ms: 0, end_ms: 1000 },
      ...rest,
      host: number(host),
      peer: number(peer),
    })),
    ...{ probes: 0, nodes: new Set(), places, files_read: 1, files_found: 1, files_passed: 0, records: flows.length },
    ...{ start_ms: 0, end_ms: 1000, cut: '' },
  }
}

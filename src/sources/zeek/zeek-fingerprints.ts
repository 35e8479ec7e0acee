/** Zeek's ssl, ssh and http logs, read for what the clients looked like. */
import type { SourceFormat } from '../../model/source.ts'
import { holds, jsonStreamsOf, ZeekJsonParser } from './zeek-json.ts'
import { type StreamUse, useOf } from './zeek-streams.ts'
import { tsvStreamOf, ZeekTsvParser } from './zeek-tsv.ts'

const givesFingerprints = (use: StreamUse) => use === 'ssl' || use === 'ssh' || use === 'http'

export const zeekFingerprintsTsv: SourceFormat = {
  id: 'zeek_fingerprints_tsv',
  title: 'Zeek ssl, ssh or http, tab separated',
  recognise: (head, context) => givesFingerprints(useOf(tsvStreamOf(head, context) ?? '')),
  open: (context) => new ZeekTsvParser(context),
}

export const zeekFingerprintsJson: SourceFormat = {
  id: 'zeek_fingerprints_json',
  title: 'Zeek ssl, ssh or http, JSON lines',
  recognise: (head, context) => holds(jsonStreamsOf(head, context) ?? new Set(), givesFingerprints),
  open: (context) => new ZeekJsonParser(context),
}

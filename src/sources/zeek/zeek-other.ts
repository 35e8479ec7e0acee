/** Zeek's other logs (dns, files, x509, weird …): known, and counted record by record as `stream_not_used`. */
import type { SourceFormat } from '../../model/source.ts'
import { jsonStreamsOf, ZeekJsonParser } from './zeek-json.ts'
import { tsvStreamOf, ZeekTsvParser } from './zeek-tsv.ts'

export const zeekOtherTsv: SourceFormat = {
  id: 'zeek_other_tsv',
  title: 'any other Zeek log, tab separated',
  recognise: (head, context) => tsvStreamOf(head, context) !== undefined,
  open: (context) => new ZeekTsvParser(context),
}

export const zeekOtherJson: SourceFormat = {
  id: 'zeek_other_json',
  title: 'any other Zeek log, JSON lines',
  recognise: (head, context) => jsonStreamsOf(head, context) !== undefined,
  open: (context) => new ZeekJsonParser(context),
}

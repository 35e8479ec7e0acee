/** Zeek's connection log in its own tab-separated form: conn, conn_long, open_conn. */
import type { SourceFormat } from '../../model/source.ts'
import { useOf } from './zeek-streams.ts'
import { tsvStreamOf, ZeekTsvParser } from './zeek-tsv.ts'

export const zeekConnTsv: SourceFormat = {
  id: 'zeek_conn_tsv',
  title: 'Zeek conn, tab separated',
  recognise: (head, context) => useOf(tsvStreamOf(head, context) ?? '') === 'conn',
  open: (context) => new ZeekTsvParser(context, 'zeek_conn'),
}

/** Zeek's connection log as JSON lines, alone or mixed with other streams. */
import type { SourceFormat } from '../../model/source.ts'
import { holds, jsonStreamsOf, ZeekJsonParser } from './zeek-json.ts'

export const zeekConnJson: SourceFormat = {
  id: 'zeek_conn_json',
  title: 'Zeek conn, JSON lines',
  recognise: (head, context) => holds(jsonStreamsOf(head, context) ?? new Set(), (use) => use === 'conn'),
  open: (context) => new ZeekJsonParser(context, 'zeek_conn'),
}
